"""Attraqt's named queries. Every one is of one tenancy, or of one row that is locked."""

"""Attraqt's named queries. Every one is of one tenancy, or of what belongs to a row of one."""

"""Attraqt's named queries. Each reads or writes rows of one tenancy."""

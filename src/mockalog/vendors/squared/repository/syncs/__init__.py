"""Queries on syncs, their runs, records and reports."""

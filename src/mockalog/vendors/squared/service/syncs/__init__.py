"""Use cases of syncs, their runs, records and reports."""

"""Rules of syncs, their runs, records and reports."""

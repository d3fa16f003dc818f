"""Wire models of syncs, their runs, records and reports."""

"""Operations on syncs, their runs, records and reports."""

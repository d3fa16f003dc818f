"""Reading the journal: filters, the closest operations, and HTTP archives."""

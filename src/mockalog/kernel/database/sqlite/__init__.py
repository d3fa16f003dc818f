"""SQLite: its connections and transactions, its files and its statements."""

"""DuckDB with the tables of connectors: it runs translated queries, and reaches nothing else."""

"""Translation of a source's SQL for DuckDB: what it may say, and what it means there."""

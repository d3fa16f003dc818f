"""Queries of sources: translation for DuckDB, execution in a child process, results, errors."""

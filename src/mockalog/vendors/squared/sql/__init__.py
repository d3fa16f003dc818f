"""Queries of sources: parsing, rewriting for SQLite, execution and error texts."""

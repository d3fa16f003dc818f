"""Queries of sources: translation, execution, results and errors."""

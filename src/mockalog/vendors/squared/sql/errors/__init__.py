"""Errors in the words of the source."""

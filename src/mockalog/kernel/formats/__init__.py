"""Formats: JSON, texts, timestamps and path patterns."""

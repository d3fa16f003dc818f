"""Attraqt's use cases."""

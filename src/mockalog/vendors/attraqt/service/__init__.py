"""Attraqt's use cases: one module for each group of operations."""

"""Squared's use cases."""

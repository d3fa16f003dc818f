"""Squared's wire models, and the functions that make its answers."""

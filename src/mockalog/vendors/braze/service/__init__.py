"""Braze's use cases: rules and repository brought together."""

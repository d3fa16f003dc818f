"""Braze's queries, each under a name."""

"""Braze's named queries."""

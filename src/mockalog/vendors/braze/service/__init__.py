"""Braze's operations, without their paths."""

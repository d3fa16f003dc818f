"""Squared's rules: contracts of requests, and the pure functions that follow from them."""

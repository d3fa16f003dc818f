"""Squared's rules: what a request may say and what follows from it. Pure."""

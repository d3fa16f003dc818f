"""Vendors: their declaration, the pipeline of their calls, and faults."""

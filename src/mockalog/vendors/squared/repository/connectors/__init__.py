"""Queries on connectors, their definitions, catalogs, tables and queries."""

"""Use cases of connectors, their definitions, catalogs, tables and queries."""

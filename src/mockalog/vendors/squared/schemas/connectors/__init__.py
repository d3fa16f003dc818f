"""Wire models of connectors, their definitions, catalogs, tables and queries."""

"""The database: one code path over SQLite (embedded) and PostgreSQL (shared).

Statements are SQLAlchemy Core and are built once at import. A `Connection` runs them. A request
is one transaction, and only `Database.transaction` ends it
(docs/decisions/0002-core-and-drivers.md).
"""

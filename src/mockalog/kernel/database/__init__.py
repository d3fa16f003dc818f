"""The database: one code path over SQLite (embedded) and PostgreSQL (shared).

Statements are SQLAlchemy Core, built once at import; a `Connection` runs them. One request is
one transaction, and only `Database.transaction` ends it.
"""

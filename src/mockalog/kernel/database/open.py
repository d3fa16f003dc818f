"""Choose the database class for a URL."""

from mockalog.kernel.database.interfaces import Database
from mockalog.kernel.database.urls import parse_url


def open_database(text: str) -> Database:
    """Return the database of a URL, not started yet.

    Raises `DatabaseConfigurationError` if the URL is invalid.
    """
    url = parse_url(text)
    if url.drivername == "sqlite":
        from mockalog.kernel.database.sqlite.database import SQLiteDatabase

        return SQLiteDatabase(url)
    # A late import, because psycopg takes a fifth of a cold start.
    from mockalog.kernel.database.postgres.database import PostgresDatabase

    return PostgresDatabase(url)

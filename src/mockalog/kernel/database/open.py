"""Opening the database of a URL."""

from mockalog.kernel.database.interfaces import Database
from mockalog.kernel.database.urls import parse_url


def open_database(text: str) -> Database:
    """Return the database of a plain URL, not yet started."""
    url = parse_url(text)
    if url.drivername == "sqlite":
        from mockalog.kernel.database.sqlite import SQLiteDatabase

        return SQLiteDatabase(url)
    # Imported here because psycopg costs a fifth of a cold start.
    from mockalog.kernel.database.postgres import PostgresDatabase

    return PostgresDatabase(url)

"""Database URLs: parse them, and tell databases in memory from persistent ones."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mockalog.kernel.database.interfaces import DatabaseConfigurationError

_UNREADABLE = (
    "the database URL cannot be read; in a password, @ : / ? and # are written %40 %3A %2F %3F %23"
)


def parse_url(text: str) -> URL:
    """Return the URL of `sqlite://`, `sqlite:///FILE` or `postgresql://…`.

    Raises `DatabaseConfigurationError` for any other URL. The error shows no part of the URL except
    the scheme: after an unencoded sign, a part of a password looks like the host or the port.
    """
    try:
        text.encode()
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DatabaseConfigurationError(_UNREADABLE) from None
    if url.drivername == "postgresql" and text.partition("?")[0].count("@") > 1:
        raise DatabaseConfigurationError(_UNREADABLE)
    if url.drivername == "sqlite" and (url.host or url.query):
        raise DatabaseConfigurationError(
            "the database URL of SQLite has neither host nor parameters: sqlite:////path/file.db"
        )
    if url.drivername not in ("sqlite", "postgresql"):
        raise DatabaseConfigurationError(
            f"the database URL must begin with sqlite:// or postgresql://, not {url.drivername}://"
        )
    return url


def is_ephemeral(url: URL) -> bool:
    """Return whether the database lives in memory and ends with the process."""
    return url.drivername == "sqlite" and url.database in (None, "", ":memory:")

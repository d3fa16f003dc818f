"""Database URLs."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mockalog.kernel.database.interfaces import DatabaseProblem

_UNREADABLE = (
    "the database URL cannot be read; in a password, @ : / ? and # are written %40 %3A %2F %3F %23"
)


def parse_url(text: str) -> URL:
    """Return the URL of `sqlite://`, `sqlite:///FILE` or `postgresql://…`.

    Raises `DatabaseProblem` for anything else, and never shows a value: with a sign that is not
    encoded, a part of the password is taken for the host or the port.
    """
    try:
        text.encode()
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DatabaseProblem(_UNREADABLE) from None
    if url.drivername == "postgresql" and text.partition("?")[0].count("@") > 1:
        raise DatabaseProblem(_UNREADABLE)
    if url.drivername == "sqlite" and (url.host or url.query):
        raise DatabaseProblem(
            "the database URL of SQLite has neither host nor parameters: sqlite:////path/file.db"
        )
    if url.drivername not in ("sqlite", "postgresql"):
        raise DatabaseProblem(
            f"the database URL must begin with sqlite:// or postgresql://, not {url.drivername}://"
        )
    return url


def is_ephemeral(url: URL) -> bool:
    """Return whether the database lives in memory and ends with the process."""
    return url.drivername == "sqlite" and url.database in (None, "", ":memory:")

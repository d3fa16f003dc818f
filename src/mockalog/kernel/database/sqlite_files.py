"""Files of SQLite: whether they are still there, whole and writable.

SQLite keeps a deleted file open, and would confirm writes that end with the process.
"""

import os
import sqlite3
from typing import TypeGuard

from mockalog.kernel.database.interfaces import DatabaseUnavailableError

# The first bytes of each file: https://www.sqlite.org/fileformat.html#the_database_header.
HEADER = b"SQLite format 3\0"

# Seconds between the attempts of a check: another process may have the write lock.
CHECK_PAUSES = (0.05, 0.1, 0.2, 0.4)

# More than the data versions of one connection.
VERSIONS = 2**32

_NOT_OUTAGES = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)


def is_outage(error: BaseException | None) -> TypeGuard[sqlite3.DatabaseError]:
    """Return whether an error is one of the file: locked, full, damaged, or without our tables."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, _NOT_OUTAGES)


def probe(raw: sqlite3.Connection) -> None:
    """Write to the file without a change; raise the driver's error if another process writes.

    It waits for no lock, because the event loop would wait, too.
    """
    [wait] = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        [version] = raw.execute("PRAGMA user_version").fetchone()
        raw.execute(f"PRAGMA user_version = {version}")
    finally:
        raw.execute(f"PRAGMA busy_timeout = {wait}")


def check_writable(raw: sqlite3.Connection) -> None:
    """Raise the driver's error if no write is possible, even after another process has written."""
    try:
        probe(raw)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise


class DatabaseFile:
    """The file that is open, recognised by its device and its number there."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._identity: tuple[int, int] | None = None

    def remember(self) -> None:
        """Remember the file that has the path now."""
        self._identity = self._current()

    def exists(self) -> bool:
        """Return whether a file has the path, and is not empty."""
        return self._current() is not None

    def is_lost(self) -> bool:
        """Return whether the file was deleted or emptied, or another one has its path."""
        current = self._current()
        return current is None or current != self._identity

    def check_header(self) -> None:
        """Raise `DatabaseUnavailableError` if the file does not begin as a database."""
        try:
            with open(self._path, "rb") as file:
                header = file.read(len(HEADER))
        except OSError as error:
            raise DatabaseUnavailableError(f"the file cannot be read: {error.strerror}") from None
        if header != HEADER:
            raise DatabaseUnavailableError("the file is not a database")

    def _current(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None

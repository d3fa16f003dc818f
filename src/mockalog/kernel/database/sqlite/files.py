"""Files of SQLite: whether they are still there, whole and writable.

SQLite keeps a deleted file open, and would confirm writes that end with the process.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TypeGuard

from mockalog.kernel.database.models import sandboxes

# Seconds between the attempts of a check: another process may have the write lock.
CHECK_PAUSES = (0.05, 0.1, 0.2, 0.4)

# The free bytes without which a disk counts as full: small writes would still succeed.
MIN_FREE = 64 * 1024

# More than the data versions of one connection.
VERSIONS = 2**32

# The primary result codes of errors of a file: https://www.sqlite.org/rescode.html.
_OF_FILES = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
)

_NOT_OUTAGES = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)


def is_outage(error: BaseException | None) -> TypeGuard[sqlite3.DatabaseError]:
    """Return whether an error is one of the file: locked, full, damaged, or without our tables."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, _NOT_OUTAGES)


def is_of_file(error: sqlite3.DatabaseError) -> bool:
    """Return whether an error stays until the file is opened again, even after a repair."""
    return _code(error) & 0xFF in _OF_FILES


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0)  # an error that SQLite did not raise has none


class DatabaseFile:
    """The file that is open, recognised by its device and its number there."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._identity: tuple[int, int] | None = None
        self._is_lost = False

    def remember(self) -> None:
        """Remember the file that has the path now."""
        self._identity, self._is_lost = self._current(), False

    def lose(self) -> None:
        """Let the file count as lost: its connection is of no use any more."""
        self._is_lost = True

    def is_same(self) -> bool:
        """Return whether the path has the file that was remembered."""
        return self._identity == self._current()

    def exists(self) -> bool:
        """Return whether a file has the path, and is not empty."""
        return self._current() is not None

    def is_lost(self) -> bool:
        """Return whether the file was deleted or emptied, or another one has its path.

        It stays lost until `remember`: SQLite does not notice the loss, nor a return of the bytes.
        """
        if not self._is_lost and not self.is_same():
            self.lose()
        return self._is_lost

    def check_writable(self) -> None:
        """Raise the driver's error if no write is possible even after other processes' writes."""
        try:
            self.probe()
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY:
                raise

    def probe(self) -> None:
        """Read a table and write the header, without a change; raise the driver's error.

        A connection of its own has read nothing yet. It waits for no lock, because the event loop
        would wait, too.
        """
        if shutil.disk_usage(Path(self._path).absolute().parent).free < MIN_FREE:
            raise sqlite3.OperationalError("database or disk is full")
        address = f"{Path(self._path).absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as raw:
            raw.execute(f"SELECT count(*) FROM {sandboxes.name}").fetchone()  # noqa: S608 - ours
            [version] = raw.execute("PRAGMA user_version").fetchone()
            raw.execute(f"PRAGMA user_version = {version}")

    def _current(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None

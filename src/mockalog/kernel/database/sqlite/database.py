"""SQLite in the event loop.

A statement takes a few microseconds, a switch to a thread takes hundreds. So statements run in the
event loop, on one connection. A lock gives the connection to one transaction at a time, which also
serialises the writers of this process. `BEGIN IMMEDIATE` serialises writers of several processes.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from types import TracebackType

from sqlalchemy import URL

from mockalog.kernel.database.interfaces import (
    Connection,
    DatabaseConfigurationError,
    DatabaseUnavailableError,
    Reader,
    reason_of,
)
from mockalog.kernel.database.readers import SharedReader, SnapshotReader
from mockalog.kernel.database.sqlite.connection import MAX_STATEMENTS, SQLiteConnection
from mockalog.kernel.database.sqlite.files import (
    CHECK_PAUSES,
    VERSIONS,
    DatabaseFile,
    is_of_file,
    is_outage,
)
from mockalog.kernel.database.sqlite.statements import create_tables
from mockalog.kernel.database.urls import is_ephemeral

# Seconds that a request waits for the write lock of another process before it fails.
BUSY_SECONDS = 10


class SQLiteTransaction:
    """Exclusive use of the connection until the end of the block.

    The driver begins a transaction at the first statement that writes
    (`isolation_level="IMMEDIATE"`). A block that only reads begins and commits nothing. `held` has
    the sandboxes whose transactions wait.
    """

    __slots__ = ("_database", "_sandbox_id")

    def __init__(self, database: "SQLiteDatabase", sandbox_id: int | None) -> None:
        self._database = database
        self._sandbox_id = sandbox_id

    async def __aenter__(self) -> Connection:
        database = self._database
        await database.lock.acquire()
        while self._sandbox_id in database.held:
            database.lock.release()
            await database.held[self._sandbox_id].wait()
            await database.lock.acquire()
        try:
            database.check_file()
        except DatabaseUnavailableError:
            database.lock.release()
            raise
        return database.connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        raw = self._database.raw
        try:
            if raw.in_transaction:
                _end(raw, committing=kind is None)
        except sqlite3.DatabaseError as failure:  # for example a full disk
            raise self._database.unavailable(failure) from failure
        finally:
            self._database.lock.release()
        if is_outage(error):
            raise self._database.unavailable(error) from error


def _end(raw: sqlite3.Connection, *, committing: bool) -> None:
    try:
        if committing:
            raw.commit()
    finally:
        if raw.in_transaction:  # after an error of the block or of the commit
            raw.rollback()


class SQLiteDatabase:
    """A database in a file, or an ephemeral one in memory."""

    shared = False

    def __init__(self, url: URL) -> None:
        self._ephemeral = is_ephemeral(url)
        self._path = ":memory:" if self._ephemeral else str(url.database)
        self._file = None if self._ephemeral else DatabaseFile(self._path)
        self._openings = 0
        self.lock = asyncio.Lock()
        # The held sandboxes, each with the end of its hold.
        self.held: dict[int | None, asyncio.Event] = {}

    async def start(self) -> None:
        """Open the connection.

        Raises `DatabaseConfigurationError` if the file cannot be opened or written, or is no SQLite
        database.
        """
        try:
            self._use(self._open())
            if self._file is not None:
                self._file.check_writable()
        except sqlite3.Error as error:
            raise DatabaseConfigurationError(
                f"the SQLite database cannot be opened: {reason_of(error)}"
            ) from None

    def _use(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.connection = SQLiteConnection(raw, is_exclusive=self._ephemeral)
        self._openings += 1
        if self._file is not None:
            self._file.remember()

    def _open(self) -> sqlite3.Connection:
        raw = sqlite3.connect(
            self._path,
            timeout=BUSY_SECONDS,
            isolation_level="IMMEDIATE",
            cached_statements=MAX_STATEMENTS,
        )
        try:
            self._set_up(raw)
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    def _set_up(self, raw: sqlite3.Connection) -> None:
        if self._ephemeral:
            create_tables(raw)
        else:
            # WAL with NORMAL loses no commit if the process is killed. FULL syncs at each commit.
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute("PRAGMA synchronous=NORMAL")

    def transaction(self, sandbox_id: int | None = None) -> SQLiteTransaction:
        """Return a transaction, which waits for the one before it."""
        return SQLiteTransaction(self, sandbox_id)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Return a reader: of the one connection in memory, otherwise of a connection of its own.

        A read transaction of a file sees one snapshot, and delays no writer (WAL).
        """
        if self._ephemeral:
            yield SharedReader(self)
            return
        try:
            with closing(self._open()) as raw:
                raw.execute("BEGIN")
                yield SnapshotReader(SQLiteConnection(raw, is_exclusive=True))
        except sqlite3.DatabaseError as error:
            raise self.unavailable(error) from error

    @asynccontextmanager
    async def hold(self, sandbox_id: int) -> AsyncIterator[None]:
        """Delay the transactions on a sandbox; one hold of a sandbox waits for another."""
        while sandbox_id in self.held:
            await self.held[sandbox_id].wait()
        end = self.held[sandbox_id] = asyncio.Event()
        try:
            async with self.transaction():  # a transaction that has begun ends first
                pass
            yield
        finally:
            del self.held[sandbox_id]
            end.set()

    def check_file(self) -> None:
        """Open a lost file again, in a transaction that has not begun.

        Raises `DatabaseUnavailableError` if it is another file: the caller may know rows of the
        lost one. A call that has called `version` before gets no such error.
        """
        if self._file is not None and self._file.is_lost():
            is_same = self._file.is_same()
            self._reopen(self._file)
            if not is_same:
                raise DatabaseUnavailableError("the file was replaced: call again")

    async def check(self) -> None:
        """Read and write the file. A short wait for another process's lock is no error."""
        for pause in CHECK_PAUSES:
            try:
                return self._probe()
            except DatabaseUnavailableError:
                await asyncio.sleep(pause)
        return self._probe()

    def _probe(self) -> None:
        self.version()  # opens a lost file again, or tells why that is impossible
        try:
            if self._file is not None:
                self._file.probe()
        except sqlite3.DatabaseError as error:
            raise DatabaseUnavailableError(reason_of(error)) from error

    def version(self) -> int | None:
        """Return a number that changes when another process commits, or with another file.

        A lost file is opened again. Raises `DatabaseUnavailableError` if that is impossible.
        """
        if self._file is None:
            return 0
        if self._file.is_lost():
            if self.lock.locked():  # the transaction under way ends first
                raise DatabaseUnavailableError("the file was deleted, emptied or damaged")
            self._reopen(self._file)
        try:
            number: int = self.raw.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise self.unavailable(error) from error
        return number + VERSIONS * self._openings

    def unavailable(self, error: sqlite3.DatabaseError) -> DatabaseUnavailableError:
        """Return the outage of a driver's error; the file is opened again if it caused it."""
        if self._file is not None and is_of_file(error):
            self._file.lose()
        return DatabaseUnavailableError(reason_of(error))

    def _reopen(self, file: DatabaseFile) -> None:
        """Open the file that has the path now. The old connection ends before, with its WAL."""
        if not file.exists():
            raise DatabaseUnavailableError("the file was deleted, emptied or damaged")
        self.raw.close()
        try:
            self._use(self._open())
        except sqlite3.Error as error:
            raise DatabaseUnavailableError(reason_of(error)) from error

    async def close(self) -> None:
        """Close the connection."""
        self.raw.close()

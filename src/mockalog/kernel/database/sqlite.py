"""SQLite in the event loop.

A statement takes a few microseconds, a switch to a thread takes hundreds. So statements run in the
event loop, on one connection. A lock gives the connection to one transaction at a time, which also
serialises the writers of this process. `BEGIN IMMEDIATE` serialises writers of several processes.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from types import TracebackType

from sqlalchemy import URL, Executable

from mockalog.kernel.database.interfaces import (
    Connection,
    ConstraintViolationError,
    DatabaseConfigurationError,
    DatabaseUnavailableError,
    Query,
    Reader,
    Row,
    Statement,
    Values,
)
from mockalog.kernel.database.readers import SharedReader, SnapshotReader
from mockalog.kernel.database.sqlite_statements import CompiledStatement, create_tables
from mockalog.kernel.database.urls import is_ephemeral
from mockalog.kernel.errors import UnstorableValueError

# Seconds that a request waits for the write lock of another process before it fails.
BUSY_SECONDS = 10

# More than the number of mockalog's statements, so that SQLite parses each of them once.
MAX_STATEMENTS = 2000


class SQLiteConnection:
    """Runs statements on the connection that all transactions of the process use in turn.

    `is_exclusive` says that no other process can write to the database.
    """

    __slots__ = ("_compiled", "_is_exclusive", "_raw")

    def __init__(self, raw: sqlite3.Connection, *, is_exclusive: bool) -> None:
        self._raw = raw
        self._is_exclusive = is_exclusive
        self._compiled: dict[Statement, CompiledStatement] = {}

    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]:
        """Return every row."""
        compiled, cursor = self._execute(query, values)
        return compiled.rows(cursor, cursor.fetchall())

    async def first(self, query: Query[Row], values: Values) -> Row | None:
        """Return the first row, or None if no row exists.

        It reads all rows, because an open cursor keeps its locks.
        """
        compiled, cursor = self._execute(query, values)
        found = cursor.fetchall()
        return compiled.rows(cursor, found[:1])[0] if found else None

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return the number of rows that it changed."""
        return self._execute(statement, values)[1].rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`; return the number of rows that it changed."""
        compiled = self._compile(statement)
        try:
            return self._raw.executemany(compiled.sql, map(compiled.values, rows)).rowcount
        except sqlite3.IntegrityError as error:
            raise ConstraintViolationError(str(error)) from None
        except OverflowError:
            raise UnstorableValueError from None

    async def begin_writing(self) -> None:
        """Take the write lock, if another process can write and the transaction has not begun."""
        if not self._is_exclusive and not self._raw.in_transaction:
            self._raw.execute("BEGIN IMMEDIATE")

    async def fail_fast_on_locks(self) -> None:
        """Do nothing: SQLite has one write lock, so no deadlock is possible."""

    async def snapshot_isolation(self) -> None:
        """Take the write lock, so that no other process changes a row."""
        await self.begin_writing()

    def _execute(
        self, statement: Statement, values: Values
    ) -> tuple[CompiledStatement, sqlite3.Cursor]:
        compiled = self._compile(statement)
        try:
            return compiled, self._raw.execute(compiled.sql, compiled.values(values))
        except OverflowError:  # an integer beyond 64 bits
            raise UnstorableValueError from None

    def _compile(self, statement: Statement) -> CompiledStatement:
        compiled = self._compiled.get(statement)
        if compiled is None:
            # Statements that are built per call would otherwise fill the memory.
            if len(self._compiled) >= MAX_STATEMENTS:
                self._compiled.clear()
            compiled = self._compiled[statement] = CompiledStatement(statement)
        return compiled


class SQLiteTransaction:
    """Exclusive use of the connection until the end of the block.

    The driver begins a transaction at the first statement that writes
    (`isolation_level="IMMEDIATE"`). A block that only reads begins and commits nothing. `held` has
    the sandboxes whose transactions wait.
    """

    __slots__ = ("_connection", "_held", "_lock", "_raw", "_sandbox_id")

    def __init__(
        self,
        lock: asyncio.Lock,
        connection: SQLiteConnection,
        raw: sqlite3.Connection,
        held: Mapping[int | None, asyncio.Event],
        sandbox_id: int | None,
    ) -> None:
        self._lock = lock
        self._connection = connection
        self._raw = raw
        self._held = held
        self._sandbox_id = sandbox_id

    async def __aenter__(self) -> Connection:
        await self._lock.acquire()
        while self._sandbox_id in self._held:
            self._lock.release()
            await self._held[self._sandbox_id].wait()
            await self._lock.acquire()
        return self._connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._raw.in_transaction:
                self._end(committing=kind is None)
        except sqlite3.OperationalError as failure:  # for example a full disk
            raise DatabaseUnavailableError(str(failure)) from failure
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.OperationalError):
            raise DatabaseUnavailableError(str(error)) from error

    def _end(self, *, committing: bool) -> None:
        try:
            if committing:
                self._raw.commit()
        finally:
            if self._raw.in_transaction:  # after an error of the block or of the commit
                self._raw.rollback()


class SQLiteDatabase:
    """A database in a file, or an ephemeral one in memory."""

    shared = False

    def __init__(self, url: URL) -> None:
        self._ephemeral = is_ephemeral(url)
        self._path = ":memory:" if self._ephemeral else str(url.database)
        self._lock = asyncio.Lock()
        # The held sandboxes, each with the end of its hold.
        self._held: dict[int | None, asyncio.Event] = {}

    async def start(self) -> None:
        """Open the connection.

        Raises `DatabaseConfigurationError` if the file cannot be opened or is no SQLite database.
        """
        try:
            self._raw = self._open()
        except sqlite3.Error as error:
            raise DatabaseConfigurationError(
                f"the SQLite database cannot be opened: {error}"
            ) from None
        self._connection = SQLiteConnection(self._raw, is_exclusive=self._ephemeral)

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
        return SQLiteTransaction(self._lock, self._connection, self._raw, self._held, sandbox_id)

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
        except sqlite3.OperationalError as error:
            raise DatabaseUnavailableError(str(error)) from error

    @asynccontextmanager
    async def hold(self, sandbox_id: int) -> AsyncIterator[None]:
        """Delay the transactions on a sandbox; one hold of a sandbox waits for another."""
        while sandbox_id in self._held:
            await self._held[sandbox_id].wait()
        end = self._held[sandbox_id] = asyncio.Event()
        try:
            async with self.transaction():  # a transaction that has begun ends first
                pass
            yield
        finally:
            del self._held[sandbox_id]
            end.set()

    def version(self) -> int | None:
        """Return SQLite's data version, which changes when another process commits."""
        if self._ephemeral:
            return 0
        number: int = self._raw.execute("PRAGMA data_version").fetchone()[0]
        return number

    async def close(self) -> None:
        """Close the connection."""
        self._raw.close()

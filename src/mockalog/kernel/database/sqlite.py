"""SQLite inside the event loop.

A statement takes microseconds, a hop to a thread takes hundreds of them; so statements run
where they are called, on one connection that a lock hands from request to request. The lock is
also what serialises writers in this process; `BEGIN IMMEDIATE` does it between processes.
"""

import asyncio
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Sequence
from operator import itemgetter
from types import TracebackType
from typing import Any, cast

from sqlalchemy import URL, Executable
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database.interfaces import (
    Connection,
    ConstraintViolationError,
    DatabaseConfigurationError,
    DatabaseUnavailableError,
    Query,
    Values,
)
from mockalog.kernel.database.models import metadata
from mockalog.kernel.database.urls import is_ephemeral
from mockalog.kernel.errors import UnstorableValueError

# How long another process may hold the write lock before a request gives up.
BUSY_SECONDS = 10


# More statements than there are, so that SQLite parses each once.
MAX_STATEMENTS = 1000


class Prepared:
    """A statement as the driver takes it: SQLAlchemy writes the SQL once, the driver runs it.

    SQLAlchemy's own execution costs five times what SQLite needs for the statement itself.
    """

    __slots__ = ("_class", "_defaults", "_names", "_pick", "_row", "sql")

    def __init__(self, query: Executable | Query[Any]) -> None:
        statement = query.statement if isinstance(query, Query) else query
        compiled = cast(SQLCompiler, cast(ClauseElement, statement).compile(dialect=_DIALECT))
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._defaults = {k: v for k, v in compiled.params.items() if v is not None}
        # Of two names or more, because of one it would give no tuple.
        self._pick = itemgetter(*self._names) if len(self._names) > 1 else None
        self._class = query.row if isinstance(query, Query) else None
        self._row: Callable[[tuple[Any, ...]], Any] | None = None

    def values(self, values: Values) -> tuple[Any, ...]:
        """Return the values in the order of the SQL's question marks."""
        if self._pick is not None:
            try:
                picked: tuple[Any, ...] = self._pick(values)
            except KeyError:  # what is not given has its default
                pass
            else:
                return picked
        defaults = self._defaults
        return tuple([values[n] if n in values else defaults.get(n) for n in self._names])

    def rows(self, cursor: sqlite3.Cursor, tuples: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return rows with attributes."""
        if self._row is None:
            self._row = row_maker(self._class, [column[0] for column in cursor.description])
        return [self._row(values) for values in tuples]


def row_maker(kind: type[Any] | None, names: list[str]) -> Callable[[tuple[Any, ...]], Any]:
    """Return the function that makes a row of a tuple; raises `TypeError` for wrong columns."""
    if kind is tuple:
        return tuple
    fields = None if kind is None else kind._fields
    if fields is not None and list(fields) != names:
        raise TypeError(f"{kind} has not the columns {names}")
    make: Any = (kind or cast(Any, namedtuple)("Row", names))._make
    return cast("Callable[[tuple[Any, ...]], Any]", make)


class SQLiteConnection:
    """Runs statements here and now."""

    __slots__ = ("_alone", "_prepared", "_raw")

    def __init__(self, raw: sqlite3.Connection, *, alone: bool) -> None:
        self._raw = raw
        self._alone = alone
        self._prepared: dict[Executable | Query[Any], Prepared] = {}

    async def all(self, query: Executable | Query[Any], values: Values) -> Sequence[Any]:
        """Return every row."""
        prepared, cursor = self._execute(query, values)
        return prepared.rows(cursor, cursor.fetchall())

    async def first(self, query: Executable | Query[Any], values: Values) -> Any | None:
        """Return the first row; the rest is read too, for an open cursor keeps its locks."""
        prepared, cursor = self._execute(query, values)
        found = cursor.fetchall()
        return prepared.rows(cursor, found[:1])[0] if found else None

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        return self._execute(statement, values)[1].rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`, if any; return how many it touched."""
        prepared = self._prepare(statement)
        try:
            return self._raw.executemany(prepared.sql, map(prepared.values, rows)).rowcount
        except sqlite3.IntegrityError as error:
            raise ConstraintViolationError(str(error)) from None
        except OverflowError:
            raise UnstorableValueError from None

    async def begin_writing(self) -> None:
        """Take the write lock, unless a write already did, or no other process can write."""
        if not self._alone and not self._raw.in_transaction:
            self._raw.execute("BEGIN IMMEDIATE")

    async def fail_fast_on_locks(self) -> None:
        """Do nothing: whoever has the lock waits for nobody."""

    async def snapshot_isolation(self) -> None:
        """Let nobody else write: then nothing moves."""
        await self.begin_writing()

    def _execute(
        self, statement: Executable | Query[Any], values: Values
    ) -> tuple[Prepared, sqlite3.Cursor]:
        prepared = self._prepare(statement)
        try:
            return prepared, self._raw.execute(prepared.sql, prepared.values(values))
        except OverflowError:  # an integer beyond 64 bits
            raise UnstorableValueError from None

    def _prepare(self, statement: Executable | Query[Any]) -> Prepared:
        prepared = self._prepared.get(statement)
        if prepared is None:
            if len(self._prepared) >= MAX_STATEMENTS:  # somebody makes statements as he goes
                self._prepared.clear()
            prepared = self._prepared[statement] = Prepared(statement)
        return prepared


class SQLiteTransaction:
    """One holder's turn on the connection.

    The driver begins at the first writing statement (`isolation_level="IMMEDIATE"`), so a turn
    that only reads never begins or commits anything.
    """

    __slots__ = ("_connection", "_lock", "_raw")

    def __init__(
        self, lock: asyncio.Lock, connection: SQLiteConnection, raw: sqlite3.Connection
    ) -> None:
        self._lock = lock
        self._connection = connection
        self._raw = raw

    async def __aenter__(self) -> Connection:
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
        except sqlite3.OperationalError as failure:  # the disk is full
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
            if self._raw.in_transaction:  # refused, or the commit failed
                self._raw.rollback()


class SQLiteDatabase:
    """A file that persists, or memory that ends with the process."""

    shared = False

    def __init__(self, url: URL) -> None:
        self._ephemeral = is_ephemeral(url)
        self._path = ":memory:" if self._ephemeral else str(url.database)
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Open the connection; raises `DatabaseConfigurationError` for an unusable file."""
        try:
            self._raw = self._open()
        except sqlite3.Error as error:
            raise DatabaseConfigurationError(
                f"the SQLite database cannot be opened: {error}"
            ) from None
        self._connection = SQLiteConnection(self._raw, alone=self._ephemeral)

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
            _create_tables(raw)
        else:
            # WAL with NORMAL survives kill -9 of the process; FULL would cost a sync a commit.
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute("PRAGMA synchronous=NORMAL")

    def transaction(self) -> SQLiteTransaction:
        """Return one turn on the connection."""
        return SQLiteTransaction(self._lock, self._connection, self._raw)

    def version(self) -> int | None:
        """Return SQLite's data version: it moves when another process committed."""
        if self._ephemeral:
            return 0
        number: int = self._raw.execute("PRAGMA data_version").fetchone()[0]
        return number

    async def close(self) -> None:
        """Close the connection."""
        self._raw.close()


_DIALECT = SQLiteDialect_pysqlite(paramstyle="qmark")


def _create_tables(raw: sqlite3.Connection) -> None:
    """Make every table: as `metadata.create_all` does, which asks for each of them before."""
    for table in metadata.sorted_tables:
        raw.execute(str(CreateTable(table).compile(dialect=_DIALECT)))
        for index in table.indexes:
            raw.execute(str(CreateIndex(index).compile(dialect=_DIALECT)))

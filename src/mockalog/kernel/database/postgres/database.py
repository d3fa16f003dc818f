"""PostgreSQL through psycopg's asynchronous driver, for several workers or replicas.

docs/decisions/0009-postgresql-transactions.md tells when a transaction begins.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import tuple_row
from sqlalchemy import URL, Executable, Select, select
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database.interfaces import (
    NO_VALUES,
    Connection,
    ConstraintViolationError,
    DatabaseConfigurationError,
    DatabaseUnavailableError,
    Query,
    Reader,
    Row,
    Statement,
    Values,
    reason_of,
)
from mockalog.kernel.database.models import series_table
from mockalog.kernel.database.postgres import sessions
from mockalog.kernel.database.postgres.pool import MAX_CONNECTIONS, Pool
from mockalog.kernel.database.readers import SnapshotReader
from mockalog.kernel.database.rows import RowMaker, row_maker
from mockalog.kernel.errors import UnstorableValueError

# Seconds after which a server that does not respond counts as unavailable. The URL may change it.
CONNECT_SECONDS = 10

# Seconds after which a check calls a server unavailable that accepts connections but is stuck.
CHECK_SECONDS = 5.0

# The server's errors that a statement of ours does not cause: it is away, full, damaged, a standby,
# or without our tables or permissions. `OperationalError` has most of them.
OUTAGES = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.DataCorrupted,
    psycopg.errors.IndexCorrupted,
    psycopg.errors.InternalError_,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedTable,
)

# Less than the second after which PostgreSQL looks for deadlocks.
LOCK_TIMEOUT_MILLISECONDS = 300


class _Compiler(PGCompiler_psycopg):
    """Compiles SQLite's upserts, which the repositories use for both databases.

    An import of PostgreSQL's own upsert takes 25 ms of a start. The two differ only in
    `constraint_target`, which SQLite's does not have.
    """

    # Any: SQLAlchemy's compiler hooks have no types.
    def visit_on_conflict_do_update(self, on_conflict: Any, **options: Any) -> str:
        on_conflict.constraint_target = None
        write: Any = super().visit_on_conflict_do_update
        return str(write(on_conflict, **options))

    # Any: SQLAlchemy's compiler hooks have no types.
    def visit_on_conflict_do_nothing(self, on_conflict: Any, **options: Any) -> str:
        on_conflict.constraint_target = None
        write: Any = super().visit_on_conflict_do_nothing
        return str(write(on_conflict, **options))


class _Dialect(PGDialect_psycopg):
    """PostgreSQL's dialect with the compiler above."""

    statement_compiler = _Compiler


_DIALECT: Any = cast(Any, _Dialect)()

# The lock makes it a transaction that may write. No call locks one of these rows first.
_ANY_ROW = Query(select(series_table.c.last).limit(1).with_for_update(skip_locked=True), tuple)


class CompiledStatement:
    """A statement's SQL and its defaults. SQLAlchemy compiles it once, and the driver runs it.

    It is compiled without its values: SQLAlchemy adds each value that has a column's name to the
    columns that an `INSERT` or an `UPDATE` sets.
    """

    __slots__ = ("_defaults", "_make_row", "_row_class", "is_read_only", "sql")

    def __init__(self, query: Statement) -> None:
        statement = query.statement if isinstance(query, Query) else query
        self._row_class = query.row if isinstance(query, Query) else None
        self._make_row: RowMaker | None = None
        compiled = cast(ClauseElement, statement).compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._defaults = compiled.params
        # Whether the statement neither writes nor locks.
        self.is_read_only = isinstance(statement, Select) and "FOR UPDATE" not in self.sql

    def values(self, given: Values) -> dict[str, object]:
        """Return the given values and the defaults of the others."""
        return {**self._defaults, **given}

    # Any: the query decides the class of its rows.
    def row(self, cursor: AsyncCursor[tuple[object, ...]], values: tuple[object, ...]) -> Any:
        """Return a tuple as a row with attributes."""
        if self._make_row is None:
            names = [column.name for column in cursor.description or ()]
            self._make_row = row_maker(self._row_class, names)
        return self._make_row(values)


class PostgresConnection:
    """Runs statements through psycopg.

    The transaction begins with the first statement that writes or locks, as on SQLite. Under READ
    COMMITTED earlier statements read the same rows without a transaction, and a read saves the two
    round trips that begin and end one.
    """

    __slots__ = ("_compiled", "_has_begun", "_raw")

    def __init__(
        self,
        raw: AsyncConnection[tuple[object, ...]],
        compiled: WeakKeyDictionary[Statement, CompiledStatement],
    ) -> None:
        self._raw = raw
        self._compiled = compiled
        self._has_begun = False

    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]:
        """Return every row."""
        compiled, cursor = await self._execute(query, values)
        return [compiled.row(cursor, found) for found in await cursor.fetchall()]

    async def first(self, query: Query[Row], values: Values) -> Row | None:
        """Return the first row, or None if no row exists."""
        compiled, cursor = await self._execute(query, values)
        found = await cursor.fetchone()
        return None if found is None else compiled.row(cursor, found)

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return the number of rows that it changed."""
        return (await self._execute(statement, values))[1].rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`; return the number of rows that it changed."""
        compiled = self._compile(statement)
        await self._begin()
        cursor = self._raw.cursor()
        try:
            await cursor.executemany(compiled.sql, [compiled.values(values) for values in rows])
        except psycopg.IntegrityError as error:
            raise ConstraintViolationError(str(error)) from None
        return max(cursor.rowcount, 0)  # psycopg gives -1 without rows

    async def begin_writing(self) -> None:
        """Do nothing: statements lock single rows."""

    async def fail_fast_on_locks(self) -> None:
        """Set a lock timeout shorter than the time after which the server looks for deadlocks.

        Otherwise the server could end a request's transaction instead of the background work.
        """
        await self._begin()
        await self._raw.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}")

    async def snapshot_isolation(self) -> None:
        """Read only rows that were committed before the first statement."""
        await self._begin()
        await self._raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    async def _begin(self) -> None:
        if not self._has_begun:
            await self._raw.execute("BEGIN")
            self._has_begun = True

    async def _execute(
        self, statement: Statement, values: Values
    ) -> tuple[CompiledStatement, AsyncCursor[tuple[object, ...]]]:
        compiled = self._compile(statement)
        if not compiled.is_read_only:
            await self._begin()
        return compiled, await self._raw.execute(compiled.sql, compiled.values(values))

    def _compile(self, statement: Statement) -> CompiledStatement:
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = self._compiled[statement] = CompiledStatement(statement)
        return compiled


class PostgresDatabase:
    """A PostgreSQL server, which several processes may use."""

    shared = True

    def __init__(self, url: URL) -> None:
        self._url = url
        self._options: dict[str, Any] = {
            "connect_timeout": CONNECT_SECONDS,
            **_DIALECT.create_connect_args(url)[1],
            **sessions.options_of(url),
            # `PostgresConnection` begins transactions, and the pool ends them with the block.
            "autocommit": True,
            "row_factory": tuple_row,
        }
        self._compiled: WeakKeyDictionary[Statement, CompiledStatement]
        self._compiled = WeakKeyDictionary()
        # A reader may need a second connection, to write what it reads.
        self._reading = asyncio.Semaphore(MAX_CONNECTIONS // 2)

    async def start(self) -> None:
        """Connect to the server once.

        Raises `DatabaseConfigurationError` if the server cannot be reached.
        """
        try:
            await (await self._connect()).close()
        except psycopg.Error as error:
            raise DatabaseConfigurationError(
                f"the PostgreSQL server cannot be reached: {reason_of(error)}"
            ) from None
        self._pool = Pool(self._options)

    async def _connect(self) -> AsyncConnection[Any]:
        """Return the first connection. It decides the options of all later ones."""
        try:
            first = await AsyncConnection.connect(**self._options)
        except psycopg.OperationalError as error:
            self._options |= sessions.options_for_pooler(self._url, error)
            return await AsyncConnection.connect(**self._options)
        self._options |= sessions.options_of(self._url, first.info.server_version)
        return first

    @asynccontextmanager
    async def transaction(self, sandbox_id: int | None = None) -> AsyncIterator[Connection]:
        """Return a transaction on a connection of its own, with isolation READ COMMITTED."""
        try:
            async with self._pool.connection() as raw:
                yield PostgresConnection(raw, self._compiled)
        except psycopg.DataError:  # NUL in a text, or an integer beyond the column's range
            raise UnstorableValueError from None
        except OUTAGES as error:
            raise DatabaseUnavailableError(reason_of(error)) from error

    async def check(self) -> None:
        """Read a row in a transaction that may write, which a standby refuses."""
        try:
            async with asyncio.timeout(CHECK_SECONDS), self.transaction() as connection:
                await connection.first(_ANY_ROW, NO_VALUES)
        except TimeoutError:
            raise DatabaseUnavailableError(
                f"PostgreSQL does not respond within {CHECK_SECONDS:g} s"
            ) from None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Return a reader in a transaction of its own, with isolation REPEATABLE READ."""
        async with self._reading, self.transaction() as connection:
            await connection.snapshot_isolation()
            yield SnapshotReader(connection)

    @asynccontextmanager
    async def hold(self, sandbox_id: int) -> AsyncIterator[None]:
        """Delay no transaction."""
        yield

    def version(self) -> int | None:
        """Return None: other processes may write at any time, so no cache is valid."""
        return None

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()

"""PostgreSQL through psycopg's async driver, for several workers or replicas."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import tuple_row
from sqlalchemy import URL, Executable, Select
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database.interfaces import (
    Connection,
    ConstraintViolationError,
    DatabaseConfigurationError,
    DatabaseUnavailableError,
    Query,
    Values,
)
from mockalog.kernel.database.pool import Pool
from mockalog.kernel.database.sqlite import row_maker
from mockalog.kernel.errors import UnstorableValueError

# Unless the URL says otherwise: a server that hangs is as good as none.
CONNECT_SECONDS = 10

# Less than the second after which PostgreSQL looks for deadlocks.
PATIENCE_MILLISECONDS = 300


class _Compiler(PGCompiler_psycopg):
    """Writes SQLite's upserts, which the models use: PostgreSQL's cost a start 25 ms more.

    Both are alike, but that PostgreSQL's may name a constraint.
    """

    def visit_on_conflict_do_update(self, on_conflict: Any, **options: Any) -> str:
        on_conflict.constraint_target = None
        write: Any = super().visit_on_conflict_do_update
        return str(write(on_conflict, **options))

    def visit_on_conflict_do_nothing(self, on_conflict: Any, **options: Any) -> str:
        on_conflict.constraint_target = None
        write: Any = super().visit_on_conflict_do_nothing
        return str(write(on_conflict, **options))


class _Dialect(PGDialect_psycopg):
    """PostgreSQL over psycopg."""

    statement_compiler = _Compiler


_DIALECT: Any = cast(Any, _Dialect)()


class Prepared:
    """A statement as the driver takes it: SQLAlchemy writes the SQL once, the driver runs it.

    It is compiled by itself and not together with its values: SQLAlchemy would take a value that
    has a column's name for one more column to set.
    """

    __slots__ = ("_class", "_defaults", "_row", "looks", "sql")

    def __init__(self, query: Executable | Query[Any]) -> None:
        statement = query.statement if isinstance(query, Query) else query
        self._class = query.row if isinstance(query, Query) else None
        self._row: Callable[[tuple[Any, ...]], Any] | None = None
        compiled = cast(ClauseElement, statement).compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._defaults = compiled.params
        # Whether it neither writes nor locks.
        self.looks = isinstance(statement, Select) and "FOR UPDATE" not in self.sql

    def values(self, given: Values) -> dict[str, Any]:
        """Return the values that the driver binds."""
        return {**self._defaults, **given}

    def row(self, cursor: AsyncCursor[Any], values: tuple[Any, ...]) -> Any:
        """Return a row with attributes."""
        if self._row is None:
            names = [column.name for column in cursor.description or ()]
            self._row = row_maker(self._class, names)
        return self._row(values)


class PostgresConnection:
    """Runs statements through psycopg.

    The transaction begins with the first statement that writes or locks, as it does on SQLite:
    under READ COMMITTED each statement before sees what is committed then, in a transaction or
    not, and beginning and ending one are two round trips.
    """

    __slots__ = ("_begun", "_prepared", "_raw")

    def __init__(
        self,
        raw: AsyncConnection[Any],
        prepared: WeakKeyDictionary[Executable | Query[Any], Prepared],
    ) -> None:
        self._raw = raw
        self._prepared = prepared
        self._begun = False

    async def all(self, query: Executable | Query[Any], values: Values) -> Sequence[Any]:
        """Return every row."""
        prepared, cursor = await self._execute(query, values)
        return [prepared.row(cursor, found) for found in await cursor.fetchall()]

    async def first(self, query: Executable | Query[Any], values: Values) -> Any | None:
        """Return the first row, None if there is none."""
        prepared, cursor = await self._execute(query, values)
        found = await cursor.fetchone()
        return None if found is None else prepared.row(cursor, found)

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        return (await self._execute(statement, values))[1].rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`, if any; return how many it touched."""
        prepared = self._prepare(statement)
        await self._begin()
        cursor = self._raw.cursor()
        try:
            await cursor.executemany(prepared.sql, [prepared.values(values) for values in rows])
        except psycopg.IntegrityError as error:
            raise ConstraintViolationError(str(error)) from None
        return max(cursor.rowcount, 0)  # of no row it is -1

    async def begin_writing(self) -> None:
        """Do nothing: rows are locked one by one."""

    async def fail_fast_on_locks(self) -> None:
        """Give up before the server looks for a deadlock, of which a client would be the victim."""
        await self._begin()
        await self._raw.execute(f"SET LOCAL lock_timeout = {PATIENCE_MILLISECONDS}")

    async def snapshot_isolation(self) -> None:
        """Read what was committed before the first statement."""
        await self._begin()
        await self._raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    async def _begin(self) -> None:
        if not self._begun:
            await self._raw.execute("BEGIN")
            self._begun = True

    async def _execute(
        self, statement: Executable | Query[Any], values: Values
    ) -> tuple[Prepared, AsyncCursor[Any]]:
        prepared = self._prepare(statement)
        if not prepared.looks:
            await self._begin()
        return prepared, await self._raw.execute(prepared.sql, prepared.values(values))

    def _prepare(self, statement: Executable | Query[Any]) -> Prepared:
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = self._prepared[statement] = Prepared(statement)
        return prepared


class PostgresDatabase:
    """A server that other processes share."""

    shared = True

    def __init__(self, url: URL) -> None:
        self._options: dict[str, Any] = {
            "connect_timeout": CONNECT_SECONDS,
            **_DIALECT.create_connect_args(url)[1],
            # A `PostgresConnection` begins by itself; what it began ends with the block.
            "autocommit": True,
            "row_factory": tuple_row,
        }
        self._prepared: WeakKeyDictionary[Executable | Query[Any], Prepared] = WeakKeyDictionary()

    async def start(self) -> None:
        """Reach the server once; raises `DatabaseConfigurationError` if it does not answer."""
        try:
            await (await AsyncConnection.connect(**self._options)).close()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise DatabaseConfigurationError(
                f"the PostgreSQL server cannot be reached: {reason}"
            ) from None
        self._pool = Pool(self._options)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Return a transaction on a connection of its own, READ COMMITTED."""
        try:
            async with self._pool.connection() as raw:
                yield PostgresConnection(raw, self._prepared)
        except psycopg.DataError:  # a NUL in a text, an integer beyond the column
            raise UnstorableValueError from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DatabaseUnavailableError(str(error)) from error

    def version(self) -> int | None:
        """Return None: other processes write at any time, so nothing may be cached."""
        return None

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()

"""PostgreSQL through psycopg's async driver, for several workers or replicas."""

import select
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import URL, CursorResult, Dialect, Executable, Select, event
from sqlalchemy.exc import DataError, DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database import Connection, DatabaseProblem, Values
from mockalog.kernel.errors import Unstorable

# More than this many requests at once wait for a connection instead of a query plan.
POOL_SIZE = 10
POOL_OVERFLOW = 10


class Prepared:
    """A statement as the driver takes it.

    It is compiled by itself and not together with its values: SQLAlchemy would take a value that
    has a column's name for one more column to set.
    """

    __slots__ = ("_defaults", "looks", "sql")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast(ClauseElement, statement).compile(dialect=dialect)
        self.sql = str(compiled)
        self._defaults = compiled.params
        # Whether it neither writes nor locks.
        self.looks = isinstance(statement, Select) and "FOR UPDATE" not in self.sql

    def values(self, given: Values) -> dict[str, Any]:
        """Return the values that the driver binds."""
        return {**self._defaults, **given}


class PostgresConnection:
    """Runs statements through SQLAlchemy's async engine.

    The transaction begins with the first statement that writes or locks, as it does on SQLite:
    under READ COMMITTED each statement before sees what is committed then, in a transaction or
    not, and beginning and ending one are two round trips.
    """

    __slots__ = ("_begun", "_connection", "_prepared")

    def __init__(
        self, connection: AsyncConnection, prepared: WeakKeyDictionary[Executable, Prepared]
    ) -> None:
        self._connection = connection
        self._prepared = prepared
        self._begun = False

    async def all(self, statement: Executable, values: Values) -> Sequence[Any]:
        """Return every row."""
        return (await self._execute(statement, values)).fetchall()

    async def first(self, statement: Executable, values: Values) -> Any | None:
        """Return the first row, None if there is none."""
        return (await self._execute(statement, values)).first()

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        return (await self._execute(statement, values)).rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`, if any; return how many it touched."""
        if not rows:  # without any, SQLAlchemy would run it once
            return 0
        prepared = self._prepare(statement)
        await self._begin()
        parameters = [prepared.values(values) for values in rows]
        return (await self._connection.exec_driver_sql(prepared.sql, parameters)).rowcount

    async def begin_writing(self) -> None:
        """Do nothing: rows are locked one by one."""

    async def stand_still(self) -> None:
        """Read what was committed before the first statement."""
        await self._begin()
        await self._connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    async def commit(self) -> None:
        """End what was begun; without this the pool rolls it back."""
        if self._begun:
            await self._connection.exec_driver_sql("COMMIT")

    async def _begin(self) -> None:
        if not self._begun:
            await self._connection.exec_driver_sql("BEGIN")
            self._begun = True

    async def _execute(self, statement: Executable, values: Values) -> CursorResult[Any]:
        prepared = self._prepare(statement)
        if not prepared.looks:
            await self._begin()
        return await self._connection.exec_driver_sql(prepared.sql, prepared.values(values))

    def _prepare(self, statement: Executable) -> Prepared:
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = Prepared(statement, self._connection.dialect)
            self._prepared[statement] = prepared
        return prepared


class PostgresDatabase:
    """A server that other processes share."""

    shared = True

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            # The connection begins and commits by itself.
            isolation_level="AUTOCOMMIT",
        )
        event.listen(self._engine.sync_engine, "checkout", _check_alive)
        self._prepared: WeakKeyDictionary[Executable, Prepared] = WeakKeyDictionary()

    async def start(self) -> None:
        """Reach the server once; raises `DatabaseProblem` if it does not answer."""
        try:
            async with self._engine.connect():
                pass
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise DatabaseProblem(f"the PostgreSQL server cannot be reached: {reason}") from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Return a transaction on a connection of its own, READ COMMITTED."""
        try:
            async with self._engine.connect() as raw:
                connection = PostgresConnection(raw, self._prepared)
                yield connection
                await connection.commit()
        except DataError:  # a NUL in a text, an integer beyond the column
            raise Unstorable from None

    def version(self) -> int | None:
        """Return None: other processes write at any time, so nothing may be cached."""
        return None

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def _check_alive(adapted: Any, *_: object) -> None:
    """Give up a pooled connection that the server closed, so that a restart costs no error answer.

    Something to read on an idle connection is its end; a look at the socket costs no round trip.
    """
    waiting = select.poll()
    waiting.register(adapted.driver_connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError

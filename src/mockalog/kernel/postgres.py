"""PostgreSQL through psycopg's async driver, for several workers or replicas."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import URL, CursorResult, Executable
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.sql.compiler import Compiled
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database import Connection, DatabaseProblem, Values
from mockalog.kernel.errors import Unstorable

# More than this many requests at once wait for a connection instead of a query plan.
POOL_SIZE = 10
POOL_OVERFLOW = 10


class PostgresConnection:
    """Runs statements through SQLAlchemy's async engine.

    A statement is compiled by itself and not together with its values: SQLAlchemy would take a
    value that has a column's name for one more column to set.
    """

    __slots__ = ("_compiled", "_connection")

    def __init__(
        self, connection: AsyncConnection, compiled: WeakKeyDictionary[Executable, Compiled]
    ) -> None:
        self._connection = connection
        self._compiled = compiled

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
        compiled = self._compile(statement)
        parameters = [{**compiled.params, **values} for values in rows]
        return (await self._connection.exec_driver_sql(str(compiled), parameters)).rowcount

    async def begin_writing(self) -> None:
        """Do nothing: rows are locked one by one."""

    async def stand_still(self) -> None:
        """Read what was committed before the first statement."""
        await self._connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    async def _execute(self, statement: Executable, values: Values) -> CursorResult[Any]:
        compiled = self._compile(statement)
        parameters = {**compiled.params, **values}
        return await self._connection.exec_driver_sql(str(compiled), parameters)

    def _compile(self, statement: Executable) -> Compiled:
        compiled = self._compiled.get(statement)
        if compiled is None:
            element = cast(ClauseElement, statement)
            compiled = element.compile(dialect=self._connection.dialect)
            self._compiled[statement] = compiled
        return compiled


class PostgresDatabase:
    """A server that other processes share."""

    shared = True

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            # A server that was restarted costs one ping, not one error answer.
            pool_pre_ping=True,
        )
        self._compiled: WeakKeyDictionary[Executable, Compiled] = WeakKeyDictionary()

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
            async with self._engine.begin() as connection:
                yield PostgresConnection(connection, self._compiled)
        except DataError:  # a NUL in a text, an integer beyond the column
            raise Unstorable from None

    def version(self) -> int | None:
        """Return None: other processes write at any time, so nothing may be cached."""
        return None

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()

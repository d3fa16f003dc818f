"""PostgreSQL through psycopg's async driver, for several workers or replicas."""

import select
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import URL, Executable, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database import Collision, Connection, DatabaseProblem, Outage, Values
from mockalog.kernel.errors import Unstorable

# More than this many requests at once wait for a connection instead of a query plan.
POOL_SIZE = 20

# A request waits for a server that restarts, but not for one that is gone.
WAIT_SECONDS = 10.0

# Less than the second after which PostgreSQL looks for deadlocks.
PATIENCE_MILLISECONDS = 300

_DIALECT: Any = cast(Any, PGDialect_psycopg)()


class Prepared:
    """A statement as the driver takes it: SQLAlchemy writes the SQL once, the driver runs it.

    It is compiled by itself and not together with its values: SQLAlchemy would take a value that
    has a column's name for one more column to set.
    """

    __slots__ = ("_defaults", "looks", "sql")

    def __init__(self, statement: Executable) -> None:
        compiled = cast(ClauseElement, statement).compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._defaults = compiled.params
        # Whether it neither writes nor locks.
        self.looks = isinstance(statement, Select) and "FOR UPDATE" not in self.sql

    def values(self, given: Values) -> dict[str, Any]:
        """Return the values that the driver binds."""
        return {**self._defaults, **given}


class PostgresConnection:
    """Runs statements through psycopg.

    The transaction begins with the first statement that writes or locks, as it does on SQLite:
    under READ COMMITTED each statement before sees what is committed then, in a transaction or
    not, and beginning and ending one are two round trips.
    """

    __slots__ = ("_begun", "_prepared", "_raw")

    def __init__(
        self, raw: AsyncConnection[Any], prepared: WeakKeyDictionary[Executable, Prepared]
    ) -> None:
        self._raw = raw
        self._prepared = prepared
        self._begun = False

    async def all(self, statement: Executable, values: Values) -> Sequence[Any]:
        """Return every row."""
        return await (await self._execute(statement, values)).fetchall()

    async def first(self, statement: Executable, values: Values) -> Any | None:
        """Return the first row, None if there is none."""
        return await (await self._execute(statement, values)).fetchone()

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        return (await self._execute(statement, values)).rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`, if any; return how many it touched."""
        prepared = self._prepare(statement)
        await self._begin()
        cursor = self._raw.cursor()
        try:
            await cursor.executemany(prepared.sql, [prepared.values(values) for values in rows])
        except psycopg.IntegrityError as error:
            raise Collision(str(error)) from None
        return max(cursor.rowcount, 0)  # of no row it is -1

    async def begin_writing(self) -> None:
        """Do nothing: rows are locked one by one."""

    async def give_way(self) -> None:
        """Give up before the server looks for a deadlock, of which a client would be the victim."""
        await self._begin()
        await self._raw.execute(f"SET LOCAL lock_timeout = {PATIENCE_MILLISECONDS}")

    async def stand_still(self) -> None:
        """Read what was committed before the first statement."""
        await self._begin()
        await self._raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    async def _begin(self) -> None:
        if not self._begun:
            await self._raw.execute("BEGIN")
            self._begun = True

    async def _execute(self, statement: Executable, values: Values) -> AsyncCursor[Any]:
        prepared = self._prepare(statement)
        if not prepared.looks:
            await self._begin()
        return await self._raw.execute(prepared.sql, prepared.values(values))

    def _prepare(self, statement: Executable) -> Prepared:
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = self._prepared[statement] = Prepared(statement)
        return prepared


class PostgresDatabase:
    """A server that other processes share."""

    shared = True

    def __init__(self, url: URL) -> None:
        self._options: dict[str, Any] = {
            **_DIALECT.create_connect_args(url)[1],
            # A `PostgresConnection` begins by itself; what it began ends with the block.
            "autocommit": True,
            "row_factory": namedtuple_row,
        }
        self._prepared: WeakKeyDictionary[Executable, Prepared] = WeakKeyDictionary()

    async def start(self) -> None:
        """Reach the server once; raises `DatabaseProblem` if it does not answer."""
        try:
            await (await AsyncConnection.connect(**self._options)).close()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise DatabaseProblem(f"the PostgreSQL server cannot be reached: {reason}") from None
        self._pool = AsyncConnectionPool(
            kwargs=self._options, min_size=0, max_size=POOL_SIZE, timeout=WAIT_SECONDS, open=False
        )
        await self._pool.open()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Return a transaction on a connection of its own, READ COMMITTED."""
        try:
            async with self._connection() as raw:
                yield PostgresConnection(raw, self._prepared)
        except psycopg.DataError:  # a NUL in a text, an integer beyond the column
            raise Unstorable from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Outage from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """Return a pooled connection; what is begun on it is committed, or rolled back."""
        raw = await self._pool.getconn()
        # The pool's own check costs a round trip, and waits a second after each that fails.
        while _is_cut(raw):
            await raw.close()
            await self._pool.putconn(raw)
            raw = await self._pool.getconn()
        try:
            async with raw:
                yield raw
        finally:
            await self._pool.putconn(raw)

    def version(self) -> int | None:
        """Return None: other processes write at any time, so nothing may be cached."""
        return None

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()


def _is_cut(raw: AsyncConnection[Any]) -> bool:
    """Return whether the server closed the connection, so that its restart costs no error answer.

    Something to read on an idle connection is its end; a look at the socket is no round trip.
    """
    waiting = select.poll()
    waiting.register(raw.fileno(), select.POLLIN)
    return bool(waiting.poll(0))

"""Readers: many short reads of one state, between which other calls run."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from mockalog.kernel.database.interfaces import Connection, Database, Query, Row, Values


class SharedReader:
    """Reads of a database with one connection: each is a transaction of its own.

    Only a hold keeps the rows as they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.hold = database.hold

    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]:
        """Return every row."""
        async with self._database.transaction() as connection:
            return await connection.all(query, values)


class SnapshotReader:
    """Reads in one transaction, whose snapshot no writer changes."""

    def __init__(self, connection: Connection) -> None:
        self.all = connection.all

    @asynccontextmanager
    async def hold(self, sandbox_id: int) -> AsyncIterator[None]:
        """Hold nothing: the snapshot stays as it is."""
        yield

"""The shared repository layer: statements of one sandbox on one connection.

Every statement of a vendor has the parameter `:sandbox_id`. The repository binds it, so no query
can read another sandbox's rows (docs/decisions/0003-repository-of-a-sandbox.md).

A transaction that reads rows in order to change them locks them first, with `locked` or a series.
Otherwise two processes on one SQLite file lose updates, because reading locks nothing there.
"""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Executable, bindparam

# SQLite's ON CONFLICT has PostgreSQL's syntax, so this construct compiles for both.
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.database.interfaces import Connection, Query, Row, Values
from mockalog.kernel.database.models import series_table

__all__ = ["Repository", "series", "upsert"]


_first = upsert(series_table).values(
    sandbox_id=bindparam("sandbox_id"), name=bindparam("name"), last=bindparam("step")
)


class _SeriesRow(NamedTuple):
    last: int


_step = _first.on_conflict_do_update(
    index_elements=["sandbox_id", "name"],
    set_={"last": series_table.c.last + _first.excluded.last},
).returning(series_table.c.last)
_STEP = Query(_step, _SeriesRow)


def series(*parts: str) -> str:
    """Return the name of a number series; different parts never give the same name."""
    return json.dumps(parts, ensure_ascii=False)


class Repository:
    """Runs statements of one sandbox. Vendors define named queries as functions that take one."""

    __slots__ = ("_connection", "sandbox_id")

    def __init__(self, connection: Connection, sandbox_id: int) -> None:
        self._connection = connection
        self.sandbox_id = sandbox_id

    async def all(self, query: Query[Row], /, **values: object) -> Sequence[Row]:
        """Return every row."""
        values["sandbox_id"] = self.sandbox_id
        return await self._connection.all(query, values)

    async def first(self, query: Query[Row], /, **values: object) -> Row | None:
        """Return the first row, or None if no row exists."""
        values["sandbox_id"] = self.sandbox_id
        return await self._connection.first(query, values)

    async def one(self, query: Query[Row], /, **values: object) -> Row:
        """Return the row of a query that always has one: a RETURNING, or an aggregate."""
        row = await self.first(query, **values)
        assert row is not None
        return row

    async def run(self, statement: Executable, **values: object) -> int:
        """Run a statement that returns no rows; return the number of rows that it changed."""
        values["sandbox_id"] = self.sandbox_id
        return await self._connection.run(statement, values)

    async def locked(self, query: Query[Row], /, **values: object) -> Row | None:
        """Return the row of a `SELECT … FOR UPDATE`, or None if it does not exist.

        No other transaction changes the row until this transaction ends.
        """
        await self._connection.begin_writing()
        return await self.first(query, **values)

    async def many(self, statement: Executable, rows: Iterable[Values]) -> int:
        """Run a statement once for each of `rows`; return the number of rows that it changed."""
        own = {"sandbox_id": self.sandbox_id}
        return await self._connection.many(statement, [{**row, **own} for row in rows])

    async def next_number(self, name: str) -> int:
        """Return the next number of a series: 1, 2, 3 … Each number is returned once.

        The series' row stays locked until the transaction ends. So a caller that takes a number
        first can check an invariant over the numbered rows, and no other writer can break it.
        """
        return await self._step(name, 1)

    async def next_numbers(self, name: str, count: int) -> range:
        """Return the next `count` numbers of a series; the lock is that of `next_number`."""
        last = await self._step(name, count)
        return range(last - count + 1, last + 1)

    async def lock(self, name: str) -> None:
        """Take the lock of `next_number` without using a number."""
        await self._step(name, 0)

    async def _step(self, name: str, step: int) -> int:
        return (await self.one(_STEP, name=name, step=step)).last

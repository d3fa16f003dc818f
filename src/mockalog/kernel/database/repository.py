"""The shared repository layer: statements of one sandbox on one connection.

Every statement of a vendor names `:sandbox_id`; the repository binds it, so that no query can
forget whose rows it may see.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, overload

from sqlalchemy import Executable, bindparam

# SQLite took its ON CONFLICT over from PostgreSQL; this construct compiles for both.
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
    """Return the name of a number series; parts may hold any text without colliding."""
    return json.dumps(parts, ensure_ascii=False)


class Repository:
    """Runs statements of one sandbox; a vendor's repositories add named queries to it."""

    __slots__ = ("_connection", "sandbox_id")

    def __init__(self, connection: Connection, sandbox_id: int) -> None:
        self._connection = connection
        self.sandbox_id = sandbox_id

    @overload
    async def all(self, query: Query[Row], /, **values: Any) -> Sequence[Row]: ...
    @overload
    async def all(self, query: Executable, /, **values: Any) -> Sequence[Any]: ...
    async def all(self, query: Any, /, **values: Any) -> Sequence[Any]:
        """Return every row."""
        values["sandbox_id"] = self.sandbox_id
        return await self._connection.all(query, values)

    @overload
    async def first(self, query: Query[Row], /, **values: Any) -> Row | None: ...
    @overload
    async def first(self, query: Executable, /, **values: Any) -> Any | None: ...
    async def first(self, query: Any, /, **values: Any) -> Any | None:
        """Return the first row, None if there is none."""
        values["sandbox_id"] = self.sandbox_id
        return await self._connection.first(query, values)

    async def run(self, statement: Executable, **values: Any) -> int:
        """Run a statement that returns nothing; return how many rows it touched."""
        values["sandbox_id"] = self.sandbox_id
        return await self._connection.run(statement, values)

    @overload
    async def locked(self, query: Query[Row], /, **values: Any) -> Row | None: ...
    @overload
    async def locked(self, query: Executable, /, **values: Any) -> Any | None: ...
    async def locked(self, query: Any, /, **values: Any) -> Any | None:
        """Return the one row of a `SELECT … FOR UPDATE`, None if there is none.

        Nobody else changes it before this transaction ends.
        """
        await self._connection.begin_writing()
        return await self.first(query, **values)

    async def many(self, statement: Executable, rows: Iterable[Values]) -> int:
        """Run a statement once for each of `rows`, if any; return how many it touched."""
        own = {"sandbox_id": self.sandbox_id}
        return await self._connection.many(statement, [{**row, **own} for row in rows])

    async def next_number(self, name: str) -> int:
        """Return the next number of a series: 1, 2, 3 …, none ever twice.

        The series' row is locked until the transaction ends, so whoever takes a number first
        may check an invariant over the rows that the series numbers, and no other writer can
        break it before the commit.
        """
        return await self._step(name, 1)

    async def next_numbers(self, name: str, count: int) -> range:
        """Return the next `count` numbers of a series, locked like one."""
        last = await self._step(name, count)
        return range(last - count + 1, last + 1)

    async def lock(self, name: str) -> None:
        """Wait for and take the lock of `next_number` without using a number up."""
        await self._step(name, 0)

    async def _step(self, name: str, step: int) -> int:
        row = await self.first(_STEP, name=name, step=step)
        assert row is not None
        return row.last

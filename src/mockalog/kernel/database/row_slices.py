"""Slices of a sandbox's rows: many rows are read and stored in short statements.

A statement of a million rows would delay every other call for seconds. The size of a slice follows
the time that the last one took, because a row may have ten bytes or a megabyte.
"""

import time
from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Executable,
    Integer,
    Table,
    bindparam,
    exists,
    insert,
    literal,
    select,
    union_all,
)

from mockalog.kernel.database.interfaces import Connection, Query, Reader, Values
from mockalog.kernel.database.key_ranges import KeyRanges
from mockalog.kernel.database.row_copies import copied_columns, copied_tables

# The rows of a first slice, and of the longest.
FIRST_SLICE, MAX_SLICE = 64, 1024

# Seconds that a slice may take before the next one is shorter, or longer.
LONG_SECONDS, SHORT_SECONDS = 0.004, 0.002


class SliceSize:
    """The number of rows of the next slice."""

    def __init__(self) -> None:
        self.rows = FIRST_SLICE
        self._began = 0.0

    def begin(self) -> None:
        """Note that a slice begins."""
        self._began = time.perf_counter()

    def end(self) -> None:
        """Choose the size of the next slice by the time of this one."""
        seconds = time.perf_counter() - self._began
        if seconds > LONG_SECONDS:
            self.rows = max(1, self.rows // 2)
        elif seconds < SHORT_SECONDS:
            self.rows = min(MAX_SLICE, 2 * self.rows)


async def filled_tables(reader: Reader, sandbox_id: int) -> list[Table]:
    """Return the copied tables in which a sandbox has rows; most sandboxes fill few of them."""
    found = await reader.all(_filled(), {"source": sandbox_id})
    return [copied_tables()[row.number] for row in sorted(found)]


# Any: the columns of a table differ in type.
async def read_slices(
    reader: Reader, table: Table, sandbox_id: int
) -> AsyncIterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows of a sandbox in a table, some at a time, ordered by the primary key.

    Each row has the values of `copied_columns`.
    """
    statements, size = _reads(table), SliceSize()
    last: Values | None = None
    while True:
        most = size.rows
        values = {"source": sandbox_id, "most": most, **(last or {})}
        size.begin()
        found = await reader.all(statements.read(last), values)
        size.end()
        if found:
            yield [row[len(statements.ranges.key) :] for row in found]
        if len(found) < most:
            return
        last = statements.ranges.named("last", found[-1])


# Any: the columns of a table differ in type.
async def store(
    connection: Connection, table: Table, sandbox_id: int, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Store rows that `read_slices` has read as rows of another sandbox."""
    names = [f"new_{column.name}" for column in copied_columns(table)]
    values = [{"target": sandbox_id, **dict(zip(names, row, strict=True))} for row in rows]
    await connection.many(_insert(table), values)


class _ReadStatements:
    """The statements that read a table: the first slice, and a slice after the key `last_…`."""

    def __init__(self, table: Table) -> None:
        self.ranges = ranges = KeyRanges(table, MAX_SLICE)
        rows = (
            select(*ranges.key, *copied_columns(table))
            .where(ranges.own)
            .order_by(*ranges.key)
            .limit(bindparam("most", type_=Integer))
        )
        self._first = Query(rows, tuple)
        self._next = Query(rows.where(ranges.after), tuple)

    # Any: the columns of a table differ in type.
    def read(self, last: Values | None) -> Query[tuple[Any, ...]]:
        """Return the query of the first slice, or of the one after a key."""
        return self._first if last is None else self._next


class _NumberRow(NamedTuple):
    number: int


@cache
def _filled() -> Query[_NumberRow]:
    """Return the query for the numbers of the tables with rows, in one statement."""
    source = bindparam("source", type_=Integer)
    found = [
        select(literal(number, Integer).label("number")).where(
            exists().where(table.c.sandbox_id == source)
        )
        for number, table in enumerate(copied_tables())
    ]
    return Query(union_all(*found), _NumberRow)


@cache
def _reads(table: Table) -> _ReadStatements:
    return _ReadStatements(table)


@cache
def _insert(table: Table) -> Executable:
    columns = copied_columns(table)
    values = {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in columns}
    return insert(table).values(sandbox_id=bindparam("target", type_=Integer), **values)

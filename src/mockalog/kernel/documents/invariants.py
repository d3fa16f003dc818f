"""Invariants: what the rows of a sandbox owe each other, and what calls could not do without.

The statements that write them keep them, so that no constraint has to cost every write; the rows
of a state document are held against them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, bindparam, exists, select

from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import jobs, sandboxes, series_table
from mockalog.kernel.documents import table_dumps
from mockalog.kernel.documents.errors import InvalidDocumentError


@dataclass(frozen=True, eq=False)
class Invariant:
    """What is true of every row of a table, and what is said of a row of which it is not."""

    table: Table
    condition: ColumnElement[bool]
    problem: str

    @cached_property
    def key(self) -> Sequence[Column[object]]:
        """The columns that tell a sandbox's rows apart."""
        return [column for column in self.table.primary_key if column.name != "sandbox_id"]

    @cached_property
    def broken(self) -> Query[tuple[object, ...]]:
        """Find the key of the first row that breaks the condition; NULL is not true."""
        mine = self.table.c.sandbox_id == bindparam("sandbox")
        found = select(*self.key).where(mine, self.condition.is_not(True))
        return Query(found.order_by(*self.key).limit(1), tuple)


def counted(
    number: Column[object], last: Column[object], *belongs: ColumnElement[bool], first: int = 1
) -> Invariant:
    """Let a column's numbers be those that the row they belong to has counted, from `first` on.

    `first` is 1, and `last` the last number; or 0, and `last` the next one.
    """
    here, there = number.table, last.table
    theirs = there.c.id if there is sandboxes else there.c.sandbox_id
    reached = last >= number if first else last > number
    known = and_(number >= first, exists().where(theirs == here.c.sandbox_id, *belongs, reached))
    return Invariant(here, known, f"{number.name} is none that {there.name}.{last.name} counts")


def numbered(column: Column[object], series: str) -> Invariant:
    """Let a column's numbers be those of a series."""
    return counted(column, series_table.c.last, series_table.c.name == series)


OF_THE_KERNEL = (counted(jobs.c.id, sandboxes.c.last_job),)


async def check(connection: Connection, sandbox_id: int, invariants: Iterable[Invariant]) -> None:
    """Raise `InvalidDocumentError` at the first row of a sandbox that breaks one."""
    for invariant in (*OF_THE_KERNEL, *invariants):
        row = await connection.first(invariant.broken, {"sandbox": sandbox_id})
        if row is not None:
            at = (*table_dumps.AT, str(invariant.table.name))
            raise InvalidDocumentError(f"{invariant.problem} ({_shown(invariant, row)})", at)


def _shown(invariant: Invariant, row: Sequence[Any]) -> str:
    pairs = zip(invariant.key, row, strict=True)
    return ", ".join(f"{column.name}: {value}" for column, value in pairs)

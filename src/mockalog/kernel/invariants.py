"""Invariants: what the rows of a sandbox owe each other.

The statements that write them keep them, so that no constraint has to cost every write; the rows
of a state document are held against them.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Executable, Table, and_, bindparam, exists, select

from mockalog.kernel import tables
from mockalog.kernel.database import Connection
from mockalog.kernel.documents import InvalidDocument
from mockalog.kernel.identity import sandboxes
from mockalog.kernel.jobs import jobs
from mockalog.kernel.repository import series_table


class Invariant(NamedTuple):
    """What is true of every row of a table, and what is said of a row of which it is not."""

    table: Table
    condition: ColumnElement[bool]
    problem: str


def refers(column: Column[Any], target: Column[Any], *alike: str) -> Invariant:
    """Let a column hold a value of another table's, in a row that is the same in `alike`."""
    here, there = column.table, target.table
    same = (here.c[name] == there.c[name] for name in ("sandbox_id", *alike))
    found = exists().where(target == column, *same)
    return Invariant(here, found, f"{column.name} names no row of {there.name}")


def counted(
    number: Column[Any], last: Column[Any], *belongs: ColumnElement[bool], first: int = 1
) -> Invariant:
    """Let a column's numbers begin with `first` and be counted by the row that they belong to."""
    here, there = number.table, last.table
    found = exists().where(
        there.c.sandbox_id == here.c.sandbox_id, *belongs, last >= number + (1 - first)
    )
    problem = f"{number.name} is beyond what {there.name}.{last.name} counts"
    return Invariant(here, and_(number >= first, found), problem)


def numbered(column: Column[Any], series: str) -> Invariant:
    """Let a column's numbers be those of a series."""
    return counted(column, series_table.c.last, series_table.c.name == series)


OF_THE_KERNEL = (
    Invariant(
        jobs,
        exists().where(sandboxes.c.id == jobs.c.sandbox_id, sandboxes.c.last_job >= jobs.c.id),
        "id is beyond what sandboxes.last_job counts",
    ),
)


async def check(connection: Connection, sandbox_id: int, invariants: Iterable[Invariant]) -> None:
    """Raise `InvalidDocument` at the first row of a sandbox that breaks one."""
    for invariant in (*OF_THE_KERNEL, *invariants):
        row = await connection.first(_broken(invariant), {"sandbox": sandbox_id})
        if row is not None:
            at = (*tables.AT, str(invariant.table.name))
            raise InvalidDocument(f"{invariant.problem} ({_shown(row)})", at)


@cache
def _broken(invariant: Invariant) -> Executable:
    """Return what finds the first row that breaks it, by its key; what is NULL is not true."""
    table = invariant.table
    key = [column for column in table.primary_key if column.name != "sandbox_id"]
    mine = table.c.sandbox_id == bindparam("sandbox")
    return select(*key).where(mine, invariant.condition.is_not(True)).order_by(*key).limit(1)


def _shown(row: Any) -> str:
    return ", ".join(f"{name}: {value}" for name, value in row._asdict().items())

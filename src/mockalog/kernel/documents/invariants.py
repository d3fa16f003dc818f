"""Invariants: conditions across the rows of a sandbox that calls rely on.

The statements that write rows keep them, so foreign keys and checks need not slow each write, copy
and deletion. Rows of a state document are checked on import, because a document may be edited: a
counter that is set back makes calls fail later. Unreachable rows are allowed, because an export
must be importable whatever was deleted. Each vendor adds its own in `repository/invariants.py`, and
tests/vendors/test_invariants.py breaks each of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
)

from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import FAULT_NUMBERS, faults, jobs, sandboxes, series_table
from mockalog.kernel.documents import table_dumps
from mockalog.kernel.documents.errors import InvalidDocumentError


@dataclass(frozen=True, eq=False)
class Invariant:
    """A condition that is true of every row of a table, and the problem of a row that breaks it."""

    table: Table
    condition: ColumnElement[bool]
    problem: str

    @cached_property
    def key(self) -> Sequence[Column[object]]:
        """The primary key without `sandbox_id`."""
        return [column for column in self.table.primary_key if column.name != "sandbox_id"]

    @cached_property
    def first_violation(self) -> Query[tuple[object, ...]]:
        """The query for the key of the first row that breaks the condition; NULL breaks it too."""
        own = self.table.c.sandbox_id == bindparam("sandbox")
        found = select(*self.key).where(own, self.condition.is_not(True))
        return Query(found.order_by(*self.key).limit(1), tuple)


def counted(
    number: Column[object], last: Column[object], *belongs: ColumnElement[bool], first: int = 1
) -> Invariant:
    """Return the invariant that each number is one that a counter has given.

    `last` is the column of the counter, in the row that the conditions `belongs` choose. With
    `first` 1 the counter holds the last number, with `first` 0 the next one.
    """
    rows, counters = number.table, last.table
    owner = counters.c.id if counters is sandboxes else counters.c.sandbox_id
    reached = last >= number if first else last > number
    known = and_(number >= first, exists().where(owner == rows.c.sandbox_id, *belongs, reached))
    problem = f"{number.name} is not a number of {counters.name}.{last.name}"
    return Invariant(rows, known, problem)


def numbered(column: Column[object], series: str) -> Invariant:
    """Return the invariant that each number of a column is one that a series has given."""
    return counted(column, series_table.c.last, series_table.c.name == series)


def numbered_by_name(column: Column[object], first: str, *names: Column[object]) -> Invariant:
    """Return the invariant that each number of a column is one that a series of its row has given.

    The name of the series has `first` and the values of the columns `names`
    (kernel/database/repository.py).
    """
    name: Any = f'["{first}"'
    for part in names:
        # JSON escapes control characters too, but no name of a series holds one.
        escaped = func.replace(func.replace(part, "\\", "\\\\"), '"', '\\"')
        name = name + literal(', "') + escaped + literal('"')
    return counted(column, series_table.c.last, series_table.c.name == name + literal("]"))


def refers(table: Table, target: Table, **columns: str) -> Invariant:
    """Return the invariant that each row refers to a row of `target`.

    `columns` maps the target's columns to those of the table; the sandbox is the same.
    """
    pairs = [target.c[own] == table.c[name] for own, name in columns.items()]
    known = exists().where(target.c.sandbox_id == table.c.sandbox_id, *pairs)
    named = ", ".join(columns.values())
    return Invariant(table, known, f"{named} is not that of a row of {target.name}")


OF_THE_KERNEL = (counted(jobs.c.id, sandboxes.c.last_job), numbered(faults.c.id, FAULT_NUMBERS))


async def check(connection: Connection, sandbox_id: int, invariants: Iterable[Invariant]) -> None:
    """Raise `InvalidDocumentError` for the first row that breaks an invariant."""
    for invariant in (*OF_THE_KERNEL, *invariants):
        row = await connection.first(invariant.first_violation, {"sandbox": sandbox_id})
        if row is not None:
            at = (*table_dumps.TABLES, str(invariant.table.name))
            raise InvalidDocumentError(f"{invariant.problem} ({_format_key(invariant, row)})", at)


def _format_key(invariant: Invariant, row: Sequence[Any]) -> str:
    pairs = zip(invariant.key, row, strict=True)
    return ", ".join(f"{column.name}: {value}" for column, value in pairs)

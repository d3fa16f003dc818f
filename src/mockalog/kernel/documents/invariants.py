"""Invariants: conditions across the rows of a sandbox that calls rely on.

The statements that write rows keep them, so foreign keys and checks need not slow each write, copy
and deletion. Rows of a state document are checked on import, because a document may be edited: a
counter that is set back makes calls fail later. Unreachable rows are allowed, because an export
must be importable whatever was deleted. Each vendor adds its own in `repository/invariants.py`, and
tests/vendors/test_invariants.py breaks each of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    and_,
    exists,
    func,
    literal,
    select,
)

from mockalog.kernel.database.interfaces import NO_VALUES, Connection, Database, Query, Values
from mockalog.kernel.database.key_ranges import KeyRanges
from mockalog.kernel.database.models import FAULT_NUMBERS, faults, jobs, sandboxes, series_table
from mockalog.kernel.documents import table_dumps
from mockalog.kernel.documents.errors import InvalidDocumentError
from mockalog.kernel.turns import Turns

# Rows that one statement checks.
SLICE = 500


@dataclass(frozen=True, eq=False)
class Invariant:
    """A condition that is true of every row of a table, and the problem of a row that breaks it."""

    table: Table
    condition: ColumnElement[bool]
    problem: str

    @cached_property
    def ranges(self) -> KeyRanges:
        """The slices in which the rows are checked."""
        return KeyRanges(self.table, SLICE)

    @cached_property
    def violations(self) -> Mapping[tuple[bool, bool], Query[tuple[object, ...]]]:
        """The queries for the key of the first row that breaks the condition; NULL breaks it too.

        Each is for ranges with or without `last_…`, and with or without `end_…`.
        """
        key = self.ranges.key
        broken = select(*key).where(self.ranges.own, self.condition.is_not(True))
        first = broken.order_by(*key).limit(1)
        following = first.where(self.ranges.after)
        return {
            (False, False): Query(first, tuple),
            (True, False): Query(following, tuple),
            (False, True): Query(first.where(self.ranges.until), tuple),
            (True, True): Query(following.where(self.ranges.until), tuple),
        }


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


async def check(
    database: Database, sandbox_id: int, invariants: Iterable[Invariant], turns: Turns
) -> None:
    """Raise `InvalidDocumentError` for the first row that breaks an invariant.

    The rows are checked in slices; no other call writes them meanwhile.
    """
    for invariant in invariants:
        last: Values | None = NO_VALUES
        while last is not None:
            async with database.transaction() as connection:
                last = await _check_slice(connection, sandbox_id, invariant, last)
            await turns.give_way()


async def _check_slice(
    connection: Connection, sandbox_id: int, invariant: Invariant, last: Values
) -> Values | None:
    """Check the slice after a key; return its end, None at the rest."""
    ranges, values = invariant.ranges, {"source": sandbox_id, **last}
    end = await connection.first(ranges.find_end(last or None), values)
    bound = NO_VALUES if end is None else ranges.named("end", end)
    query = invariant.violations[bool(last), bool(bound)]
    row = await connection.first(query, {**values, **bound})
    if row is not None:
        at = (*table_dumps.TABLES, str(invariant.table.name))
        raise InvalidDocumentError(f"{invariant.problem} ({_format_key(invariant, row)})", at)
    return None if end is None else ranges.named("last", end)


def _format_key(invariant: Invariant, row: Sequence[Any]) -> str:
    pairs = zip(invariant.ranges.key, row, strict=True)
    return ", ".join(f"{column.name}: {value}" for column, value in pairs)

"""Copies of a sandbox, made from the metadata: a new table cannot be forgotten.

Ids are counted per sandbox, so nothing but `sandbox_id` changes in a copy.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Executable, Integer, Select, Table, bindparam, insert, select, tuple_

from mockalog.kernel.database.interfaces import NOTHING, Connection, Query, Values
from mockalog.kernel.database.models import NOT_INHERITED, VOLATILE, metadata

# Rows that one transaction behind the scenes copies or deletes: about a millisecond on SQLite.
SLICE = 250

# Seconds between two of them. Whoever calls meanwhile is answered after one slice: without a gap,
# the turns of a call would each have to wait for one.
PAUSE_SECONDS = 0.001

# A table, and the key of the last row that was taken over (None: none was).
CopyCursor = tuple[int, Values | None]
START: CopyCursor = (0, None)


def owned_tables() -> list[Table]:
    """Return every table whose rows belong to a sandbox, dependent tables first."""
    return [table for table in reversed(metadata.sorted_tables) if "sandbox_id" in table.c]


@cache
def kept_tables() -> tuple[Table, ...]:
    """Return every table that a copy of a sandbox consists of, independent tables first."""
    owned = sorted(owned_tables(), key=lambda table: table.name)
    return tuple(table for table in owned if VOLATILE not in table.info)


def copied_columns(table: Table) -> list[Column[Any]]:
    """Return the columns that a copied row has from the one it is a copy of.

    A number that the table itself gives, and that is unique in all sandboxes, is not among them:
    nothing refers to it.
    """
    own = None if "sandbox_id" in table.primary_key else table.autoincrement_column
    return [column for column in table.c if column.name != "sandbox_id" and column is not own]


async def copy(
    connection: Connection, source_id: int, target_id: int, *, inheriting: bool = False
) -> None:
    """Give a sandbox without rows those of another, in the caller's transaction.

    `inheriting`: the other is the template.
    """
    ids = {"source": source_id, "target": target_id}
    for table, statement in zip(kept_tables(), _copies(), strict=True):
        if not inheriting or NOT_INHERITED not in table.info:
            await connection.run(statement, ids)


async def copy_slice(
    connection: Connection, source_id: int, target_id: int, mark: CopyCursor, *, inheriting: bool
) -> CopyCursor | None:
    """Copy the next rows as `copy` does, and return where they end; None once all are there.

    Nobody may write rows of either sandbox meanwhile.
    """
    number, last = mark
    if number == len(kept_tables()):
        return None
    if inheriting and NOT_INHERITED in kept_tables()[number].info:
        return number + 1, None
    sliced = _slices()[number]
    values = {"source": source_id, "target": target_id, **(last or NOTHING)}
    end = await connection.first(sliced.end(last), values)
    if end is None:
        await connection.run(sliced.rest(last), values)
        return number + 1, None
    reached = {f"last_{name}": value for name, value in zip(sliced.key, end, strict=True)}
    ends = {f"end_{name}": value for name, value in zip(sliced.key, end, strict=True)}
    await connection.run(sliced.part(last), {**values, **ends})
    return number, reached


def _source(table: Table) -> Select[Any]:
    target = bindparam("target", type_=Integer)
    return select(target, *copied_columns(table)).where(table.c.sandbox_id == bindparam("source"))


def _into(table: Table, rows: Select[Any]) -> Executable:
    names = ["sandbox_id", *(column.name for column in copied_columns(table))]
    return insert(table).from_select(names, rows)


@cache
def _copies() -> Sequence[Executable]:
    return [_into(table, _source(table)) for table in kept_tables()]


class _Slices:
    """The statements that copy a table by slices of its key; each from its start, or further on."""

    def __init__(self, table: Table) -> None:
        key = [column for column in table.primary_key if column.name != "sandbox_id"]
        after = tuple_(*key) > tuple_(*(bindparam(f"last_{c.name}", type_=c.type) for c in key))
        until = tuple_(*key) <= tuple_(*(bindparam(f"end_{c.name}", type_=c.type) for c in key))
        mine = table.c.sandbox_id == bindparam("source")
        ends = select(*key).where(mine).order_by(*key).limit(1).offset(SLICE - 1)
        rows = _source(table)
        self.key = [column.name for column in key]
        self._ends = Query(ends, tuple), Query(ends.where(after), tuple)
        self._parts = [_into(table, some.where(until)) for some in (rows, rows.where(after))]
        self._rests = [_into(table, some) for some in (rows, rows.where(after))]

    def end(self, last: Values | None) -> Query[tuple[Any, ...]]:
        """Return what finds the last key of a whole slice."""
        return self._ends[last is not None]

    def part(self, last: Values | None) -> Executable:
        """Return what copies up to that key."""
        return self._parts[last is not None]

    def rest(self, last: Values | None) -> Executable:
        """Return what copies all that is left, which is less than a slice."""
        return self._rests[last is not None]


@cache
def _slices() -> Sequence[_Slices]:
    return [_Slices(table) for table in kept_tables()]

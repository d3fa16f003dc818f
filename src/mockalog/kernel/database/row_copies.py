"""Copies of a sandbox's rows. The statements are built from the metadata, so no table is missing.

Ids are counted per sandbox, so a copy differs only in `sandbox_id`
(docs/decisions/0007-ids-per-sandbox.md).
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import (
    Column,
    Executable,
    Integer,
    Select,
    Table,
    bindparam,
    insert,
    literal,
    select,
    union_all,
)

from mockalog.kernel.database.interfaces import NO_VALUES, Connection, Query, Values
from mockalog.kernel.database.key_ranges import KeyRanges
from mockalog.kernel.database.models import NOT_INHERITED, VOLATILE, metadata

# Rows that one background transaction copies or deletes. It takes about 1 ms on SQLite.
SLICE = 250

# Rows of a table that a call copies at once. It takes about 4 ms on SQLite.
MAX_AT_ONCE = 1000

# Seconds between two such transactions, in which a call can run. A call with several transactions
# would otherwise wait for a slice before each of them.
PAUSE_SECONDS = 0.001

# The number of a table in `copied_tables`, and the parameters of its last copied key (None: no row
# of the table is copied yet).
CopyCursor = tuple[int, Values | None]
START: CopyCursor = (0, None)


def owned_tables() -> list[Table]:
    """Return every table that has a `sandbox_id`, dependent tables first."""
    return [table for table in reversed(metadata.sorted_tables) if "sandbox_id" in table.c]


@cache
def copied_tables() -> tuple[Table, ...]:
    """Return every table whose rows a copy has, by name."""
    owned = sorted(owned_tables(), key=lambda table: table.name)
    return tuple(table for table in owned if VOLATILE not in table.info)


def copied_columns(table: Table) -> list[Column[object]]:
    """Return the columns whose values a copied row has from its original.

    They do not include `sandbox_id`, nor an id that the table counts over all sandboxes: no other
    column refers to such an id.
    """
    own = None if "sandbox_id" in table.primary_key else table.autoincrement_column
    return [column for column in table.c if column.name != "sandbox_id" and column is not own]


class LargeCopyError(Exception):
    """A generation has too many rows to copy them at once; copy it in slices first."""

    def __init__(self, source_id: int) -> None:
        super().__init__(source_id)
        self.source_id = source_id


async def check_size(connection: Connection, source_id: int) -> None:
    """Raise `LargeCopyError` if a table has too many rows of a sandbox to copy them at once."""
    if await connection.first(_large(), {"source": source_id}) is not None:
        raise LargeCopyError(source_id)


async def copy(
    connection: Connection, source_id: int, target_id: int, *, inheriting: bool = False
) -> None:
    """Copy all rows of the source to a sandbox without rows, in the caller's transaction.

    `inheriting` says that the source is the template.
    """
    ids = {"source": source_id, "target": target_id}
    for table, statement in zip(copied_tables(), _copies(), strict=True):
        if not inheriting or NOT_INHERITED not in table.info:
            await connection.run(statement, ids)


async def copy_slice(
    connection: Connection, source_id: int, target_id: int, cursor: CopyCursor, *, inheriting: bool
) -> CopyCursor | None:
    """Copy the next slice as `copy` does. Return the cursor after it, or None at the end.

    No other transaction may write rows of the two sandboxes from the first slice to the last.
    """
    number, last = cursor
    if number == len(copied_tables()):
        return None
    if inheriting and NOT_INHERITED in copied_tables()[number].info:
        return number + 1, None
    statements = _slices()[number]
    values = {"source": source_id, "target": target_id, **(last or NO_VALUES)}
    end = await connection.first(statements.ranges.find_end(last), values)
    if end is None:
        await connection.run(statements.copy_rest(last), values)
        return number + 1, None
    await connection.run(
        statements.copy_to_end(last), {**values, **statements.ranges.named("end", end)}
    )
    return number, statements.ranges.named("last", end)


@cache
def _large() -> Query[tuple[object, ...]]:
    """Return the query that finds a row beyond `MAX_AT_ONCE` in any table."""
    beyond = (
        select(literal(1)).where(
            select(literal(1))
            .where(table.c.sandbox_id == bindparam("source", type_=Integer))
            .offset(MAX_AT_ONCE)
            .limit(1)
            .scalar_subquery()
            .is_not(None)
        )
        for table in copied_tables()
    )
    return Query(union_all(*beyond), tuple)


def _rows_of(table: Table) -> Select[*tuple[object, ...]]:
    target = bindparam("target", type_=Integer)
    return select(target, *copied_columns(table)).where(table.c.sandbox_id == bindparam("source"))


def _insert_into(table: Table, rows: Select[*tuple[object, ...]]) -> Executable:
    names = ["sandbox_id", *(column.name for column in copied_columns(table))]
    return insert(table).from_select(names, rows)


@cache
def _copies() -> Sequence[Executable]:
    return [_insert_into(table, _rows_of(table)) for table in copied_tables()]


class _SliceStatements:
    """The statements that copy a table in slices, in the order of its primary key.

    Each statement has two forms: one from the first row on, and one that continues after the key
    `last_…`. The methods choose by `last`, which is None before the first slice.
    """

    def __init__(self, table: Table) -> None:
        self.ranges = ranges = KeyRanges(table, SLICE)
        rows = _rows_of(table)
        following = rows.where(ranges.after)
        self._parts = [_insert_into(table, r.where(ranges.until)) for r in (rows, following)]
        self._rests = [_insert_into(table, r) for r in (rows, following)]

    def copy_to_end(self, last: Values | None) -> Executable:
        """Return the statement that copies the rows up to the key `end_…`."""
        return self._parts[last is not None]

    def copy_rest(self, last: Values | None) -> Executable:
        """Return the statement that copies all remaining rows, fewer than a slice."""
        return self._rests[last is not None]


@cache
def _slices() -> Sequence[_SliceStatements]:
    return [_SliceStatements(table) for table in copied_tables()]

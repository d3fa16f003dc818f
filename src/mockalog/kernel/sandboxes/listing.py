"""The list of sandboxes: their last use, and the number of their rows."""

from collections.abc import AsyncIterator
from functools import cache
from typing import NamedTuple

from sqlalchemy import Table, bindparam, func, select

from mockalog.kernel.database.interfaces import NO_VALUES, Query, Reader, Values
from mockalog.kernel.database.key_ranges import KeyRanges
from mockalog.kernel.database.models import TEMPLATE, sandbox_uses, sandboxes
from mockalog.kernel.database.row_slices import filled_tables
from mockalog.kernel.turns import Turns

# Sandboxes that one statement lists, and rows that one counts.
PAGE, SLICE = 100, 10_000


class ListedSandbox(NamedTuple):
    """A sandbox with its instants in microseconds; `used_at` None: no use is known."""

    id: int
    name: str
    created_at: int
    used_at: int | None


class _CountRow(NamedTuple):
    number: int


_listed = (
    select(sandboxes.c.id, sandboxes.c.name, sandboxes.c.created_at, sandbox_uses.c.used_at)
    .outerjoin(sandbox_uses, sandbox_uses.c.name == sandboxes.c.name)
    .where(sandboxes.c.name != TEMPLATE, sandboxes.c.name > bindparam("last"))
    .order_by(sandboxes.c.name)
    .limit(PAGE)
)
_LISTED = Query(_listed, ListedSandbox)


async def list_sandboxes(reader: Reader, after: str) -> AsyncIterator[ListedSandbox]:
    """Yield the sandboxes after a name, ordered by name, without the template."""
    found = True
    while found:
        rows = await reader.all(_LISTED, {"last": after})
        for row in rows:
            yield row
            after = row.name
        found = len(rows) == PAGE


async def count_rows(reader: Reader, sandbox_id: int, turns: Turns) -> int:
    """Return the number of a sandbox's rows in the vendors' and the kernel's tables."""
    count = 0
    for table in await filled_tables(reader, sandbox_id):
        last: Values = NO_VALUES
        while True:
            ranges, rest = _counts(table)
            values = {"source": sandbox_id, **last}
            ends = await reader.all(ranges.find_end(last or None), values)
            if not ends:
                [row] = await reader.all(rest[bool(last)], values)
                count += row.number
                break
            count += SLICE
            last = ranges.named("last", ends[0])
            await turns.give_way()
    return count


@cache
def _counts(table: Table) -> tuple[KeyRanges, tuple[Query[_CountRow], Query[_CountRow]]]:
    """Return the slices of a table, and the counts of all rows and of those after a key."""
    ranges = KeyRanges(table, SLICE)
    rows = select(func.count().label("number")).where(ranges.own).select_from(table)
    return ranges, (Query(rows, _CountRow), Query(rows.where(ranges.after), _CountRow))

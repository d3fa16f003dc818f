"""Positions of items, which find the start of a page in O(log n) at any depth.

A catalog numbers its items 0, 1, 2 … in the order of creation, and an item keeps its number. Before
the first deletion, `skip:N` is number N. A deletion leaves a gap. Gaps are counted for blocks of 64
numbers, for blocks of 64 blocks and so on. The way to the Nth existing item reads a few dozen
counters in a catalog of any size. The creation of an item changes no counter.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.braze.models import gaps
from mockalog.vendors.braze.repository.catalogs import CatalogRow

# Numbers in a block of each level, the widest first.
RADIX = 64
SIZES = tuple(RADIX**level for level in (4, 3, 2, 1))


class GapRow(NamedTuple):
    """The number of gaps in a block."""

    block: int
    gaps: int


_in_catalog = (
    gaps.c.sandbox_id == bindparam("sandbox_id"),
    gaps.c.catalog_id == bindparam("catalog"),
)
_GAPS = Query(
    select(gaps.c.block, gaps.c.count.label("gaps"))
    .where(
        *_in_catalog,
        gaps.c.size == bindparam("size"),
        gaps.c.block >= bindparam("first"),
        gaps.c.block < bindparam("end"),
    )
    .order_by(gaps.c.block),
    GapRow,
)
_counter = upsert(gaps).values(
    sandbox_id=bindparam("sandbox_id"),
    catalog_id=bindparam("catalog"),
    size=bindparam("size"),
    block=bindparam("block"),
    count=bindparam("count"),
)
_ADD = _counter.on_conflict_do_update(
    index_elements=["sandbox_id", "catalog_id", "size", "block"],
    set_={"count": gaps.c.count + _counter.excluded.count},
)
_DELETE_ALL = delete(gaps).where(*_in_catalog)


async def add_gaps(repository: Repository, catalog_id: int, positions: Collection[int]) -> None:
    """Count the gaps of deleted items."""
    counts = Counter((size, position // size) for size in SIZES for position in positions)
    rows = [
        {"catalog": catalog_id, "size": size, "block": block, "count": count}
        for (size, block), count in counts.items()
    ]
    await repository.many(_ADD, rows)


async def delete_gaps(repository: Repository, catalog_id: int) -> None:
    """Delete the counters of a catalog, whose items were all deleted."""
    await repository.run(_DELETE_ALL, catalog=catalog_id)


async def locate(repository: Repository, catalog: CatalogRow, skip: int) -> tuple[int, int]:
    """Return the position after `skip` items, and the rows to leave out from there (0 to 63)."""
    start, end = 0, catalog.last_position
    sizes = SIZES if catalog.num_items < end else ()
    for size in sizes:
        first, last = start // size, -(-end // size)
        rows = await repository.all(_GAPS, catalog=catalog.id, size=size, first=first, end=last)
        block, skip = _descend(rows, size, start, skip)
        if block is None:
            break
        start, end = block, block + size
    else:
        if sizes:
            return start, skip
    return start + skip, 0


def _descend(rows: Iterable[GapRow], size: int, start: int, skip: int) -> tuple[int | None, int]:
    """Return the first position of the item's block, and the number of items to skip in it.

    The position is None if the item's block has no gaps: it is `skip` positions from `start`.
    """
    gaps_before = 0
    for row in rows:
        items_before = row.block * size - start - gaps_before
        if skip < items_before:
            break
        if skip < items_before + size - row.gaps:
            return row.block * size, skip - items_before
        gaps_before += row.gaps
    return None, skip + gaps_before

"""Positions: where an item stands among those before it, in O(log n) at any depth.

A catalog numbers its items 0, 1, 2 … in order of creation, and an item keeps its number. As long as
nothing was deleted, `skip:N` is number N. A deletion leaves a gap; gaps are counted for blocks of
64 numbers, blocks of 64 blocks and so on, so that the way to the Nth item that is left looks at a
few dozen counters, whatever the size of the catalog. Creating an item touches no counter.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, delete, select

from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.braze.models import gaps

# How many numbers a block of each level holds, the widest first.
RADIX = 64
SIZES = tuple(RADIX**level for level in (4, 3, 2, 1))

_mine = (gaps.c.sandbox_id == bindparam("sandbox_id"), gaps.c.catalog_id == bindparam("catalog"))
_GAPS = (
    select(gaps.c.block, gaps.c.count)
    .where(
        *_mine,
        gaps.c.size == bindparam("size"),
        gaps.c.block >= bindparam("first"),
        gaps.c.block < bindparam("end"),
    )
    .order_by(gaps.c.block)
)
_one = upsert(gaps).values(
    sandbox_id=bindparam("sandbox_id"),
    catalog_id=bindparam("catalog"),
    size=bindparam("size"),
    block=bindparam("block"),
    count=bindparam("count"),
)
_ADD = _one.on_conflict_do_update(
    index_elements=["sandbox_id", "catalog_id", "size", "block"],
    set_={"count": gaps.c.count + _one.excluded.count},
)
_FORGET = delete(gaps).where(*_mine)


async def add_gaps(repository: Repository, catalog: int, positions: Collection[int]) -> None:
    """Count the gaps that deleted rows leave."""
    counts = Counter((size, position // size) for size in SIZES for position in positions)
    rows = [
        {"catalog": catalog, "size": size, "block": block, "count": count}
        for (size, block), count in counts.items()
    ]
    await repository.many(_ADD, rows)


async def forget(repository: Repository, catalog: int) -> None:
    """Forget a catalog's gaps, which went with all its items."""
    await repository.run(_FORGET, catalog=catalog)


async def locate(repository: Repository, catalog: Any, skip: int) -> tuple[int, int]:
    """Return where to read on after `skip` items: from which position, and how many rows to
    leave out there (fewer than 64).

    `catalog` is a row with `id`, `num_items` and `last_position`.
    """
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


def _descend(rows: Iterable[Any], size: int, start: int, skip: int) -> tuple[int | None, int]:
    """Return the first position of the block that holds the item, and what to skip in it.

    None for the block: there are no gaps where the item is, so it is `skip` positions from `start`.
    """
    passed = 0
    for row in rows:
        items_before = row.block * size - start - passed
        if skip < items_before:
            break
        if skip < items_before + size - row.count:
            return row.block * size, skip - items_before
        passed += row.count
    return None, skip + passed

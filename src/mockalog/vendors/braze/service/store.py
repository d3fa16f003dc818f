"""Storing items: rows, positions and the catalog's totals change together."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.braze.repository import catalogs, items, positions
from mockalog.vendors.braze.rules.items import NewItem
from mockalog.vendors.braze.rules.layout import Layout, document

Values = Mapping[str, Any]


async def create(
    repository: Repository, catalog: Any, layout: Layout, new: Sequence[NewItem], now: int
) -> bool:
    """Store new items; `catalog` is its locked row.

    Return False, with the catalog's totals wrong, if it has an item of one of the ids: the
    transaction must not be committed then. Like the others, it leaves a catalog alone if there is
    nothing to do, so that `updated_at` tells of changes only.
    """
    if not new:
        return True
    documents = [document(layout, item.id, item.values) for item in new]
    rows = [
        {
            "catalog": catalog.id,
            "number": number,
            "item": item.id,
            "document": text,
            "tokens": layout.tokens,
            "drops": layout.drops,
        }
        for number, item, text in zip(count(catalog.last_position), new, documents, strict=False)
    ]
    stored = await items.create_many(repository, rows)
    await catalogs.count(
        repository,
        catalog.id,
        items=len(new),
        size=sum(map(_size, documents)),
        positions=len(new),
        now=now,
    )
    return stored == len(new)


async def replace(
    repository: Repository,
    catalog: Any,
    layout: Layout,
    found: Sequence[tuple[Any, Values]],
    now: int,
) -> None:
    """Store the values of items anew: pairs of a stored row and its values."""
    if not found:
        return
    documents = [document(layout, row.item_id, values) for row, values in found]
    rows = [
        {
            "catalog": catalog.id,
            "number": row.position,
            "new_document": text,
            "new_tokens": layout.tokens,
            "new_drops": layout.drops,
        }
        for (row, _), text in zip(found, documents, strict=True)
    ]
    await items.update_many(repository, rows)
    grown = sum(map(_size, documents)) - sum(_size(row.document) for row, _ in found)
    await catalogs.count(repository, catalog.id, size=grown, now=now)


async def delete(repository: Repository, catalog: Any, found: Sequence[Any], now: int) -> None:
    """Delete stored rows."""
    if not found:
        return
    gone = [row.position for row in found]
    await items.delete_many(repository, catalog.id, gone)
    await positions.add_gaps(repository, catalog.id, gone)
    freed = sum(_size(row.document) for row in found)
    await catalogs.count(repository, catalog.id, items=-len(found), size=-freed, now=now)


def _size(text: str) -> int:
    return len(text.encode())

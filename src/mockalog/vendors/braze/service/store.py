"""Storing items: rows, positions and the catalog's totals change together."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockalog.kernel.repository import Repository
from mockalog.vendors.braze.repository import catalogs, items, positions
from mockalog.vendors.braze.rules.items import NewItem
from mockalog.vendors.braze.rules.layout import Layout, document

Values = Mapping[str, Any]


async def create(
    repository: Repository, catalog: Any, layout: Layout, new: Sequence[NewItem]
) -> None:
    """Store items that the catalog does not have; `catalog` is its locked row."""
    documents = [document(layout, item.id, item.values) for item in new]
    first = positions.row_id(catalog.id, catalog.last_position)
    rows = [
        {
            "id": first + number,
            "catalog": catalog.id,
            "item": item.id,
            "document": text,
            "tokens": layout.tokens,
            "drops": layout.drops,
        }
        for number, (item, text) in enumerate(zip(new, documents, strict=True))
    ]
    await items.create_many(repository, rows)
    total = sum(map(_size, documents))
    await catalogs.count(repository, catalog.id, items=len(new), size=total, positions=len(new))


async def replace(
    repository: Repository, catalog: Any, layout: Layout, found: Sequence[tuple[Any, Values]]
) -> None:
    """Store the values of items anew: pairs of a stored row and its values."""
    documents = [document(layout, row.item_id, values) for row, values in found]
    rows = [
        {
            "row": row.id,
            "new_document": text,
            "new_tokens": layout.tokens,
            "new_drops": layout.drops,
        }
        for (row, _), text in zip(found, documents, strict=True)
    ]
    await items.update_many(repository, rows)
    grown = sum(map(_size, documents)) - sum(_size(row.document) for row, _ in found)
    await catalogs.count(repository, catalog.id, size=grown)


async def delete(repository: Repository, catalog: Any, found: Sequence[Any]) -> None:
    """Delete stored rows."""
    row_ids = [row.id for row in found]
    await items.delete_many(repository, row_ids)
    await positions.add_gaps(repository, catalog.id, row_ids)
    freed = sum(_size(row.document) for row in found)
    await catalogs.count(repository, catalog.id, items=-len(found), size=-freed)


def _size(text: str) -> int:
    return len(text.encode())

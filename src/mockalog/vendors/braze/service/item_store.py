"""Writes of items: rows, positions and the catalog's totals change together.

Each function takes the locked row of the catalog. A write of no items changes nothing, so that
`updated_at` is the time of the last change.
"""

from collections.abc import Mapping, Sequence

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.braze.repository import catalogs, items, positions
from mockalog.vendors.braze.repository.catalogs import CatalogRow
from mockalog.vendors.braze.repository.items import ItemRow
from mockalog.vendors.braze.rules.catalog_schema import item_document
from mockalog.vendors.braze.rules.items import NewItem

Values = Mapping[str, object]


async def create(
    repository: Repository, catalog: CatalogRow, new: Sequence[NewItem], now: int
) -> bool:
    """Store new items.

    Return False, with wrong totals, if the catalog has an item of one of the ids. The transaction
    must not be committed then.
    """
    if not new:
        return True
    schema = catalog.schema
    documents = [item_document(schema, item.id, item.values) for item in new]
    rows = [
        {
            "catalog": catalog.id,
            "number": number,
            "item": item.id,
            "document": document,
            "tokens": schema.tokens,
            "drops": schema.drops,
        }
        for number, (item, document) in enumerate(
            zip(new, documents, strict=True), catalog.last_position
        )
    ]
    stored = await items.create_many(repository, rows)
    await catalogs.add_to_totals(
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
    catalog: CatalogRow,
    pairs: Sequence[tuple[ItemRow, Values]],
    now: int,
) -> None:
    """Replace the values of stored items, from pairs of row and values."""
    if not pairs:
        return
    schema = catalog.schema
    documents = [item_document(schema, row.item_id, values) for row, values in pairs]
    rows = [
        {
            "catalog": catalog.id,
            "number": row.position,
            "new_document": document,
            "new_tokens": schema.tokens,
            "new_drops": schema.drops,
        }
        for (row, _), document in zip(pairs, documents, strict=True)
    ]
    await items.update_many(repository, rows)
    growth = sum(map(_size, documents)) - sum(_size(row.document) for row, _ in pairs)
    await catalogs.add_to_totals(repository, catalog.id, size=growth, now=now)


async def delete(
    repository: Repository, catalog: CatalogRow, rows: Sequence[ItemRow], now: int
) -> None:
    """Delete stored items."""
    if not rows:
        return
    deleted = [row.position for row in rows]
    await items.delete_many(repository, catalog.id, deleted)
    await positions.add_gaps(repository, catalog.id, deleted)
    size = sum(_size(row.document) for row in rows)
    await catalogs.add_to_totals(repository, catalog.id, items=-len(rows), size=-size, now=now)


def _size(document: str) -> int:
    return len(document.encode())

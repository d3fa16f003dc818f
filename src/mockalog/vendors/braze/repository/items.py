"""Queries of the table of items."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, select, update

from mockalog.kernel.database.in_clauses import chosen, one_of
from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.braze.models import catalogs, items
from mockalog.vendors.braze.repository.catalogs import NUL
from mockalog.vendors.braze.rules.catalog_schema import (
    CatalogSchema,
    catalog_schema,
    current_values,
    item_document,
)

# The items of a bulk call; one statement finds them all.
MAX_IDS = 50

# Rows that one step of a walk over a whole catalog reads.
STEP = 1000


class ItemRow(NamedTuple):
    """An item. `document` is its JSON, with the fields that `tokens` and `drops` identify."""

    position: int
    item_id: str
    document: str
    tokens: int
    drops: int

    def current_document(self, schema: CatalogSchema) -> str:
        """Return the item as JSON with the current fields."""
        if self.tokens == schema.tokens and self.drops == schema.drops:
            return self.document
        return item_document(schema, self.item_id, self.current_values(schema))

    def current_values(self, schema: CatalogSchema) -> dict[str, object]:
        """Return the item's values, without those of deleted fields."""
        return current_values(schema, self.document, self.tokens)


class _CatalogItemRow(NamedTuple):
    """The schema of a catalog and one item, whose columns are null if it does not exist."""

    fields: str
    selections: str
    catalog_tokens: int
    catalog_drops: int
    position: int | None
    item_id: str | None
    document: str | None
    tokens: int | None
    drops: int | None


_in_catalog = (
    items.c.sandbox_id == bindparam("sandbox_id"),
    items.c.catalog_id == bindparam("catalog"),
)
_row = (items.c.position, items.c.item_id, items.c.document, items.c.tokens, items.c.drops)

# The catalog and the item in one statement, because this is the most frequent read.
_GET = Query(
    select(
        catalogs.c.fields,
        catalogs.c.selections,
        catalogs.c.tokens.label("catalog_tokens"),
        catalogs.c.drops.label("catalog_drops"),
        *_row,
    )
    .select_from(catalogs)
    .outerjoin(
        items,
        and_(
            items.c.sandbox_id == catalogs.c.sandbox_id,
            items.c.catalog_id == catalogs.c.id,
            items.c.item_id == bindparam("item"),
        ),
    )
    .where(
        catalogs.c.sandbox_id == bindparam("sandbox_id"),
        catalogs.c.name == bindparam("catalog_name"),
    ),
    _CatalogItemRow,
)
_FIND = Query(select(*_row).where(*_in_catalog, items.c.item_id == bindparam("item")), ItemRow)
_FIND_MANY = Query(select(*_row).where(*_in_catalog, one_of(items.c.item_id, MAX_IDS)), ItemRow)
_PAGE = Query(
    select(*_row)
    .where(*_in_catalog, items.c.position >= bindparam("first"))
    .order_by(items.c.position)
    .limit(bindparam("limit"))
    .offset(bindparam("skip")),
    ItemRow,
)
_INSERT = (
    upsert(items)
    .values(
        sandbox_id=bindparam("sandbox_id"),
        catalog_id=bindparam("catalog"),
        position=bindparam("number"),
        item_id=bindparam("item"),
        document=bindparam("document"),
        tokens=bindparam("tokens"),
        drops=bindparam("drops"),
    )
    .on_conflict_do_nothing(index_elements=["sandbox_id", "catalog_id", "item_id"])
)
_at_position = (*_in_catalog, items.c.position == bindparam("number"))
_UPDATE = (
    update(items)
    .where(*_at_position)
    .values(
        document=bindparam("new_document"),
        tokens=bindparam("new_tokens"),
        drops=bindparam("new_drops"),
    )
)
_DELETE = delete(items).where(*_at_position)
_DELETE_ALL = delete(items).where(*_in_catalog)


async def get(
    repository: Repository, catalog: str, item: str
) -> tuple[CatalogSchema, ItemRow | None] | None:
    """Return the schema of a catalog and one item, which is None if it does not exist.

    The result is None if the catalog does not exist.
    """
    if NUL in catalog:
        return None
    # No item has the empty id.
    item_id = "" if NUL in item else item
    row = await repository.first(_GET, catalog_name=catalog, item=item_id)
    if row is None:
        return None
    schema = catalog_schema(row.fields, row.selections, row.catalog_tokens, row.catalog_drops)
    return schema, None if row.item_id is None else ItemRow._make(row[4:])


async def find(repository: Repository, catalog_id: int, item: str) -> ItemRow | None:
    """Return an item, None if it does not exist."""
    return None if NUL in item else await repository.first(_FIND, catalog=catalog_id, item=item)


async def find_many(
    repository: Repository, catalog_id: int, item_ids: Sequence[str]
) -> dict[str, ItemRow]:
    """Return the existing ones of at most fifty items, by id."""
    rows = await repository.all(_FIND_MANY, catalog=catalog_id, **chosen(item_ids, MAX_IDS))
    return {row.item_id: row for row in rows}


async def page(
    repository: Repository, catalog_id: int, first: int, *, skip: int = 0, limit: int
) -> Sequence[ItemRow]:
    """Return items from a position on in the order of creation, without the first `skip`."""
    return await repository.all(_PAGE, catalog=catalog_id, first=first, skip=skip, limit=limit)


async def walk(repository: Repository, catalog_id: int) -> AsyncIterator[Sequence[ItemRow]]:
    """Yield all items of a catalog in the order of creation, a thousand at a time."""
    first = 0
    while rows := await page(repository, catalog_id, first, limit=STEP):
        yield rows
        first = rows[-1].position + 1


async def create_many(repository: Repository, rows: Iterable[Mapping[str, object]]) -> int:
    """Store items and return their number; items whose id the catalog has are left out."""
    return await repository.many(_INSERT, rows)


async def update_many(repository: Repository, rows: Iterable[Mapping[str, object]]) -> None:
    """Store new documents of items, from `catalog`, `number` and the new values of each."""
    await repository.many(_UPDATE, rows)


async def delete_many(repository: Repository, catalog_id: int, positions: Iterable[int]) -> None:
    """Delete the items at some positions."""
    rows = [{"catalog": catalog_id, "number": number} for number in positions]
    await repository.many(_DELETE, rows)


async def delete_all(repository: Repository, catalog_id: int) -> None:
    """Delete every item of a catalog."""
    await repository.run(_DELETE_ALL, catalog=catalog_id)

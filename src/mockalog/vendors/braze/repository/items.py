"""The rows of items."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from mockalog.kernel.database.in_clauses import chosen, one_of
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.braze.models import catalogs, items
from mockalog.vendors.braze.repository.catalogs import NUL

# As many as a bulk call may have; one statement fits them all.
MAX_IDS = 50

# Rows that one step of a walk over a whole catalog reads.
STRIDE = 1000

_mine = (items.c.sandbox_id == bindparam("sandbox_id"), items.c.catalog_id == bindparam("catalog"))
_row = (items.c.position, items.c.item_id, items.c.document, items.c.tokens, items.c.drops)

# The catalog and the item, if there is one, in one go: the most frequent read.
_GET = (
    select(
        catalogs.c.fields,
        catalogs.c.selections,
        catalogs.c.tokens.label("catalog_tokens"),
        catalogs.c.drops.label("catalog_drops"),
        *_row[1:],
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
    )
)
_FIND = select(*_row).where(*_mine, items.c.item_id == bindparam("item"))
_FIND_MANY = select(*_row).where(*_mine, one_of(items.c.item_id, MAX_IDS))
_PAGE = (
    select(*_row)
    .where(*_mine, items.c.position >= bindparam("first"))
    .order_by(items.c.position)
    .limit(bindparam("limit"))
    .offset(bindparam("skip"))
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
_one = (*_mine, items.c.position == bindparam("number"))
_UPDATE = (
    update(items)
    .where(*_one)
    .values(
        document=bindparam("new_document"),
        tokens=bindparam("new_tokens"),
        drops=bindparam("new_drops"),
    )
)
_DELETE = delete(items).where(*_one)
_DELETE_ALL = delete(items).where(*_mine)


async def get(repository: Repository, catalog: str, item: str) -> Any | None:
    """Return a catalog's layout with one item, whose `item_id` is None if there is none.

    None if there is no such catalog.
    """
    if NUL in catalog:
        return None
    # As good as any other id that no item has.
    wanted = "" if NUL in item else item
    return await repository.first(_GET, catalog_name=catalog, item=wanted)


async def find(repository: Repository, catalog_id: int, item: str) -> Any | None:
    """Return an item, None if there is none of that id."""
    return None if NUL in item else await repository.first(_FIND, catalog=catalog_id, item=item)


async def find_many(
    repository: Repository, catalog_id: int, wanted: Sequence[str]
) -> dict[str, Any]:
    """Return those of at most fifty items that there are, by id."""
    rows = await repository.all(_FIND_MANY, catalog=catalog_id, **chosen(wanted, MAX_IDS))
    return {row.item_id: row for row in rows}


async def page(
    repository: Repository, catalog_id: int, first: int, *, skip: int = 0, limit: int
) -> Sequence[Any]:
    """Return items in order of creation from a position on, the first `skip` left out."""
    return await repository.all(_PAGE, catalog=catalog_id, first=first, skip=skip, limit=limit)


async def walk(repository: Repository, catalog_id: int) -> AsyncIterator[Sequence[Any]]:
    """Yield all items of a catalog in order of creation, a thousand at a time."""
    first = 0
    while rows := await page(repository, catalog_id, first, limit=STRIDE):
        yield rows
        first = rows[-1].position + 1


async def create_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> int:
    """Store items; return how many, which leaves out those whose id the catalog has."""
    return await repository.many(_INSERT, rows)


async def update_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Store items anew: `catalog`, `number` and the columns' new values of each."""
    await repository.many(_UPDATE, rows)


async def delete_many(repository: Repository, catalog_id: int, positions: Iterable[int]) -> None:
    """Delete the items at some positions."""
    rows = [{"catalog": catalog_id, "number": number} for number in positions]
    await repository.many(_DELETE, rows)


async def delete_all(repository: Repository, catalog_id: int) -> None:
    """Delete every item of a catalog."""
    await repository.run(_DELETE_ALL, catalog=catalog_id)

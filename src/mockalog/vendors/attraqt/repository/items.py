"""The rows of items."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from mockalog.kernel.database.in_clauses import chosen, one_of
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.attraqt.models import items

# Ids that one statement looks for.
MAX_IDS = 100

_mine = (items.c.sandbox_id == bindparam("sandbox_id"), items.c.ledger_id == bindparam("ledger"))

_FIND_MANY = select(
    items.c.position,
    items.c.item_id,
    items.c.type,
    items.c.changed_at,
    items.c.document,
    items.c.source,
).where(*_mine, one_of(items.c.item_id, MAX_IDS))
_PAGE = (
    select(items.c.position, items.c.document, items.c.source)
    .where(*_mine, items.c.position >= bindparam("first"), items.c.document.is_not(None))
    .order_by(items.c.position)
    .limit(bindparam("limit"))
)
_INSERT = insert(items).values(
    sandbox_id=bindparam("sandbox_id"),
    ledger_id=bindparam("ledger"),
    position=bindparam("number"),
    item_id=bindparam("item"),
    type=bindparam("kind"),
    changed_at=bindparam("new_changed_at"),
    document=bindparam("new_document"),
    source=bindparam("new_source"),
    ingestion_id=bindparam("new_ingestion"),
)
_UPDATE = (
    update(items)
    .where(*_mine, items.c.position == bindparam("number"))
    .values(
        changed_at=bindparam("new_changed_at"),
        document=bindparam("new_document"),
        source=bindparam("new_source"),
        ingestion_id=bindparam("new_ingestion"),
    )
)
_NAME = (
    update(items)
    .where(*_mine, items.c.item_id == bindparam("item"), items.c.type == bindparam("kind"))
    .values(ingestion_id=bindparam("new_ingestion"))
)
# What was changed later stays, as with every operation that is older.
_missing = (
    *_mine,
    items.c.position >= bindparam("first"),
    items.c.document.is_not(None),
    items.c.source == bindparam("of_source"),
    items.c.ingestion_id != bindparam("ingestion"),
    items.c.changed_at <= bindparam("now"),
)
_LIST_MISSING = (
    select(items.c.position, items.c.item_id)
    .where(*_missing)
    .order_by(items.c.position)
    .limit(bindparam("limit"))
)
_DELETE_MISSING = (
    update(items)
    .where(*_missing, items.c.position <= bindparam("last"))
    .values(document=None, changed_at=bindparam("new_changed_at"))
)
_DELETE_ALL = delete(items).where(*_mine)


class Missing(NamedTuple):
    """Items of a source that an ingestion did not name, as of an instant."""

    of_source: str
    ingestion: int
    now: int


async def find_many(
    repository: Repository, ledger: int, wanted: Sequence[str]
) -> dict[tuple[str, str], Any]:
    """Return the rows that have one of the ids, deleted ones too, by id and type."""
    found = {}
    for start in range(0, len(wanted), MAX_IDS):
        some = wanted[start : start + MAX_IDS]
        for row in await repository.all(_FIND_MANY, ledger=ledger, **chosen(some, MAX_IDS)):
            found[row.item_id, row.type] = row
    return found


async def page(repository: Repository, ledger: int, *, position: int, limit: int) -> Sequence[Any]:
    """Return the items that there are from a position on, in the order in which they came."""
    return await repository.all(_PAGE, ledger=ledger, first=position, limit=limit)


async def create_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Store items under ids that their catalog has not seen."""
    await repository.many(_INSERT, rows)


async def change_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Store items anew."""
    await repository.many(_UPDATE, rows)


async def name_many(
    repository: Repository, ledger: int, ingestion: int, keys: Iterable[tuple[str, str]]
) -> None:
    """Mark items, by id and type, as named by an ingestion."""
    rows = [
        {"ledger": ledger, "item": item, "kind": kind, "new_ingestion": ingestion}
        for item, kind in keys
    ]
    await repository.many(_NAME, rows)


async def missing(
    repository: Repository, ledger: int, which: Missing, *, first: int, limit: int
) -> Sequence[Any]:
    """Return position and item id of missing items, from a position on."""
    values = {**which._asdict(), "first": first, "limit": limit}
    return await repository.all(_LIST_MISSING, ledger=ledger, **values)


async def delete_missing(
    repository: Repository, ledger: int, which: Missing, *, first: int, last: int
) -> None:
    """Delete missing items from a position up to another one."""
    values = {"first": first, "last": last, "new_changed_at": which.now}
    await repository.run(_DELETE_MISSING, ledger=ledger, **which._asdict(), **values)


async def delete_all(repository: Repository, ledger: int) -> None:
    """Delete every item of a catalog, and what was kept of deleted ones."""
    await repository.run(_DELETE_ALL, ledger=ledger)

"""The rows of items."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from mockalog.kernel.database.in_clauses import chosen, one_of
from mockalog.kernel.database.interfaces import Query, Values
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.attraqt.models import items
from mockalog.vendors.attraqt.rules.merging import ItemState, Key

# Ids in one statement.
MAX_IDS = 100


class ItemRow(NamedTuple):
    """An item that exists or existed; `document` is its JSON, None if it was deleted."""

    position: int
    item_id: str
    type: str
    changed_at: int
    document: str | None
    source: str | None


class ListedItemRow(NamedTuple):
    """An existing item; `document` is its JSON."""

    position: int
    document: str


class MissingItemRow(NamedTuple):
    """An item to be deleted after an ingestion that did not name it."""

    position: int
    item_id: str


class StoredItem(NamedTuple):
    """An item to store, with the last ingestion that named it."""

    key: Key
    state: ItemState
    ingestion: int


_of_history = (
    items.c.sandbox_id == bindparam("sandbox_id"),
    items.c.ledger_id == bindparam("history"),
)

_FIND_MANY = Query(
    select(*(items.c[name] for name in ItemRow._fields)).where(
        *_of_history, one_of(items.c.item_id, MAX_IDS)
    ),
    ItemRow,
)
_PAGE = Query(
    select(items.c.position, items.c.document)
    .where(*_of_history, items.c.position >= bindparam("first"), items.c.document.is_not(None))
    .order_by(items.c.position)
    .limit(bindparam("limit")),
    ListedItemRow,
)
_INSERT = insert(items).values(
    sandbox_id=bindparam("sandbox_id"),
    ledger_id=bindparam("history"),
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
    .where(*_of_history, items.c.position == bindparam("number"))
    .values(
        changed_at=bindparam("new_changed_at"),
        document=bindparam("new_document"),
        source=bindparam("new_source"),
        ingestion_id=bindparam("new_ingestion"),
    )
)
_NAME = (
    update(items)
    .where(*_of_history, items.c.item_id == bindparam("item"), items.c.type == bindparam("kind"))
    .values(ingestion_id=bindparam("new_ingestion"))
)
# An item that was changed later stays: an older operation changes nothing.
_missing = (
    *_of_history,
    items.c.position >= bindparam("first"),
    items.c.document.is_not(None),
    items.c.source == bindparam("of_source"),
    items.c.ingestion_id != bindparam("ingestion"),
    items.c.changed_at <= bindparam("now"),
)
_LIST_MISSING = Query(
    select(items.c.position, items.c.item_id)
    .where(*_missing)
    .order_by(items.c.position)
    .limit(bindparam("limit")),
    MissingItemRow,
)
_DELETE_MISSING = (
    update(items)
    .where(*_missing, items.c.position <= bindparam("last"))
    .values(document=None, changed_at=bindparam("new_changed_at"))
)
_DELETE_ALL = delete(items).where(*_of_history)


class Missing(NamedTuple):
    """The items of a source that an ingestion did not name; `now` in microseconds."""

    of_source: str
    ingestion: int
    now: int


async def find_many(
    repository: Repository, history: int, ids: Sequence[str]
) -> dict[Key, ItemState]:
    """Return the items that have one of the ids, deleted ones too."""
    states = {}
    for start in range(0, len(ids), MAX_IDS):
        choices = chosen(ids[start : start + MAX_IDS], MAX_IDS)
        for row in await repository.all(_FIND_MANY, history=history, **choices):
            state = ItemState(row.position, row.changed_at, row.document, row.source)
            states[row.item_id, row.type] = state
    return states


async def list_from(
    repository: Repository, history: int, *, position: int, limit: int
) -> Sequence[ListedItemRow]:
    """Return existing items from a position on, in the order of their arrival."""
    return await repository.all(_PAGE, history=history, first=position, limit=limit)


async def create_many(repository: Repository, history: int, rows: Iterable[StoredItem]) -> None:
    """Store items under ids and types that are new in their catalog."""
    await repository.many(_INSERT, (_values(history, row) for row in rows))


async def update_many(repository: Repository, history: int, rows: Iterable[StoredItem]) -> None:
    """Store new states of items."""
    await repository.many(_UPDATE, (_values(history, row) for row in rows))


def _values(history: int, item: StoredItem) -> Values:
    item_id, kind = item.key
    return {
        "history": history,
        "number": item.state.position,
        "item": item_id,
        "kind": kind,
        "new_changed_at": item.state.at,
        "new_document": item.state.document,
        "new_source": item.state.source,
        "new_ingestion": item.ingestion,
    }


async def name_many(
    repository: Repository, history: int, ingestion: int, keys: Iterable[Key]
) -> None:
    """Mark items as named by an ingestion."""
    rows = [
        {"history": history, "item": item_id, "kind": kind, "new_ingestion": ingestion}
        for item_id, kind in keys
    ]
    await repository.many(_NAME, rows)


async def list_missing(
    repository: Repository, history: int, missing: Missing, *, first: int, limit: int
) -> Sequence[MissingItemRow]:
    """Return missing items from a position on."""
    values = {**missing._asdict(), "first": first, "limit": limit}
    return await repository.all(_LIST_MISSING, history=history, **values)


async def delete_missing(
    repository: Repository, history: int, missing: Missing, *, first: int, last: int
) -> None:
    """Delete missing items between two positions, both included."""
    values = {"first": first, "last": last, "new_changed_at": missing.now}
    await repository.run(_DELETE_MISSING, history=history, **missing._asdict(), **values)


async def delete_all(repository: Repository, history: int) -> None:
    """Delete every row of a catalog's items, those of deleted items too."""
    await repository.run(_DELETE_ALL, history=history)

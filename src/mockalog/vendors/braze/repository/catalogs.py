"""Queries of the table of catalogs."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, series, upsert
from mockalog.vendors.braze.models import catalogs
from mockalog.vendors.braze.rules.catalog_schema import CatalogSchema, catalog_schema

# PostgreSQL stores it in no text, and refuses to search for it.
NUL = "\0"

# The series that numbers the catalogs of a workspace.
NUMBERS = series("braze.catalogs")


class CatalogRow(NamedTuple):
    """A catalog; `fields` and `selections` are JSON."""

    id: int
    fields: str
    selections: str
    tokens: int
    drops: int
    num_items: int
    last_position: int

    @property
    def schema(self) -> CatalogSchema:
        """Return the schema of its items."""
        return catalog_schema(self.fields, self.selections, self.tokens, self.drops)


class ListedCatalogRow(NamedTuple):
    """A catalog for the list; `description`, `fields` and `selections` are JSON.

    `storage_size` is in bytes, `updated_at` in microseconds since 1970.
    """

    name: str
    description: str
    fields: str
    selections: str
    num_items: int
    storage_size: int
    updated_at: int


class _StorageRow(NamedTuple):
    # PostgreSQL adds up to a `Decimal`.
    used: int


_in_sandbox = catalogs.c.sandbox_id == bindparam("sandbox_id")
_named = (_in_sandbox, catalogs.c.name == bindparam("catalog_name"))
_numbered = (_in_sandbox, catalogs.c.id == bindparam("catalog_id"))

_row = select(
    catalogs.c.id,
    catalogs.c.fields,
    catalogs.c.selections,
    catalogs.c.tokens,
    catalogs.c.drops,
    catalogs.c.num_items,
    catalogs.c.last_position,
)
_FIND = Query(_row.where(*_named), CatalogRow)
_LOCK = Query(_row.with_for_update().where(*_named), CatalogRow)
_LOCK_NUMBERED = Query(_row.with_for_update().where(*_numbered), CatalogRow)
_LIST = Query(
    select(
        catalogs.c.name,
        catalogs.c.description,
        catalogs.c.fields,
        catalogs.c.selections,
        catalogs.c.num_items,
        catalogs.c.storage_size,
        catalogs.c.updated_at,
    )
    .where(_in_sandbox)
    .order_by(catalogs.c.id),
    ListedCatalogRow,
)
_CREATE = (
    upsert(catalogs)
    .values(
        sandbox_id=bindparam("sandbox_id"),
        id=bindparam("id"),
        name=bindparam("name"),
        description=bindparam("description"),
        fields=bindparam("fields"),
        tokens=bindparam("tokens"),
        drops=0,
        selections="[]",
        num_items=0,
        storage_size=0,
        last_position=0,
        updated_at=bindparam("updated_at"),
    )
    .on_conflict_do_nothing(index_elements=["sandbox_id", "name"])
)
_ADD_TO_TOTALS = (
    update(catalogs)
    .where(*_numbered)
    .values(
        updated_at=bindparam("now"),
        num_items=catalogs.c.num_items + bindparam("items"),
        storage_size=catalogs.c.storage_size + bindparam("size"),
        last_position=catalogs.c.last_position + bindparam("positions"),
    )
)
_SET_FIELDS = (
    update(catalogs)
    .where(*_numbered)
    .values(
        fields=bindparam("new_fields"),
        tokens=bindparam("new_tokens"),
        drops=bindparam("new_drops"),
        updated_at=bindparam("now"),
    )
)
_SET_SELECTIONS = (
    update(catalogs)
    .where(*_numbered)
    .values(selections=bindparam("new_selections"), updated_at=bindparam("now"))
)
_DELETE = delete(catalogs).where(*_numbered)
_STORAGE = Query(
    select(func.coalesce(func.sum(catalogs.c.storage_size), 0).label("used")).where(_in_sandbox),
    _StorageRow,
)


async def list_all(repository: Repository) -> Sequence[ListedCatalogRow]:
    """Return the catalogs in the order of their creation."""
    return await repository.all(_LIST)


async def find(repository: Repository, name: str) -> CatalogRow | None:
    """Return a catalog without a lock, None if it does not exist."""
    return None if NUL in name else await repository.first(_FIND, catalog_name=name)


async def lock(repository: Repository, name: str) -> CatalogRow | None:
    """Return a catalog, locked for a change of it or of its items; None if it does not exist."""
    return None if NUL in name else await repository.locked(_LOCK, catalog_name=name)


async def lock_numbered(repository: Repository, catalog_id: int) -> CatalogRow | None:
    """Return a catalog by its number, locked as by `lock`."""
    return await repository.locked(_LOCK_NUMBERED, catalog_id=catalog_id)


async def create(
    repository: Repository,
    *,
    name: str,
    description: str,
    fields: str,
    tokens: int,
    updated_at: int,
) -> bool:
    """Store a catalog; `description` and `fields` are JSON.

    Return False if the name is taken. The transaction must not be committed then.
    """
    stored = await repository.run(
        _CREATE,
        id=await repository.next_number(NUMBERS),
        name=name,
        description=description,
        fields=fields,
        tokens=tokens,
        updated_at=updated_at,
    )
    return stored == 1


async def add_to_totals(
    repository: Repository,
    catalog_id: int,
    *,
    items: int = 0,
    size: int,
    positions: int = 0,
    now: int,
) -> None:
    """Add to a catalog's totals: items, bytes of their documents, positions given to items."""
    await repository.run(
        _ADD_TO_TOTALS,
        catalog_id=catalog_id,
        items=items,
        size=size,
        positions=positions,
        now=now,
    )


async def set_fields(
    repository: Repository, catalog_id: int, fields: str, *, tokens: int, drops: int, now: int
) -> None:
    """Store a catalog's fields as JSON, with the numbers of tokens given and fields deleted."""
    await repository.run(
        _SET_FIELDS,
        catalog_id=catalog_id,
        new_fields=fields,
        new_tokens=tokens,
        new_drops=drops,
        now=now,
    )


async def set_selections(
    repository: Repository, catalog_id: int, selections: str, *, now: int
) -> None:
    """Store a catalog's selections as JSON."""
    await repository.run(_SET_SELECTIONS, catalog_id=catalog_id, new_selections=selections, now=now)


async def delete_one(repository: Repository, catalog_id: int) -> None:
    """Delete a catalog's row; its items have rows of their own."""
    await repository.run(_DELETE, catalog_id=catalog_id)


async def storage_used(repository: Repository) -> int:
    """Return the bytes of all items of the workspace."""
    row = await repository.one(_STORAGE)
    return int(row.used)

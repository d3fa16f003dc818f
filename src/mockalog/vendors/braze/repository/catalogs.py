"""The rows of catalogs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from mockalog.kernel.database.repository import Repository, series, upsert
from mockalog.vendors.braze.models import catalogs

# PostgreSQL has it in no text, and refuses to look for it.
NUL = "\0"

# What numbers a workspace's catalogs.
NUMBERS = series("braze.catalogs")

_mine = catalogs.c.sandbox_id == bindparam("sandbox_id")
_named = (_mine, catalogs.c.name == bindparam("catalog_name"))
_numbered = (_mine, catalogs.c.id == bindparam("catalog_id"))

_LIST = select(catalogs).where(_mine).order_by(catalogs.c.id)
_FIND = select(catalogs).where(*_named)
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
_locked = select(
    catalogs.c.id,
    catalogs.c.fields,
    catalogs.c.tokens,
    catalogs.c.drops,
    catalogs.c.selections,
    catalogs.c.last_position,
).with_for_update()
_LOCK = _locked.where(*_named)
_LOCK_NUMBERED = _locked.where(*_numbered)
_COUNT = (
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
_USED = select(func.coalesce(func.sum(catalogs.c.storage_size), 0).label("bytes")).where(_mine)


async def all_of(repository: Repository) -> Sequence[Any]:
    """Return the catalogs in order of creation."""
    return await repository.all(_LIST)


async def find(repository: Repository, name: str) -> Any | None:
    """Return a catalog to read, None if there is none of that name."""
    return None if NUL in name else await repository.first(_FIND, catalog_name=name)


async def lock(repository: Repository, name: str) -> Any | None:
    """Return a catalog to change it or what is in it: whoever does so begins here."""
    return None if NUL in name else await repository.locked(_LOCK, catalog_name=name)


async def lock_numbered(repository: Repository, catalog_id: int) -> Any | None:
    """Return a catalog by its number to change it, as `lock` does."""
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
    """Store a catalog; return False if the name is taken: the transaction must not be committed."""
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


async def count(
    repository: Repository,
    catalog_id: int,
    *,
    items: int = 0,
    size: int,
    positions: int = 0,
    now: int,
) -> None:
    """Add to a catalog's totals: items, size of documents in bytes, positions given out."""
    await repository.run(
        _COUNT, catalog_id=catalog_id, items=items, size=size, positions=positions, now=now
    )


async def set_fields(
    repository: Repository, catalog_id: int, fields: str, *, tokens: int, drops: int, now: int
) -> None:
    """Store a catalog's fields, and how many tokens were given and fields deleted so far."""
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
    """Store a catalog's selections."""
    await repository.run(_SET_SELECTIONS, catalog_id=catalog_id, new_selections=selections, now=now)


async def delete_one(repository: Repository, catalog_id: int) -> None:
    """Delete a catalog's row; its items have rows of their own."""
    await repository.run(_DELETE, catalog_id=catalog_id)


async def storage_used(repository: Repository) -> int:
    """Return the bytes that all catalogs of the workspace take."""
    row: Any = await repository.first(_USED)
    return int(row.bytes)

"""Braze's named queries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from mockalog.kernel.repository import Repository, upsert
from mockalog.vendors.braze.models import catalogs

_shown = (
    catalogs.c.description,
    catalogs.c.fields,
    catalogs.c.name,
    catalogs.c.num_items,
    catalogs.c.storage_size,
    catalogs.c.updated_at,
)
_LIST = (
    select(*_shown).where(catalogs.c.sandbox_id == bindparam("sandbox_id")).order_by(catalogs.c.id)
)
_CREATE = (
    upsert(catalogs)
    .values(
        sandbox_id=bindparam("sandbox_id"),
        name=bindparam("name"),
        description=bindparam("description"),
        fields=bindparam("fields"),
        num_items=0,
        storage_size=0,
        updated_at=bindparam("updated_at"),
    )
    .on_conflict_do_nothing(index_elements=["sandbox_id", "name"])
)
_DELETE = delete(catalogs).where(
    catalogs.c.sandbox_id == bindparam("sandbox_id"),
    catalogs.c.name == bindparam("name"),
)


async def list_catalogs(repository: Repository) -> Sequence[Any]:
    """Return the catalogs in order of creation."""
    return await repository.all(_LIST)


async def create_catalog(
    repository: Repository, *, name: str, description: str, fields: str, updated_at: int
) -> bool:
    """Store a catalog; return False, storing nothing, if the name is taken."""
    stored = await repository.run(
        _CREATE, name=name, description=description, fields=fields, updated_at=updated_at
    )
    return stored == 1


async def delete_catalog(repository: Repository, name: str) -> bool:
    """Delete a catalog and all it holds; return whether there was one."""
    return await repository.run(_DELETE, name=name) == 1

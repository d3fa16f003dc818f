"""Catalogs: at most one for each connector."""

from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import catalogs

_OF_CONNECTOR = (
    catalogs.c.sandbox_id == bindparam("sandbox_id"),
    catalogs.c.connector_id == bindparam("of_connector"),
)
_GET = select(catalogs).where(*_OF_CONNECTOR)
_CREATE = insert(catalogs).returning(catalogs)
_UPDATE = (
    update(catalogs)
    .where(*_OF_CONNECTOR)
    .values(
        catalog=bindparam("new_catalog"),
        catalog_hash=bindparam("new_hash"),
        updated_at=bindparam("now"),
    )
    .returning(catalogs)
)
_DELETE = delete(catalogs).where(*_OF_CONNECTOR)


async def catalog_of(repository: Repository, connector_id: int) -> Any | None:
    """Return a connector's catalog."""
    return await repository.first(_GET, of_connector=connector_id)


async def create_catalog(repository: Repository, **columns: Any) -> Any:
    """Store a catalog and return the row."""
    return await repository.first(_CREATE, **columns)


async def update_catalog(
    repository: Repository, connector_id: int, catalog: str, catalog_hash: str, now: int
) -> Any | None:
    """Store what a connector's catalog says now and return the row, None if there is none."""
    values = {"new_catalog": catalog, "new_hash": catalog_hash, "now": now}
    return await repository.first(_UPDATE, of_connector=connector_id, **values)


async def delete_catalog_of(repository: Repository, connector_id: int) -> None:
    """Delete a connector's catalog, if it has one."""
    await repository.run(_DELETE, of_connector=connector_id)

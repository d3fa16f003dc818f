"""Queries on catalogs: a connector has at most one."""

from sqlalchemy import bindparam, delete, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import catalogs
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow

_OF_CONNECTOR = (
    catalogs.c.sandbox_id == bindparam("sandbox_id"),
    catalogs.c.connector_id == bindparam("of_connector"),
)
_GET = Query(select(catalogs).where(*_OF_CONNECTOR), CatalogRow)
_CREATE = Query(insert(catalogs).returning(catalogs), CatalogRow)
_UPDATE = Query(
    update(catalogs)
    .where(*_OF_CONNECTOR)
    .values(
        catalog=bindparam("new_catalog"),
        catalog_hash=bindparam("new_hash"),
        updated_at=bindparam("now"),
    )
    .returning(catalogs),
    CatalogRow,
)
_DELETE = delete(catalogs).where(*_OF_CONNECTOR)


async def get_catalog(repository: Repository, connector_id: int) -> CatalogRow | None:
    """Return a connector's catalog."""
    return await repository.first(_GET, of_connector=connector_id)


async def create_catalog(repository: Repository, **columns: object) -> CatalogRow:
    """Store a catalog and return the row."""
    return await repository.one(_CREATE, **columns)


async def update_catalog(
    repository: Repository, connector_id: int, catalog: str, catalog_hash: str, now: int
) -> CatalogRow | None:
    """Replace a connector's catalog and return the row, None if it has no catalog."""
    values = {"new_catalog": catalog, "new_hash": catalog_hash, "now": now}
    return await repository.first(_UPDATE, of_connector=connector_id, **values)


async def delete_catalog(repository: Repository, connector_id: int) -> None:
    """Delete a connector's catalog, if it has one."""
    await repository.run(_DELETE, of_connector=connector_id)

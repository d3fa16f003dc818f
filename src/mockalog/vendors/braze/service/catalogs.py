"""Catalogs: create, list and delete them, and find the catalog of a call."""

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.errors import braze_error
from mockalog.vendors.braze.repository import catalogs, items, positions
from mockalog.vendors.braze.repository.catalogs import CatalogRow
from mockalog.vendors.braze.rules.catalogs import NewCatalog
from mockalog.vendors.braze.schemas.catalogs import catalog_out
from mockalog.vendors.braze.schemas.fields import fields_out


async def list_catalogs(call: Call) -> list[dict[str, object]]:
    """Return every catalog of the workspace."""
    return [catalog_out(**row._asdict()) for row in await catalogs.list_all(call.repository)]


async def create_catalog(call: Call, catalog: NewCatalog) -> dict[str, object]:
    """Store a catalog and return it; the database checks the unique name last."""
    description = dumps(catalog.description).decode()
    fields = dumps(fields_out(catalog.fields, first_token=-1)).decode()
    if not await catalogs.create(
        call.repository,
        name=catalog.name,
        description=description,
        fields=fields,
        tokens=len(catalog.fields) - 1,
        updated_at=call.now,
    ):
        raise braze_error("catalog-name-already-exists", catalog.name)
    return catalog_out(catalog.name, description, fields, updated_at=call.now)


async def delete_catalog(call: Call, name: str) -> None:
    """Delete a catalog with its items."""
    catalog = await lock_catalog(call, name)
    await items.delete_all(call.repository, catalog.id)
    await positions.delete_gaps(call.repository, catalog.id)
    await catalogs.delete_one(call.repository, catalog.id)


async def find_catalog(call: Call, name: str) -> CatalogRow:
    """Return a catalog without a lock; raises `BrazeError`."""
    catalog = await catalogs.find(call.repository, name)
    if catalog is None:
        raise braze_error("catalog-not-found", name)
    return catalog


async def find_current_catalog(call: Call, name: str) -> CatalogRow:
    """Return a catalog for a call whose effect is a job; raises `BrazeError`.

    It has the effects of simultaneous calls, because limits and names count them.
    """
    await call.catch_up()
    return await find_catalog(call, name)


async def lock_catalog(call: Call, name: str) -> CatalogRow:
    """Return a catalog, locked for the change of a call; raises `BrazeError`."""
    catalog = await catalogs.lock(call.repository, name)
    if catalog is None:
        raise braze_error("catalog-not-found", name)
    return catalog


async def check_storage(call: Call, size: int = 0) -> None:
    """Raise `BrazeError` if the workspace's storage is full, or has no space for `size` bytes."""
    limit = call.setting("braze.storage_limit")
    if limit is None:
        return
    used = await catalogs.storage_used(call.repository)
    if used >= limit:
        raise braze_error("company-size-limit-already-reached")
    if used + size > limit:
        raise braze_error("company-size-limit-surge")

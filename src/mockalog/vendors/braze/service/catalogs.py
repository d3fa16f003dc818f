"""Catalogs: create, list, delete, and finding the one that a call is about."""

from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.errors import rejected
from mockalog.vendors.braze.repository import catalogs, items, positions
from mockalog.vendors.braze.rules.catalogs import NewCatalog
from mockalog.vendors.braze.rules.layout import Layout, layout_of
from mockalog.vendors.braze.schemas.catalogs import catalog_of, catalog_out
from mockalog.vendors.braze.schemas.fields import fields_out


async def list_catalogs(call: Call) -> list[dict[str, Any]]:
    """Return every catalog of the workspace."""
    return [catalog_of(row) for row in await catalogs.all_of(call.repository)]


async def create_catalog(call: Call, catalog: NewCatalog) -> dict[str, Any]:
    """Store a catalog and return it; the unique name is checked last, by the database."""
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
        raise rejected("catalog-name-already-exists", catalog.name)
    return catalog_out(catalog.name, description, fields, updated_at=call.now)


async def delete_catalog(call: Call, name: str) -> None:
    """Delete a catalog with everything in it."""
    catalog = await lock(call, name)
    await items.delete_all(call.repository, catalog.id)
    await positions.forget(call.repository, catalog.id)
    await catalogs.delete_one(call.repository, catalog.id)


async def find(call: Call, name: str) -> Any:
    """Return a catalog's row to read; raises `Rejected`."""
    catalog = await catalogs.find(call.repository, name)
    if catalog is None:
        raise rejected("catalog-not-found", name)
    return catalog


async def lock(call: Call, name: str) -> Any:
    """Return a catalog's row, locked, because the call changes it; raises `Rejected`."""
    catalog = await catalogs.lock(call.repository, name)
    if catalog is None:
        raise rejected("catalog-not-found", name)
    return catalog


def layout(catalog: Any) -> Layout:
    """Return the layout of a catalog's row."""
    return layout_of(catalog.fields, catalog.selections, catalog.tokens, catalog.drops)


async def check_storage(call: Call, wanted: int = 0) -> None:
    """Raise `Rejected` if the workspace's storage is used up or `wanted` bytes are too many."""
    limit = call.setting("braze.storage_limit")
    if limit is None:
        return
    used = await catalogs.storage_used(call.repository)
    if used >= limit:
        raise rejected("company-size-limit-already-reached")
    if used + wanted > limit:
        raise rejected("company-size-limit-surge")

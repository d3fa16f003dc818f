"""Braze's use cases."""

from typing import Any

from mockalog.kernel.call import Call
from mockalog.kernel.wire import dumps
from mockalog.vendors.braze import repository, rules, schemas
from mockalog.vendors.braze.errors import catalog_name_already_exists, catalog_not_found


async def list_catalogs(call: Call) -> list[dict[str, Any]]:
    """Return every catalog of the workspace."""
    return [schemas.catalog_of(row) for row in await repository.list_catalogs(call.repository)]


async def create_catalog(call: Call, catalog: rules.NewCatalog) -> dict[str, Any]:
    """Store a catalog and return it; the unique name is checked last, by the database."""
    description = dumps(catalog.description).decode()
    fields = schemas.fields_out(catalog)
    if not await repository.create_catalog(
        call.repository,
        name=catalog.name,
        description=description,
        fields=fields,
        updated_at=call.now,
    ):
        raise catalog_name_already_exists(catalog.name)
    return schemas.catalog_out(catalog.name, description, fields, updated_at=call.now)


async def delete_catalog(call: Call, name: str) -> None:
    """Delete a catalog with everything in it."""
    if not await repository.delete_catalog(call.repository, name):
        raise catalog_not_found(name)

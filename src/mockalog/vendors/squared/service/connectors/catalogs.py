"""Catalogs: create and update (docs/vendors/squared.md#9-catalogs)."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import UndefinedMethodError, not_found
from mockalog.vendors.squared.repository import CATALOGS
from mockalog.vendors.squared.repository.connectors import catalogs
from mockalog.vendors.squared.rules.connectors.catalogs import NewCatalog, schema_catalog
from mockalog.vendors.squared.rules.connectors.discovery import catalog_rates
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow, ConnectorRow
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import connectors
from mockalog.vendors.squared.service.lookups import require_row


async def create_catalog(call: Call, caller: Caller, new: NewCatalog) -> CatalogRow:
    """Store the catalog of a connector under a new id, in place of an older one."""
    connector = await connectors.find(call, caller, new.connector_id)
    caller.authorise(call)
    return await replace_catalog(call, caller, connector, *_streams(connector, new))


async def replace_catalog(
    call: Call, caller: Caller, connector: ConnectorRow, catalog: str, catalog_hash: str
) -> CatalogRow:
    """Store a catalog under a new id, in place of an older one; `catalog`: JSON text."""
    # The lock makes calls that store a catalog of the connector wait until the commit.
    await connectors.lock(call, caller, connector.id)
    id_ = await call.repository.next_number(CATALOGS)
    await catalogs.delete_catalog(call.repository, connector.id)
    return await catalogs.create_catalog(
        call.repository,
        id=id_,
        workspace_id=connector.workspace_id,
        connector_id=connector.id,
        catalog=catalog,
        catalog_hash=catalog_hash,
        created_at=call.now,
        updated_at=call.now,
    )


async def update_catalog(
    call: Call, caller: Caller, catalog_id: int, new: NewCatalog
) -> CatalogRow:
    """Replace the catalog of a connector; its id stays."""
    connector = await connectors.find(call, caller, new.connector_id)
    if call.setting("squared.dialect") == "docs":
        await _check_id(call, connector.id, catalog_id)
    caller.authorise(call)
    text, catalog_hash = _streams(connector, new)
    row = await catalogs.update_catalog(call.repository, connector.id, text, catalog_hash, call.now)
    # The text of the server's own error is not known.
    return require_row(row, UndefinedMethodError("update", "nil"))


async def _check_id(call: Call, connector_id: int, catalog_id: int) -> None:
    """Raise 404 if the connector's catalog does not have the id; the server does not check it.

    Source: docs/vendors/squared.md#1-contradictions, row 26.
    """
    catalog = await catalogs.get_catalog(call.repository, connector_id)
    if catalog is None or catalog.id != catalog_id:
        raise not_found("Catalog")


def _streams(connector: ConnectorRow, new: NewCatalog) -> tuple[str, str]:
    """Return the catalog as JSON text and its hash; an unreachable connector has no rates."""
    return schema_catalog(connector.name, new.json_schema, catalog_rates(connector))

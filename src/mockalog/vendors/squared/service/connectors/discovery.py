"""Discovery of a connector's catalog (docs/vendors/squared.md#86-discover)."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.repository.connectors.catalogs import get_catalog
from mockalog.vendors.squared.rules.connectors import discovery as rules
from mockalog.vendors.squared.rules.connectors.catalogs import pack_catalog
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow, ConnectorRow
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import connectors, source_tables
from mockalog.vendors.squared.service.connectors.catalogs import replace_catalog


async def discover(call: Call, caller: Caller, connector_id: int, *, refresh: bool) -> CatalogRow:
    """Return the stored catalog of a connector, or discover and store a new one.

    A posted catalog is returned unchanged. A discovered one gets a new id.
    """
    connector = await connectors.find(call, caller, connector_id)
    caller.authorise(call)
    if not refresh:
        if stored := await get_catalog(call.repository, connector_id):
            return stored
        # Of simultaneous calls, the first one discovers and the others find its catalog.
        await connectors.lock(call, caller, connector_id)
        if stored := await get_catalog(call.repository, connector_id):
            return stored
    return await replace_catalog(call, caller, connector, *await _discover(call, connector))


async def _discover(call: Call, connector: ConnectorRow) -> tuple[str, str]:
    """Return the catalog as JSON text and its hash; a fixed one needs no connection."""
    if (catalog := rules.fixed_catalog(connector)) is not None:
        return pack_catalog(catalog)
    if not rules.is_readable(connector):
        raise rules.discovery_error()
    tables = await source_tables.tables_of(call.repository, connector)
    return pack_catalog(rules.discovered_catalog(tables.values(), connector))

"""Catalogs: create and update (docs/vendors/squared.md#9-catalogs)."""

from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import BadRequest, not_found
from mockalog.vendors.squared.repository import CATALOGS, catalogs
from mockalog.vendors.squared.rules.catalogs import NewCatalog, streams
from mockalog.vendors.squared.rules.discovery import fixed
from mockalog.vendors.squared.rules.registry import DEFAULT_RATES, NO_RATES, registry
from mockalog.vendors.squared.service import connectors, worlds
from mockalog.vendors.squared.service.identity import Caller


async def create_catalog(call: Call, caller: Caller, wanted: NewCatalog) -> Any:
    """Store a connector's catalog under a new id, in place of any it had; return the row."""
    connector = await connectors.find(call, caller, wanted.connector_id)
    caller.authorise(call)
    text, catalog_hash = _streams(connector, wanted)
    # The lock holds off everybody else who would store one, until this is committed.
    await connectors.locked(call, caller, connector.id)
    id_ = await call.repository.next_number(CATALOGS)
    await catalogs.delete_catalog_of(call.repository, connector.id)
    return await catalogs.create_catalog(
        call.repository,
        id=id_,
        workspace_id=connector.workspace_id,
        connector_id=connector.id,
        catalog=text,
        catalog_hash=catalog_hash,
        created_at=call.now,
        updated_at=call.now,
    )


async def update_catalog(call: Call, caller: Caller, catalog_id: int, wanted: NewCatalog) -> Any:
    """Store what a connector's catalog says now, under the id it has; return the row."""
    connector = await connectors.find(call, caller, wanted.connector_id)
    if call.setting("squared.dialect") == "docs":
        await _check_id(call, connector.id, catalog_id)
    caller.authorise(call)
    text, catalog_hash = _streams(connector, wanted)
    row = await catalogs.update_catalog(call.repository, connector.id, text, catalog_hash, call.now)
    if row is None:  # the server's own wording is not known
        raise BadRequest("undefined method 'update' for nil")
    return row


async def _check_id(call: Call, connector_id: int, catalog_id: int) -> None:
    """Raise 404 unless the connector's catalog has that id: the server does not look.

    Source: docs/vendors/squared.md#1-contradictions, row 26.
    """
    catalog = await catalogs.catalog_of(call.repository, connector_id)
    if catalog is None or catalog.id != catalog_id:
        raise not_found("Catalog")


def _streams(connector: Any, wanted: NewCatalog) -> tuple[str, str]:
    """Return the stored form and its hash; who cannot be reached tells no rates."""
    definition = registry().nearest(connector.connector_type, connector.connector_name)
    rates = DEFAULT_RATES if definition is None else definition.rates
    if fixed(definition) is None and not worlds.is_reachable(connector):
        rates = NO_RATES
    return streams(connector.name, wanted.json_schema, rates)

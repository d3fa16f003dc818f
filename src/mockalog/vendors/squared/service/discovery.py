"""Discovering what a connector offers (docs/vendors/squared.md#86-discover)."""

from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.repository import CATALOGS, catalogs
from mockalog.vendors.squared.rules import discovery as rules
from mockalog.vendors.squared.rules.catalogs import packed
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.service import connectors, worlds
from mockalog.vendors.squared.service.identity import Caller


async def discover(call: Call, caller: Caller, connector_id: int, *, refresh: bool) -> Any:
    """Return a connector's catalog, looked up now if there is none or a new one is wanted.

    One that was posted is returned as it stands. What was looked up gets an id of its own.
    """
    connector = await connectors.find(call, caller, connector_id)
    caller.authorise(call)
    if not refresh and (kept := await catalogs.catalog_of(call.repository, connector_id)):
        return kept
    text, catalog_hash = await _look(call, connector)
    # The lock holds off everybody else who would store one, until this is committed.
    await connectors.locked(call, caller, connector_id)
    id_ = await call.repository.next_number(CATALOGS)
    await catalogs.delete_catalog_of(call.repository, connector_id)
    return await catalogs.create_catalog(
        call.repository,
        id=id_,
        workspace_id=connector.workspace_id,
        connector_id=connector_id,
        catalog=text,
        catalog_hash=catalog_hash,
        created_at=call.now,
        updated_at=call.now,
    )


async def _look(call: Call, connector: Any) -> tuple[str, str]:
    """Return the catalog to store; a fixed one needs nobody at the other end."""
    definition = registry().nearest(connector.connector_type, connector.connector_name)
    if (catalog := rules.fixed(definition)) is not None:
        return packed(catalog)
    if not worlds.is_reachable(connector):
        raise rules.failed()
    tables = await worlds.tables_of(call.repository, connector)
    return packed(rules.found(tables.values(), connector.connector_name))

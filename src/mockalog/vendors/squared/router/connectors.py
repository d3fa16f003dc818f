"""Operations on connectors, their catalogs and their definitions."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import UPDATE, router
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import catalogs as catalog_rules
from mockalog.vendors.squared.rules import connections as connection_rules
from mockalog.vendors.squared.rules import connectors as connector_rules
from mockalog.vendors.squared.rules import definitions as definition_rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import (
    NO_CONTENT,
    body_of,
    catalog_of,
    flat_catalog_of,
    reply,
)
from mockalog.vendors.squared.service import catalogs, connectors, definitions
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/connectors/{connector_id}", permission="connector:read", bucket=API)
async def get_connector(call: Call, connector_id: str) -> Answer:
    """Return one connector."""
    caller = await identify(call)
    return reply({"data": await connectors.get_connector(call, caller, path_id(connector_id))})


@router.get("/api/v1/connectors", permission="connector:read", bucket=API)
async def list_connectors(call: Call) -> Answer:
    """List connectors by pages."""
    caller = await identify(call)
    wanted = connector_rules.filters(call.query)
    return reply(await connectors.list_connectors(call, caller, wanted))


@router.post("/api/v1/connectors", permission="connector:create", bucket=API)
async def create_connector(call: Call) -> Answer:
    """Create a connector."""
    caller = await identify(call)
    body = body_of(call, "connector", connector_rules.COLUMNS)
    values = connector_rules.new_connector(body, call.setting("squared.dialect"), registry())
    return reply({"data": await connectors.create_connector(call, caller, values)}, 201)


@router.declare(
    UPDATE, "/api/v1/connectors/{connector_id}", permission="connector:update", bucket=API
)
async def update_connector(call: Call, connector_id: str) -> Answer:
    """Update a connector."""
    caller = await identify(call)
    body = body_of(call, "connector", connector_rules.COLUMNS)
    dialect = call.setting("squared.dialect")
    wanted, values = connector_rules.changes(body, connector_id, dialect, registry())
    return reply({"data": await connectors.update_connector(call, caller, wanted, values)})


@router.delete("/api/v1/connectors/{connector_id}", permission="connector:delete", bucket=API)
async def delete_connector(call: Call, connector_id: str) -> Answer:
    """Delete a connector with all that hangs on it."""
    caller = await identify(call)
    await connectors.delete_connector(call, caller, path_id(connector_id))
    return NO_CONTENT


@router.get("/api/v1/connector_definitions", permission="connector_definition:read", bucket=API)
async def list_definitions(call: Call) -> Answer:
    """List what can be connected; not paged."""
    caller = await identify(call)
    wanted = definition_rules.wanted(call.query)
    return reply(definitions.list_definitions(call, caller, wanted))


@router.get(
    "/api/v1/connector_definitions/{connector_name}",
    permission="connector_definition:read",
    bucket=API,
)
async def get_definition(call: Call, connector_name: str) -> Answer:
    """Return one definition."""
    caller = await identify(call)
    kind = definition_rules.wanted_type(call.query)
    return reply(definitions.get_definition(call, caller, kind, connector_name))


@router.post(
    "/api/v1/connector_definitions/check_connection",
    permission="connector_definition:create",
    bucket=API,
)
async def check_connection(call: Call) -> Answer:
    """Try a connection: always 200, also when it fails."""
    caller = await identify(call)
    wanted = connection_rules.attempt(body_of(call), registry())
    return reply(definitions.check_connection(call, caller, wanted))


@router.post("/api/v1/catalogs", permission="connector:create", bucket=API)
async def create_catalog(call: Call) -> Answer:
    """Create a connector's catalog, or replace it: rows 1 and 2 of the contradictions."""
    caller = await identify(call)
    wanted = catalog_rules.new_catalog(body_of(call, "catalog"))
    row = await catalogs.create_catalog(call, caller, wanted)
    if call.setting("squared.dialect") == "docs":
        return reply(flat_catalog_of(row, wanted.posted))
    return reply({"data": catalog_of(row)}, 201)


@router.declare(UPDATE, "/api/v1/catalogs/{catalog_id}", permission="connector:update", bucket=API)
async def update_catalog(call: Call, catalog_id: str) -> Answer:
    """Update a connector's catalog: rows 3 and 4 of the contradictions."""
    caller = await identify(call)
    wanted_id, wanted = catalog_rules.changed_catalog(body_of(call, "catalog"), catalog_id)
    row = await catalogs.update_catalog(call, caller, wanted_id, wanted)
    status = 200 if call.setting("squared.dialect") == "docs" else 201
    return reply({"data": catalog_of(row)}, status)

"""Operations on connectors."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import (
    API,
    UPDATE,
    WORKSPACE,
    SquaredRouter,
    update_errors,
)
from mockalog.vendors.squared.router.params import NO_CONTENT, body_of, page_request, reply
from mockalog.vendors.squared.router.paths import ConnectorId
from mockalog.vendors.squared.rules.connectors import connectors as rules
from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.connectors import connector_requests as requests
from mockalog.vendors.squared.schemas.connectors.connectors import ConnectorOut, ConnectorsOut
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import connectors


def _checking_library(call: Call) -> tuple[str, ...]:
    """Return the library that checks a configuration in the server dialect."""
    return ("jsonschema",) if call.setting("squared.dialect") == "server" else ()


router = SquaredRouter(tag="Connectors", bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/connectors/{connector_id}",
    permission="connector:read",
    responses={200: ConnectorOut},
    errors=("validation", "connector-not-found"),
)
async def get_connector(call: Call, caller: Caller, connector_id: ConnectorId) -> Response:
    """Return one connector."""
    return reply({"data": await connectors.get_connector(call, caller, path_id(connector_id))})


@router.get(
    "/api/v1/connectors",
    permission="connector:read",
    query=ByDialect(docs=requests.ConnectorsQueryIn, server=requests.ServerConnectorsQueryIn),
    responses={200: ConnectorsOut},
    errors=("validation", "exception"),
)
async def list_connectors(call: Call, caller: Caller) -> Response:
    """List connectors by pages."""
    filters = rules.filters(call.query)
    return reply(await connectors.list_connectors(call, caller, filters, page_request(call)))


@router.post(
    "/api/v1/connectors",
    permission="connector:create",
    imports=_checking_library,
    body=ByDialect(
        docs=requests.CreateConnectorIn | requests.NewConnectorIn,
        server=requests.ServerCreateConnectorIn,
    ),
    responses={201: ConnectorOut},
    errors=("validation", "exception", "unstorable-value", "unprocessable"),
)
async def create_connector(call: Call, caller: Caller) -> Response:
    """Create a connector.

    The keys may stand in `connector` or at the top of the body.
    """
    body = body_of(call, "connector", rules.COLUMNS)
    values = rules.new_connector(body, call.setting("squared.dialect"), load_registry())
    return reply({"data": await connectors.create_connector(call, caller, values)}, 201)


@router.declare(
    UPDATE,
    "/api/v1/connectors/{connector_id}",
    permission="connector:update",
    imports=_checking_library,
    body=ByDialect(
        docs=requests.UpdateConnectorIn | requests.ConnectorChangesIn,
        server=requests.ServerUpdateConnectorIn,
    ),
    responses={200: ConnectorOut},
    errors=update_errors("connector-not-found"),
)
async def update_connector(call: Call, caller: Caller, connector_id: ConnectorId) -> Response:
    """Replace parts of a connector.

    The keys may stand in `connector` or at the top of the body. PUT and PATCH do the same.
    """
    body = body_of(call, "connector", rules.COLUMNS)
    dialect = call.setting("squared.dialect")
    id_, values = rules.changes(body, connector_id, dialect, load_registry())
    return reply({"data": await connectors.update_connector(call, caller, id_, values)})


@router.delete(
    "/api/v1/connectors/{connector_id}",
    permission="connector:delete",
    responses={204: None},
    errors=("validation", "connector-not-found"),
)
async def delete_connector(call: Call, caller: Caller, connector_id: ConnectorId) -> Response:
    """Delete a connector with its catalog, its models, and the syncs that use it."""
    await connectors.delete_connector(call, caller, path_id(connector_id))
    return NO_CONTENT

"""Operations on connectors."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router.declarations import KEY, UPDATE, WORKSPACE
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import connectors as rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import connector_requests as requests
from mockalog.vendors.squared.schemas.connectors import ConnectorOut, ConnectorsOut
from mockalog.vendors.squared.schemas.paths import ConnectorId
from mockalog.vendors.squared.schemas.wire import NO_CONTENT, body_of, reply
from mockalog.vendors.squared.service import connectors
from mockalog.vendors.squared.service.identity import identify


def _checker(call: Call) -> tuple[str, ...]:
    """Return the library that checks a configuration: only the server dialect does so."""
    return ("jsonschema",) if call.setting("squared.dialect") == "server" else ()


router = VendorRouter(tag="Connectors", key=KEY, bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/connectors/{connector_id}",
    permission="connector:read",
    responses={200: ConnectorOut},
    errors=("validation", "connector-not-found"),
)
async def get_connector(call: Call, connector_id: ConnectorId) -> Response:
    """Return one connector."""
    caller = await identify(call)
    return reply({"data": await connectors.get_connector(call, caller, path_id(connector_id))})


@router.get(
    "/api/v1/connectors",
    permission="connector:read",
    query=ByDialect(docs=requests.ConnectorsQueryIn, server=requests.ServerConnectorsQueryIn),
    responses={200: ConnectorsOut},
    errors=("validation", "exception"),
)
async def list_connectors(call: Call) -> Response:
    """List connectors by pages."""
    caller = await identify(call)
    wanted = rules.filters(call.query)
    return reply(await connectors.list_connectors(call, caller, wanted))


@router.post(
    "/api/v1/connectors",
    permission="connector:create",
    imports=_checker,
    body=ByDialect(docs=requests.NewConnector, server=requests.ServerNewConnector),
    responses={201: ConnectorOut},
    errors=("validation", "exception", "unstorable-value", "unprocessable"),
)
async def create_connector(call: Call) -> Response:
    """Create a connector.

    The keys may stand in `connector` or at the top of the body.
    """
    caller = await identify(call)
    body = body_of(call, "connector", rules.COLUMNS)
    values = rules.new_connector(body, call.setting("squared.dialect"), registry())
    return reply({"data": await connectors.create_connector(call, caller, values)}, 201)


@router.declare(
    UPDATE,
    "/api/v1/connectors/{connector_id}",
    permission="connector:update",
    imports=_checker,
    body=ByDialect(docs=requests.ConnectorChanges, server=requests.ServerConnectorChanges),
    responses={200: ConnectorOut},
    errors=(
        "validation",
        "exception",
        "unstorable-value",
        "connector-not-found",
        "parameter-missing",
        "unprocessable",
    ),
)
async def update_connector(call: Call, connector_id: ConnectorId) -> Response:
    """Replace parts of a connector.

    The keys may stand in `connector` or at the top of the body. PUT and PATCH do the same.
    """
    caller = await identify(call)
    body = body_of(call, "connector", rules.COLUMNS)
    dialect = call.setting("squared.dialect")
    wanted, values = rules.changes(body, connector_id, dialect, registry())
    return reply({"data": await connectors.update_connector(call, caller, wanted, values)})


@router.delete(
    "/api/v1/connectors/{connector_id}",
    permission="connector:delete",
    responses={204: None},
    errors=("validation", "connector-not-found"),
)
async def delete_connector(call: Call, connector_id: ConnectorId) -> Response:
    """Delete a connector with its catalog, its models, and the syncs that use it."""
    caller = await identify(call)
    await connectors.delete_connector(call, caller, path_id(connector_id))
    return NO_CONTENT

"""Operations on connector definitions."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import API, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.router.paths import ConnectorName
from mockalog.vendors.squared.rules.connectors import connections as connection_rules
from mockalog.vendors.squared.rules.connectors import definitions as rules
from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.schemas.connectors import definitions as schemas
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import definitions

router = SquaredRouter(tag="Connector definitions", bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/connector_definitions",
    permission="connector_definition:read",
    query=schemas.DefinitionsQueryIn,
    # docs/vendors/squared.md#1-contradictions, rows 18 and 19.
    responses=ByDialect(
        docs={200: list[schemas.DefinitionOut] | schemas.DefinitionsByTypeOut},
        server={
            200: list[schemas.ServerDefinitionOut]
            | schemas.ServerDefinitionsByTypeOut
            | schemas.NoDefinitionOut
        },
    ),
    errors=("validation",),
)
async def list_definitions(call: Call, caller: Caller) -> Response:
    """List the systems that can be connected, in the order of the registry and without pages."""
    filters = rules.filters(call.query)
    return reply(definitions.list_definitions(call, caller, filters))


@router.get(
    "/api/v1/connector_definitions/{connector_name}",
    permission="connector_definition:read",
    query=schemas.DefinitionQueryIn,
    responses=ByDialect(
        docs={200: schemas.DefinitionOut | schemas.NoDefinitionOut},
        server={200: schemas.ServerDefinitionOut | schemas.NoDefinitionOut},
    ),
    errors=("validation",),
)
async def get_definition(call: Call, caller: Caller, connector_name: ConnectorName) -> Response:
    """Return one definition; an unknown name is answered with an empty list in `data`."""
    connector_type = rules.connector_type(call.query)
    return reply(definitions.get_definition(call, caller, connector_type, connector_name))


@router.post(
    "/api/v1/connector_definitions/check_connection",
    permission="connector_definition:create",
    body=schemas.CheckConnectionIn,
    # docs/vendors/squared.md#1-contradictions, row 13.
    responses=ByDialect(
        docs={200: schemas.CheckConnectionOut}, server={200: schemas.ServerCheckConnectionOut}
    ),
    errors=("validation", "exception"),
)
async def check_connection(call: Call, caller: Caller) -> Response:
    """Try a connection. The answer is 200 even if the connection fails.

    It fails without a key that the connector's check reads. Other keys may be missing. A host
    under `.invalid` cannot be reached. All others can.
    """
    attempt = connection_rules.attempt(body_of(call), load_registry())
    return reply(definitions.check_connection(call, caller, attempt))

"""Operations on connector definitions."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router.declarations import KEY, WORKSPACE
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import connections as connection_rules
from mockalog.vendors.squared.rules import definitions as rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.schemas import definitions as schemas
from mockalog.vendors.squared.schemas.paths import ConnectorName
from mockalog.vendors.squared.schemas.wire import body_of, reply
from mockalog.vendors.squared.service import definitions
from mockalog.vendors.squared.service.identity import identify

router = VendorRouter(tag="Connector definitions", key=KEY, bucket=API, headers=WORKSPACE)


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
async def list_definitions(call: Call) -> Response:
    """List the systems that can be connected, in the order of the registry and without pages."""
    caller = await identify(call)
    wanted = rules.wanted(call.query)
    return reply(definitions.list_definitions(call, caller, wanted))


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
async def get_definition(call: Call, connector_name: ConnectorName) -> Response:
    """Return one definition; an unknown name is answered with an empty list in `data`."""
    caller = await identify(call)
    kind = rules.wanted_type(call.query)
    return reply(definitions.get_definition(call, caller, kind, connector_name))


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
async def check_connection(call: Call) -> Response:
    """Try a connection. The answer is 200 even if the connection fails.

    A host under `.invalid` cannot be reached. All others can.
    """
    caller = await identify(call)
    wanted = connection_rules.attempt(body_of(call), registry())
    return reply(definitions.check_connection(call, caller, wanted))

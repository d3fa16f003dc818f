"""Operations that ask a connector: discover, query_source, execute_model."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router.declarations import KEY, WORKSPACE
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import asking as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.asking import ExecuteModelIn, QueryIn, RowsOut
from mockalog.vendors.squared.schemas.base import Anything
from mockalog.vendors.squared.schemas.catalogs import CatalogOut, catalog_of
from mockalog.vendors.squared.schemas.connector_requests import DiscoverQueryIn
from mockalog.vendors.squared.schemas.paths import ConnectorId
from mockalog.vendors.squared.schemas.wire import body_of, reply
from mockalog.vendors.squared.service import asking, discovery
from mockalog.vendors.squared.service.identity import identify

router = VendorRouter(
    tag="Connectors", key=KEY, permission="connector:read", bucket=API, headers=WORKSPACE
)


@router.get(
    "/api/v1/connectors/{connector_id}/discover",
    query=DiscoverQueryIn,
    responses={200: CatalogOut},
    errors=("validation", "connector-not-found", "unprocessable"),
)
async def discover(call: Call, connector_id: ConnectorId) -> Response:
    """Return the catalog of a connector.

    The first call looks at the connector and stores the catalog. Later calls return the stored
    one. With `refresh=true` the server looks again, and the catalog gets a new id.
    """
    caller = await identify(call)
    refresh = call.query.get("refresh") == "true"
    row = await discovery.discover(call, caller, path_id(connector_id), refresh=refresh)
    return reply({"data": catalog_of(row)})


@router.post(
    "/api/v1/connectors/{connector_id}/query_source",
    body=QueryIn,
    imports=("sqlglot.dialects.sqlite",),
    # docs/vendors/squared.md#1-contradictions, row 14.
    responses=ByDialect(docs={200: list[Anything]}, server={200: RowsOut}),
    errors=("validation", "connector-not-found", "unprocessable", "source-failed"),
)
async def query_source(call: Call, connector_id: ConnectorId) -> Response:
    """Run a query of the source's own SQL and return the rows."""
    caller = await identify(call)
    wanted = rules.question(body_of(call), connector_id)
    rows = await asking.query_source(call, caller, wanted)
    return reply(rows if call.setting("squared.dialect") == "docs" else {"data": rows})


@router.post(
    "/api/v1/connectors/{connector_id}/execute_model",
    body=ExecuteModelIn,
    # Not in the docs, so both dialects answer alike.
    responses={200: RowsOut},
    errors=("validation", "connector-not-found", "unprocessable", "source-failed"),
)
async def execute_model(call: Call, connector_id: ConnectorId) -> Response:
    """Send a payload to an AI model and return the answer."""
    caller = await identify(call)
    wanted, payload = rules.payload(body_of(call), connector_id)
    return reply({"data": await asking.execute_model(call, caller, wanted, payload)})

"""Operations that query a connector: discover, query_source, execute_model."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import API, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.router.paths import ConnectorId
from mockalog.vendors.squared.rules.connectors import queries as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.base import Anything
from mockalog.vendors.squared.schemas.connectors.catalogs import CatalogOut, catalog_of
from mockalog.vendors.squared.schemas.connectors.connector_requests import DiscoverQueryIn
from mockalog.vendors.squared.schemas.connectors.queries import ExecuteModelIn, QueryIn, RowsOut
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import discovery, queries

router = SquaredRouter(tag="Connectors", permission="connector:read", bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/connectors/{connector_id}/discover",
    query=DiscoverQueryIn,
    responses={200: CatalogOut},
    errors=("validation", "connector-not-found", "unprocessable"),
)
async def discover(call: Call, caller: Caller, connector_id: ConnectorId) -> Response:
    """Return the catalog of a connector.

    The first call looks at the connector and stores the catalog. Later calls return the stored
    one. With `refresh=true` the server looks again, and the catalog gets a new id.
    """
    refresh = call.query.get("refresh") == "true"
    row = await discovery.discover(call, caller, path_id(connector_id), refresh=refresh)
    return reply({"data": catalog_of(row)})


@router.post(
    "/api/v1/connectors/{connector_id}/query_source",
    body=QueryIn,
    # docs/vendors/squared.md#1-contradictions, row 14.
    responses=ByDialect(docs={200: list[Anything]}, server={200: RowsOut}),
    errors=("validation", "connector-not-found", "unprocessable", "source-failed"),
)
async def query_source(call: Call, caller: Caller, connector_id: ConnectorId) -> Response:
    """Run a query of the source's own SQL and return the rows."""
    query = rules.source_query(body_of(call), connector_id)
    rows = await queries.query_source(call, caller, query)
    return reply(rows if call.setting("squared.dialect") == "docs" else {"data": rows})


@router.post(
    "/api/v1/connectors/{connector_id}/execute_model",
    body=ExecuteModelIn,
    # The docs do not have it, so both dialects answer alike.
    responses={200: RowsOut},
    errors=("validation", "connector-not-found", "unprocessable", "source-failed"),
)
async def execute_model(call: Call, caller: Caller, connector_id: ConnectorId) -> Response:
    """Send a payload to an AI model and return the answer."""
    id_, payload = rules.model_payload(body_of(call), connector_id)
    return reply({"data": await queries.execute_model(call, caller, id_, payload)})

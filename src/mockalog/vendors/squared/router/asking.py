"""Operations that ask a connector: discover, query_source, execute_model."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import router
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import asking as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import body_of, catalog_of, reply
from mockalog.vendors.squared.service import asking, discovery
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/connectors/{connector_id}/discover", permission="connector:read", bucket=API)
async def discover(call: Call, connector_id: str) -> Answer:
    """Return a connector's catalog; only the literal `refresh=true` looks again."""
    caller = await identify(call)
    refresh = call.query.get("refresh") == "true"
    row = await discovery.discover(call, caller, path_id(connector_id), refresh=refresh)
    return reply({"data": catalog_of(row)})


@router.post(
    "/api/v1/connectors/{connector_id}/query_source", permission="connector:read", bucket=API
)
async def query_source(call: Call, connector_id: str) -> Answer:
    """Run a source's own SQL: row 14 of the contradictions."""
    caller = await identify(call)
    wanted = rules.question(body_of(call), connector_id)
    rows = await asking.query_source(call, caller, wanted)
    return reply(rows if call.setting("squared.dialect") == "docs" else {"data": rows})


@router.post(
    "/api/v1/connectors/{connector_id}/execute_model", permission="connector:read", bucket=API
)
async def execute_model(call: Call, connector_id: str) -> Answer:
    """Ask an AI model; not in the docs, so both dialects answer alike."""
    caller = await identify(call)
    wanted, payload = rules.payload(body_of(call), connector_id)
    return reply({"data": await asking.execute_model(call, caller, wanted, payload)})

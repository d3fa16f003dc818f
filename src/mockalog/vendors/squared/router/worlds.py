"""Control calls on the data world: a connector's tables under `/_mockalog/squared`."""

from mockalog.kernel.call import Call
from mockalog.kernel.errors import BodyTooLarge
from mockalog.kernel.vendor import MAX_BODY
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import inspections
from mockalog.vendors.squared.rules import worlds as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import reply
from mockalog.vendors.squared.service import worlds


@inspections.put("/connectors/{connector_id}/tables")
async def load_tables(call: Call, connector_id: str) -> Answer:
    """Give a connector the tables of the body, in place of all it had."""
    if len(call.body) > MAX_BODY:
        raise BodyTooLarge(MAX_BODY)
    return reply(await worlds.load(call, path_id(connector_id), rules.load(call.json)))


@inspections.get("/connectors/{connector_id}/tables")
async def show_tables(call: Call, connector_id: str) -> Answer:
    """Show a connector's tables with their rows."""
    return reply(await worlds.show_all(call, path_id(connector_id)))


@inspections.get("/connectors/{connector_id}/tables/{stream}")
async def show_table(call: Call, connector_id: str, stream: str) -> Answer:
    """Show one table: what a source would read, or what arrived at a destination."""
    return reply(await worlds.show(call, path_id(connector_id), stream))

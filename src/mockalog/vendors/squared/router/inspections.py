"""Calls under `/_mockalog/squared`: the vendor's own pages and mails, and the data world."""

from mockalog.kernel.errors import BodyTooLargeError
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.kernel.vendor.vendor import MAX_BODY
from mockalog.vendors.squared.rules import workspaces as rules
from mockalog.vendors.squared.rules import worlds as world_rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.accounts import MailsOut
from mockalog.vendors.squared.schemas.paths import ConnectorId, StreamName, UserId, WorkspaceId
from mockalog.vendors.squared.schemas.wire import body_of, reply
from mockalog.vendors.squared.schemas.workspaces import MemberIn, MemberOut
from mockalog.vendors.squared.schemas.worlds import TableOut, TablesIn, TablesOut
from mockalog.vendors.squared.service import mails, workspaces, worlds

inspections = VendorRouter(tag="AI Squared")


@inspections.get("/outbox", responses={200: MailsOut})
async def list_mails(call: Call) -> Response:
    """List the mails that the server would have sent, the oldest first."""
    return reply({"mails": await mails.outbox(call)})


@inspections.put(
    "/workspaces/{workspace_id}/members/{user_id}",
    body=MemberIn,
    responses={200: MemberOut},
    errors=("validation", "malformed-body", "workspace-not-found", "user-not-found"),
)
async def keep_role(call: Call, workspace_id: WorkspaceId, user_id: UserId) -> Response:
    """Give a user a role in a workspace, as an Admin does in the vendor's own pages."""
    role = rules.role(body_of(call))
    ids = path_id(workspace_id), path_id(user_id)
    return reply(await workspaces.keep_role(call, *ids, role))


@inspections.put(
    "/connectors/{connector_id}/tables",
    body=TablesIn,
    responses={200: TablesOut},
    errors=("validation", "malformed-body", "connector-not-found", "body-too-large"),
)
async def load_tables(call: Call, connector_id: ConnectorId) -> Response:
    """Give a connector the tables of the body in place of all that it had."""
    if len(call.body) > MAX_BODY:
        raise BodyTooLargeError(MAX_BODY)
    return reply(await worlds.load(call, path_id(connector_id), world_rules.load(call.json)))


@inspections.get(
    "/connectors/{connector_id}/tables",
    responses={200: TablesOut},
    errors=("validation", "connector-not-found"),
)
async def show_tables(call: Call, connector_id: ConnectorId) -> Response:
    """Show the tables of a connector with their rows."""
    return reply(await worlds.show_all(call, path_id(connector_id)))


@inspections.get(
    "/connectors/{connector_id}/tables/{stream}",
    responses={200: TableOut},
    errors=("validation", "connector-not-found", "table-not-found"),
)
async def show_table(call: Call, connector_id: ConnectorId, stream: StreamName) -> Response:
    """Show one table: the rows that a source reads, or that arrived at a destination."""
    return reply(await worlds.show(call, path_id(connector_id), stream))

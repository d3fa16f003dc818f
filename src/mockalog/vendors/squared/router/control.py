"""Operations of the control plane: the vendor's web UI, its mails, and source tables."""

from mockalog.kernel.errors import BodyTooLargeError
from mockalog.kernel.http.responses import Response
from mockalog.kernel.late_results import compute_late, take_result
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.kernel.vendor.vendor import MAX_BODY
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.router.paths import ConnectorId, StreamName, UserId, WorkspaceId
from mockalog.vendors.squared.rules.accounts.workspaces import role
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.control import (
    MailsOut,
    MemberIn,
    MemberOut,
    TableOut,
    TablesIn,
    TablesOut,
)
from mockalog.vendors.squared.service import control

router = VendorRouter(tag="AI Squared")


@router.get("/outbox", responses={200: MailsOut})
async def list_mails(call: Call) -> Response:
    """List the mails that the server would have sent, the oldest first."""
    return reply({"mails": await control.list_mails(call)})


@router.put(
    "/workspaces/{workspace_id}/members/{user_id}",
    body=MemberIn,
    responses={200: MemberOut},
    errors=("validation", "malformed-body", "workspace-not-found", "user-not-found"),
)
async def keep_role(call: Call, workspace_id: WorkspaceId, user_id: UserId) -> Response:
    """Give a user a role in a workspace, as an Admin does in the vendor's own pages."""
    new_role = role(body_of(call))
    ids = path_id(workspace_id), path_id(user_id)
    return reply(await control.keep_role(call, *ids, new_role))


@router.put(
    "/connectors/{connector_id}/tables",
    body=TablesIn,
    responses={200: TablesOut},
    errors=("validation", "malformed-body", "connector-not-found", "body-too-large"),
)
async def load_tables(call: Call, connector_id: ConnectorId) -> Response:
    """Give a connector the tables of the body in place of all that it had."""
    if len(call.body) > MAX_BODY:
        raise BodyTooLargeError(MAX_BODY)
    id_ = path_id(connector_id)
    inputs = id_, call.body
    prepared = take_result(inputs)
    if prepared is None:
        prepared = compute_late(inputs, lambda: control.prepare_tables(id_, call.json))
    return Response(200, await control.load_tables(call, id_, prepared.value))


@router.get(
    "/connectors/{connector_id}/tables",
    responses={200: TablesOut},
    errors=("validation", "connector-not-found"),
)
async def show_tables(call: Call, connector_id: ConnectorId) -> Response:
    """Show the tables of a connector with their rows."""
    return reply(await control.show_tables(call, path_id(connector_id)))


@router.get(
    "/connectors/{connector_id}/tables/{stream}",
    responses={200: TableOut},
    errors=("validation", "connector-not-found", "table-not-found"),
)
async def show_table(call: Call, connector_id: ConnectorId, stream: StreamName) -> Response:
    """Show one table: the rows that a source reads, or that arrived at a destination."""
    return reply(await control.show_table(call, path_id(connector_id), stream))

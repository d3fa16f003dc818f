"""Operations on workspaces."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.router.access import API, UPDATE, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import NO_CONTENT, body_of, reply
from mockalog.vendors.squared.router.paths import WorkspaceId
from mockalog.vendors.squared.rules.accounts import workspaces as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.accounts import workspaces as schemas
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.accounts import workspaces

router = SquaredRouter(tag="Workspaces", bucket=API)


@router.get("/api/v1/workspaces", responses={200: schemas.WorkspacesOut})
async def list_workspaces(call: Call, caller: Caller) -> Response:
    """List the caller's workspaces."""
    return reply({"data": await workspaces.list_workspaces(call, caller)})


@router.get(
    "/api/v1/workspaces/{workspace_id}",
    responses={200: schemas.WorkspaceOut},
    errors=("validation", "workspace-not-found"),
)
async def get_workspace(call: Call, caller: Caller, workspace_id: WorkspaceId) -> Response:
    """Return one of the caller's workspaces."""
    return reply({"data": await workspaces.get_workspace(call, caller, path_id(workspace_id))})


@router.post(
    "/api/v1/workspaces",
    permission="workspace:create",
    headers=WORKSPACE,
    body=schemas.CreateWorkspaceIn | schemas.NewWorkspaceIn,
    responses={201: schemas.WorkspaceOut},
    errors=("validation", "unstorable-value", "unprocessable"),
)
async def create_workspace(call: Call, caller: Caller) -> Response:
    """Create a workspace, whose Admin the caller is.

    The right to do so counts in the workspace of the header. The keys may stand in `workspace` or
    at the top of the body.
    """
    values = rules.new_workspace(body_of(call, "workspace", rules.COLUMNS))
    return reply({"data": await workspaces.create_workspace(call, caller, values)}, 201)


@router.declare(
    UPDATE,
    "/api/v1/workspaces/{workspace_id}",
    permission="workspace:update",
    headers=WORKSPACE,
    body=schemas.UpdateWorkspaceIn | schemas.WorkspaceChangesIn,
    responses={200: schemas.WorkspaceOut},
    errors=("validation", "exception", "unstorable-value", "parameter-missing", "unprocessable"),
)
async def update_workspace(call: Call, caller: Caller, workspace_id: WorkspaceId) -> Response:
    """Replace parts of a workspace.

    The right to do so counts in the workspace of the header. The keys may stand in `workspace` or
    at the top of the body. PUT and PATCH do the same.
    """
    body = body_of(call, "workspace", rules.COLUMNS)
    id_, values = rules.changes(body, workspace_id)
    return reply({"data": await workspaces.update_workspace(call, caller, id_, values)})


@router.delete(
    "/api/v1/workspaces/{workspace_id}",
    permission="workspace:delete",
    headers=WORKSPACE,
    responses={204: None},
    errors=("validation", "exception"),
)
async def delete_workspace(call: Call, caller: Caller, workspace_id: WorkspaceId) -> Response:
    """Delete a workspace with all that is in it.

    The right to do so counts in the workspace of the header.
    """
    await workspaces.delete_workspace(call, caller, path_id(workspace_id))
    return NO_CONTENT

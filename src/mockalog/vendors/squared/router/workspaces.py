"""Operations on workspaces and their members."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import UPDATE, inspections, router
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import workspaces as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import NO_CONTENT, body_of, reply
from mockalog.vendors.squared.service import workspaces
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/workspaces", bucket=API)
async def list_workspaces(call: Call) -> Answer:
    """List the caller's workspaces; no right and no workspace needed."""
    caller = await identify(call)
    return reply({"data": await workspaces.list_workspaces(call, caller)})


@router.get("/api/v1/workspaces/{workspace_id}", bucket=API)
async def get_workspace(call: Call, workspace_id: str) -> Answer:
    """Return one of the caller's workspaces; no right and no current workspace needed."""
    caller = await identify(call)
    return reply({"data": await workspaces.get_workspace(call, caller, path_id(workspace_id))})


@router.post("/api/v1/workspaces", permission="workspace:create", bucket=API)
async def create_workspace(call: Call) -> Answer:
    """Create a workspace."""
    caller = await identify(call)
    values = rules.new_workspace(body_of(call, "workspace", rules.COLUMNS))
    return reply({"data": await workspaces.create_workspace(call, caller, values)}, 201)


@router.declare(
    UPDATE, "/api/v1/workspaces/{workspace_id}", permission="workspace:update", bucket=API
)
async def update_workspace(call: Call, workspace_id: str) -> Answer:
    """Update a workspace."""
    caller = await identify(call)
    body = body_of(call, "workspace", rules.COLUMNS)
    wanted, values = rules.changes(body, workspace_id)
    return reply({"data": await workspaces.update_workspace(call, caller, wanted, values)})


@router.delete("/api/v1/workspaces/{workspace_id}", permission="workspace:delete", bucket=API)
async def delete_workspace(call: Call, workspace_id: str) -> Answer:
    """Delete a workspace with all that is in it."""
    caller = await identify(call)
    await workspaces.delete_workspace(call, caller, path_id(workspace_id))
    return NO_CONTENT


@router.get("/enterprise/api/v1/roles", bucket=API)
async def list_roles(call: Call) -> Answer:
    """List the roles with their rights: an operation of the docs alone (row 29)."""
    caller = await identify(call)
    return reply({"data": await workspaces.list_roles(call, caller)})


@inspections.put("/workspaces/{workspace_id}/members/{user_id}")
async def keep_role(call: Call, workspace_id: str, user_id: str) -> Answer:
    """Give a user the role of the body: the vendor's API cannot, its own pages can."""
    role = rules.role(body_of(call))
    ids = path_id(workspace_id), path_id(user_id)
    return reply(await workspaces.keep_role(call, *ids, role))

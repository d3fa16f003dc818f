"""Workspaces and the list of roles.

Sources: docs/vendors/squared.md#4-roles and docs/vendors/squared.md#6-workspaces.
"""

from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import UndefinedMethodError, not_found
from mockalog.vendors.squared.repository import WORKSPACES
from mockalog.vendors.squared.repository.accounts import accounts, workspaces
from mockalog.vendors.squared.repository.connectors import connectors
from mockalog.vendors.squared.rules.accounts import workspaces as rules
from mockalog.vendors.squared.rules.accounts.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.rules.accounts.rows import WorkspaceRow
from mockalog.vendors.squared.rules.accounts.slugs import slug
from mockalog.vendors.squared.rules.validation import Values, check_present, check_storable
from mockalog.vendors.squared.schemas.accounts.workspaces import role_of, workspace_of
from mockalog.vendors.squared.schemas.base import Resource
from mockalog.vendors.squared.service.access import Caller, new_workspace
from mockalog.vendors.squared.service.lookups import database_id, require_row


async def list_workspaces(call: Call, caller: Caller) -> list[Resource]:
    """Return the caller's workspaces."""
    rows = await workspaces.list_workspaces(call.repository, caller.user_id)
    return [workspace_of(row) for row in rows]


async def get_workspace(call: Call, caller: Caller, workspace_id: int) -> Resource:
    """Return one of the caller's workspaces."""
    row = await _find(call, caller, workspace_id)
    return workspace_of(require_row(row, not_found("Workspace")))


async def _find(call: Call, caller: Caller, workspace_id: int) -> WorkspaceRow | None:
    id_ = database_id(workspace_id)
    return await workspaces.get_workspace(call.repository, caller.user_id, id_)


async def _find_to_change(call: Call, caller: Caller, workspace_id: int) -> WorkspaceRow:
    """Return a workspace to change; the right counts in the workspace of the header.

    Raises `NoWorkspaceError`, `UndefinedMethodError` without the record, then `ForbiddenError`.
    """
    _ = caller.workspace_id
    row = await _find(call, caller, workspace_id)
    workspace = require_row(row, UndefinedMethodError("errors", "nil"))
    caller.authorise(call)
    return workspace


async def create_workspace(call: Call, caller: Caller, values: Values) -> Resource:
    """Store a workspace; the caller is its Admin."""
    caller.authorised_workspace(call)
    await _check(call, "creation", values)
    id_ = await call.repository.next_number(WORKSPACES)
    columns = new_workspace(call, id_, values["organization_id"], values["name"])
    described = {name: values[name] for name in ("description", "region")}
    await workspaces.create_workspace(call.repository, **columns, **described)
    await workspaces.set_role(call.repository, caller.user_id, id_, ADMIN)
    return await get_workspace(call, caller, id_)


async def update_workspace(
    call: Call, caller: Caller, workspace_id: int, values: Values
) -> Resource:
    """Replace columns of a workspace; the slug follows the name."""
    row = await _find_to_change(call, caller, workspace_id)
    check_present(values, "workspace")
    columns = {**{name: getattr(row, name) for name in rules.COLUMNS}, **values}
    await _check(call, "update", columns)
    columns |= {"slug": slug(columns["name"]), "updated_at": call.now}
    await workspaces.update_workspace(call.repository, workspace_id, columns)
    return await get_workspace(call, caller, workspace_id)


async def _check(call: Call, action: str, values: Values) -> None:
    """Raise the refusals of the record."""
    check_storable(values.values())
    id_ = database_id(values["organization_id"])
    organization = await workspaces.get_organization(call.repository, id_)
    rules.check_record(action, values, organization=organization)


async def delete_workspace(call: Call, caller: Caller, workspace_id: int) -> None:
    """Delete a workspace with its contents."""
    await lock_sandbox(call.repository)
    await _find_to_change(call, caller, workspace_id)
    # A transaction that stores something of a connector holds the connector's lock.
    await connectors.lock_connectors(call.repository, workspace_id)
    await workspaces.delete_workspace(call.repository, workspace_id)


async def list_roles(call: Call, caller: Caller) -> list[Resource]:
    """Return all roles; their age is that of the caller's account (inferred).

    Raises `UnknownOperationError` in the server dialect: docs/vendors/squared.md#1-contradictions,
    row 29.
    """
    if call.setting("squared.dialect") == "server":
        raise UnknownOperationError
    row = await accounts.get_user(call.repository, caller.user_id)
    created_at = require_row(row, not_found("User")).created_at
    return [role_of(number, role, created_at) for number, role in enumerate(RIGHTS, 1)]

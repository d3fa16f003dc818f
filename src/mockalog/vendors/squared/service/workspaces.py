"""Workspaces, and who has which role in one.

Sources: docs/vendors/squared.md#4-roles and docs/vendors/squared.md#6-workspaces.
"""

from collections.abc import Mapping
from typing import Any

from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import BadRequest, not_found
from mockalog.vendors.squared.repository import WORKSPACES, accounts, connectors, workspaces
from mockalog.vendors.squared.rules import workspaces as rules
from mockalog.vendors.squared.rules.accounts import slug
from mockalog.vendors.squared.rules.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.rules.validation import check_present, check_storable, is_id
from mockalog.vendors.squared.schemas.workspaces import role_of, workspace_of
from mockalog.vendors.squared.service.identity import Caller, new_workspace, provision


async def list_workspaces(call: Call, caller: Caller) -> list[dict[str, Any]]:
    """Return the caller's workspaces."""
    rows = await workspaces.list_workspaces(call.repository, caller.user_id)
    return [workspace_of(row) for row in rows]


async def get_workspace(call: Call, caller: Caller, workspace_id: int) -> dict[str, Any]:
    """Return one of the caller's workspaces."""
    row = await _find(call, caller, workspace_id)
    if row is None:
        raise not_found("Workspace")
    return workspace_of(row)


async def _find(call: Call, caller: Caller, workspace_id: int) -> Any | None:
    if not is_id(workspace_id):
        return None
    return await workspaces.get_workspace(call.repository, caller.user_id, workspace_id)


async def _find_to_change(call: Call, caller: Caller, workspace_id: int) -> Any:
    """Return the row and check the right, which counts in the workspace of the header.

    Raises `BadRequest` where the server fails on the missing record (wording inferred).
    """
    _ = caller.workspace_id
    row = await _find(call, caller, workspace_id)
    if row is None:
        raise BadRequest("undefined method 'errors' for nil")
    caller.authorise(call)
    return row


async def create_workspace(call: Call, caller: Caller, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store a workspace; who creates it is its Admin."""
    _ = caller.workspace_id
    caller.authorise(call)
    await _check(call, "creation", values)
    id_ = await call.repository.next_number(WORKSPACES)
    columns = new_workspace(call, id_, values["organization_id"], values["name"])
    described = {name: values[name] for name in ("description", "region")}
    await workspaces.create_workspace(call.repository, **columns, **described)
    await workspaces.keep_role(call.repository, caller.user_id, id_, ADMIN)
    return workspace_of(await _find(call, caller, id_))


async def update_workspace(
    call: Call, caller: Caller, workspace_id: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Replace the columns that are given; the slug follows the name."""
    row = await _find_to_change(call, caller, workspace_id)
    check_present(values, "workspace")
    columns = {**{name: getattr(row, name) for name in rules.COLUMNS}, **values}
    await _check(call, "update", columns)
    columns |= {"slug": slug(columns["name"]), "updated_at": call.now}
    await workspaces.update_workspace(call.repository, workspace_id, columns)
    return workspace_of(await _find(call, caller, workspace_id))


async def _check(call: Call, action: str, values: Mapping[str, Any]) -> None:
    """Raise what the record refuses."""
    check_storable(values.values())
    id_ = values["organization_id"]
    known = is_id(id_)
    organization = await workspaces.get_organization(call.repository, id_) if known else None
    rules.check_record(action, values, organization=organization)


async def delete_workspace(call: Call, caller: Caller, workspace_id: int) -> None:
    """Delete a workspace with all that is in it."""
    await lock_sandbox(call.repository)
    await _find_to_change(call, caller, workspace_id)
    # Whoever is about to store something that hangs on a connector holds its lock.
    await connectors.lock_all(call.repository, workspace_id)
    await workspaces.delete_workspace(call.repository, workspace_id)


async def keep_role(call: Call, workspace_id: int, user_id: int, role: str) -> dict[str, Any]:
    """Give a user a role in a workspace, as an Admin does in the vendor's own pages."""
    await provision(call)
    if not is_id(workspace_id) or not await workspaces.exists(call.repository, workspace_id):
        raise not_found("Workspace")
    if not is_id(user_id) or await accounts.get_user(call.repository, user_id) is None:
        raise not_found("User")
    await workspaces.keep_role(call.repository, user_id, workspace_id, role)
    return {"user_id": user_id, "workspace_id": workspace_id, "role": role}


async def list_roles(call: Call, caller: Caller) -> list[dict[str, Any]]:
    """Return the roles that there are, as old as the caller's account (inferred).

    Raises `UnknownOperationError` in the server dialect: docs/vendors/squared.md#1-contradictions,
    row 29.
    """
    if call.setting("squared.dialect") == "server":
        raise UnknownOperationError
    user: Any = await accounts.get_user(call.repository, caller.user_id)
    return [role_of(number, role, user.created_at) for number, role in enumerate(RIGHTS, 1)]

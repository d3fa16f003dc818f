"""Workspaces and roles on the wire.

Sources: docs/vendors/squared.md#4-roles, docs/vendors/squared.md#6-workspaces and
docs/vendors/squared.md#117-enterprise-operations.
"""

from typing import Annotated, Literal

from pydantic import Field

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.squared.rules.accounts import roles
from mockalog.vendors.squared.rules.accounts.rows import WorkspaceRow
from mockalog.vendors.squared.rules.accounts.workspaces import COLUMNS
from mockalog.vendors.squared.schemas.base import (
    IdText,
    In,
    Integer,
    Name,
    Out,
    Resource,
    Timestamp,
    absent,
    choice,
    exampled,
    one_of,
    resource,
)

_NUMBER = r"^\s*[0-9]{1,19}\s*$"


class WorkspaceIn(In):
    """The workspace that a call is for. Without it the call is for the caller's first one."""

    workspace_id: str = absent(
        alias="Workspace-Id",
        pattern=_NUMBER,
        description="Number of one of the caller's workspaces; by default the first",
        examples=["2"],
    )


class RequiredWorkspaceIn(In):
    """The workspace that a call is for."""

    workspace_id: str = Field(
        alias="Workspace-Id",
        pattern=_NUMBER,
        description="Number of one of the caller's workspaces",
        examples=["2"],
    )


_NEW = {"name": "Growth", "organization_id": 2, "region": "eu"}
_CHANGES = {"name": "Growth EU"}


class NewWorkspaceIn(In):
    """A workspace to create."""

    model_config = exampled(_NEW)

    name: Name
    organization_id: Integer
    description: str | None = absent()
    region: str | None = absent()


class CreateWorkspaceIn(In):
    """A workspace to create."""

    model_config = exampled({"workspace": _NEW})

    workspace: NewWorkspaceIn


class WorkspaceChangesIn(In):
    """The parts of a workspace to replace, at least one."""

    model_config = exampled(_CHANGES, **one_of(*COLUMNS))

    name: Name = absent(
        description="It has at least one letter, and no two hyphens in a row; the slug follows it",
        json_schema_extra={"not": {"pattern": "--"}},
    )
    organization_id: Integer = absent()
    description: str | None = absent()
    region: str | None = absent()


class UpdateWorkspaceIn(In):
    """Changes of a workspace."""

    model_config = exampled({"workspace": _CHANGES})

    workspace: WorkspaceChangesIn


class WorkspaceAttributesOut(Out):
    """A workspace."""

    name: str
    slug: str = Field(description="The name in lower case, with hyphens")
    status: Literal["active", "inactive", "pending"]
    api_key: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    created_at: Timestamp
    updated_at: Timestamp
    description: str | None
    region: str | None
    organization_id: int
    organization_name: str
    members_count: int
    workspace_logo_url: str | None
    organization_logo_url: str | None


class WorkspaceResourceOut(Out):
    """A workspace as a JSON:API object."""

    id: IdText
    type: Literal["workspaces"]
    attributes: WorkspaceAttributesOut


_RESOURCE = {
    "id": "2",
    "type": "workspaces",
    "attributes": {
        "name": "Growth",
        "slug": "growth",
        "status": "pending",
        "api_key": "32" * 32,
        "created_at": "2026-03-02T09:00:00.000Z",
        "updated_at": "2026-03-02T09:00:00.000Z",
        "description": None,
        "region": "eu",
        "organization_id": 2,
        "organization_name": "Acme",
        "members_count": 1,
        "workspace_logo_url": None,
        "organization_logo_url": None,
    },
}


class WorkspaceOut(Out):
    """One workspace."""

    model_config = exampled({"data": _RESOURCE})

    data: WorkspaceResourceOut


class WorkspacesOut(Out):
    """All workspaces of the caller, the oldest first; they have no pages."""

    model_config = exampled({"data": [_RESOURCE]})

    data: list[WorkspaceResourceOut]


class ActionsOut(Out):
    """The rights in one resource."""

    create: bool
    read: bool
    update: bool
    delete: bool


class PoliciesOut(Out):
    """The rights of a role by resource."""

    permissions: dict[Annotated[str, choice(*roles.RESOURCES)], ActionsOut]


class RoleAttributesOut(Out):
    """A role."""

    role_name: str
    role_desc: str
    policies: PoliciesOut
    updated_at: Timestamp
    created_at: Timestamp


class RoleResourceOut(Out):
    """A role as a JSON:API object."""

    id: IdText
    type: Literal["roles"]
    attributes: RoleAttributesOut


_ROLE = {
    "id": "3",
    "type": "roles",
    "attributes": {
        "role_name": "Viewer",
        "role_desc": roles.DESCRIPTIONS["Viewer"],
        "policies": {
            "permissions": {
                "connector": {"create": False, "read": True, "update": False, "delete": False}
            }
        },
        "updated_at": "2026-03-02T09:00:00.000Z",
        "created_at": "2026-03-02T09:00:00.000Z",
    },
}


class RolesOut(Out):
    """All roles."""

    model_config = exampled({"data": [_ROLE]})

    data: list[RoleResourceOut]


def workspace_of(row: WorkspaceRow) -> Resource:
    """Return a stored workspace; no operation uploads a logo."""
    attributes: dict[str, object] = {
        "name": row.name,
        "slug": row.slug,
        "status": row.status,
        "api_key": row.api_key,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
        "description": row.description,
        "region": row.region,
        "organization_id": row.organization_id,
        "organization_name": row.organization_name,
        "members_count": row.members_count,
        "workspace_logo_url": None,
        "organization_logo_url": None,
    }
    return resource("workspaces", row.id, attributes)


def role_of(number: int, role: str, created_at: int) -> Resource:
    """Return a role with its rights; `created_at` in microseconds.

    Source: docs/vendors/squared.md#117-enterprise-operations.
    """
    attributes: dict[str, object] = {
        "role_name": role,
        "role_desc": roles.DESCRIPTIONS[role],
        "policies": roles.policies(role),
        "updated_at": iso_millis(created_at),
        "created_at": iso_millis(created_at),
    }
    return resource("roles", number, attributes)

"""Queries on organizations, their workspaces and the roles of members."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, delete, func, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.squared.models import (
    catalogs,
    connectors,
    memberships,
    models,
    organizations,
    source_rows,
    source_tables,
    sync_records,
    sync_runs,
    syncs,
    workspaces,
)
from mockalog.vendors.squared.repository import IdRow
from mockalog.vendors.squared.rules.accounts.rows import WorkspaceRow


class OrganizationRow(NamedTuple):
    """An organization."""

    sandbox_id: int
    id: int
    name: str


_SANDBOX_ID: BindParameter[int] = bindparam("sandbox_id")
_members = memberships.alias("members")
_OF_USER = (
    select(
        workspaces,
        organizations.c.name.label("organization_name"),
        select(func.count())
        .select_from(_members)
        .where(
            _members.c.sandbox_id == workspaces.c.sandbox_id,
            _members.c.workspace_id == workspaces.c.id,
        )
        .scalar_subquery()
        .label("members_count"),
    )
    .join_from(
        memberships,
        workspaces,
        and_(
            workspaces.c.sandbox_id == memberships.c.sandbox_id,
            workspaces.c.id == memberships.c.workspace_id,
        ),
    )
    .join(
        organizations,
        and_(
            organizations.c.sandbox_id == workspaces.c.sandbox_id,
            organizations.c.id == workspaces.c.organization_id,
        ),
    )
    .where(memberships.c.sandbox_id == _SANDBOX_ID, memberships.c.user_id == bindparam("user_id"))
)
_LIST = Query(_OF_USER.order_by(workspaces.c.created_at, workspaces.c.id), WorkspaceRow)
_GET = Query(_OF_USER.where(workspaces.c.id == bindparam("workspace_id")), WorkspaceRow)
_GET_ORGANIZATION = Query(
    select(organizations).where(
        organizations.c.sandbox_id == _SANDBOX_ID,
        organizations.c.id == bindparam("organization_id"),
    ),
    OrganizationRow,
)
_CREATE_ORGANIZATION = insert(organizations)
_CREATE = insert(workspaces)
_CHANGED = ("name", "slug", "organization_id", "description", "region", "updated_at")
_THE_ONE = workspaces.c.sandbox_id == _SANDBOX_ID, workspaces.c.id == bindparam("workspace_id")
_EXISTS = Query(select(workspaces.c.id).where(*_THE_ONE), IdRow)
_UPDATE = (
    update(workspaces)
    .where(*_THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_DELETE = delete(workspaces).where(*_THE_ONE)
# The contents of a workspace are deleted with it, so that their ids are unknown afterwards.
_DELETE_CONTENTS = tuple(
    delete(table).where(
        table.c.sandbox_id == _SANDBOX_ID, table.c.workspace_id == bindparam("workspace_id")
    )
    for table in (sync_records, sync_runs, syncs, catalogs, models, connectors, memberships)
)
_connectors = select(connectors.c.id).where(
    connectors.c.sandbox_id == _SANDBOX_ID,
    connectors.c.workspace_id == bindparam("workspace_id"),
)
_DELETE_TABLES = tuple(
    delete(table).where(table.c.sandbox_id == _SANDBOX_ID, table.c.connector_id.in_(_connectors))
    for table in (source_rows, source_tables)
)
_membership = upsert(memberships).values(
    sandbox_id=_SANDBOX_ID,
    user_id=bindparam("user_id"),
    workspace_id=bindparam("workspace_id"),
    role=bindparam("role"),
)
_SET_ROLE = _membership.on_conflict_do_update(
    index_elements=["sandbox_id", "user_id", "workspace_id"],
    set_={"role": _membership.excluded.role},
)


async def list_workspaces(repository: Repository, user_id: int) -> Sequence[WorkspaceRow]:
    """Return a user's workspaces, oldest first."""
    return await repository.all(_LIST, user_id=user_id)


async def get_workspace(
    repository: Repository, user_id: int, workspace_id: int
) -> WorkspaceRow | None:
    """Return a workspace that the user belongs to."""
    return await repository.first(_GET, user_id=user_id, workspace_id=workspace_id)


async def workspace_exists(repository: Repository, workspace_id: int) -> bool:
    """Return whether the workspace exists, whatever its organization."""
    return await repository.first(_EXISTS, workspace_id=workspace_id) is not None


async def get_organization(repository: Repository, organization_id: int) -> OrganizationRow | None:
    """Return an organization."""
    return await repository.first(_GET_ORGANIZATION, organization_id=organization_id)


async def create_organization(repository: Repository, id_: int, name: str) -> None:
    """Store an organization."""
    await repository.run(_CREATE_ORGANIZATION, id=id_, name=name)


async def create_workspace(repository: Repository, **columns: object) -> None:
    """Store a workspace."""
    await repository.run(_CREATE, **columns)


async def update_workspace(
    repository: Repository, workspace_id: int, columns: Mapping[str, object]
) -> None:
    """Store a workspace's new columns."""
    changed = {f"new_{name}": columns[name] for name in _CHANGED}
    await repository.run(_UPDATE, workspace_id=workspace_id, **changed)


async def delete_workspace(repository: Repository, workspace_id: int) -> None:
    """Delete a workspace with its contents."""
    for statement in (*_DELETE_TABLES, *_DELETE_CONTENTS, _DELETE):
        await repository.run(statement, workspace_id=workspace_id)


async def set_role(repository: Repository, user_id: int, workspace_id: int, role: str) -> None:
    """Set a user's role in a workspace."""
    values = {"user_id": user_id, "workspace_id": workspace_id, "role": role}
    await repository.run(_SET_ROLE, **values)

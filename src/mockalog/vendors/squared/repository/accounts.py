"""Users, their organizations and workspaces."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, insert, select, update

from mockalog.kernel.repository import Repository
from mockalog.vendors.squared.models import memberships, organizations, users, workspaces

_SANDBOX_ID: BindParameter[int] = bindparam("sandbox_id")


def _caller(*conditions: Any) -> Select[Any]:
    """Return a user with one workspace of theirs: NULL if they have none that fits."""
    theirs = and_(
        memberships.c.sandbox_id == users.c.sandbox_id,
        memberships.c.user_id == users.c.id,
        *conditions,
    )
    return (
        select(users.c.id, users.c.token_digest, users.c.locked_until, memberships.c.workspace_id)
        .select_from(users.outerjoin(memberships, theirs))
        .where(users.c.sandbox_id == _SANDBOX_ID, users.c.id == bindparam("user_id"))
        .order_by(memberships.c.workspace_id)
        .limit(1)
    )


_CALLER = _caller()
_CALLER_IN = _caller(memberships.c.workspace_id == bindparam("wanted"))
_USER = select(users).where(users.c.sandbox_id == _SANDBOX_ID, users.c.email == bindparam("email"))
_members = memberships.alias("members")
_WORKSPACES = (
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
    .order_by(workspaces.c.created_at, workspaces.c.id)
)
_CREATE_ORGANIZATION = insert(organizations)
_CREATE_WORKSPACE = insert(workspaces)
_CREATE_USER = insert(users).returning(users)
_CREATE_MEMBERSHIP = insert(memberships)
_THE_USER = users.c.sandbox_id == _SANDBOX_ID, users.c.id == bindparam("user_id")
_KEEP_TOKEN = (
    update(users)
    .where(*_THE_USER)
    .values(token_digest=bindparam("digest"), failed_logins=0, locked_until=None)
)
_KEEP_FAILURE = (
    update(users)
    .where(*_THE_USER)
    .values(failed_logins=bindparam("failures"), locked_until=bindparam("until"))
)


async def caller(repository: Repository, user_id: int, workspace_id: int | None) -> Any | None:
    """Return a user with their first workspace, or with the one that is wanted."""
    if workspace_id is None:
        return await repository.first(_CALLER, user_id=user_id)
    return await repository.first(_CALLER_IN, user_id=user_id, wanted=workspace_id)


async def user_of(repository: Repository, email: str) -> Any | None:
    """Return the user of an email, which must match in case."""
    return await repository.first(_USER, email=email)


async def list_workspaces(repository: Repository, user_id: int) -> Sequence[Any]:
    """Return a user's workspaces, oldest first."""
    return await repository.all(_WORKSPACES, user_id=user_id)


async def create_organization(repository: Repository, id_: int, name: str) -> None:
    """Store an organization."""
    await repository.run(_CREATE_ORGANIZATION, id=id_, name=name)


async def create_workspace(repository: Repository, **columns: Any) -> None:
    """Store a workspace."""
    await repository.run(_CREATE_WORKSPACE, **columns)


async def create_user(repository: Repository, **columns: Any) -> Any:
    """Store a user who never logged in and return the row."""
    unused = {"token_digest": None, "failed_logins": 0, "locked_until": None}
    return await repository.first(_CREATE_USER, **unused, **columns)


async def create_membership(
    repository: Repository, user_id: int, workspace_id: int, role: str
) -> None:
    """Give a user a role in a workspace."""
    values = {"user_id": user_id, "workspace_id": workspace_id, "role": role}
    await repository.run(_CREATE_MEMBERSHIP, **values)


async def keep_token(repository: Repository, user_id: int, digest: str) -> None:
    """Store which token is the live one; a login that succeeds forgets the failed ones."""
    await repository.run(_KEEP_TOKEN, user_id=user_id, digest=digest)


async def keep_failure(
    repository: Repository, user_id: int, failures: int, until: int | None
) -> None:
    """Store how many logins failed in a row, and until when the account is locked."""
    await repository.run(_KEEP_FAILURE, user_id=user_id, failures=failures, until=until)

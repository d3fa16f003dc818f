"""Who is calling, and in which workspace.

Sources: docs/vendors/squared.md#23-authentication and docs/vendors/squared.md#24-workspace.
"""

import re
from typing import Any, NamedTuple

from mockalog.kernel.errors import ForbiddenError, UnauthorizedError
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import AccountLocked, NoWorkspace
from mockalog.vendors.squared.repository import (
    ORGANIZATIONS,
    USERS,
    WORKSPACES,
    accounts,
    workspaces,
)
from mockalog.vendors.squared.rules import accounts as rules
from mockalog.vendors.squared.rules.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.rules.validation import MAX_ID

# Whom a bearer token stands for that no login issued.
FIRST_USER = 1

NO_WORKSPACE = 0

_NUMBER = re.compile(r"\s*[0-9]{1,19}\s*")


class Caller(NamedTuple):
    """A user, and the workspace that the call is for, if it named one of theirs."""

    user_id: int
    workspace: int | None
    role: str | None

    @property
    def workspace_id(self) -> int:
        """Return the workspace; raises `NoWorkspace`."""
        if self.workspace is None:
            raise NoWorkspace
        return self.workspace

    def authorise(self, call: Call) -> None:
        """Raise `ForbiddenError` unless credential and role both hold the operation's right."""
        call.authorise()
        right = call.operation.permission
        if right is not None and right not in RIGHTS.get(self.role or "", ()):
            raise ForbiddenError(right)


async def identify(call: Call) -> Caller:
    """Return the caller; raises `UnauthorizedError` and `AccountLocked`.

    A workspace that is not theirs is an error only once it is asked for: the contract of the
    request is checked in between.
    """
    subject = call.principal.subject
    if "mail" in subject:  # a mail's token is for what the mail says and nothing else
        raise UnauthorizedError(call.exchange.token)
    issued = subject.get("user_id")
    row = await _find(call, issued or FIRST_USER)
    if issued is not None:
        _check_token(call, row)
    elif row is None:
        await provision(call)
        row = await _find(call, FIRST_USER)
    return Caller(row.id, row.workspace_id, row.role)


async def _find(call: Call, user_id: int) -> Any:
    return await accounts.caller(call.repository, user_id, wanted_workspace(call))


def _check_token(call: Call, row: Any | None) -> None:
    """Refuse a token whose user is gone (a reset) and that of a locked account."""
    if row is None or row.token_digest != call.principal.token_digest:
        raise UnauthorizedError(call.exchange.token)
    if row.locked_until is not None and call.now < row.locked_until:
        raise AccountLocked


def wanted_workspace(call: Call) -> int | None:
    """Return the workspace of the header; None for the caller's first (docs dialect)."""
    text = call.headers.get("workspace-id")
    if text is None:
        return None if call.setting("squared.dialect") == "docs" else NO_WORKSPACE
    number = int(text) if _NUMBER.fullmatch(text) else NO_WORKSPACE
    return number if number <= MAX_ID else NO_WORKSPACE


async def provision(call: Call) -> None:
    """Give a sandbox its first user; of many first calls at once one does it."""
    repository = call.repository
    await repository.lock(USERS)
    if await accounts.caller(repository, FIRST_USER, NO_WORKSPACE) is None:
        await create_account(call, "Admin", "admin@mockalog.invalid", None, "mockalog")


async def create_account(
    call: Call,
    name: str,
    email: str,
    password: str | None,
    company: str,
    confirmation_token: str | None = None,
) -> Any:
    """Store a user as the Admin of a new organization's workspace and return the user's row.

    `confirmation_token`: what has to come back before the address counts as verified; without
    one it does at once.
    """
    repository = call.repository
    user_id = await repository.next_number(USERS)
    organization_id = await repository.next_number(ORGANIZATIONS)
    workspace_id = await repository.next_number(WORKSPACES)
    await workspaces.create_organization(repository, organization_id, company)
    columns = new_workspace(call, workspace_id, organization_id, "default")
    await workspaces.create_workspace(repository, **columns, description=None, region=None)
    await workspaces.keep_role(repository, user_id, workspace_id, ADMIN)
    return await accounts.create_user(
        repository,
        id=user_id,
        name=name,
        email=email,
        password=password,
        created_at=call.now,
        confirmation_token=confirmation_token,
        confirmed_at=None if confirmation_token else call.now,
    )


def new_workspace(call: Call, id_: int, organization_id: int, name: str) -> dict[str, Any]:
    """Return the columns of a new workspace but for its description and region."""
    return {
        "id": id_,
        "organization_id": organization_id,
        "name": name,
        "slug": rules.slug(name),
        "status": "pending",
        "api_key": f"{call.runtime.randomness.getrandbits(256):064x}",
        "created_at": call.now,
        "updated_at": call.now,
    }

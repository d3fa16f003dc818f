"""The caller of an operation, the caller's workspace, and the first user of a sandbox.

Sources: docs/vendors/squared.md#23-authentication and docs/vendors/squared.md#24-workspace.
"""

import re
from typing import NamedTuple

from mockalog.kernel.errors import ForbiddenError, UnauthorizedError
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import AccountLockedError, NoWorkspaceError
from mockalog.vendors.squared.repository import ORGANIZATIONS, USERS, WORKSPACES
from mockalog.vendors.squared.repository.accounts import accounts, workspaces
from mockalog.vendors.squared.repository.accounts.accounts import CallerRow
from mockalog.vendors.squared.rules.accounts.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.rules.accounts.rows import UserRow
from mockalog.vendors.squared.rules.accounts.slugs import slug
from mockalog.vendors.squared.service.lookups import NO_ID, database_id

# The user of every bearer token that no login issued.
FIRST_USER = 1

_NUMBER = re.compile(r"\s*[0-9]{1,19}\s*")


class Caller(NamedTuple):
    """A user, with the workspace of the call and the role there; None if the user has none."""

    user_id: int
    workspace: int | None
    role: str | None

    @property
    def workspace_id(self) -> int:
        """Return the workspace; raises `NoWorkspaceError`."""
        if self.workspace is None:
            raise NoWorkspaceError
        return self.workspace

    def authorise(self, call: Call) -> None:
        """Raise `ForbiddenError` if credential or role does not hold the operation's right."""
        call.authorise()
        right = call.operation.permission
        if right is not None and right not in RIGHTS.get(self.role or "", ()):
            raise ForbiddenError(right)

    def authorised_workspace(self, call: Call) -> int:
        """Return the workspace; raises `NoWorkspaceError`, then `ForbiddenError`."""
        workspace_id = self.workspace_id
        self.authorise(call)
        return workspace_id


async def identify(call: Call) -> Caller:
    """Return the caller; raises `UnauthorizedError` and `AccountLockedError`.

    A missing workspace is an error of the operation: the contract of its request comes first.
    """
    subject = call.principal.subject
    if "mail" in subject:  # a mailed token is valid for the purpose of its mail only
        raise UnauthorizedError(call.exchange.token)
    user_id = subject.get("user_id")
    row = await (_first_caller(call) if user_id is None else _issued_caller(call, user_id))
    return Caller(row.id, row.workspace_id, row.role)


async def _issued_caller(call: Call, user_id: int) -> CallerRow:
    """Return the user of a login's token.

    Raises `UnauthorizedError` if the user or the token has ended, and `AccountLockedError`.
    """
    row = await _get_caller(call, user_id)
    if row is None or row.token_digest != call.principal.token_digest:
        raise UnauthorizedError(call.exchange.token)
    if row.locked_until is not None and call.now < row.locked_until:
        raise AccountLockedError
    return row


async def _first_caller(call: Call) -> CallerRow:
    """Return the first user, created by the first call of the sandbox."""
    row = await _get_caller(call, FIRST_USER)
    if row is None:
        await provision(call)
        row = await _get_caller(call, FIRST_USER)
    assert row is not None  # provisioned
    return row


async def _get_caller(call: Call, user_id: int) -> CallerRow | None:
    return await accounts.get_caller(call.repository, user_id, _workspace_of_header(call))


def _workspace_of_header(call: Call) -> int | None:
    """Return the workspace of the header; None for the user's first one (docs dialect).

    Puma joins the values of a repeated header by commas, so a repeated one is no number.
    """
    sent = [value for name, value in call.exchange.headers if name == b"workspace-id"]
    if not sent:
        return None if call.setting("squared.dialect") == "docs" else NO_ID
    text = b", ".join(sent).decode("latin-1")
    return database_id(int(text)) if _NUMBER.fullmatch(text) else NO_ID


async def provision(call: Call) -> None:
    """Create the first user of a sandbox; of simultaneous calls only one creates it."""
    repository = call.repository
    await repository.lock(USERS)
    if await accounts.get_caller(repository, FIRST_USER, NO_ID) is None:
        await create_account(call, "Admin", "admin@mockalog.invalid", None, "mockalog")


async def create_account(
    call: Call,
    name: str,
    email: str,
    password_hash: str | None,
    company: str,
    confirmation_token: str | None = None,
) -> UserRow:
    """Store a user as the Admin of a new organization's workspace.

    `confirmation_token`: verifies the address; without one it counts as verified.
    """
    repository = call.repository
    user_id = await repository.next_number(USERS)
    organization_id = await repository.next_number(ORGANIZATIONS)
    workspace_id = await repository.next_number(WORKSPACES)
    await workspaces.create_organization(repository, organization_id, company)
    columns = new_workspace(call, workspace_id, organization_id, "default")
    await workspaces.create_workspace(repository, **columns, description=None, region=None)
    await workspaces.set_role(repository, user_id, workspace_id, ADMIN)
    return await accounts.create_user(
        repository,
        id=user_id,
        name=name,
        email=email,
        password=password_hash,
        created_at=call.now,
        confirmation_token=confirmation_token,
        confirmed_at=None if confirmation_token else call.now,
    )


def new_workspace(call: Call, id_: int, organization_id: int, name: str) -> dict[str, object]:
    """Return the columns of a new workspace without description and region."""
    return {
        "id": id_,
        "organization_id": organization_id,
        "name": name,
        "slug": slug(name),
        "status": "pending",
        "api_key": f"{call.runtime.randomness.getrandbits(256):064x}",
        "created_at": call.now,
        "updated_at": call.now,
    }

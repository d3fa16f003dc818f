"""Authentication: the sandbox that a credential opens, and the permissions that it holds there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from mockalog.kernel.clock import Clock
from mockalog.kernel.database.interfaces import Connection, Database
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.errors import UnauthorizedError
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.credentials import FIND, Credential, digest, from_row
from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.kernel.sandboxes.sandboxes import Sandbox, Sandboxes

ANYTHING = frozenset({"*"})

# Returns the names of the sandboxes that hold the subject of a credential; two are enough.
FindSandboxes = Callable[[Connection, str], Awaitable[Sequence[str]]]


class Principal(NamedTuple):
    """The authenticated caller: its sandbox, its permissions and the vendor's data about it."""

    sandbox: Sandbox
    permissions: frozenset[str] = ANYTHING
    subject: Mapping[str, Any] = MappingProxyType({})
    # SHA-256 of the credential, so that a vendor can revoke it.
    token_digest: str = ""

    def may(self, permission: str) -> bool:
        """Return whether the caller holds the permission."""
        return "*" in self.permissions or permission in self.permissions


class Authenticator(Protocol):
    """Decides which sandbox a credential opens. `MOCKALOG_AUTHENTICATOR` names another one."""

    async def authenticate(self, vendor: str, token: str, sandbox: str | None) -> Principal:
        """Return the principal of `token` (never one of the `PLACEHOLDERS`) at a vendor.

        `sandbox` is the value of `X-Mockalog-Sandbox`; it replaces the sandbox that the credential
        opens. Raises `UnauthorizedError`.
        """
        ...


class StrictAuthenticator:
    """Accepts registered and issued credentials only, with their permissions."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes

    async def authenticate(self, vendor: str, token: str, sandbox: str | None) -> Principal:
        """Return the principal of a known credential that is neither expired nor revoked."""
        key = vendor, token, sandbox
        if remembered := self._sandboxes.recall(key):
            principal: Principal = remembered
            return principal
        generation = self._sandboxes.generation
        token_digest = digest(token)
        known = await self._sandboxes.credential(vendor, token_digest)
        principal = await (
            self.authenticate_unknown(token, token_digest, sandbox)
            if known is None
            else self._authenticate_known(token, token_digest, known, sandbox)
        )
        # A credential that expires is checked at every call.
        if known is None or known.expires_at is None:
            self._sandboxes.remember(key, principal, generation)
        return principal

    async def _authenticate_known(
        self, token: str, token_digest: str, known: Credential, sandbox: str | None
    ) -> Principal:
        name = named(sandbox) or known.sandbox
        if name != known.sandbox and not await self._sandboxes.may_name(name, token):
            raise UnauthorizedError(token)
        opened = await self._sandboxes.open(name)
        if known.revoked or _expired(known, opened.clock):
            raise UnauthorizedError(token)
        return Principal(opened, known.permissions, known.subject, token_digest)

    async def authenticate_unknown(
        self, token: str, token_digest: str, sandbox: str | None
    ) -> Principal:
        """Raise `UnauthorizedError` for a credential that was neither registered nor issued."""
        raise UnauthorizedError(token)


class OpenAuthenticator(StrictAuthenticator):
    """Accepts any credential: an unknown one opens its own sandbox with all permissions."""

    async def authenticate_unknown(
        self, token: str, token_digest: str, sandbox: str | None
    ) -> Principal:
        """Open the sandbox that is named after the credential."""
        opened = await self._sandboxes.open(named(sandbox) or token_digest)
        return Principal(opened, token_digest=token_digest)


async def identify_public_caller(
    authenticator: Authenticator, sandboxes: Sandboxes, vendor: str, token: str, sandbox: str | None
) -> Principal | None:
    """Return the principal of a call that needs no credential but names a sandbox or sends a token.

    Return None if it does neither, if the token is unknown, or if it may not name the sandbox. An
    expired or revoked token still names its sandbox, because a client that logs in again may send
    the old one.
    """
    if name := named(sandbox):
        allowed = await sandboxes.may_name(name, token)
        return Principal(await sandboxes.open(name)) if allowed else None
    if not await is_known(authenticator, sandboxes, token):
        return None
    if known := await sandboxes.credential(vendor, digest(token)):
        return Principal(await sandboxes.open(known.sandbox))
    with suppress(UnauthorizedError):
        return await authenticator.authenticate(vendor, token, None)
    return None


async def identify_by_subject(
    database: Database, sandboxes: Sandboxes, vendor: str, token: str, find: FindSandboxes
) -> Principal | None:
    """Return the principal of an unregistered credential by the sandbox that holds its subject.

    Return None if the credential's own sandbox holds it, if several sandboxes do, or if none does:
    then the credential opens its own.
    """
    own = digest(token)
    if await sandboxes.credential(vendor, own) is not None:
        return None
    async with database.transaction() as connection:
        names = await find(connection, token)
    if len(names) != 1 or own in names:
        return None
    return Principal(await sandboxes.open(names[0]), token_digest=own)


async def is_known(authenticator: Authenticator, sandboxes: Sandboxes, token: str) -> bool:
    """Return whether a call that needs no credential goes by its token.

    Open mode accepts every token, and clients send any text before they have one: there a token
    counts only if the server has seen it before (docs/vendors/squared.md#5-accounts). Any other
    authenticator decides itself.
    """
    if token in PLACEHOLDERS:
        return False
    return not isinstance(authenticator, OpenAuthenticator) or await sandboxes.knows(token)


async def identify_anonymous_caller(sandboxes: Sandboxes) -> Principal:
    """Return the principal of a call without a sandbox, to which the server's faults apply."""
    return Principal(await sandboxes.find(TEMPLATE) or Sandbox(0, TEMPLATE))


async def find_accepted(connection: Connection, vendor: str, token: str) -> Credential | None:
    """Return the known credential of a token, None if it is unknown, expired or revoked.

    It reads in the transaction of another call, and opens no sandbox.
    """
    row = await connection.first(FIND, {"vendor": vendor, "digest": digest(token)})
    known = None if row is None else from_row(row)
    if known is None or known.revoked:
        return None
    opened = await generations.find(connection, known.sandbox)
    clock = Clock() if opened is None else Clock(opened.clock_mode, opened.clock_value)
    return None if _expired(known, clock) else known


def named(sandbox: str | None) -> str | None:
    """Return the sandbox that a header names, None for a blank; the template is not callable."""
    return None if sandbox is None or sandbox.strip() in ("", TEMPLATE) else sandbox


def _expired(known: Credential, clock: Clock) -> bool:
    return known.expires_at is not None and clock.now() >= known.expires_at

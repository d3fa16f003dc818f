"""The registered credentials."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, ConfigDict, Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.long_responses import LongResponse, long_list
from mockalog.control.calls.models import In, Out, SandboxHeaders, WarningsOut, warnings_of
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.sandboxes import credentials
from mockalog.kernel.sandboxes.credentials import Credential, digest
from mockalog.kernel.sandboxes.generations import validate_sandbox_name
from mockalog.kernel.sandboxes.placeholders import check_token
from mockalog.kernel.vendor.fault_rules import unknown
from mockalog.kernel.vendor.permissions import check_permissions

router = ControlRouter(tag="Credentials", key=KEYS, headers=SandboxHeaders)

CredentialId = Annotated[int, Path(description="The id of the credential.", examples=[1])]


class CredentialIn(In):
    """A credential to register.

    Without `sandbox` it opens the sandbox of the call, or on the whole server one of its own.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"vendor": "braze", "token": "read-only-key", "permissions": ["catalogs.get"]}
            ]
        }
    )

    vendor: NonEmptyText
    token: Annotated[NonEmptyText, AfterValidator(check_token)]
    permissions: list[NonEmptyText] = Field(["*"])
    sandbox: Annotated[NonEmptyText, AfterValidator(validate_sandbox_name)] | None = None
    public_key: NonEmptyText | None = Field(
        None,
        description="The public key (PEM) of an Attraqt client that authenticates with a private "
        "key.",
    )


class CredentialOut(Out):
    """A registered credential. `digest` is the SHA-256 of its token, which is never shown."""

    id: int
    vendor: str
    digest: str
    permissions: list[str]
    sandbox: str = Field(description="The sandbox that it opens.")
    created_at: datetime


class NewCredentialOut(CredentialOut, WarningsOut):
    """The registered credential."""


class CredentialsOut(Out):
    """Every registered credential."""

    credentials: list[CredentialOut]


@router.get("/credentials", responses={200: CredentialsOut})
async def list_credentials(call: ControlCall) -> LongResponse:
    """List the registered credentials of a sandbox, or of the whole server."""
    return await long_list(b'{"credentials":[', _listed(call), b"]}")


async def _listed(call: ControlCall) -> AsyncIterator[CredentialOut]:
    own = None if call.sandbox is None else call.sandbox.name
    async for known in call.runtime.sandboxes.credentials():
        if own in (None, known.sandbox):
            yield _out(known)
        await call.turns.give_way()


@router.post(
    "/credentials", body=CredentialIn, responses={201: NewCredentialOut}, errors=("wrong-type",)
)
async def create_credential(call: ControlCall) -> dict[str, object]:
    """Register a credential, or replace the registration of the same token.

    It opens the named sandbox, otherwise the sandbox of the call, otherwise one of its own. On a
    strict server only an admin, or the sandbox that it opens, moves it to another sandbox.
    """
    wanted: CredentialIn = call.body
    if wanted.vendor not in call.vendors:
        raise ProblemError(400, unknown("vendor", wanted.vendor, call.vendors))
    opened = await _opened_sandbox(call)
    await call.load(wanted.vendor)
    warnings = check_permissions(wanted.permissions, call.vendors[wanted.vendor])
    registered = await _register(call, opened)
    return {**registered.model_dump(), **warnings_of(warnings)}


async def _opened_sandbox(call: ControlCall) -> str:
    """Return the name of the sandbox that the credential will open; raises `ProblemError`."""
    wanted: CredentialIn = call.body
    if call.sandbox is None:
        return wanted.sandbox or digest(wanted.token)
    if wanted.sandbox not in (None, call.sandbox.name):
        await call.check_may_name(wanted.sandbox)
    return wanted.sandbox or call.sandbox.name


async def _register(call: ControlCall, opened: str) -> CredentialOut:
    """Store the credential; raises `ProblemError` if the caller may not move it."""
    wanted: CredentialIn = call.body
    runtime = call.runtime
    may_move_any = call.is_admins or not runtime.strict
    home = opened if call.sandbox is None else call.sandbox.name
    async with runtime.database.transaction() as connection:
        credential_id = await runtime.sandboxes.register(
            connection,
            wanted.vendor,
            wanted.token,
            sandbox=opened,
            permissions=frozenset(wanted.permissions),
            subject={"public_key": wanted.public_key} if wanted.public_key else {},
            home=None if may_move_any else home,
        )
        if credential_id is None:
            raise ProblemError(
                403,
                "the token opens another sandbox: register it from there, "
                "or set MOCKALOG_ADMIN_TOKEN",
            )
        row = await connection.first(credentials.GET, {"credential_id": credential_id})
    assert row is not None  # stored above
    return _out(credentials.from_row(row))


@router.delete("/credentials/{credential_id}", responses={204: None}, errors=("not-found",))
async def delete_credential(call: ControlCall, credential_id: CredentialId) -> None:
    """Remove a registered credential, with a sandbox only one of its own; the sandbox stays."""
    of = None if call.sandbox is None else call.sandbox.name
    async with call.runtime.database.transaction() as connection:
        if not await call.runtime.sandboxes.unregister(connection, credential_id, of):
            raise ProblemError(
                404, f"credential {credential_id} does not exist: list the credentials"
            )


def _out(credential: Credential) -> CredentialOut:
    return CredentialOut(
        id=credential.id,
        vendor=credential.vendor,
        digest=credential.digest,
        permissions=sorted(credential.permissions),
        sandbox=credential.sandbox,
        created_at=to_datetime(credential.created_at),
    )

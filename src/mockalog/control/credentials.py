"""Registering credentials."""

from typing import Annotated

from fastapi import Path

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.problems import Problem
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.credentials import CredentialIn, CredentialOut, CredentialsOut
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.sandboxes.credentials import Credential, digest
from mockalog.kernel.vendor.permissions import check_permissions

router = ControlRouter(tag="Credentials", key=KEYS, headers=SandboxHeaders)

CredentialId = Annotated[int, Path(description="The number of the credential.", examples=[1])]


@router.get("/credentials", responses={200: CredentialsOut})
async def list_credentials(call: ControlCall) -> CredentialsOut:
    """List what is registered: of one sandbox, or of all."""
    known = await call.runtime.sandboxes.credentials()
    own = None if call.sandbox is None else call.sandbox.name
    return CredentialsOut(credentials=[_out(c) for c in known if own in (None, c.sandbox)])


@router.post(
    "/credentials", body=CredentialIn, responses={201: CredentialOut}, errors=("wrong-type",)
)
async def create_credential(call: ControlCall) -> CredentialOut:
    """Register a credential, or replace what was registered under the same token.

    It opens the sandbox that is named, else the caller's, else one of its own.
    """
    runtime = call.runtime
    wanted: CredentialIn = call.body
    own = digest(wanted.token) if call.sandbox is None else call.sandbox.name
    if wanted.vendor not in runtime.vendors:
        raise Problem(400, f"there is no vendor {wanted.vendor!r}")
    await call.load(wanted.vendor)
    check_permissions(wanted.permissions, runtime.vendors[wanted.vendor])
    async with runtime.database.transaction() as connection:
        credential_id = await runtime.sandboxes.register(
            connection,
            wanted.vendor,
            wanted.token,
            sandbox=wanted.sandbox or own,
            permissions=frozenset(wanted.permissions),
            subject={"public_key": wanted.public_key} if wanted.public_key else {},
        )
    known = await runtime.sandboxes.credentials()
    return next(_out(c) for c in known if c.id == credential_id)


@router.delete("/credentials/{credential_id}", responses={204: None}, errors=("not-found",))
async def delete_credential(call: ControlCall, credential_id: CredentialId) -> None:
    """Forget a registered credential, of a sandbox one of its own; the sandbox stays."""
    of = None if call.sandbox is None else call.sandbox.name
    async with call.runtime.database.transaction() as connection:
        if not await call.runtime.sandboxes.unregister(connection, credential_id, of):
            raise Problem(404, f"there is no credential {credential_id}")


def _out(credential: Credential) -> CredentialOut:
    return CredentialOut(
        id=credential.id,
        vendor=credential.vendor,
        digest=credential.digest,
        permissions=sorted(credential.permissions),
        sandbox=credential.sandbox,
        created_at=to_datetime(credential.created_at),
    )

"""Registering credentials."""

from fastapi import APIRouter, Response

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.problems import Problem
from mockalog.control.schemas import CredentialIn, CredentialOut, CredentialsOut
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.credential import Credential, digest
from mockalog.kernel.rights import check_permissions

router = APIRouter()


@router.get("/credentials")
async def list_credentials(runtime: RuntimeDep, sandbox: SandboxDep) -> CredentialsOut:
    """List what is registered: of one sandbox, or of all."""
    known = await runtime.sandboxes.credentials()
    shown = [_out(c) for c in known if sandbox is None or c.sandbox == sandbox.name]
    return CredentialsOut(credentials=shown)


@router.post("/credentials", status_code=201)
async def create_credential(
    wanted: CredentialIn, runtime: RuntimeDep, sandbox: SandboxDep
) -> CredentialOut:
    """Register a credential, or replace what was registered under the same token.

    It opens the sandbox that is named, else the caller's, else one of its own.
    """
    own = digest(wanted.token) if sandbox is None else sandbox.name
    if wanted.vendor not in runtime.vendors:
        raise Problem(400, f"there is no vendor {wanted.vendor!r}")
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


@router.delete("/credentials/{credential_id}", status_code=204)
async def delete_credential(
    credential_id: int, runtime: RuntimeDep, sandbox: SandboxDep
) -> Response:
    """Forget a registered credential, of a sandbox one of its own; the sandbox stays."""
    of = None if sandbox is None else sandbox.name
    async with runtime.database.transaction() as connection:
        if not await runtime.sandboxes.unregister(connection, credential_id, of):
            raise Problem(404, f"there is no credential {credential_id}")
    return Response(status_code=204)


def _out(credential: Credential) -> CredentialOut:
    return CredentialOut(
        id=credential.id,
        vendor=credential.vendor,
        digest=credential.digest,
        permissions=sorted(credential.permissions),
        sandbox=credential.sandbox,
        created_at=to_datetime(credential.created_at),
    )

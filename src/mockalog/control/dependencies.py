"""What a control call may ask for: the runtime, and whose sandbox it acts on."""

import hmac
from typing import Annotated

from fastapi import Depends, Header, Request

from mockalog.control.problems import Problem
from mockalog.kernel.credential import digest
from mockalog.kernel.identity import TEMPLATE
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox


async def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


async def _guard(
    runtime: RuntimeDep, x_mockalog_admin: Annotated[str | None, Header()] = None
) -> None:
    """Refuse the call unless it carries the admin token, if there is one."""
    expected = runtime.settings.admin_token
    if expected is None:
        return
    given = (x_mockalog_admin or "").encode("latin-1", "replace")
    if not hmac.compare_digest(given, expected.encode()):
        raise Problem(401, "control calls need X-Mockalog-Admin here")


GUARDED = Depends(_guard)


async def _sandbox(
    runtime: RuntimeDep,
    authorization: Annotated[str | None, Header()] = None,
    x_mockalog_sandbox: Annotated[str | None, Header()] = None,
) -> Sandbox | None:
    """Return the sandbox that is named or that the credential opens; None: the whole server."""
    if x_mockalog_sandbox and x_mockalog_sandbox != TEMPLATE:
        return await runtime.sandboxes.open(x_mockalog_sandbox)
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    token_digest = digest(token.strip())
    known = await runtime.sandboxes.credential(None, token_digest)
    return await runtime.sandboxes.open(known.sandbox if known else token_digest)


SandboxDep = Annotated[Sandbox | None, Depends(_sandbox)]


async def targets(runtime: Runtime, sandbox: Sandbox | None) -> list[Sandbox]:
    """Return what a call acts on: one sandbox, or the template and every live one."""
    if sandbox is not None:
        return [sandbox]
    await runtime.sandboxes.open(TEMPLATE)
    return await runtime.sandboxes.all()

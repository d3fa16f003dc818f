"""What a control call may ask for: the runtime, and whose sandbox it acts on."""

import hmac
from typing import Annotated

from fastapi import Depends, Header, Request

from mockalog.control.problems import Problem
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import TEMPLATE, Sandbox


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
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    return await runtime.sandboxes.of_caller(token, x_mockalog_sandbox)


SandboxDep = Annotated[Sandbox | None, Depends(_sandbox)]


async def targets(runtime: Runtime, sandbox: Sandbox | None) -> list[Sandbox]:
    """Return what a call acts on: one sandbox, or the template and every live one."""
    if sandbox is not None:
        return [sandbox]
    await runtime.sandboxes.open(TEMPLATE)
    return await runtime.sandboxes.all()

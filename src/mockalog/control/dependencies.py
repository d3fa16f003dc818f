"""What a control call may ask for: the runtime, and whose sandbox it acts on."""

from typing import Annotated

from fastapi import Depends, Request

from mockalog.control.problems import Problem
from mockalog.kernel.attribution import bearer
from mockalog.kernel.identity import TEMPLATE, own_name
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox


async def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


async def _sandbox(request: Request) -> Sandbox | None:
    """Return the sandbox that is named or that the credential opens; None: the whole server."""
    name = request.headers.get("x-mockalog-sandbox")
    if name is not None:
        _check_name(name)
    runtime: Runtime = request.app.state.runtime
    return await runtime.sandboxes.of_caller(bearer(request.headers.get("authorization", "")), name)


def _check_name(name: str) -> None:
    if not name:  # a script's variable that is not set would mean the whole server
        raise Problem(400, "X-Mockalog-Sandbox: the name is empty")
    try:
        own_name(name)
    except ValueError as error:
        raise Problem(400, f"X-Mockalog-Sandbox: {error}") from None


SandboxDep = Annotated[Sandbox | None, Depends(_sandbox)]


async def targets(runtime: Runtime, sandbox: Sandbox | None) -> list[Sandbox]:
    """Return what a call acts on: one sandbox, or the template and every live one."""
    if sandbox is not None:
        return [sandbox]
    await runtime.sandboxes.open(TEMPLATE)
    return await runtime.sandboxes.all()

"""A sandbox's whole state as a document, and seeds; without a sandbox, the whole server's."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.problems import Problem
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox
from mockalog.kernel.state import State
from mockalog.kernel.wire import dumps

if TYPE_CHECKING:
    from mockalog.kernel.texts import Text

router = APIRouter()

# Bytes of a document that one call may bring.
MAX_DOCUMENT = 256 * 1024 * 1024


@router.get("/state")
async def get_state(runtime: RuntimeDep, sandbox: SandboxDep) -> Response:
    """Export everything that is in a sandbox. Credentials are digests, passwords hashes."""
    document = await State(runtime).export(sandbox)
    return Response(dumps(document), media_type="application/json")


@router.put("/state")
async def replace_state(
    request: Request, runtime: RuntimeDep, sandbox: SandboxDep
) -> dict[str, str]:
    """Import a document in place of what there is."""
    text, state = await _text(request), State(runtime)
    with text.locating():
        await state.replace(sandbox, state.check(text.value()))
    await runtime.journals.clear(None if sandbox is None else sandbox.id)
    _tidy(runtime, sandbox)
    return {"status": "replaced"}


@router.post("/seed")
async def seed(request: Request, runtime: RuntimeDep, sandbox: SandboxDep) -> dict[str, str]:
    """Add what a document says; without a sandbox, to what new sandboxes start with.

    That, with their settings and clock as they are then, is what a reset of the whole server leads
    back to from there on, as if the server had been started so. A sandbox's own baseline is what
    new ones start with; what is added to it alone goes with a reset.
    """
    text, state = await _text(request), State(runtime)
    with text.locating():
        await state.add(sandbox, state.check(text.value()), rebases=sandbox is None)
    _tidy(runtime, sandbox)
    return {"status": "seeded"}


def _tidy(runtime: Runtime, sandbox: Sandbox | None) -> None:
    """Have done behind the scenes what the change left to do."""
    runtime.sandboxes.sweeper.wake()
    if sandbox is None:
        runtime.sandboxes.spares.prepare()


async def _text(request: Request) -> "Text":
    """Return the body; YAML if its content type says so, else JSON."""
    # Imported here because YAML costs the first control call some milliseconds.
    from mockalog.kernel.texts import Text

    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_DOCUMENT:
            raise Problem(413, f"a document of more than {MAX_DOCUMENT:,} bytes")
        chunks.append(chunk)
    is_yaml = "yaml" in request.headers.get("content-type", "").lower()
    return Text(b"".join(chunks), "body", is_yaml=is_yaml)

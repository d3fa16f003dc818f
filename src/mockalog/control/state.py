"""A sandbox's whole state as a document, and seeds; without a sandbox, the whole server's.

A body is read here, not by its route: it may be YAML. Its model is made from the vendors' sections,
with the document: see `documents`.
"""

from typing import TYPE_CHECKING

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.problems import Problem
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.control.schemas.state import ReplacedOut, SeededOut, StateOut
from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.late_imports import load_in_thread
from mockalog.kernel.vendor.runtime import Runtime

if TYPE_CHECKING:
    from mockalog.kernel.documents.sources import DocumentSource
    from mockalog.kernel.state.transfer import State

router = ControlRouter(tag="Snapshots and state", key=KEYS, headers=SandboxHeaders)

# Reads YAML, whose import no start needs.
_READER = ("mockalog.kernel.documents.sources",)

# Bytes of a document that one call may bring.
MAX_DOCUMENT = 256 * 1024 * 1024


@router.get("/state", responses={200: StateOut})
async def get_state(call: ControlCall) -> Response:
    """Export everything that is in a sandbox. Credentials are digests, passwords hashes."""
    state = await load_in_thread(lambda: _state(call.runtime))
    return json_response(await state.export(call.sandbox))


@router.put("/state", responses={200: ReplacedOut}, imports=_READER)
async def replace_state(call: ControlCall) -> dict[str, str]:
    """Import a document in place of what there is."""
    text, state = _text(call), await load_in_thread(lambda: _state(call.runtime))
    with text.locating():
        await state.replace(call.sandbox, state.check(text.value()))
    await call.runtime.journals.clear(call.sandbox_id)
    _tidy(call)
    return {"status": "replaced"}


@router.post("/seed", responses={200: SeededOut}, imports=_READER)
async def seed(call: ControlCall) -> dict[str, str]:
    """Add what a document says; without a sandbox, to what new sandboxes start with.

    That, with their settings and clock as they are then, is what a reset of the whole server leads
    back to from there on, as if the server had been started so. A sandbox's own baseline is what
    new ones start with; what is added to it alone goes with a reset.
    """
    text, state = _text(call), await load_in_thread(lambda: _state(call.runtime))
    with text.locating():
        await state.add(call.sandbox, state.check(text.value()), rebases=call.sandbox is None)
    _tidy(call)
    return {"status": "seeded"}


def _state(runtime: Runtime) -> "State":
    """Return what reads and writes documents, in a thread: it imports every vendor's sections."""
    from mockalog.kernel.state.transfer import State

    for vendor in runtime.vendors.values():
        vendor.api.invariants()
    return State(runtime)


def _tidy(call: ControlCall) -> None:
    """Have done behind the scenes what the change left to do."""
    call.runtime.sandboxes.cleanup.wake()
    if call.sandbox is None:
        call.runtime.sandboxes.prepared_copies.prepare()


def _text(call: ControlCall) -> "DocumentSource":
    """Return the body; YAML if its content type says so, else JSON."""
    # Imported here because YAML costs the first control call some milliseconds.
    from mockalog.kernel.documents.sources import DocumentSource

    body = call.exchange.request_body
    if len(body) > MAX_DOCUMENT:
        raise Problem(413, f"a document of more than {MAX_DOCUMENT:,} bytes")
    is_yaml = "yaml" in call.headers.get("content-type", "").lower()
    return DocumentSource(body, "body", is_yaml=is_yaml)

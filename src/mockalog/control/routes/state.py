"""The whole state of a sandbox as a document, and seeds; without a sandbox, the whole server's.

The endpoints read the bodies themselves, since a body may be YAML. The models of the bodies are
made from the vendors' sections, together with the document.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.long_responses import LongResponse
from mockalog.control.calls.models import (
    JournalsOut,
    Out,
    SandboxHeaders,
    WarningsOut,
    absent,
    incomplete_of,
    warnings_of,
)
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.clock import Mode
from mockalog.kernel.documents.errors import InvalidDocumentError
from mockalog.kernel.late_imports import load_in_thread
from mockalog.kernel.turns import run_in_thread

if TYPE_CHECKING:
    from mockalog.kernel.documents.sources import DocumentSource
    from mockalog.kernel.state.schema import Document
    from mockalog.kernel.state.transfer import State

router = ControlRouter(tag="Snapshots and state", key=KEYS, headers=SandboxHeaders)

# This module imports PyYAML, which a start does not need.
_READER = ("mockalog.kernel.documents.sources",)

# The largest document, in bytes, that is added to a sandbox in one transaction. That takes 30 ms.
MAX_AT_ONCE = 64 * 1024

# The largest document of one call, in bytes.
MAX_DOCUMENT = 256 * 1024 * 1024


class StoredClockOut(Out):
    """A clock as stored: a frozen clock has `now`, a real clock has `shift`."""

    mode: Mode
    now: str = Field(default_factory=absent, description="The instant that a frozen clock shows.")
    shift: int = Field(
        default_factory=absent,
        description="The lead of a real clock over the machine's, in microseconds.",
    )


class RowsOut(Out):
    """The rows of a table: each a list of values in the order of `columns`."""

    columns: list[str]
    rows: list[list[Any]]


class StoredCredentialOut(Out):
    """A credential; `digest` is the SHA-256 of its token."""

    vendor: str
    digest: str
    permissions: list[str]
    subject: dict[str, Any]
    issued: bool
    expires_at: int | None
    revoked: bool
    created_at: int


class ContentsOut(Out):
    """The contents of one sandbox; tables hold their rows as stored."""

    settings: dict[str, Any]
    clock: StoredClockOut
    credentials: list[StoredCredentialOut]
    tables: dict[str, RowsOut]


class SandboxStateOut(ContentsOut):
    """The state of one sandbox."""

    mockalog: Literal[1] = Field(description="The version of the format.")


class ServerStateOut(Out):
    """The state of the whole server, by sandbox; `*` is the template of new sandboxes."""

    mockalog: Literal[1] = Field(description="The version of the format.")
    sandboxes: dict[str, ContentsOut]


# The state of a sandbox, or without a sandbox, of the whole server.
StateOut = SandboxStateOut | ServerStateOut


class ReplacedOut(JournalsOut, WarningsOut):
    """The document replaced the state."""

    status: Literal["replaced"]


class SeededOut(WarningsOut):
    """The document's contents were added."""

    status: Literal["seeded"]


@router.get("/state", responses={200: StateOut}, imports=("mockalog.kernel.state.exports",))
async def get_state(call: ControlCall) -> LongResponse:
    """Export the whole state. Credentials are exported as digests, passwords as hashes."""
    from mockalog.kernel.state.exports import export

    document = await export(call.runtime, call.sandbox, call.turns)
    return LongResponse(200, tuple(document.listed()))


@router.put("/state", responses={200: ReplacedOut}, imports=_READER)
async def replace_state(call: ControlCall) -> dict[str, object]:
    """Import a document; it replaces the present state."""
    async with _document(call) as (state, found):
        await state.replace(call.sandbox, found, call.turns)
    cleared = await call.runtime.journals.clear(call.sandbox_id)
    _finish_in_background(call)
    return {"status": "replaced", **incomplete_of(cleared), **warnings_of(state.warnings)}


@router.post("/seed", responses={200: SeededOut}, imports=_READER)
async def seed(call: ControlCall) -> dict[str, object]:
    """Add the contents of a document; without a sandbox, to the template of new sandboxes.

    A seed of the whole server changes its baseline: later resets of the whole server lead to the
    template as seeded, with its present settings and clock. A seed of one sandbox does not change
    a baseline: a reset removes it.
    """
    is_large = len(call.exchange.request_body) > MAX_AT_ONCE
    async with _document(call) as (state, found):
        await state.add(
            call.sandbox, found, call.turns, rebases=call.sandbox is None, is_large=is_large
        )
    _finish_in_background(call)
    return {"status": "seeded", **warnings_of(state.warnings)}


@asynccontextmanager
async def _document(call: ControlCall) -> AsyncIterator[tuple["State", dict[str, "Document"]]]:
    """Return the state and the checked documents of the body; a thread reads and frees them."""
    from mockalog.kernel.formats.large_json import dismantle

    text, state = _text(call), await load_in_thread(lambda: _state(call))
    found: dict[str, Document] = {}
    try:
        found = await run_in_thread(lambda: state.read(text))
        yield state, found
    except InvalidDocumentError as error:
        problem = error
        await run_in_thread(lambda: text.locate(problem))
        raise
    finally:
        call.runtime.sandboxes.cleanup.wake()
        await run_in_thread(lambda: dismantle(found))


def _state(call: ControlCall) -> "State":
    """Return the reader and writer of documents; it imports all vendors, so call it in a thread."""
    from mockalog.kernel.state.transfer import State

    for vendor in call.vendors.values():
        vendor.api.invariants()
    return State(call.runtime, call.vendors)


def _finish_in_background(call: ControlCall) -> None:
    """Start the deletion of replaced rows, and new prepared copies of a changed template."""
    call.runtime.sandboxes.cleanup.wake()
    if call.sandbox is None:
        call.runtime.sandboxes.prepared_copies.prepare()


def _text(call: ControlCall) -> "DocumentSource":
    """Return the body as YAML or JSON, by its content type."""
    # Imported here because PyYAML would cost the first control call some milliseconds.
    from mockalog.kernel.documents.sources import DocumentSource

    body = call.exchange.request_body
    if len(body) > MAX_DOCUMENT:
        raise ProblemError(
            413, f"the document has {len(body):,} bytes; at most {MAX_DOCUMENT:,} fit"
        )
    is_yaml = "yaml" in call.headers.get("content-type", "").lower()
    return DocumentSource(body, "body", is_yaml=is_yaml)

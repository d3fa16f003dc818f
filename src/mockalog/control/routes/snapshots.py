"""The named snapshots of a sandbox; without a sandbox, of the whole server."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.models import JournalsOut, Out, SandboxHeaders, incomplete_of
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.clock import to_datetime

router = ControlRouter(tag="Snapshots and state", key=KEYS, headers=SandboxHeaders)

# A name that fits into a path and into a reset's `snapshot:<name>`.
Name = Annotated[
    str,
    Path(
        description="The snapshot's name; slashes are allowed.",
        max_length=200,
        pattern=r"^[^\x00-\x1f]+$",
        examples=["before-import"],
    ),
]


class SnapshotOut(Out):
    """A named snapshot."""

    name: str
    created_at: datetime


class SnapshotsOut(Out):
    """Every snapshot of a sandbox, or of the whole server, ordered by name."""

    snapshots: list[SnapshotOut]


class RestoredOut(JournalsOut):
    """The state of a snapshot is restored."""

    status: Literal["restored"]
    name: str


@router.get("/snapshots", responses={200: SnapshotsOut})
async def list_snapshots(call: ControlCall) -> SnapshotsOut:
    """List the snapshots, ordered by name."""
    found = await call.runtime.snapshots.all(call.sandbox)
    return SnapshotsOut(snapshots=[_out(row.name, row.created_at) for row in found])


@router.put("/snapshots/{name:path}", responses={200: SnapshotOut})
async def save_snapshot(call: ControlCall, name: Name) -> SnapshotOut:
    """Save the present state under a name; it replaces an older snapshot of the name."""
    created_at = await call.runtime.snapshots.save(call.sandbox, name, call.turns)
    call.runtime.sandboxes.cleanup.wake()
    return _out(name, created_at)


@router.post("/snapshots/{name:path}/restore", responses={200: RestoredOut}, errors=("not-found",))
async def restore_snapshot(call: ControlCall, name: Name) -> dict[str, object]:
    """Restore the state of a snapshot, as a reset to `snapshot:<name>` does."""
    await call.runtime.snapshots.restore(call.sandbox, name, call.turns)
    cleared = await call.runtime.journals.clear(call.sandbox_id)
    call.runtime.sandboxes.cleanup.wake()
    return {"status": "restored", "name": name, **incomplete_of(cleared)}


@router.delete("/snapshots/{name:path}", responses={204: None}, errors=("not-found",))
async def delete_snapshot(call: ControlCall, name: Name) -> None:
    """Delete a snapshot."""
    await call.runtime.snapshots.delete(call.sandbox, name)
    call.runtime.sandboxes.cleanup.wake()


def _out(name: str, created_at: int) -> SnapshotOut:
    return SnapshotOut(name=name, created_at=to_datetime(created_at))

"""Named snapshots of a sandbox; without one, of the whole server."""

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.control.schemas.snapshots import Name, RestoredOut, SnapshotOut, SnapshotsOut
from mockalog.kernel.clock import to_datetime

router = ControlRouter(tag="Snapshots and state", key=KEYS, headers=SandboxHeaders)


@router.get("/snapshots", responses={200: SnapshotsOut})
async def list_snapshots(call: ControlCall) -> SnapshotsOut:
    """List them by name."""
    found = await call.runtime.snapshots.all(call.sandbox)
    return SnapshotsOut(snapshots=[_out(row.name, row.created_at) for row in found])


@router.put("/snapshots/{name:path}", responses={200: SnapshotOut})
async def save_snapshot(call: ControlCall, name: Name) -> SnapshotOut:
    """Keep what there is, in place of what was kept under the name."""
    created_at = await call.runtime.snapshots.save(call.sandbox, name)
    call.runtime.sandboxes.cleanup.wake()
    return _out(name, created_at)


@router.post("/snapshots/{name:path}/restore", responses={200: RestoredOut}, errors=("not-found",))
async def restore_snapshot(call: ControlCall, name: Name) -> dict[str, str]:
    """Put back what was kept, as a reset to `snapshot:<name>` does."""
    await call.runtime.snapshots.restore(call.sandbox, name)
    await call.runtime.journals.clear(call.sandbox_id)
    call.runtime.sandboxes.cleanup.wake()
    return {"status": "restored", "name": name}


@router.delete("/snapshots/{name:path}", responses={204: None}, errors=("not-found",))
async def delete_snapshot(call: ControlCall, name: Name) -> None:
    """Forget a snapshot."""
    await call.runtime.snapshots.delete(call.sandbox, name)
    call.runtime.sandboxes.cleanup.wake()


def _out(name: str, created_at: int) -> SnapshotOut:
    return SnapshotOut(name=name, created_at=to_datetime(created_at))

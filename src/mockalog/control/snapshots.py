"""Named snapshots of a sandbox; without one, of the whole server."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.schemas import SnapshotOut, SnapshotsOut
from mockalog.kernel.clock import to_datetime

router = APIRouter()

# What fits into a path and a reset's `snapshot:<name>`.
Name = Annotated[str, Path(max_length=200, pattern=r"^[^\x00-\x1f]+$")]


@router.get("/snapshots")
async def list_snapshots(runtime: RuntimeDep, sandbox: SandboxDep) -> SnapshotsOut:
    """List them by name."""
    found = await runtime.snapshots.all(sandbox)
    return SnapshotsOut(snapshots=[_out(row.name, row.created_at) for row in found])


@router.put("/snapshots/{name:path}")
async def save_snapshot(name: Name, runtime: RuntimeDep, sandbox: SandboxDep) -> SnapshotOut:
    """Keep what there is, in place of what was kept under the name."""
    created_at = await runtime.snapshots.save(sandbox, name)
    runtime.sandboxes.sweeper.wake()
    return _out(name, created_at)


@router.post("/snapshots/{name:path}/restore")
async def restore_snapshot(name: Name, runtime: RuntimeDep, sandbox: SandboxDep) -> dict[str, str]:
    """Put back what was kept, as a reset to `snapshot:<name>` does."""
    await runtime.snapshots.restore(sandbox, name)
    await runtime.journals.clear(None if sandbox is None else sandbox.id)
    runtime.sandboxes.sweeper.wake()
    return {"status": "restored", "name": name}


@router.delete("/snapshots/{name:path}", status_code=204)
async def delete_snapshot(name: Name, runtime: RuntimeDep, sandbox: SandboxDep) -> Response:
    """Forget a snapshot."""
    await runtime.snapshots.delete(sandbox, name)
    runtime.sandboxes.sweeper.wake()
    return Response(status_code=204)


def _out(name: str, created_at: int) -> SnapshotOut:
    return SnapshotOut(name=name, created_at=to_datetime(created_at))

"""The steps of a run: the effect of each event, failure and cancellation.

The effect of a state happens when the run leaves it, so a cancellation before prevents it.

Source: docs/vendors/squared.md#115-state-machines.
"""

from collections.abc import Awaitable, Callable, Mapping

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job
from mockalog.vendors.squared.models import CANCELED, FAILED
from mockalog.vendors.squared.repository import SYNC_RUNS
from mockalog.vendors.squared.repository.syncs import sync_records as records
from mockalog.vendors.squared.repository.syncs import sync_runs as runs
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.rules.syncs import state_machines as rules
from mockalog.vendors.squared.rules.syncs.rows import SyncRow, SyncRunRow
from mockalog.vendors.squared.service.syncs.run_io import read, write

# Does the work of a step and returns the run's new columns.
Effect = Callable[[Repository, SyncRow, SyncRunRow, Job], Awaitable[dict[str, object]]]


async def begin(repository: Repository, sync: SyncRow, kind: str, now: int) -> SyncRunRow:
    """Store a pending run; its first step is scheduled separately."""
    run_id = await repository.next_number(SYNC_RUNS)
    return await runs.create_run(repository, run_id, sync, kind, now)


async def _start(
    repository: Repository, sync: SyncRow, run: SyncRunRow, job: Job
) -> dict[str, object]:
    return {"started_at": job.due_at}


async def _wait(
    repository: Repository, sync: SyncRow, run: SyncRunRow, job: Job
) -> dict[str, object]:
    return {}


async def _complete(
    repository: Repository, sync: SyncRow, run: SyncRunRow, job: Job
) -> dict[str, object]:
    """Write the records and update the sync's status and cursor."""
    counts = await write(repository, sync, run, job.due_at)
    status = rules.status_after_run("complete", sync.status, job.settings["squared.dialect"])
    cursor = sync.current_cursor_field if run.cursor is None else run.cursor
    await syncs.update_sync(
        repository, sync, status=status, current_cursor_field=cursor, updated_at=job.due_at
    )
    return {**counts, "finished_at": job.due_at}


EFFECTS: Mapping[str, Effect] = {
    "start": _start,
    "query": _wait,
    "queue": read,
    "progress": _wait,
    "complete": _complete,
}


async def fail(
    repository: Repository, sync: SyncRow, run: SyncRunRow, error: str, job: Job
) -> None:
    """End a run with the text of an error; the sync fails too."""
    at = job.due_at
    status = rules.status_after_run("fail", sync.status, job.settings["squared.dialect"])
    await syncs.update_sync(repository, sync, status=status, updated_at=at)
    await records.discard_pending_records(repository, run.id)
    await runs.update_run(
        repository, run, status=FAILED, error=error, finished_at=at, updated_at=at
    )


async def cancel_active(repository: Repository, sync_id: int, now: int) -> bool:
    """Cancel the active run of a sync; return False if the sync has none."""
    run = await runs.get_active_run(repository, sync_id)
    if run is None:
        return False
    await records.discard_pending_records(repository, run.id)
    await runs.update_run(repository, run, status=CANCELED, updated_at=now)
    return True

"""Runs: a chain of jobs, each of which brings a run into its next state.

A state's work is done when it is left, so that whoever cancels the run before keeps it undone.
Every step is stamped with the due time of its job.

Source: docs/vendors/squared.md#115-state-machines.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mockalog.kernel.clock import delayed
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, schedule
from mockalog.vendors.squared.errors import SourceFailed, failure_text
from mockalog.vendors.squared.repository import SYNC_RUNS, syncs
from mockalog.vendors.squared.repository import sync_records as records
from mockalog.vendors.squared.repository import sync_runs as runs
from mockalog.vendors.squared.rules import runs as rules
from mockalog.vendors.squared.rules.runs import GENERAL
from mockalog.vendors.squared.service.transfers import read, write

ADVANCE_RUN = "squared.advance_run"

# Does a step's work; returns the run's new columns.
Effect = Callable[[Repository, Any, Any, Job], Awaitable[dict[str, Any]]]


async def begin(rows: Repository, sync: Any, kind: str, now: int) -> Any:
    """Store a pending run and return it; who calls this schedules its first step."""
    return await runs.create_run(rows, await rows.next_number(SYNC_RUNS), sync, kind, now)


async def delayed_step(rows: Repository, run_id: int, job: Job) -> None:
    """Schedule the next step of a run, a delay after a job; what a schedule began recurs."""
    due_at = delayed(job.due_at, job.settings["squared.sync_delay"])
    payload = {"run": run_id}
    await schedule(
        rows, ADVANCE_RUN, payload, now=job.due_at, due_at=due_at, recurring=job.recurring
    )


async def advance_run(rows: Repository, job: Job) -> str:
    """Bring a run into its next state, unless it was cancelled or its sync is gone."""
    run = await runs.get(rows, job.payload["run"])
    event = None if run is None else rules.NEXT.get(run.status)
    if run is None or event is None:
        return "the run is over"
    sync: Any = await syncs.get(rows, run.sync_id)  # a run goes with its sync
    try:
        columns = await _EFFECTS[event](rows, sync, run, job)
    except SourceFailed as failure:
        await _fail(rows, sync, run, failure.detail, job)
        return f"failed: {failure.detail}"
    state = rules.moved(rules.RUN, event, run.status)
    await runs.change(rows, run, **columns, status=state, updated_at=job.due_at)
    if state in rules.ACTIVE:
        await delayed_step(rows, run.id, job)
    return str(state)


async def _start(rows: Repository, sync: Any, run: Any, job: Job) -> dict[str, Any]:
    return {"started_at": job.due_at}


async def _wait(rows: Repository, sync: Any, run: Any, job: Job) -> dict[str, Any]:
    return {}


async def _complete(rows: Repository, sync: Any, run: Any, job: Job) -> dict[str, Any]:
    """Write the records, count them and make the sync healthy."""
    counts = await write(rows, sync, run, job.due_at)
    status = rules.after_run("complete", sync.status, job.settings["squared.dialect"])
    cursor = sync.current_cursor_field if run.cursor is None else run.cursor
    await syncs.change(
        rows, sync, status=status, current_cursor_field=cursor, updated_at=job.due_at
    )
    return {**counts, "finished_at": job.due_at}


_EFFECTS: Mapping[str, Effect] = {
    "start": _start,
    "query": _wait,
    "queue": read,
    "progress": _wait,
    "complete": _complete,
}


async def fail_run(rows: Repository, job: Job, reason: str) -> None:
    """End a run whose step failed in a way that nobody foresaw."""
    run = await runs.get(rows, job.payload["run"])
    if run is not None and run.status in rules.ACTIVE:
        error = failure_text(job.error)
        await _fail(rows, await syncs.get(rows, run.sync_id), run, error, job)


async def begin_failed(rows: Repository, sync: Any, reason: str, job: Job) -> None:
    """Store a run that failed before its first step."""
    await _fail(rows, sync, await begin(rows, sync, GENERAL, job.due_at), reason, job)


async def _fail(rows: Repository, sync: Any, run: Any, error: str, job: Job) -> None:
    """End a run with the text of what went wrong, and its sync with it."""
    at = job.due_at
    status = rules.after_run("fail", sync.status, job.settings["squared.dialect"])
    await syncs.change(rows, sync, status=status, updated_at=at)
    await records.forget_pending(rows, run.id)
    await runs.change(rows, run, status=rules.FAILED, error=error, finished_at=at, updated_at=at)


async def cancel_active(rows: Repository, sync_id: int, now: int) -> bool:
    """Cancel the run of a sync that is under way; say whether there was one."""
    run = await runs.active_of(rows, sync_id)
    if run is None:
        return False
    await records.forget_pending(rows, run.id)
    await runs.change(rows, run, status=rules.CANCELED, updated_at=now)
    return True

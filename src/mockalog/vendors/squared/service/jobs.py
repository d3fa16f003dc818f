"""Squared's jobs: steps of runs, and schedules that begin runs.

Each step and each scheduled run is a job that stores its successor. All changes of a job have the
job's due time.

Source: docs/vendors/squared.md#115-state-machines.
"""

from mockalog.kernel.clock import delayed
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, schedule
from mockalog.vendors.squared.errors import SourceError, failure_text
from mockalog.vendors.squared.models import ACTIVE, ADVANCE_RUN
from mockalog.vendors.squared.repository.syncs import sync_runs as runs
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.rules.syncs import state_machines as rules
from mockalog.vendors.squared.rules.syncs.rows import SyncRow
from mockalog.vendors.squared.rules.syncs.schedules import latest_run, next_run
from mockalog.vendors.squared.rules.syncs.syncs import schedule_of
from mockalog.vendors.squared.service.syncs import run_steps


async def run_advance_run(repository: Repository, job: Job) -> str:
    """Move a run to its next state if it is not over."""
    run = await runs.get_run_by_id(repository, job.payload["run"])
    sync = None if run is None else await syncs.get_sync_by_id(repository, run.sync_id)
    event = None if run is None else rules.NEXT.get(run.status)
    if run is None or sync is None or event is None:
        return "the run is over"
    try:
        columns = await run_steps.EFFECTS[event](repository, sync, run, job)
    except SourceError as error:
        await run_steps.fail(repository, sync, run, error.detail, job)
        return f"failed: {error.detail}"
    status = rules.next_status(rules.RUN, event, run.status)
    await runs.update_run(repository, run, **columns, status=status, updated_at=job.due_at)
    if status in ACTIVE:
        await _schedule_step(repository, run.id, job)
    return str(status)


async def _schedule_step(repository: Repository, run_id: int, job: Job) -> None:
    """Schedule the next step of a run, a delay after a job; it recurs if the job does."""
    due_at = delayed(job.due_at, job.settings["squared.sync_delay"])
    await schedule(
        repository,
        ADVANCE_RUN,
        {"run": run_id},
        now=job.due_at,
        due_at=due_at,
        recurring=job.recurring,
    )


async def fail_advance_run(repository: Repository, job: Job, reason: str) -> None:
    """End a run with an error after an unexpected failure of its step."""
    run = await runs.get_run_by_id(repository, job.payload["run"])
    sync = None if run is None else await syncs.get_sync_by_id(repository, run.sync_id)
    if run is not None and sync is not None and run.status in ACTIVE:
        await run_steps.fail(repository, sync, run, failure_text(job.error), job)


async def run_scheduled_run(repository: Repository, job: Job) -> str:
    """Begin a run and plan the next one.

    A job of a replaced schedule does nothing. A jump of the clock over several runs makes the last
    of them only; an advance makes every one (inferred).
    """
    sync = await syncs.get_sync_by_id(repository, job.payload["sync"])
    if sync is None or sync.next_run_at != job.due_at:
        return "the schedule is another now"
    latest = latest_run(schedule_of(sync), job.due_at, job.observed_at)
    if latest > job.due_at:
        await _plan(repository, sync, latest, job)
        return "a later run is due too"
    await _plan(repository, sync, next_run(schedule_of(sync), job.due_at), job)
    if await runs.get_active_run(repository, sync.id) is not None:
        return "the last run is still under way"
    run = await run_steps.begin(repository, sync, rules.GENERAL, job.due_at)
    await _schedule_step(repository, run.id, job)
    return f"run {run.id} began"


async def fail_scheduled_run(repository: Repository, job: Job, reason: str) -> None:
    """Store a failed run and plan the next one after an unexpected failure."""
    sync = await syncs.get_sync_by_id(repository, job.payload["sync"])
    if sync is None or sync.next_run_at != job.due_at:
        return
    planned = await _plan(repository, sync, next_run(schedule_of(sync), job.due_at), job)
    if await runs.get_active_run(repository, sync.id) is None:
        run = await run_steps.begin(repository, planned, rules.GENERAL, job.due_at)
        await run_steps.fail(repository, planned, run, reason, job)


async def _plan(repository: Repository, sync: SyncRow, at: int | None, job: Job) -> SyncRow:
    """Plan the next run of a sync and return its new row; `at` None: no run follows."""
    await syncs.update_sync(repository, sync, next_run_at=at)
    if at is not None:
        await schedule(repository, job.kind, job.payload, now=job.due_at, due_at=at, recurring=True)
    return sync._replace(next_run_at=at)

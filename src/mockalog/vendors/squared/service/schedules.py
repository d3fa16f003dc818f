"""Schedules: each run of one is a job that stores the next."""

from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, schedule
from mockalog.vendors.squared.repository import sync_runs as runs
from mockalog.vendors.squared.repository import syncs
from mockalog.vendors.squared.rules.runs import GENERAL
from mockalog.vendors.squared.rules.schedules import latest_run, next_run
from mockalog.vendors.squared.rules.syncs import schedule_of
from mockalog.vendors.squared.service.chains import begin, begin_failed, delayed_step

SCHEDULED_RUN = "squared.scheduled_run"


async def run_scheduled(rows: Repository, job: Job) -> str:
    """Begin a run and plan the next one.

    A job that another schedule planned does nothing. What a sandbox slept through is made up for
    by the last run of it: only while its clock is advanced does it make every one (inferred).
    """
    sync = await syncs.get(rows, job.payload["sync"])
    if sync is None or sync.next_run_at != job.due_at:
        return "the schedule is another now"
    latest = latest_run(schedule_of(sync), job.due_at, job.observed_at)
    if latest > job.due_at:
        await _plan(rows, sync, latest, job)
        return "nobody looked until a later run was due"
    await _plan(rows, sync, next_run(schedule_of(sync), job.due_at), job)
    if await runs.active_of(rows, sync.id) is not None:
        return "the last run is still under way"
    run = await begin(rows, sync, GENERAL, job.due_at)
    await delayed_step(rows, run.id, job)
    return f"run {run.id} began"


async def keep_schedule(rows: Repository, job: Job, reason: str) -> None:
    """Show a run that failed, and plan the next, when a job failed in a way that nobody foresaw."""
    sync = await syncs.get(rows, job.payload["sync"])
    if sync is None or sync.next_run_at != job.due_at:
        return
    await _plan(rows, sync, next_run(schedule_of(sync), job.due_at), job)
    if await runs.active_of(rows, sync.id) is None:
        await begin_failed(rows, await syncs.get(rows, sync.id), reason, job)


async def _plan(rows: Repository, sync: Any, at: int | None, job: Job) -> None:
    await syncs.change(rows, sync, next_run_at=at)
    if at is not None:
        await schedule(rows, job.kind, job.payload, now=job.due_at, due_at=at, recurring=True)

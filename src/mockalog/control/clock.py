"""Settings, clock and jobs of a sandbox, or of the whole server."""

from typing import Annotated, Any

from fastapi import APIRouter, Body

from mockalog.control.dependencies import RuntimeDep, SandboxDep, targets
from mockalog.control.problems import Problem
from mockalog.control.schemas import AdvanceIn, ClockIn, ClockOut, JobOut, JobsOut
from mockalog.kernel.clock import LATEST, SECOND, Clock, iso_micros, to_datetime
from mockalog.kernel.identity import TEMPLATE
from mockalog.kernel.jobs import Job
from mockalog.kernel.runner import TooManyJobs
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox

router = APIRouter()

# How many jobs one call runs in a sandbox, so that none goes on for minutes after its client left.
MAX_JOBS = 20_000


@router.get("/settings")
async def get_settings(runtime: RuntimeDep, sandbox: SandboxDep) -> dict[str, Any]:
    """Return every setting; without a sandbox, what new ones start with."""
    return runtime.options.values(await _one(runtime, sandbox))


@router.patch("/settings")
async def update_settings(
    runtime: RuntimeDep, sandbox: SandboxDep, changes: Annotated[dict[str, Any], Body()]
) -> dict[str, Any]:
    """Change settings; without a sandbox, those of every sandbox and of new ones."""
    checked = runtime.options.checked(changes)
    found = await targets(runtime, sandbox)
    async with runtime.database.transaction() as connection:
        for target in found:
            await runtime.sandboxes.change_settings(connection, target, checked)
    return runtime.options.values(await _again(runtime, sandbox))


@router.get("/clock")
async def get_clock(runtime: RuntimeDep, sandbox: SandboxDep) -> ClockOut:
    """Return the clock; without a sandbox, what new ones start with."""
    return ClockOut.of((await _one(runtime, sandbox)).clock)


@router.put("/clock")
async def replace_clock(wanted: ClockIn, runtime: RuntimeDep, sandbox: SandboxDep) -> ClockOut:
    """Freeze the clock, let it run, or shift it; what was due before is done before."""
    clock, found = wanted.clock(), await targets(runtime, sandbox)
    for target in found:
        # A clock that goes back would hide what was accepted already.
        await runtime.jobs.run_due(target, target.clock.now())
    async with runtime.database.transaction() as connection:
        for target in found:
            if clock is None:
                await runtime.sandboxes.freeze(connection, target)
            else:
                await runtime.sandboxes.set_clock(connection, target, clock)
    return ClockOut.of((await _again(runtime, sandbox)).clock)


@router.post("/clock/advance")
async def advance_clock(wanted: AdvanceIn, runtime: RuntimeDep, sandbox: SandboxDep) -> ClockOut:
    """Let time pass: every job that falls due runs, each at its due time, then this answers."""
    step = round(wanted.seconds * SECOND)
    found = await targets(runtime, sandbox)
    moments = [target.clock.now() + step for target in found]
    if max(moments) > LATEST:
        raise Problem(400, "the clock would leave the year 9999")
    jobs_run = 0
    for target, now in zip(found, moments, strict=True):
        jobs_run += await _wake(runtime, target)
        jobs_run += await _pass(runtime, target, now)
        async with runtime.database.transaction() as connection:
            await runtime.sandboxes.advance(connection, target, step)
    return ClockOut.of((await _again(runtime, sandbox)).clock, jobs_run)


@router.post("/clock/settle")
async def settle_clock(runtime: RuntimeDep, sandbox: SandboxDep) -> ClockOut:
    """Run jobs until only recurring ones are left; the clock moves as far as the last one needs."""
    jobs_run = 0
    for target in await targets(runtime, sandbox):
        jobs_run += await _settle(runtime, target)
    return ClockOut.of((await _again(runtime, sandbox)).clock, jobs_run)


@router.get("/jobs")
async def list_jobs(runtime: RuntimeDep, sandbox: SandboxDep) -> JobsOut:
    """List pending and past jobs."""
    shown = []
    for target in await targets(runtime, sandbox):
        shown += [_job_out(job) for job in await runtime.jobs.all(target.id)]
    return JobsOut(jobs=shown)


async def _settle(runtime: Runtime, sandbox: Sandbox) -> int:
    """Move from due time to due time, for a job may add another.

    Recurring jobs that come due on the way run too, but nobody waits for them: they never end.
    """
    jobs_run, clock = await _wake(runtime, sandbox), sandbox.clock
    while (due := await runtime.jobs.next_due(sandbox.id)) is not None:
        clock = clock.advanced(max(0, due - clock.now()))
        jobs_run += await _pass(runtime, sandbox, max(due, clock.now()))
    await _set_clock(runtime, sandbox, clock)
    return jobs_run


async def _pass(runtime: Runtime, sandbox: Sandbox, until: int) -> int:
    """Let time pass till an instant; after too many jobs it stands still at the last one."""
    clock = sandbox.clock
    try:
        return await runtime.jobs.run_due(sandbox, until, passing=True, most=MAX_JOBS)
    except TooManyJobs as stop:
        reached = clock.advanced(max(0, stop.reached - clock.now()))
        await _set_clock(runtime, sandbox, reached)
        detail = f"the clock stands at {iso_micros(stop.reached)} after {MAX_JOBS} jobs: call again"
        raise Problem(409, detail) from None


async def _set_clock(runtime: Runtime, sandbox: Sandbox, clock: Clock) -> None:
    async with runtime.database.transaction() as connection:
        await runtime.sandboxes.set_clock(connection, sandbox, clock)


async def _wake(runtime: Runtime, sandbox: Sandbox) -> int:
    """Run what fell due unobserved, before time passes under observation."""
    now = sandbox.clock.now()
    return await runtime.jobs.run_due(sandbox, now) if sandbox.has_due(now) else 0


async def _one(runtime: Runtime, sandbox: Sandbox | None) -> Sandbox:
    return sandbox or await runtime.sandboxes.open(TEMPLATE)


async def _again(runtime: Runtime, sandbox: Sandbox | None) -> Sandbox:
    """Return the sandbox as it stands after a change."""
    return await runtime.sandboxes.open(TEMPLATE if sandbox is None else sandbox.name)


def _job_out(job: Job) -> JobOut:
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state,
        outcome=job.outcome,
        due_at=to_datetime(job.due_at),
        created_at=to_datetime(job.created_at),
        finished_at=None if job.finished_at is None else to_datetime(job.finished_at),
    )

"""Clock and jobs of a sandbox, or of the whole server."""

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.problems import Problem
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.clock import AdvanceIn, ClockIn, ClockOut, JobOut, JobsOut
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.kernel.clock import LATEST, SECOND, Clock, iso_micros, to_datetime
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.jobs.queue import Job
from mockalog.kernel.jobs.runner import TooManyJobsError
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.runtime import Runtime

router = ControlRouter(tag="Clock and jobs", key=KEYS, headers=SandboxHeaders)

# How many jobs one call runs in a sandbox, so that none goes on for minutes after its client left.
MAX_JOBS = 20_000


@router.get("/clock", responses={200: ClockOut})
async def get_clock(call: ControlCall) -> ClockOut:
    """Return the clock; without a sandbox, what new ones start with."""
    return ClockOut.of((await call.sandbox_or_template()).clock)


@router.put("/clock", body=ClockIn, responses={200: ClockOut}, errors=("wrong-type",))
async def replace_clock(call: ControlCall) -> ClockOut:
    """Freeze the clock, let it run, or shift it; what was due before is done before."""
    runtime, wanted = call.runtime, call.body
    clock, found = wanted.clock(), await call.targets()
    for target in found:
        # A clock that goes back would hide what was accepted already.
        await runtime.jobs.run_due(target, target.clock.now())
    async with runtime.database.transaction() as connection:
        for target in found:
            if clock is None:
                await runtime.sandboxes.freeze(connection, target)
            else:
                await runtime.sandboxes.set_clock(connection, target, clock)
    return await _again(call)


@router.post(
    "/clock/advance",
    body=AdvanceIn,
    responses={200: ClockOut},
    errors=("wrong-type", "conflict"),
)
async def advance_clock(call: ControlCall) -> ClockOut:
    """Let time pass: every job that falls due runs, each at its due time, then this answers."""
    runtime = call.runtime
    step = round(call.body.seconds * SECOND)
    found = await call.targets()
    moments = [target.clock.now() + step for target in found]
    if max(moments) > LATEST:
        raise Problem(400, "the clock would leave the year 9999")
    jobs_run = 0
    for target, now in zip(found, moments, strict=True):
        jobs_run += await _wake(runtime, target)
        jobs_run += await _pass(runtime, target, now)
        async with runtime.database.transaction() as connection:
            await runtime.sandboxes.advance(connection, target, step)
    return await _again(call, jobs_run)


@router.post("/clock/settle", responses={200: ClockOut}, errors=("conflict",))
async def settle_clock(call: ControlCall) -> ClockOut:
    """Run jobs until only recurring ones are left; the clock moves as far as the last one needs."""
    jobs_run = 0
    for target in await call.targets():
        jobs_run += await _settle(call.runtime, target)
    return await _again(call, jobs_run)


@router.get("/jobs", responses={200: JobsOut})
async def list_jobs(call: ControlCall) -> JobsOut:
    """List pending and past jobs."""
    shown = []
    for target in await call.targets():
        shown += [_job_out(job) for job in await call.runtime.jobs.all(target.id)]
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
        return await runtime.jobs.run_due(sandbox, until, step_clock=True, most=MAX_JOBS)
    except TooManyJobsError as stop:
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


async def _again(call: ControlCall, jobs_run: int | None = None) -> ClockOut:
    """Return the clock as it stands after a change."""
    name = TEMPLATE if call.sandbox is None else call.sandbox.name
    return ClockOut.of((await call.runtime.sandboxes.open(name)).clock, jobs_run)


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

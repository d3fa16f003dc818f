"""The clock and the jobs of a sandbox, or of the whole server."""

from datetime import datetime

from pydantic import ConfigDict, Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.models import In, Moment, Out, SandboxHeaders
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.clock import (
    LATEST,
    SECOND,
    Clock,
    Mode,
    from_datetime,
    iso_micros,
    to_datetime,
)
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.jobs.runner import InterruptedJobsError, TooManyJobsError
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.runtime import Runtime

router = ControlRouter(tag="Clock and jobs", key=KEYS, headers=SandboxHeaders)

# Jobs that one call runs in a sandbox: a call must not run for minutes after its client left.
MAX_JOBS = 20_000


class ClockIn(In):
    """The clock to set; `now` is ISO 8601 with an offset.

    Without `now`, `frozen` stops the clock at its present instant, and `real` shows the machine's
    time.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"mode": "frozen", "now": "2025-03-01T12:00:00Z"}]}
    )

    mode: Mode
    now: Moment | None = None

    def clock(self) -> Clock | None:
        """Return the clock to set; None: the present clock, frozen."""
        if self.now is None and self.mode == "frozen":
            return None
        return Clock.at(self.mode, None if self.now is None else from_datetime(self.now))


class AdvanceIn(In):
    """How far to advance the clock, in seconds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seconds": 3600}]})

    seconds: float = Field(ge=0, le=LATEST / SECOND)


class ClockOut(Out):
    """A clock; after an advance also the number of jobs that ran."""

    mode: Mode
    now: datetime
    jobs_run: int | None

    @classmethod
    def of(cls, clock: Clock, jobs_run: int | None = None) -> "ClockOut":
        """Return the present state of a clock."""
        return cls(mode=clock.mode, now=to_datetime(clock.now()), jobs_run=jobs_run)


@router.get("/clock", responses={200: ClockOut})
async def get_clock(call: ControlCall) -> ClockOut:
    """Return the clock; without a sandbox, the clock of new sandboxes."""
    return ClockOut.of((await call.sandbox_or_template()).clock)


@router.put("/clock", body=ClockIn, responses={200: ClockOut}, errors=("wrong-type",))
async def replace_clock(call: ControlCall) -> ClockOut:
    """Freeze the clock, let it run, or shift it. Jobs that are already due run first."""
    runtime, wanted = call.runtime, call.body
    clock, sandboxes = wanted.clock(), await call.targets()
    for sandbox in sandboxes:
        # A clock that goes back would otherwise hide accepted changes.
        await runtime.jobs.run_due(sandbox, sandbox.clock.now(), turns=call.turns)
    for part in call.parts(sandboxes):
        async with call.writing() as connection:
            for sandbox in part:
                if clock is None:
                    await runtime.sandboxes.freeze(connection, sandbox)
                else:
                    await runtime.sandboxes.set_clock(connection, sandbox, clock)
    return await _present_clock(call)


@router.post(
    "/clock/advance",
    body=AdvanceIn,
    responses={200: ClockOut},
    errors=("wrong-type", "conflict"),
)
async def advance_clock(call: ControlCall) -> ClockOut:
    """Advance the clock, and run every job that falls due, each at its due time."""
    runtime = call.runtime
    step = round(call.body.seconds * SECOND)
    sandboxes = await call.targets()
    instants = [sandbox.clock.now() + step for sandbox in sandboxes]
    if max(instants) > LATEST:
        raise ProblemError(400, "the clock would leave the year 9999: advance it by fewer seconds")
    jobs_run = 0
    for sandbox, now in zip(sandboxes, instants, strict=True):
        jobs_run += await _run_overdue(call, sandbox)
        jobs_run += await _run_until(call, sandbox, now)
        async with runtime.database.transaction(sandbox.id) as connection:
            await runtime.sandboxes.advance(connection, sandbox, step)
        await call.turns.give_way()
    return await _present_clock(call, jobs_run)


@router.post("/clock/settle", responses={200: ClockOut}, errors=("conflict",))
async def settle_clock(call: ControlCall) -> ClockOut:
    """Run jobs until only recurring jobs are left; the clock moves to the last job's due time."""
    jobs_run = 0
    for sandbox in await call.targets():
        jobs_run += await _settle(call, sandbox)
    return await _present_clock(call, jobs_run)


async def _settle(call: ControlCall, sandbox: Sandbox) -> int:
    """Move the clock from due time to due time, since a job may schedule another job.

    Recurring jobs that fall due on the way run too, but the loop does not wait for the next one.
    """
    jobs_run, clock = await _run_overdue(call, sandbox), sandbox.clock
    while (due := await call.runtime.jobs.next_due(sandbox.id)) is not None:
        clock = clock.advanced(max(0, due - clock.now()))
        jobs_run += await _run_until(call, sandbox, max(due, clock.now()))
    await _set_clock(call.runtime, sandbox, clock)
    await call.turns.give_way()
    return jobs_run


async def _run_until(call: ControlCall, sandbox: Sandbox, until: int) -> int:
    """Run jobs up to an instant; after `MAX_JOBS` stop the clock at the last job, and refuse.

    If the client leaves, the clock stops at the last job, too.
    """
    clock, runtime = sandbox.clock, call.runtime
    try:
        return await runtime.jobs.run_due(
            sandbox, until, step_clock=True, most=MAX_JOBS, turns=call.turns
        )
    except (TooManyJobsError, InterruptedJobsError) as stop:
        reached = clock.advanced(max(0, stop.reached - clock.now()))
        await _set_clock(runtime, sandbox, reached)
        if isinstance(stop, InterruptedJobsError):
            raise
        detail = f"the clock is at {iso_micros(stop.reached)} after {MAX_JOBS} jobs: call again"
        raise ProblemError(409, detail) from None


async def _set_clock(runtime: Runtime, sandbox: Sandbox, clock: Clock) -> None:
    async with runtime.database.transaction(sandbox.id) as connection:
        await runtime.sandboxes.set_clock(connection, sandbox, clock)


async def _run_overdue(call: ControlCall, sandbox: Sandbox) -> int:
    """Run the jobs that are already due at the present instant; return their number."""
    now = sandbox.clock.now()
    if not sandbox.has_due(now):
        return 0
    return await call.runtime.jobs.run_due(sandbox, now, turns=call.turns)


async def _present_clock(call: ControlCall, jobs_run: int | None = None) -> ClockOut:
    """Return the clock after a change."""
    name = TEMPLATE if call.sandbox is None else call.sandbox.name
    return ClockOut.of((await call.runtime.sandboxes.open(name)).clock, jobs_run)

"""Jobs: asynchronous effects as rows, run before the next request of their sandbox.

There are no threads and no timers. Due jobs run in the order of due time and number, before the
next request of their sandbox. Their rows carry the due time as timestamp, so the same calls have
the same result however late the next request comes.

A schedule is a job that stores its successor. Such a job, and the run that it starts, is recurring.
`clock/settle` waits for all other jobs only, because a schedule never ends.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from mockalog.kernel.database.interfaces import Flag, Query
from mockalog.kernel.database.models import FILLING, State, jobs, sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.formats.json_columns import OBJECT

# Jobs that one statement lists.
PAGE = 100

# The ended jobs of each state that a sandbox keeps, as the journal keeps exchanges.
MAX_ENDED = 10_000

# Old jobs are looked for after so many, and at most so many of them are dropped at once.
DROP_EVERY, MAX_DROPPED = 100, 250


@dataclass(frozen=True, slots=True)
class Job:
    """An effect: `kind` is `<vendor>.<effect>`, `due_at` the instant at which it happens.

    `observed_at` is the instant of the request that runs it; it is later than `due_at` if no
    request came in between. `settings` are the sandbox's, by dotted name.
    """

    id: int
    kind: str
    payload: Mapping[str, Any]
    state: State
    outcome: str | None
    due_at: int
    created_at: int
    finished_at: int | None
    fault: str | None = None
    recurring: bool = False
    observed_at: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """Return the vendor's error id that a fault gave it (`Fault.reason`), or ""."""
        return (self.fault or "").rpartition(": ")[2]


# Has the effect; returns the outcome that `GET /_mockalog/jobs` shows.
JobHandler = Callable[[Repository, Job], Awaitable[str]]

# Writes the vendor's rows after an effect failed and was rolled back, so that nothing stays pending
# for ever. The text is the reason in our words; `Job.error` is the vendor's error id.
JobFailureHandler = Callable[[Repository, Job, str], Awaitable[None]]


class SubjectGoneError(Exception):
    """A job refers to a thing that does not exist. The job fails, and the text is its outcome.

    Only a state document can hold such a job.
    """


class JobKind(NamedTuple):
    """A kind of job: its effect, the handler of its failure, its libraries, and its payload.

    `imports` are imported in a thread before the job runs, as in `Declaration.imports`. `payload`
    is the Pydantic type of the payload (kernel/formats/json_columns.py).
    """

    run: JobHandler
    fail: JobFailureHandler | None = None
    imports: tuple[str, ...] = ()
    payload: object = OBJECT


_SCHEDULE = insert(jobs).values(
    sandbox_id=bindparam("sandbox_id"),
    id=bindparam("id"),
    kind=bindparam("kind"),
    payload=bindparam("payload"),
    state="pending",
    due_at=bindparam("due_at"),
    created_at=bindparam("created_at"),
    fault=bindparam("fault"),
    recurring=bindparam("recurring"),
)
_pending = (jobs.c.sandbox_id == bindparam("sandbox_id"), jobs.c.state == "pending")


class JobRow(NamedTuple):
    """A row of `jobs`; `payload` is JSON."""

    sandbox_id: int
    id: int
    kind: str
    payload: str
    state: State
    outcome: str | None
    due_at: int
    created_at: int
    finished_at: int | None
    recurring: Flag
    fault: str | None


class _CounterRow(NamedTuple):
    last_job: int


class DueRow(NamedTuple):
    """The due time of the next job, None without one."""

    due_at: int | None


_announce = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("sandbox_id"))
    .values(
        next_due=case(
            (sandboxes.c.next_due < bindparam("due_at"), sandboxes.c.next_due),
            else_=bindparam("due_at"),
        ),
        last_job=sandboxes.c.last_job + 1,
    )
    .returning(sandboxes.c.last_job)
)
_ANNOUNCE = Query(_announce, _CounterRow)
# Writing the sandbox's row serialises the workers that run its jobs.
_CLAIM = (
    update(sandboxes)
    .where(
        sandboxes.c.id == bindparam("sandbox_id"),
        # A hidden generation has no name yet.
        or_(sandboxes.c.name.is_not(None), sandboxes.c.purpose == FILLING),
    )
    .values(next_due=sandboxes.c.next_due)
)
_LOCK_DUE = Query(_CLAIM.returning(sandboxes.c.next_due.label("due_at")), DueRow)
_next = (
    select(jobs)
    .where(*_pending, jobs.c.due_at <= bindparam("until"))
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(1)
)
NEXT = Query(_next, JobRow)
NEXT_DELAYED = Query(_next.where(jobs.c.due_at > jobs.c.created_at), JobRow)
NEXT_SINGLE = Query(_next.where(jobs.c.recurring == false()), JobRow)
_next_due = select(func.min(jobs.c.due_at).label("due_at"))
NEXT_DUE = Query(_next_due.where(*_pending, jobs.c.recurring == false()), DueRow)
FINISH = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"), *_pending)
    .values(
        state=bindparam("new_state"),
        # The effect is in the vendor's rows; a kept payload would double a bulk load.
        payload="{}",
        outcome=bindparam("new_outcome"),
        finished_at=bindparam("new_finished_at"),
    )
)
UPDATE_NEXT_DUE = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("sandbox_id"))
    .values(next_due=select(func.min(jobs.c.due_at)).where(*_pending).scalar_subquery())
)
_listed = (
    select(jobs)
    .where(jobs.c.sandbox_id == bindparam("sandbox_id"), jobs.c.id > bindparam("last"))
    .order_by(jobs.c.id)
    .limit(PAGE)
)
LISTED = Query(_listed, JobRow)
_done = (jobs.c.sandbox_id == bindparam("sandbox_id"), jobs.c.state == bindparam("old_state"))
_old = (
    select(jobs.c.id)
    .where(*_done)
    .order_by(jobs.c.due_at.desc(), jobs.c.id.desc())
    .limit(MAX_DROPPED)
    .offset(bindparam("kept", type_=Integer))
)
# Of the jobs that ended in a state, the newest stay.
DROP_OLD = delete(jobs).where(jobs.c.sandbox_id == bindparam("sandbox_id"), jobs.c.id.in_(_old))


async def schedule(
    repository: Repository,
    kind: str,
    payload: Mapping[str, object],
    *,
    now: int,
    due_at: int,
    fault: str | None = None,
    recurring: bool = False,
) -> None:
    """Store an effect in the transaction of the request that causes it.

    With `fault`, the reason, the job fails instead of having its effect.
    """
    row = await repository.first(_ANNOUNCE, due_at=due_at)
    if row is None:  # reset since the request came: no call would see the effect
        return
    await repository.run(
        _SCHEDULE,
        id=row.last_job,
        kind=kind,
        payload=dumps(payload).decode(),
        due_at=due_at,
        created_at=now,
        fault=fault,
        recurring=recurring,
    )


async def lock_sandbox(repository: Repository) -> bool:
    """Lock the sandbox until commit. Return False if it was reset.

    A reset sandbox has no name, so no call sees its rows. This lock comes before those of an
    effect's own rows. Code that locks such rows before it schedules the job takes this lock first.
    """
    return await repository.run(_CLAIM) > 0


async def lock_due(repository: Repository) -> int | None:
    """Lock the sandbox until commit; return the due time of its next job, None without one."""
    row = await repository.first(_LOCK_DUE)
    return None if row is None else row.due_at

"""Jobs: asynchronous effects as rows, run lazily before the sandbox's next request.

No threads and no timers: a job that is due is run, in order of due time and number, by whoever
next asks something of its sandbox. What it does is stamped with its due time, so that the same
calls have the same result however late somebody looks.

A schedule is a job that stores its successor. Such a job is recurring, and so is what it starts:
whoever waits until nothing is left to do does not wait for those.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    bindparam,
    case,
    false,
    func,
    insert,
    select,
    update,
)

from mockalog.kernel.database.interfaces import Flag, Query
from mockalog.kernel.database.models import State, jobs, sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps


@dataclass(frozen=True, slots=True)
class Job:
    """One effect: `kind` is `<vendor>.<effect>`, `due_at` the instant at which it happens.

    `observed_at`: when somebody looks; later than `due_at` if time went by unobserved.
    `settings`: the sandbox's, by their dotted names.
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
        """Return the vendor's error id that it was armed to fail with (`Fault.reason`), or ""."""
        return (self.fault or "").rpartition(": ")[2]


# Does the effect; returns what `GET /_mockalog/jobs` shows as its outcome.
JobHandler = Callable[[Repository, Job], Awaitable[str]]

# Leaves the vendor's rows as they are after an effect that failed and was rolled back: nothing may
# stay under way for ever. The text says what went wrong in our words, `Job.error` in the vendor's.
JobFailureHandler = Callable[[Repository, Job, str], Awaitable[None]]

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
# Touching the sandbox's row serialises everyone who wants to run its jobs.
_CLAIM = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("sandbox_id"), sandboxes.c.name.is_not(None))
    .values(next_due=sandboxes.c.next_due)
)
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
        # What was done is in the vendor's rows; keeping it twice would double a bulk load.
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
_all = select(jobs).where(jobs.c.sandbox_id == bindparam("sandbox_id")).order_by(jobs.c.id)
ALL = Query(_all, JobRow)


async def schedule(
    repository: Repository,
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: int,
    due_at: int,
    fault: str | None = None,
    recurring: bool = False,
) -> None:
    """Store an effect in the transaction of the request that causes it.

    With `fault`, the reason, it fails instead of being done.
    """
    row = await repository.first(_ANNOUNCE, due_at=due_at)
    if row is None:  # reset and swept since the request came: nobody would see the effect
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
    """Keep whoever runs the sandbox's jobs away until commit; say whether there is any.

    There is none once the sandbox has lost its name, by a reset: nobody sees its rows any more.
    That lock comes before those of an effect's own rows; so who has to lock rows before the job
    can be scheduled takes it first.
    """
    return await repository.run(_CLAIM) > 0

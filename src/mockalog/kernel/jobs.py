"""Jobs: asynchronous effects as rows, run lazily before the sandbox's next request.

No threads and no timers: a job that is due is run, in order of due time and number, by whoever
next asks something of its sandbox. What it does is stamped with its due time, so that the same
calls have the same result however late somebody looks.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)

from mockalog.kernel.database import OUTAGES, Database, metadata
from mockalog.kernel.repository import Repository
from mockalog.kernel.sandbox import Sandbox, Sandboxes, sandboxes
from mockalog.kernel.wire import dumps, loads

logger = logging.getLogger(__name__)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sandbox_id", Integer, nullable=False),
    Column("kind", String(80), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("outcome", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    # Why it shall fail, if a test armed that.
    Column("fault", Text),
    Index(None, "sandbox_id", "state", "due_at", "id"),
    sqlite_autoincrement=True,
)


State = Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """One effect: `kind` is `<vendor>.<effect>`, `due_at` the instant at which it happens."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    state: State
    outcome: str | None
    due_at: int
    created_at: int
    finished_at: int | None
    fault: str | None = None


# Does the effect; returns what `GET /_mockalog/jobs` shows as its outcome.
Handler = Callable[[Repository, Job], Awaitable[str]]

# Leaves the vendor's rows as they are after an effect that failed and was rolled back: nothing may
# stay under way for ever. The text says what went wrong.
FailureHandler = Callable[[Repository, Job, str], Awaitable[None]]

_SCHEDULE = insert(jobs).values(
    sandbox_id=bindparam("sandbox_id"),
    kind=bindparam("kind"),
    payload=bindparam("payload"),
    state="pending",
    due_at=bindparam("due_at"),
    created_at=bindparam("created_at"),
    fault=bindparam("fault"),
)
_pending = (jobs.c.sandbox_id == bindparam("sandbox_id"), jobs.c.state == "pending")
_BRING_FORWARD = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("sandbox_id"))
    .values(
        next_due=case(
            (sandboxes.c.next_due < bindparam("due_at"), sandboxes.c.next_due),
            else_=bindparam("due_at"),
        )
    )
)
# Touching the sandbox's row serialises everyone who wants to run its jobs.
_CLAIM = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("sandbox_id"))
    .values(next_due=sandboxes.c.next_due)
)
_NEXT = (
    select(jobs)
    .where(*_pending, jobs.c.due_at <= bindparam("until"))
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(1)
)
_FINISH = (
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
_RECKON = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("sandbox_id"))
    .values(next_due=select(func.min(jobs.c.due_at)).where(*_pending).scalar_subquery())
)
_ALL = select(jobs).where(jobs.c.sandbox_id == bindparam("sandbox_id")).order_by(jobs.c.id)


async def schedule(
    repository: Repository,
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: int,
    due_at: int,
    fault: str | None = None,
) -> None:
    """Store an effect in the transaction of the request that causes it.

    With `fault`, the reason, it fails instead of being done.
    """
    text = dumps(payload).decode()
    values = {"kind": kind, "payload": text, "due_at": due_at, "created_at": now, "fault": fault}
    await repository.run(_SCHEDULE, **values)
    await repository.run(_BRING_FORWARD, due_at=due_at)


class Jobs:
    """Runs what is due; `handlers` maps each kind to what does it, `failures` to what if not."""

    def __init__(
        self,
        database: Database,
        sandboxes: Sandboxes,
        handlers: Mapping[str, Handler],
        failures: Mapping[str, FailureHandler] = MappingProxyType({}),
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._handlers = handlers
        self._failures = failures

    async def run_due(self, sandbox: Sandbox, until: int) -> int:
        """Run every job due at or before `until`, those that jobs add included; count them."""
        count = 0
        while await self._run_next(sandbox.id, until):
            count += 1
        self._sandboxes.forget()
        return count

    async def all(self, sandbox_id: int) -> Sequence[Job]:
        """Return the sandbox's jobs, past and pending, in order of number."""
        async with self._database.transaction() as connection:
            return [_job(row) for row in await Repository(connection, sandbox_id).all(_ALL)]

    async def _run_next(self, sandbox_id: int, until: int) -> bool:
        """Run one job in one transaction: its effect and its mark are one."""
        job = None
        try:
            async with self._database.transaction() as connection:
                repository = Repository(connection, sandbox_id)
                job = await self._claim(repository, until)
                if job is not None and job.fault is None:
                    outcome = await self._handlers[job.kind](repository, job)
                    await _finish(repository, job, "done", outcome)
        except OUTAGES:  # the job stays pending, and is tried with the next request
            raise
        except Exception as error:
            if job is None:
                raise
            logger.exception("job %s (%s) failed", job.id, job.kind)
            await self._fail(sandbox_id, job, repr(error))
            return True
        if job is not None and job.fault is not None:
            await self._fail(sandbox_id, job, job.fault)
        return job is not None

    async def _claim(self, repository: Repository, until: int) -> Job | None:
        await repository.run(_CLAIM)
        row = await repository.first(_NEXT, until=until)
        if row is None:
            await repository.run(_RECKON)
            return None
        return _job(row)

    async def _fail(self, sandbox_id: int, job: Job, reason: str) -> None:
        """Mark a job whose effect was rolled back, so that it is not tried for ever."""
        handler = self._failures.get(job.kind)
        try:
            await self._mark_failed(sandbox_id, job, reason, handler)
        except OUTAGES:
            raise
        except Exception:
            logger.exception("what follows the failure of job %s (%s) failed too", job.id, job.kind)
            await self._mark_failed(sandbox_id, job, reason, None)

    async def _mark_failed(
        self, sandbox_id: int, job: Job, reason: str, handler: FailureHandler | None
    ) -> None:
        """Mark a job and do what follows from that; nothing if another process ran it since."""
        async with self._database.transaction() as connection:
            repository = Repository(connection, sandbox_id)
            await repository.run(_CLAIM)
            if await _finish(repository, job, "failed", reason) and handler is not None:
                await handler(repository, job, reason)


async def _finish(repository: Repository, job: Job, state: State, outcome: str) -> int:
    return await repository.run(
        _FINISH,
        job_id=job.id,
        new_state=state,
        new_outcome=outcome,
        new_finished_at=job.due_at,
    )


def _job(row: Any) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        payload=loads(row.payload),
        state=row.state,
        outcome=row.outcome,
        due_at=row.due_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
        fault=row.fault,
    )

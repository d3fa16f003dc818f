"""Running due jobs: one after another, each in a transaction of its own."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockalog.kernel.database.interfaces import (
    Connection,
    Database,
    DatabaseUnavailableError,
    Query,
)
from mockalog.kernel.database.models import TEMPLATE, State
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import loads_stored
from mockalog.kernel.jobs import queue
from mockalog.kernel.jobs.queue import (
    Job,
    JobFailureHandler,
    JobKind,
    JobRow,
    SubjectGoneError,
    lock_sandbox,
)
from mockalog.kernel.late_imports import NotReadyError, after_imports
from mockalog.kernel.sandboxes.generations import release_prepared_copies
from mockalog.kernel.sandboxes.sandboxes import Sandbox, Sandboxes
from mockalog.kernel.turns import ClientLeftError, Turns

logger = logging.getLogger(__name__)


class TooManyJobsError(Exception):
    """The limit of jobs was reached; `reached` is the due time of the last one that ran."""

    def __init__(self, reached: int) -> None:
        super().__init__(reached)
        self.reached = reached


class DueJobError(Exception):
    """A due job fails, or needs an import: `run_due` must run it before the call."""


class InterruptedJobsError(ClientLeftError):
    """The client left between two jobs; `reached` is the due time of the last one that ran."""

    def __init__(self, reached: int) -> None:
        super().__init__(reached)
        self.reached = reached


class _Selection(NamedTuple):
    """The jobs that one request lets run."""

    until: int
    step_clock: bool
    query: Query[JobRow]
    settings: Mapping[str, Any]


class JobRunner:
    """Runs due jobs; `kinds` maps the name of each kind to it.

    `settings` returns the settings for `Job.settings`.
    """

    def __init__(
        self,
        database: Database,
        sandboxes: Sandboxes,
        kinds: Mapping[str, JobKind],
        settings: Callable[[Sandbox], Mapping[str, Any]] = lambda sandbox: sandbox.settings,
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._kinds = kinds
        self._settings = settings

    async def run_due(
        self,
        sandbox: Sandbox,
        until: int,
        *,
        step_clock: bool = False,
        delayed_only: bool = False,
        most: int | None = None,
        turns: Turns | None = None,
    ) -> int:
        """Run every job due at or before `until`, also jobs that jobs add; return their number.

        `step_clock`: time passes job by job, so each job is observed at its due time.
        `delayed_only`: leave jobs that were due when they were stored. `most`: raise
        `TooManyJobsError` after this many; the others stay pending. Raises
        `InterruptedJobsError`.
        """
        query = queue.NEXT_DELAYED if delayed_only else queue.NEXT
        selection = _Selection(until, step_clock, query, self._settings(sandbox))
        count, turns = 0, turns or Turns()
        try:
            while (job := await self._run_next(sandbox, selection)) is not None:
                count += 1
                await _give_way(turns, job)
                if count == most:
                    raise TooManyJobsError(job.due_at)
        finally:
            if count and sandbox.name == TEMPLATE:
                self._sandboxes.cleanup.wake()
                self._sandboxes.prepared_copies.prepare()
            self._sandboxes.forget()
        return count

    async def run_within(self, repository: Repository, sandbox: Sandbox, until: int) -> None:
        """Run due jobs in the caller's transaction; a failure is raised and undone with it.

        Recurring jobs are left out, because they never end.
        """
        selection = _Selection(until, False, queue.NEXT_SINGLE, self._settings(sandbox))
        while (job := await self._claim(repository, selection)) is not None:
            outcome = await self._kinds[job.kind].run(repository, job)
            await _finish(repository, job, "done", outcome)

    async def catch_up(self, connection: Connection, sandbox: Sandbox) -> None:
        """Lock the sandbox until commit; run jobs that other calls stored since the admission.

        So of simultaneous calls each sees the effects of those before it, as calls in turn do. The
        effects are part of the call's transaction. Raises `DueJobError`.
        """
        repository = Repository(connection, sandbox.id)
        due_at = await queue.lock_due(repository)
        now = sandbox.clock.now()  # after the wait for the lock
        if due_at is None or due_at > now:
            return
        selection = _Selection(now, False, queue.NEXT, self._settings(sandbox))
        while (job := await self._claim(repository, selection)) is not None:
            await self._run_in_call(repository, job)
        await _release_template_copies(connection, sandbox)
        self._sandboxes.forget()

    async def _run_in_call(self, repository: Repository, job: Job) -> None:
        if job.fault is not None:
            raise DueJobError
        try:
            outcome = await self._kinds[job.kind].run(repository, job)
        except DatabaseUnavailableError:
            raise
        except Exception:  # noqa: BLE001 - `run_due` logs it and marks the job as failed
            raise DueJobError from None
        await _finish(repository, job, "done", outcome)

    async def next_due(self, sandbox_id: int) -> int | None:
        """Return the due time of the next job that is not recurring, None without one."""
        async with self._database.transaction() as connection:
            row = await Repository(connection, sandbox_id).first(queue.NEXT_DUE)
        return None if row is None else row.due_at

    async def listed(self, sandbox_id: int, after: int = 0) -> AsyncIterator[Job]:
        """Yield the sandbox's jobs after an id, ended and pending, in order of number."""
        found = True
        while found:
            async with self._database.transaction() as connection:
                rows = await Repository(connection, sandbox_id).all(queue.LISTED, last=after)
            for row in rows:
                yield _job(row)
                after = row.id
            found = len(rows) == queue.PAGE

    async def _run_next(self, sandbox: Sandbox, selection: _Selection) -> Job | None:
        """Run one job, after its vendor is imported and its late results are there."""
        return await after_imports(lambda: self._run_one(sandbox, selection))

    async def _run_one(self, sandbox: Sandbox, selection: _Selection) -> Job | None:
        """Run one job in one transaction: its effect and its state change together."""
        job = None
        try:
            async with self._database.transaction(sandbox.id) as connection:
                repository = Repository(connection, sandbox.id)
                job = await self._claim(repository, selection)
                if job is not None and job.fault is None:
                    outcome = await self._kinds[job.kind].run(repository, job)
                    await _finish(repository, job, "done", outcome)
                    await _release_template_copies(connection, sandbox)
        # The job stays pending: the next request tries it, or this one after an import.
        except (DatabaseUnavailableError, NotReadyError):
            raise
        except SubjectGoneError as error:
            assert job is not None  # its effect raised the error
            await self._fail(sandbox, job, str(error))
            return job
        except Exception as error:
            if job is None:
                raise
            logger.exception("job %s (%s) failed", job.id, job.kind)
            await self._fail(sandbox, job, repr(error))
            return job
        if job is not None and job.fault is not None:
            await self._fail(sandbox, job, job.fault)
        return job

    async def _claim(self, repository: Repository, selection: _Selection) -> Job | None:
        if not await lock_sandbox(repository):  # reset meanwhile
            return None
        row = await repository.first(selection.query, until=selection.until)
        if row is None:
            await repository.run(queue.UPDATE_NEXT_DUE)
            return None
        return _job(
            row, selection.until if not selection.step_clock else row.due_at, selection.settings
        )

    async def _fail(self, sandbox: Sandbox, job: Job, reason: str) -> None:
        """Mark a job whose effect was rolled back as failed, so that it is not tried for ever."""
        kind = self._kinds.get(job.kind)
        handler = None if kind is None else kind.fail
        try:
            await self._mark_failed(sandbox, job, reason, handler)
        except DatabaseUnavailableError:
            raise
        except SubjectGoneError:  # the handler's subject is the job's
            await self._mark_failed(sandbox, job, reason, None)
        except Exception:
            logger.exception("the failure handler of job %s (%s) failed too", job.id, job.kind)
            await self._mark_failed(sandbox, job, reason, None)

    async def _mark_failed(
        self, sandbox: Sandbox, job: Job, reason: str, handler: JobFailureHandler | None
    ) -> None:
        """Mark a job as failed and run its failure handler, if no other process ran it."""
        async with self._database.transaction(sandbox.id) as connection:
            repository = Repository(connection, sandbox.id)
            if not await lock_sandbox(repository):
                return
            await _release_template_copies(connection, sandbox)
            if await _finish(repository, job, "failed", reason) and handler is not None:
                await handler(repository, job, reason)


async def _give_way(turns: Turns, job: Job) -> None:
    try:
        await turns.give_way()
    except ClientLeftError:
        raise InterruptedJobsError(job.due_at) from None


async def _release_template_copies(connection: Connection, sandbox: Sandbox) -> None:
    """Release the template's copies in the transaction in which a job changes the template."""
    if sandbox.name == TEMPLATE:
        await release_prepared_copies(connection, sandbox.id)


async def _finish(repository: Repository, job: Job, state: State, outcome: str) -> int:
    """End a job. Now and then, drop the oldest ended ones beyond `MAX_ENDED`."""
    if job.id % queue.DROP_EVERY == 0:
        await repository.run(queue.DROP_OLD, old_state=state, kept=queue.MAX_ENDED)
    return await repository.run(
        queue.FINISH,
        job_id=job.id,
        new_state=state,
        new_outcome=outcome,
        new_finished_at=job.due_at,
    )


def _job(
    row: JobRow, observed_at: int = 0, settings: Mapping[str, Any] = MappingProxyType({})
) -> Job:
    """Return a row's job; a job whose payload cannot be read fails like any other."""
    payload, fault = {}, row.fault
    try:
        payload = loads_stored(row.payload)
    except MalformedBodyError as error:
        fault = f"the payload cannot be read: {error}"
    return Job(
        id=row.id,
        kind=row.kind,
        payload=payload,
        state=row.state,
        outcome=row.outcome,
        due_at=row.due_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
        fault=fault,
        recurring=bool(row.recurring),
        observed_at=observed_at,
        settings=settings,
    )

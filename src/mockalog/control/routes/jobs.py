"""The jobs of a sandbox: asynchronous effects, pending or ended."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.long_responses import LongResponse, long_list
from mockalog.control.calls.models import Out, SandboxHeaders
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.database.models import State
from mockalog.kernel.jobs.queue import Job

router = ControlRouter(tag="Clock and jobs", key=KEYS, headers=SandboxHeaders)


class JobFilterIn(BaseModel):
    """The jobs to list: all given filters must match."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    limit: Annotated[int | None, Field(ge=1, description="The first so many.")] = None
    status: State | None = None
    kind: str | None = Field(None, description="Such as `braze.create_items`.")
    after: int = Field(
        0, ge=0, description="The id of the last job of the page before; for one sandbox only."
    )


class JobOut(Out):
    """A job; `outcome` holds its result or the reason of its failure."""

    id: int
    kind: str
    state: State
    outcome: str | None
    due_at: datetime
    created_at: datetime
    finished_at: datetime | None


class JobsOut(Out):
    """Pending and past jobs, ordered by id."""

    jobs: list[JobOut]


@router.get("/jobs", query=JobFilterIn, responses={200: JobsOut})
async def list_jobs(call: ControlCall) -> LongResponse:
    """List pending and past jobs, of the whole server sandbox by sandbox.

    Of the jobs that ended, a sandbox keeps the newest 10,000 done and as many failed ones.
    """
    if call.sandbox is None and call.query.after:
        raise ProblemError(400, "query.after: each sandbox counts its jobs; name a sandbox")
    return await long_list(b'{"jobs":[', _matching(call), b"]}")


async def _matching(call: ControlCall) -> AsyncIterator[JobOut]:
    wanted: JobFilterIn = call.query
    left = wanted.limit
    for sandbox in await call.targets():
        async for job in call.runtime.jobs.listed(sandbox.id, wanted.after):
            await call.turns.give_way()
            if wanted.status not in (None, job.state) or wanted.kind not in (None, job.kind):
                continue
            yield _out(job)
            left = None if left is None else left - 1
            if left == 0:
                return
        await call.turns.give_way()


def _out(job: Job) -> JobOut:
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state,
        outcome=job.outcome,
        due_at=to_datetime(job.due_at),
        created_at=to_datetime(job.created_at),
        finished_at=None if job.finished_at is None else to_datetime(job.finished_at),
    )

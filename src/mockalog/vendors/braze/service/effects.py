"""What every effect of an asynchronous call has in common: scheduling it, and its catalog."""

from collections.abc import Awaitable, Callable
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, JobHandler
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.repository import catalogs

# Does a job's effect on the catalog's locked row; returns the job's outcome.
Effect = Callable[[Repository, Any, Job], Awaitable[str]]


async def schedule(call: Call, catalog: Any, **payload: Any) -> None:
    """Store the effect of a call; its kind is the operation's name."""
    due_at = call.after("braze.async_delay")
    kind = f"braze.{call.operation.name}"
    await call.schedule(kind, {"catalog": catalog.id, **payload}, due_at=due_at)


def effect(do: Effect) -> JobHandler:
    """Make a job's handler of an effect; one whose catalog was deleted since does nothing."""

    async def handle(repository: Repository, job: Job) -> str:
        catalog = await catalogs.lock_numbered(repository, job.payload["catalog"])
        return "the catalog is gone" if catalog is None else await do(repository, catalog, job)

    return handle

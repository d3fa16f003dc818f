"""The queue of jobs: storing a job."""

import uuid

from mockalog.kernel.database.models import sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import schedule
from tests.emulation import Emulation


def test_a_job_of_a_reset_sandbox_is_not_stored(emulation: Emulation) -> None:
    """The reset came during the request."""
    name = uuid.uuid4().hex

    async def act() -> int:
        runtime = emulation.runtime
        sandbox = await runtime.sandboxes.open(name)
        async with runtime.database.transaction() as connection:
            await connection.run(sandboxes.delete().where(sandboxes.c.id == sandbox.id), {})
        async with runtime.database.transaction() as connection:
            repository = Repository(connection, sandbox.id)
            await schedule(repository, "braze.create_items", {}, now=0, due_at=0)
        runtime.sandboxes.forget()
        return len([job async for job in runtime.jobs.listed(sandbox.id)])

    assert emulation.run(act) == 0

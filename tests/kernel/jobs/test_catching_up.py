"""Calls catch up with the jobs that other calls stored; jobs whose subject is gone fail quietly."""

from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, JobKind, SubjectGoneError
from mockalog.kernel.jobs.runner import DueJobError
from mockalog.kernel.sandboxes import generations
from tests.arming import Arm
from tests.emulation import Emulation, emulate
from tests.kernel.jobs.test_runner import Scene, Stage, play
from tests.vendors.braze.factories import make_catalog

__all__ = ["play"]

SELECTION = {"selection": {"name": "one", "filters": []}}


async def catch_up(stage: Stage) -> None:
    """Catch up in a transaction."""
    async with stage.database.transaction() as connection:
        await stage.jobs.catch_up(connection, stage.sandbox)


def test_due_jobs_run_in_the_transaction_of_the_call(play: Callable[[Scene], None]) -> None:
    """The call's failure undoes them, and they run again."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.note", 10, "first")
        with suppress(LookupError):
            async with stage.database.transaction() as connection:
                await stage.jobs.catch_up(connection, stage.sandbox)
                raise LookupError
        await catch_up(stage)
        await catch_up(stage)

        assert stage.ran == [("first", 10), ("first", 10)]
        assert await stage.states() == [("done", "noted")]

    play(scene)


def test_jobs_of_later_stay_pending(play: Callable[[Scene], None]) -> None:
    """And a sandbox without jobs has nothing to catch up with."""

    async def scene(stage: Stage) -> None:
        await catch_up(stage)
        await stage.schedule("test.note", 2**60)
        await catch_up(stage)

        assert await stage.states() == [("pending", None)]

    play(scene)


def test_a_job_that_fails_must_run_before_the_call(
    play: Callable[[Scene], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Because the call would undo the mark of its failure; nothing is logged yet."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.fail", 10)
        with pytest.raises(DueJobError):
            await catch_up(stage)

        assert await stage.states() == [("pending", None)]

    play(scene)
    assert not caplog.records


def test_an_outage_in_a_job_is_that_of_the_call(play: Callable[[Scene], None]) -> None:
    """The job stays pending."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.outage", 10)
        with pytest.raises(DatabaseUnavailableError):
            await catch_up(stage)
        await catch_up(stage)

        assert await stage.states() == [("done", "noted")]

    play(scene)


def test_a_template_that_changes_loses_its_prepared_copies() -> None:
    """As by any other job."""
    with emulate() as emulation:

        async def scene() -> list[int | None]:
            stage = Stage(emulation, await emulation.runtime.sandboxes.open(TEMPLATE))
            template = stage.sandbox.id
            async with stage.database.transaction() as connection:
                await generations.create_from(connection, None, template, "spare", copy_of=template)
            await stage.schedule("test.note", 10)
            await catch_up(stage)
            async with stage.database.transaction() as connection:
                return [await generations.take_prepared_copy(connection, "new", template)]

        assert emulation.run(scene) == [False]


def test_a_call_waits_for_the_failure_of_a_job_before_it(
    emulation: Emulation, braze: httpx.Client, arm: Arm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here another call stored the job after the admission of this one."""
    make_catalog(braze, "shop")
    run_due, admitted = emulation.runtime.jobs.run_due, []
    arm(operation="create_selection", status=500, phase="job")

    async def run_later(*given: object, **options: object) -> int:
        admitted.append(1)
        return 0 if len(admitted) == 1 else await run_due(*given, **options)  # type: ignore[arg-type]

    first = braze.post("/catalogs/shop/selections", json=SELECTION)
    monkeypatch.setattr(emulation.runtime.jobs, "run_due", run_later)
    second = braze.post("/catalogs/shop/selections", json=SELECTION)
    monkeypatch.undo()

    assert (first.status_code, second.status_code) == (202, 202)
    assert emulation.control(braze).get("/jobs").json()["jobs"][0]["state"] == "failed"


def test_a_job_without_its_subject_fails_with_the_reason(
    play: Callable[[Scene], None], caplog: pytest.LogCaptureFixture
) -> None:
    """The failure handler may miss it, too; no traceback is logged."""

    async def miss(repository: Repository, job: Job) -> str:
        raise SubjectGoneError("the catalog 7 does not exist")

    async def miss_again(repository: Repository, job: Job, reason: str) -> None:
        raise SubjectGoneError(reason)

    async def scene(stage: Stage) -> None:
        stage.kinds["test.miss"] = JobKind(miss, miss_again)
        await stage.schedule("test.miss", 10)

        assert await stage.jobs.run_due(stage.sandbox, 10) == 1

        assert await stage.states() == [("failed", "the catalog 7 does not exist")]

    play(scene)
    assert not caplog.records

"""Jobs: due effects run before the next request, once, in order."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from mockalog.kernel import turns
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.database.models import PREPARED, TEMPLATE, jobs, sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, JobFailureHandler, JobKind, SubjectGoneError, schedule
from mockalog.kernel.jobs.runner import DueJobError, JobRunner
from mockalog.kernel.sandboxes.generations import create_from, take_prepared_copy
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.state.resets import reset
from tests.arming import Arm
from tests.emulation import Emulation, emulate
from tests.queries import query_of
from tests.vendors.braze.factories import make_catalog

Scene = Callable[["Stage"], Coroutine[Any, Any, None]]


class Stage:
    """A sandbox with a handler that notes what it ran."""

    def __init__(self, emulation: Emulation, sandbox: Sandbox) -> None:
        self.runtime = emulation.runtime
        self.database = emulation.runtime.database
        self.sandboxes = emulation.runtime.sandboxes
        self.sandbox = sandbox
        self.ran: list[tuple[str, int]] = []
        self.seen: list[Job] = []
        self.kinds = {
            "test.note": JobKind(self.note),
            "test.fail": JobKind(self.fail),
            "test.chain": JobKind(self.chain),
            "test.outage": JobKind(self.outage),
            "test.tick": JobKind(self.tick),
        }
        self.jobs = JobRunner(
            self.database,
            self.sandboxes,
            self.kinds,
            lambda sandbox: {"test.setting": sandbox.name},
        )
        self.outages = 1

    def handle_failure(self, kind: str, handler: JobFailureHandler) -> None:
        """Let a handler follow the failures of a kind."""
        self.kinds[kind] = self.kinds[kind]._replace(fail=handler)

    async def note(self, repository: Repository, job: Job) -> str:
        """Note the job's name and its due time."""
        self.ran.append((job.payload["name"], job.due_at))
        self.seen.append(job)
        return "noted"

    async def fail(self, repository: Repository, job: Job) -> str:
        """Write something, then fail."""
        await repository.next_number("test.failures")
        raise RuntimeError("as told")

    async def outage(self, repository: Repository, job: Job) -> str:
        """Meet a database that is not there the first time."""
        if self.outages:
            self.outages -= 1
            raise DatabaseUnavailableError("database is locked")
        return await self.note(repository, job)

    async def mend(self, repository: Repository, job: Job, reason: str) -> None:
        """Note which job failed, and write something."""
        assert reason == "RuntimeError('as told')"
        await repository.next_number("test.mended")
        self.ran.append((job.payload["name"], job.due_at))

    async def mend_badly(self, repository: Repository, job: Job, reason: str) -> None:
        """Write something, then fail as well."""
        await self.mend(repository, job, reason)
        raise LookupError("nothing to mend")

    async def mend_nowhere(self, repository: Repository, job: Job, reason: str) -> None:
        """Meet a database that is not there."""
        raise DatabaseUnavailableError("database is locked")

    async def next_number(self, name: str) -> int:
        """Return the next number of a series."""
        async with self.database.transaction() as connection:
            return await Repository(connection, self.sandbox.id).next_number(name)

    async def chain(self, repository: Repository, job: Job) -> str:
        """Schedule another job five microseconds later."""
        await schedule(
            repository, "test.note", {"name": "second"}, now=job.due_at, due_at=job.due_at + 5
        )
        return await self.note(repository, job)

    async def tick(self, repository: Repository, job: Job) -> str:
        """Come again every ten microseconds."""
        next_at = job.due_at + 10
        await schedule(
            repository, job.kind, job.payload, now=job.due_at, due_at=next_at, recurring=True
        )
        return await self.note(repository, job)

    async def schedule(
        self, kind: str, due_at: int, name: str = "", *, recurring: bool = False
    ) -> None:
        """Schedule a job."""
        async with self.database.transaction() as connection:
            repository = Repository(connection, self.sandbox.id)
            payload = {"name": name}
            await schedule(repository, kind, payload, now=1, due_at=due_at, recurring=recurring)

    async def next_due(self) -> int | None:
        """Return when the sandbox has to do something next."""
        self.sandboxes.forget()
        return (await self.sandboxes.open(self.sandbox.name)).next_due

    async def states(self) -> list[tuple[str, str | None]]:
        """Return each job's state and outcome."""
        return [(job.state, job.outcome) async for job in self.jobs.listed(self.sandbox.id)]


@pytest.fixture
def play(emulation: Emulation, request: pytest.FixtureRequest) -> Callable[[Scene], None]:
    """Return a function that runs a scene in the app's event loop, in a sandbox of its own."""

    def run(scene: Scene) -> None:
        async def on_stage() -> None:
            sandbox = await emulation.runtime.sandboxes.open(request.node.nodeid)
            await scene(Stage(emulation, sandbox))

        emulation.run(on_stage)

    return run


def test_due_jobs_run_in_order_of_due_time_and_number(play: Callable[[Scene], None]) -> None:
    """What is not due stays."""

    async def scene(stage: Stage) -> None:
        for name, due_at in [("c", 30), ("a", 10), ("b", 10), ("later", 31)]:
            await stage.schedule("test.note", due_at, name)

        assert await stage.jobs.run_due(stage.sandbox, 30) == 3
        assert stage.ran == [("a", 10), ("b", 10), ("c", 30)]
        assert await stage.next_due() == 31

    play(scene)


def test_a_job_knows_when_it_is_seen_and_the_settings(play: Callable[[Scene], None]) -> None:
    """At its due time while time passes, later if it went by unobserved."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.note", 10)
        await stage.jobs.run_due(stage.sandbox, 50)
        await stage.schedule("test.note", 60, recurring=True)
        await stage.jobs.run_due(stage.sandbox, 100, step_clock=True)

        assert [(job.observed_at, job.recurring) for job in stage.seen] == [(50, False), (60, True)]
        assert stage.seen[0].settings == {"test.setting": stage.sandbox.name}

    play(scene)


def test_a_recurring_job_is_not_waited_for(play: Callable[[Scene], None]) -> None:
    """It is run when it is due, but the next due time of what will end leaves it out."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.tick", 10, "tick", recurring=True)
        await stage.schedule("test.note", 25, "once")

        assert await stage.jobs.next_due(stage.sandbox.id) == 25
        assert await stage.jobs.run_due(stage.sandbox, 25) == 3
        assert stage.ran == [("tick", 10), ("tick", 20), ("once", 25)]
        assert await stage.jobs.next_due(stage.sandbox.id) is None
        assert await stage.next_due() == 30

    play(scene)


def test_what_had_no_delay_can_be_overtaken(play: Callable[[Scene], None]) -> None:
    """It stays pending; what was due later than it was stored runs."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.note", 1, "at once")
        await stage.schedule("test.note", 2, "delayed")

        assert await stage.jobs.run_due(stage.sandbox, 5, delayed_only=True) == 1
        assert stage.ran == [("delayed", 2)]
        assert await stage.next_due() == 1

    play(scene)


def test_long_jobs_let_others_have_a_turn(
    play: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that is moved far does not hold the server up, however long each job takes."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.tick", 0, recurring=True)
        noted: list[int] = []

        async def note() -> None:
            noted.append(len(stage.ran))

        running = stage.jobs.run_due(stage.sandbox, 100)
        count, _ = await asyncio.gather(running, note())

        assert count == 11
        assert noted[0] <= 1

    play(scene)


@pytest.mark.parametrize("kind", ["test.note", "test.fail"])
def test_a_templates_copy_goes_with_the_first_job_that_changes_it(kind: str) -> None:
    """In the job's own transaction, so that no sandbox gets a copy older than the job."""
    with emulate() as emulation:
        runtime, seen = emulation.runtime, []

        async def look(repository: Repository, job: Job) -> str:
            copies = select(sandboxes.c.id).where(sandboxes.c.purpose == PREPARED)
            seen.append(len(await repository.all(query_of(copies))))
            return "looked"

        async def scene() -> None:
            stage = Stage(emulation, await runtime.sandboxes.open(TEMPLATE))
            kinds = {**stage.kinds, "test.look": JobKind(look)}
            await stage.schedule(kind, 0)
            await stage.schedule("test.look", 1)
            async with stage.database.transaction() as connection:
                template = stage.sandbox.id
                await create_from(connection, None, template, PREPARED, copy_of=template)
            await JobRunner(stage.database, runtime.sandboxes, kinds).run_due(stage.sandbox, 1)

        emulation.run(scene)

        assert seen == [0]


def test_no_job_runs_in_a_sandbox_that_was_reset(
    play: Callable[[Scene], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who runs them stops at the next one, and nothing fails; the new sandbox has none."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.tick", 0, recurring=True)
        running = stage.jobs.run_due(stage.sandbox, 10**9)
        count, _ = await asyncio.gather(running, reset(stage.runtime, stage.sandbox))
        assert count == len(stage.ran) < 1000
        await stage.schedule("test.fail", 0)
        assert await stage.jobs.run_due(stage.sandbox, 10) == 0
        assert await stage.next_due() is None
        assert not caplog.records

    play(scene)


def test_a_job_that_fails_while_its_sandbox_is_reset(play: Callable[[Scene], None]) -> None:
    """It is not marked as failed, and no failure handler runs."""

    async def scene(stage: Stage) -> None:
        async def fail(repository: Repository, job: Job) -> str:
            raise RuntimeError("as told")

        async def forget(*_: Any) -> None:
            raise AssertionError

        stage.handle_failure("test.fail", forget)
        stage.kinds["test.fail"] = stage.kinds["test.fail"]._replace(run=fail)
        stage.jobs = _Resetting(stage)
        await stage.schedule("test.fail", 0)
        assert await stage.jobs.run_due(stage.sandbox, 10) == 1
        assert await stage.states() == [("pending", None)]

    play(scene)


class _Resetting(JobRunner):
    """Resets the sandbox between a job's failure and its mark, as another process may."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.database, stage.sandboxes, stage.kinds)
        self._stage = stage

    async def _fail(self, sandbox: Sandbox, job: Job, reason: str) -> None:
        await reset(self._stage.runtime, self._stage.sandbox)
        await super()._fail(sandbox, job, reason)


def test_numbers_of_a_series_come_singly_and_in_ranges(play: Callable[[Scene], None]) -> None:
    """None twice."""

    async def scene(stage: Stage) -> None:
        async with stage.database.transaction() as connection:
            repository = Repository(connection, stage.sandbox.id)
            assert await repository.next_number("test.numbers") == 1
            assert await repository.next_numbers("test.numbers", 3) == range(2, 5)
            assert await repository.next_number("test.numbers") == 5

    play(scene)


def test_a_job_runs_once(play: Callable[[Scene], None]) -> None:
    """However many ask at once."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.note", 10, "only")

        counts = await asyncio.gather(*(stage.jobs.run_due(stage.sandbox, 10) for _ in range(10)))

        assert sum(counts) == 1
        assert stage.ran == [("only", 10)]
        assert await stage.next_due() is None

    play(scene)


def test_a_job_may_add_another(play: Callable[[Scene], None]) -> None:
    """It runs in the same go if it is due by then."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.chain", 10, "first")

        assert await stage.jobs.run_due(stage.sandbox, 15) == 2
        assert stage.ran == [("first", 10), ("second", 15)]

    play(scene)


def test_an_earlier_job_brings_the_due_time_forward(play: Callable[[Scene], None]) -> None:
    """A later one does not push it back."""

    async def scene(stage: Stage) -> None:
        seen = []
        for due_at in (20, 10, 30):
            await stage.schedule("test.note", due_at)
            seen.append(await stage.next_due())

        assert seen == [20, 10, 10]

    play(scene)


def test_a_job_that_fails_leaves_nothing_but_its_mark(play: Callable[[Scene], None]) -> None:
    """Its effect is rolled back, the others go on, and it is not tried again."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.fail", 10)
        await stage.schedule("test.note", 11, "after")

        assert await stage.jobs.run_due(stage.sandbox, 20) == 2
        assert await stage.states() == [
            ("failed", "RuntimeError('as told')"),
            ("done", "noted"),
        ]
        assert await stage.next_number("test.failures") == 1

    play(scene)


def test_what_follows_a_failure_is_done_with_the_mark(play: Callable[[Scene], None]) -> None:
    """Nothing stays under way for ever: the kind's own handler hears what went wrong."""

    async def scene(stage: Stage) -> None:
        stage.handle_failure("test.fail", stage.mend)
        await stage.schedule("test.fail", 10, "broken")

        assert await stage.jobs.run_due(stage.sandbox, 10) == 1

        assert stage.ran == [("broken", 10)]
        assert await stage.states() == [("failed", "RuntimeError('as told')")]
        assert await stage.next_number("test.mended") == 2

    play(scene)


def test_a_failure_is_marked_when_what_follows_fails_too(play: Callable[[Scene], None]) -> None:
    """What the kind's own handler had done by then is rolled back."""

    async def scene(stage: Stage) -> None:
        stage.handle_failure("test.fail", stage.mend_badly)
        await stage.schedule("test.fail", 10)

        assert await stage.jobs.run_due(stage.sandbox, 10) == 1

        assert await stage.states() == [("failed", "RuntimeError('as told')")]
        assert await stage.next_number("test.mended") == 1

    play(scene)


def test_a_job_that_cannot_be_read_fails_like_any_other(play: Callable[[Scene], None]) -> None:
    """What comes after it is done, and the list of jobs shows it."""

    async def scene(stage: Stage) -> None:
        stage.handle_failure("test.note", stage.mend)
        for due_at in (10, 11):
            await stage.schedule("test.note", due_at, "whole")
        async with stage.database.transaction() as connection:
            broken = update(jobs).where(jobs.c.sandbox_id == stage.sandbox.id, jobs.c.id == 1)
            await connection.run(broken.values(payload='{"a":1e999}'), {})

        assert len([job async for job in stage.jobs.listed(stage.sandbox.id)]) == 2
        assert await stage.jobs.run_due(stage.sandbox, 20) == 2

        [(state, outcome), done] = await stage.states()
        assert (state, done) == ("failed", ("done", "noted"))
        assert str(outcome).startswith("the payload cannot be read: ")

    play(scene)


def test_a_failure_that_the_database_hides_is_tried_again(play: Callable[[Scene], None]) -> None:
    """A mark that cannot be written now is written when the job fails once more."""

    async def scene(stage: Stage) -> None:
        stage.handle_failure("test.fail", stage.mend_nowhere)
        await stage.schedule("test.fail", 10)

        with pytest.raises(DatabaseUnavailableError):
            await stage.jobs.run_due(stage.sandbox, 10)
        assert await stage.states() == [("pending", None)]

    play(scene)


def test_a_job_that_the_database_fails_is_tried_again(play: Callable[[Scene], None]) -> None:
    """A lost connection or a lock that lasts too long is not the effect's fault."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.outage", 10)

        with pytest.raises(DatabaseUnavailableError):
            await stage.jobs.run_due(stage.sandbox, 10)
        assert await stage.states() == [("pending", None)]

        assert await stage.jobs.run_due(stage.sandbox, 10) == 1
        assert await stage.states() == [("done", "noted")]

    play(scene)


def test_a_database_that_is_gone_is_no_jobs_failure(play: Callable[[Scene], None]) -> None:
    """What breaks before a job is claimed is raised, not marked."""

    async def scene(stage: Stage) -> None:
        await stage.schedule("test.note", 10)
        stage.jobs._claim = None  # type: ignore[assignment,method-assign]

        with pytest.raises(TypeError):
            await stage.jobs.run_due(stage.sandbox, 10)
        assert await stage.states() == [("pending", None)]

    play(scene)


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
                await create_from(connection, None, template, PREPARED, copy_of=template)
            await stage.schedule("test.note", 10)
            await catch_up(stage)
            async with stage.database.transaction() as connection:
                return [await take_prepared_copy(connection, "new", template)]

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

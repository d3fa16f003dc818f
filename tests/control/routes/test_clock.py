"""The calls of the clock and the jobs."""

from collections import ChainMap
from typing import Any

import httpx
import pytest

from mockalog.kernel.clock import LATEST
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, JobKind, schedule
from mockalog.kernel.sandboxes.credentials import digest
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP


class TestClock:
    """`/_mockalog/clock` and its jobs."""

    def test_a_frozen_clock_gives_equal_timestamps(self, emulation: Emulation) -> None:
        """Until it is advanced."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.put("/clock", json={"mode": "frozen", "now": "2024-02-29T12:00:00+02:00"})

        created = client.post("/catalogs", json=SHOP).json()["catalogs"][0]

        assert created["updated_at"] == "2024-02-29T10:00:00.000+00:00"
        advanced = control.post("/clock/advance", json={"seconds": 1.5}).json()
        assert advanced == {"mode": "frozen", "now": "2024-02-29T10:00:01.500000Z", "jobs_run": 0}
        assert control.get("/clock").json()["now"] == "2024-02-29T10:00:01.500000Z"

    def test_freezing_keeps_the_present_instant(self, emulation: Emulation) -> None:
        """Without a sandbox, each sandbox keeps its own."""
        headers = [{"X-Mockalog-Sandbox": f"frozen-{name}"} for name in ("here", "there")]
        here, there = (emulation.control(headers=one) for one in headers)
        here.put("/clock", json={"mode": "frozen", "now": "2025-03-01T12:00:00Z"})
        there.put("/clock", json={"mode": "real", "now": "2030-03-01T12:00:00Z"})

        for control in (here, there):
            control.post("/clock/advance", json={"seconds": 30})
            stopped = control.put("/clock", json={"mode": "frozen"}).json()
            assert stopped == control.get("/clock").json() | {"jobs_run": None}

        assert here.get("/clock").json()["now"] == "2025-03-01T12:00:30Z"
        assert there.get("/clock").json()["now"].startswith("2030-03-01T12:0")

    def test_the_mode_is_required(self, emulation: Emulation) -> None:
        """A call without it changes nothing."""
        control = emulation.control(emulation.client("/braze"))
        before = control.put("/clock", json={"mode": "frozen"}).json()

        for body in ({}, {"now": "2025-03-01T12:00:00Z"}):
            refused = control.put("/clock", json=body)
            assert (refused.status_code, "mode" in refused.json()["detail"]) == (400, True)

        assert control.get("/clock").json() == before

    @pytest.mark.parametrize("now", ["2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z"])
    def test_due_jobs_run_before_the_clock_changes(self, emulation: Emulation, now: str) -> None:
        """A clock that goes back hides no accepted write."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        fields = [{"name": "id", "type": "string"}]
        client.post("/catalogs", json={"catalogs": [{"name": "shops", "fields": fields}]})
        control.put("/clock", json={"mode": "frozen", "now": "2027-01-01T00:00:00Z"})
        client.post("/catalogs/shops/items", json={"items": [{"id": "accepted"}]})

        control.put("/clock", json={"mode": "frozen", "now": now})

        assert client.get("/catalogs/shops/items/accepted").status_code == 200

    def test_concurrent_advances_add_up(self, emulation: Emulation) -> None:
        """10 s and 10 s are 20 s."""
        control = emulation.control(emulation.client())
        control.put("/clock", json={"mode": "frozen", "now": "2025-01-01T00:00:00Z"})
        step = control.build_request("POST", "/clock/advance", json={"seconds": 10})

        emulation.at_once(control, [step, step])

        assert control.get("/clock").json()["now"] == "2025-01-01T00:00:20Z"

    def test_a_shifted_clock_runs_on(self, emulation: Emulation) -> None:
        """Its mode is real."""
        control = emulation.control(emulation.client())

        clock = control.put("/clock", json={"mode": "real", "now": "2030-01-01T00:00:00Z"}).json()

        assert clock["mode"] == "real"
        assert clock["now"].startswith("2030-01-01T00:00:")

    def test_without_a_sandbox_all_clocks_change(self) -> None:
        """Present sandboxes and the template."""
        with emulate() as emulation:
            old = emulation.control(emulation.client())
            old.get("/clock")
            now = {"mode": "frozen", "now": "2024-02-29T12:00:00Z"}

            emulation.control().put("/clock", json=now)
            emulation.control().post("/clock/advance", json={"seconds": 60})

            new = emulation.control(emulation.client())
            for control in (old, new, emulation.control()):
                assert control.get("/clock").json()["now"] == "2024-02-29T12:01:00Z"

    def test_the_clock_stays_before_the_year_10000(self, emulation: Emulation) -> None:
        """No vendor could show a later instant."""
        control = emulation.control(emulation.client())
        control.put("/clock", json={"mode": "frozen", "now": "9999-12-31T00:00:00Z"})

        assert control.post("/clock/advance", json={"seconds": 86400}).status_code == 400
        assert control.get("/clock").json()["now"] == "9999-12-31T00:00:00Z"

    def test_a_running_clock_stops_at_the_last_second(self, emulation: Emulation) -> None:
        """The year 9999 may end during the test."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        late = {"mockalog": 1, "clock": {"mode": "real", "shift": LATEST}}
        assert control.put("/state", json=late).status_code == 200

        made = client.post("/catalogs", json=SHOP)

        assert made.status_code == 201
        assert made.json()["catalogs"][0]["updated_at"] == "9999-12-31T23:59:59.000+00:00"
        assert control.get("/clock").json()["now"] == "9999-12-31T23:59:59Z"

    def plan(self, emulation: Emulation, client: httpx.Client, seconds: float) -> None:
        """Schedule a job of the client's sandbox so many seconds in its future."""
        runtime = emulation.runtime

        async def note(repository: Repository, job: Job) -> str:
            return "noted"

        known: Any = runtime.jobs._kinds
        runtime.jobs._kinds = ChainMap({"test.note": JobKind(note)}, known)

        async def store() -> None:
            sandbox = await runtime.sandboxes.open(digest_of(client))
            now = sandbox.clock.now()
            async with runtime.database.transaction() as connection:
                repository = Repository(connection, sandbox.id)
                due_at = now + int(seconds * 1_000_000)
                await schedule(repository, "test.note", {}, now=now, due_at=due_at)
            runtime.sandboxes.forget()

        emulation.run(store)

    def test_advancing_runs_due_jobs(self, emulation: Emulation) -> None:
        """Before the answer."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        for seconds in (5, 10, 20):
            self.plan(emulation, client, seconds)

        assert control.post("/clock/advance", json={"seconds": 15}).json()["jobs_run"] == 2

        jobs = control.get("/jobs").json()["jobs"]
        assert [job["state"] for job in jobs] == ["done", "done", "pending"]
        assert jobs[0]["outcome"] == "noted"
        assert jobs[0]["finished_at"] == jobs[0]["due_at"]
        assert jobs[2]["finished_at"] is None

    def test_settling_runs_all_jobs(self, emulation: Emulation) -> None:
        """The clock moves to the last job's due time."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.put("/clock", json={"mode": "frozen", "now": "2024-02-29T12:00:00Z"})
        for seconds in (5, 3600):
            self.plan(emulation, client, seconds)

        settled = control.post("/clock/settle").json()

        assert settled == {"mode": "frozen", "now": "2024-02-29T13:00:00Z", "jobs_run": 2}
        assert control.post("/clock/settle").json()["jobs_run"] == 0

    def test_a_job_that_is_due_runs_before_the_next_request(self, emulation: Emulation) -> None:
        """Without a control call."""
        client = emulation.client("/braze")
        client.get("/catalogs")
        self.plan(emulation, client, 0)

        client.get("/catalogs")

        (job,) = emulation.control(client).get("/jobs").json()["jobs"]
        assert job["state"] == "done"

    def test_settling_and_advancing_run_overdue_jobs_first(self, emulation: Emulation) -> None:
        """They count them."""
        client = emulation.client("/braze")
        client.get("/catalogs")
        control = emulation.control(client)
        for call in ("settle", "advance"):
            self.plan(emulation, client, 0)

            answer = control.post(f"/clock/{call}", json={"seconds": 1}).json()

            assert answer["jobs_run"] == 1

    def test_without_a_sandbox_all_jobs_are_listed_and_settled(self) -> None:
        """Of the whole server."""
        with emulate() as emulation:
            for _ in range(3):
                client = emulation.client("/braze")
                client.get("/catalogs")
                self.plan(emulation, client, 60)

            assert emulation.control().post("/clock/settle").json()["jobs_run"] == 3

            jobs = emulation.control().get("/jobs").json()["jobs"]
            assert [job["state"] for job in jobs] == ["done"] * 3


def test_the_whole_servers_clock_advances_everywhere_or_nowhere() -> None:
    """One sandbox whose clock cannot advance refuses it for all."""
    with emulate() as emulation:
        clients = [emulation.client("/braze") for _ in range(2)]
        controls = [emulation.control(client) for client in clients]
        controls[0].put("/clock", json={"mode": "frozen", "now": "2030-01-01T00:00:00Z"})
        controls[1].put("/clock", json={"mode": "frozen", "now": "9999-12-31T00:00:00Z"})
        before = [control.get("/clock").json() for control in controls]

        answer = emulation.control().post("/clock/advance", json={"seconds": 100_000})

        assert (answer.status_code, answer.json()["status"]) == (400, 400)
        assert [control.get("/clock").json() for control in controls] == before
        assert emulation.control().get("/clock").json()["mode"] == "real"


def digest_of(client: httpx.Client) -> str:
    """Return the name of the sandbox that the client's token opens."""
    return digest(client.headers["Authorization"].removeprefix("Bearer "))

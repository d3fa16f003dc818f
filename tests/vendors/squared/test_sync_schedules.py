"""Schedules on the sandbox's clock.

Source: docs/vendors/squared.md#111-create-a-sync; CONTRIBUTING, decision 15.
"""

from typing import Any

import httpx
import pytest

from mockalog.control import clock
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job
from mockalog.vendors.squared.service import chains, schedules
from tests.emulation import Emulation
from tests.vendors.squared.sending import kind_b
from tests.vendors.squared.syncing import (
    NOON,
    SCHEDULE,
    SYNCS,
    advance,
    freeze,
    get_sync,
    make_sync,
    on_rows,
    prepare,
    runs,
    trigger,
)

NOON13 = "2026-03-02T13:00:00.000Z"
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def every(number: int, unit: str = "minutes") -> dict[str, Any]:
    """Return an interval."""
    return {"schedule_type": "interval", "sync_interval": number, "sync_interval_unit": unit}


def cron(text: str) -> dict[str, Any]:
    """Return an expression."""
    return {"schedule_type": "cron_expression", "cron_expression": text}


def begun(client: httpx.Client, id_: int = 1) -> list[str]:
    """Return when each run began, the first one first, without the day if it is the first day."""
    stamps = [run["created_at"] for run in runs(client, id_, per_page=100)]
    return [stamp.removeprefix("2026-03-02T")[:5] for stamp in reversed(stamps)]


@pytest.fixture
def control(emulation: Emulation, squared: httpx.Client) -> httpx.Client:
    """The control plane of a sandbox that is ready for syncs, at noon."""
    prepare(emulation, squared)
    return freeze(emulation, squared)


def test_a_day_of_half_hours_has_48_runs(squared: httpx.Client, control: httpx.Client) -> None:
    """In order, each at its instant."""
    make_sync(squared, **every(30))
    advance(control, DAY)
    found = runs(squared, per_page=100)
    assert [run["status"] for run in found] == ["success"] * 48
    hours = [(12 + half // 2, half % 2 * 30) for half in range(1, 49)]
    stamps = [f"2026-03-{2 + h // 24:02d}T{h % 24:02d}:{m:02d}:00.000Z" for h, m in hours]
    assert [run["started_at"] for run in reversed(found)] == stamps
    assert [run["total_rows"] for run in reversed(found)] == [3] + [0] * 47
    assert get_sync(squared)["status"] == "healthy"


def test_an_advance_ends_after_so_many_jobs(
    squared: httpx.Client, control: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how far the clock came, which stands there: another call goes on."""
    make_sync(squared, **every(30))
    monkeypatch.setattr(clock, "MAX_JOBS", 8)
    stopped = control.post("/clock/advance", json={"seconds": 2 * HOUR})
    detail = "the clock stands at 2026-03-02T13:00:00.000000Z after 8 jobs: call again"
    assert (stopped.status_code, stopped.json()["detail"]) == (409, detail)
    assert control.get("/clock").json()["now"] == "2026-03-02T13:00:00Z"
    monkeypatch.undo()
    advance(control, HOUR)
    assert begun(squared) == ["12:30", "13:00", "13:30", "14:00"]
    assert [run["status"] for run in runs(squared)] == ["success"] * 4


@pytest.mark.parametrize(
    ("schedule", "seconds", "times"),
    [
        (every(2, "hours"), 5 * HOUR, ["14:00", "16:00"]),
        ({**every(1, "hours"), "schedule_type": "automated"}, HOUR, ["13:00"]),
        (cron("15,45 12-13 * * *"), DAY // 2, ["12:15", "12:45", "13:15", "13:45"]),
        (cron("@hourly"), HOUR - 1, []),
        # Expressions with seconds run once a minute.
        (cron("*/20 * * * * *"), 3 * MINUTE, ["12:00", "12:01", "12:02"]),
    ],
)
def test_when_schedules_run(
    squared: httpx.Client,
    control: httpx.Client,
    schedule: dict[str, Any],
    seconds: int,
    times: list[str],
) -> None:
    """Intervals from the sync's creation on, expressions by the clock."""
    make_sync(squared, **schedule)
    advance(control, seconds)
    assert begun(squared) == times


def test_what_a_sandbox_slept_through_is_one_run(
    squared: httpx.Client, control: httpx.Client
) -> None:
    """The last that was due; a clock that is set sleeps, one that is advanced does not."""
    make_sync(squared, **every(30))
    make_sync(squared, **cron("5 * * * *"))
    control.put("/clock", json={"mode": "frozen", "now": "2026-03-09T12:10:00Z"})
    assert [run["started_at"] for run in runs(squared)] == ["2026-03-09T12:00:00.000Z"]
    assert [run["started_at"] for run in runs(squared, 2)] == ["2026-03-09T12:05:00.000Z"]
    advance(control, HOUR)
    assert len(runs(squared)) == 3
    assert len(runs(squared, 2)) == 2


@pytest.mark.parametrize("delay", [0, 5, HOUR])
def test_settling_does_not_wait_for_schedules(
    emulation: Emulation, squared: httpx.Client, control: httpx.Client, delay: int
) -> None:
    """It ends with the last job that is none of theirs; they run meanwhile."""
    freeze(emulation, squared, delay)
    make_sync(squared, **every(1))
    assert control.post("/clock/settle").json()["now"] == NOON
    make_sync(squared)
    trigger(squared, 2)
    control.post("/clock/settle").raise_for_status()
    assert runs(squared, 2)[0]["status"] == "success"
    assert bool(runs(squared)) is (delay > MINUTE)


def test_a_run_that_takes_longer_than_the_interval(
    emulation: Emulation, squared: httpx.Client, control: httpx.Client
) -> None:
    """No run begins beside another."""
    freeze(emulation, squared, delay=30)
    make_sync(squared, **every(1))
    advance(control, 10 * MINUTE)
    assert begun(squared) == ["12:01", "12:04", "12:07", "12:10"]


def test_another_schedule_takes_the_place_of_the_old_one(
    squared: httpx.Client, control: httpx.Client
) -> None:
    """From the change on; other changes leave it alone."""
    make_sync(squared, **every(30))
    advance(control, 10 * MINUTE)
    squared.put(f"{SYNCS}/1", json={"sync_mode": "full_refresh"}).raise_for_status()
    advance(control, 25 * MINUTE)
    squared.put(f"{SYNCS}/1", json={"sync_interval": 10}).raise_for_status()
    advance(control, 25 * MINUTE)
    squared.put(f"{SYNCS}/1", json=cron("0 14 * * *")).raise_for_status()
    advance(control, HOUR)
    squared.put(f"{SYNCS}/1", json={"schedule_type": "manual"}).raise_for_status()
    advance(control, 2 * DAY)
    assert begun(squared) == ["12:30", "12:45", "12:55", "14:00"]


def test_a_disabled_sync_has_no_schedule(squared: httpx.Client, control: httpx.Client) -> None:
    """Enabling begins it anew; a change meanwhile does not."""
    make_sync(squared, **every(30))
    squared.patch(f"{SYNCS}/1/enable", json={"enable": False}).raise_for_status()
    squared.put(f"{SYNCS}/1", json={"sync_interval": 20}).raise_for_status()
    advance(control, HOUR)
    assert begun(squared) == []
    squared.patch(f"{SYNCS}/1/enable", json={"enable": True}).raise_for_status()
    advance(control, 30 * MINUTE)
    assert begun(squared) == ["13:20"]


def test_a_scheduled_sync_is_not_started_by_hand(
    squared: httpx.Client, control: httpx.Client
) -> None:
    """Nor cancelled."""
    make_sync(squared, **every(30))
    refusal = kind_b(424, "Sync Schedule type should be manual")
    for response in (trigger(squared), squared.delete(f"{SCHEDULE}/1")):
        assert (response.status_code, response.json()) == (424, refusal)


def test_a_schedule_outlives_a_job_that_fails(
    squared: httpx.Client, control: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run is planned all the same; what failed is a run, and the sync has failed."""
    for _ in range(2):
        make_sync(squared, **every(30))
    monkeypatch.setattr(schedules, "latest_run", None)
    advance(control, HOUR)
    monkeypatch.undo()
    failed = runs(squared)
    assert [run["status"] for run in failed] == ["failed"] * 2
    assert failed[0]["error"] == """TypeError("'NoneType' object is not callable")"""
    assert (failed[0]["finished_at"], get_sync(squared)["status"]) == (NOON13, "failed")
    advance(control, 30 * MINUTE)
    assert begun(squared) == begun(squared, 2) == ["12:30", "13:00", "13:30"]
    assert get_sync(squared)["status"] == "healthy"


def test_a_job_that_fails_while_a_run_is_under_way(
    emulation: Emulation,
    squared: httpx.Client,
    control: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Leaves it alone: no run begins beside another, not even one that failed."""
    freeze(emulation, squared, delay=HOUR)
    make_sync(squared, **every(30))
    advance(control, 30 * MINUTE)
    monkeypatch.setattr(schedules, "latest_run", None)
    advance(control, 30 * MINUTE)
    assert [run["status"] for run in runs(squared)] == ["pending"]


def test_what_follows_a_failure_looks_first(emulation: Emulation, squared: httpx.Client) -> None:
    """Another process may have deleted the sync since the job failed."""
    prepare(emulation, squared)
    job = Job(
        id=1,
        kind=schedules.SCHEDULED_RUN,
        payload={"sync": 9, "run": 9},
        state="pending",
        outcome=None,
        due_at=0,
        created_at=0,
        finished_at=None,
    )

    async def mend(rows: Repository) -> None:
        await schedules.keep_schedule(rows, job, "reason")
        await chains.fail_run(rows, job, "reason")

    on_rows(emulation, squared, mend)
    jobs = emulation.control(squared).get("/jobs").json()["jobs"]
    assert jobs == []


@pytest.mark.parametrize(
    ("error_id", "text"),
    [
        ("connector-not-found", "Connector not found"),
        ("exception", "undefined method 'id' for nil"),
        ("rate-limited", "Internal Server Error"),
        (None, "Internal Server Error"),
    ],
)
def test_a_run_tells_of_a_failure_in_the_vendors_words(
    squared: httpx.Client, control: httpx.Client, error_id: str | None, text: str
) -> None:
    """Nothing of ours: that is for the list of jobs."""
    make_sync(squared)
    fault = {"vendor": "squared", "phase": "job", "operation": "schedule_sync", "error": error_id}
    assert control.post("/faults", json=fault).status_code == 201

    trigger(squared)

    [run] = runs(squared)
    assert (run["status"], run["error"]) == ("failed", text)


def test_a_schedule_ends_with_the_calendar(squared: httpx.Client, control: httpx.Client) -> None:
    """After the year 9999 there is nothing."""
    control.put("/clock", json={"mode": "frozen", "now": "9999-12-31T23:00:00Z"})
    make_sync(squared, **every(40))
    make_sync(squared, **every(2, "hours"))
    advance(control, 3599)
    assert len(runs(squared)) == 1
    assert {job["state"] for job in control.get("/jobs").json()["jobs"]} == {"done"}

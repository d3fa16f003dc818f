"""Tests of schedules on the sandbox's clock.

Sources: docs/vendors/squared.md#111-create-a-sync;
docs/vendors/squared.md#a-schedule-is-a-job-that-stores-its-successor.
"""

from typing import Any

import httpx
import pytest

from mockalog.control.routes import clock
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job
from mockalog.testing import RefusedError, Sandbox
from mockalog.vendors.squared.models import SCHEDULED_RUN
from mockalog.vendors.squared.service import jobs
from tests.emulation import Emulation
from tests.vendors.squared.factories import make_sync, make_sync_parts, sync_body
from tests.vendors.squared.requests import (
    SCHEDULE_SYNCS,
    SYNCS,
    get_sync,
    kind_b,
    list_runs,
    schedule_sync,
)
from tests.vendors.squared.steering import (
    NOON,
    freeze,
    list_jobs,
    run_with_repository,
)

NOON13 = "2026-03-02T13:00:00.000Z"
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def every(number: int, unit: str = "minutes") -> dict[str, Any]:
    """Return the columns of an interval."""
    return {"schedule_type": "interval", "sync_interval": number, "sync_interval_unit": unit}


def cron(text: str) -> dict[str, Any]:
    """Return the columns of a cron expression."""
    return {"schedule_type": "cron_expression", "cron_expression": text}


def start_times(client: httpx.Client, id_: int = 1) -> list[str]:
    """Return the start of each run, oldest first, without the date on the first day."""
    stamps = [run["created_at"] for run in list_runs(client, id_, per_page=100)]
    return [stamp.removeprefix("2026-03-02T")[:5] for stamp in reversed(stamps)]


@pytest.fixture
def sandbox(emulation: Emulation, squared: httpx.Client) -> Sandbox:
    """A sandbox with the parts of a sync, at noon."""
    make_sync_parts(emulation, squared)
    return freeze(emulation, squared)


def test_a_day_of_half_hours_has_48_runs(squared: httpx.Client, sandbox: Sandbox) -> None:
    """The runs are in order, each at its time."""
    make_sync(squared, **every(30))
    sandbox.clock.advance(DAY)
    found = list_runs(squared, per_page=100)
    assert [run["status"] for run in found] == ["success"] * 48
    hours = [(12 + half // 2, half % 2 * 30) for half in range(1, 49)]
    stamps = [f"2026-03-{2 + h // 24:02d}T{h % 24:02d}:{m:02d}:00.000Z" for h, m in hours]
    assert [run["started_at"] for run in reversed(found)] == stamps
    assert [run["total_rows"] for run in reversed(found)] == [3] + [0] * 47
    assert get_sync(squared)["status"] == "healthy"


def test_an_advance_is_limited_in_jobs(
    squared: httpx.Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer has the time of the clock, and another call continues."""
    make_sync(squared, **every(30))
    monkeypatch.setattr(clock, "MAX_JOBS", 8)
    with pytest.raises(RefusedError) as stopped:
        sandbox.clock.advance(2 * HOUR)
    detail = "the clock is at 2026-03-02T13:00:00.000000Z after 8 jobs: call again"
    assert (stopped.value.status, str(stopped.value)) == (409, detail)
    assert sandbox.clock.show()["now"] == "2026-03-02T13:00:00Z"
    monkeypatch.undo()
    sandbox.clock.advance(HOUR)
    assert start_times(squared) == ["12:30", "13:00", "13:30", "14:00"]
    assert [run["status"] for run in list_runs(squared)] == ["success"] * 4


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
def test_the_times_of_runs(
    squared: httpx.Client,
    sandbox: Sandbox,
    schedule: dict[str, Any],
    seconds: int,
    times: list[str],
) -> None:
    """Intervals count from the creation of the sync. Expressions follow the clock."""
    make_sync(squared, **schedule)
    sandbox.clock.advance(seconds)
    assert start_times(squared) == times


def test_a_jump_of_the_clock_makes_one_run(squared: httpx.Client, sandbox: Sandbox) -> None:
    """Setting the clock jumps to the last run that is due. Advancing it makes every run."""
    make_sync(squared, **every(30))
    make_sync(squared, **cron("5 * * * *"))
    sandbox.clock.freeze("2026-03-09T12:10:00Z")
    assert [run["started_at"] for run in list_runs(squared)] == ["2026-03-09T12:00:00.000Z"]
    assert [run["started_at"] for run in list_runs(squared, 2)] == ["2026-03-09T12:05:00.000Z"]
    sandbox.clock.advance(HOUR)
    assert len(list_runs(squared)) == 3
    assert len(list_runs(squared, 2)) == 2


@pytest.mark.parametrize("delay", [0, 5, HOUR])
def test_settling_does_not_wait_for_schedules(
    emulation: Emulation, squared: httpx.Client, sandbox: Sandbox, delay: int
) -> None:
    """It ends with the last job that does not recur. Schedules run meanwhile."""
    freeze(emulation, squared, delay)
    make_sync(squared, **every(1))
    sandbox.clock.settle()
    assert sandbox.clock.show()["now"] == NOON
    make_sync(squared)
    schedule_sync(squared, 2)
    sandbox.clock.settle()
    assert list_runs(squared, 2)[0]["status"] == "success"
    assert bool(list_runs(squared)) is (delay > MINUTE)


def test_a_run_that_takes_longer_than_the_interval(
    emulation: Emulation, squared: httpx.Client, sandbox: Sandbox
) -> None:
    """No run begins beside an active one."""
    freeze(emulation, squared, delay=30)
    make_sync(squared, **every(1))
    sandbox.clock.advance(10 * MINUTE)
    assert start_times(squared) == ["12:01", "12:04", "12:07", "12:10"]


def test_a_new_schedule_replaces_the_old_one(squared: httpx.Client, sandbox: Sandbox) -> None:
    """It counts from the update. Other changes do not affect it."""
    make_sync(squared, **every(30))
    sandbox.clock.advance(10 * MINUTE)
    squared.put(f"{SYNCS}/1", json={"sync_mode": "full_refresh"}).raise_for_status()
    sandbox.clock.advance(25 * MINUTE)
    squared.put(f"{SYNCS}/1", json={"sync_interval": 10}).raise_for_status()
    sandbox.clock.advance(25 * MINUTE)
    squared.put(f"{SYNCS}/1", json=cron("0 14 * * *")).raise_for_status()
    sandbox.clock.advance(HOUR)
    squared.put(f"{SYNCS}/1", json={"schedule_type": "manual"}).raise_for_status()
    sandbox.clock.advance(2 * DAY)
    assert start_times(squared) == ["12:30", "12:45", "12:55", "14:00"]


def test_a_disabled_sync_has_no_schedule(squared: httpx.Client, sandbox: Sandbox) -> None:
    """Enabling starts the schedule again. An update of a disabled sync does not."""
    make_sync(squared, **every(30))
    squared.patch(f"{SYNCS}/1/enable", json={"enable": False}).raise_for_status()
    squared.put(f"{SYNCS}/1", json={"sync_interval": 20}).raise_for_status()
    sandbox.clock.advance(HOUR)
    assert start_times(squared) == []
    squared.patch(f"{SYNCS}/1/enable", json={"enable": True}).raise_for_status()
    sandbox.clock.advance(30 * MINUTE)
    assert start_times(squared) == ["13:20"]


def test_a_scheduled_sync_has_no_manual_runs(squared: httpx.Client, sandbox: Sandbox) -> None:
    """A run can be neither started nor cancelled by hand."""
    make_sync(squared, **every(30))
    refusal = kind_b(424, "Sync Schedule type should be manual")
    for response in (schedule_sync(squared), squared.delete(f"{SCHEDULE_SYNCS}/1")):
        assert (response.status_code, response.json()) == (424, refusal)


@pytest.mark.parametrize(
    "interval",
    [
        {},
        {"sync_interval": None, "sync_interval_unit": None},
        {"sync_interval": 30},
        {"sync_interval_unit": "minutes"},
    ],
)
def test_an_automated_sync_without_an_interval_runs_when_triggered(
    squared: httpx.Client, sandbox: Sandbox, interval: dict[str, Any]
) -> None:
    """It never runs by itself; an update may give it an interval (amendment squared A14)."""
    made = make_sync(squared, schedule_type="automated", **interval)
    assert made["attributes"]["schedule_type"] == "automated"
    sandbox.clock.advance(DAY)
    assert list_runs(squared) == []
    assert schedule_sync(squared).status_code == 200
    assert [run["status"] for run in list_runs(squared)] == ["success"]
    whole = {"sync_interval": 1, "sync_interval_unit": "hours"}
    squared.put(f"{SYNCS}/1", json=whole).raise_for_status()
    assert schedule_sync(squared).status_code == 424
    sandbox.clock.advance(HOUR)
    assert len(list_runs(squared)) == 2
    squared.put(f"{SYNCS}/1", json={"sync": {"sync_interval": None}}).raise_for_status()
    sandbox.clock.advance(DAY)
    assert len(list_runs(squared)) == 2
    assert schedule_sync(squared).status_code == 200


def test_a_trigger_of_an_automated_sync_can_be_cancelled(
    emulation: Emulation, squared: httpx.Client, sandbox: Sandbox
) -> None:
    """As a manual run (amendment squared A14)."""
    make_sync(squared, schedule_type="automated")
    sandbox.settings["squared.sync_delay"] = 60
    assert schedule_sync(squared).status_code == 200
    assert squared.delete(f"{SCHEDULE_SYNCS}/1").status_code == 200
    assert list_runs(squared)[0]["status"] == "canceled"


@pytest.mark.parametrize(
    ("interval", "errors"),
    [
        ({"sync_interval": 0}, {"sync_interval": ["must be greater than 0"]}),
        ({"sync_interval": "x"}, {"sync_interval": ["must be an integer"]}),
        (
            {"sync_interval_unit": "eons"},
            {"sync_interval_unit": ["invalid sync interval unit"]},
        ),
    ],
)
def test_an_interval_of_an_automated_sync_is_checked(
    squared: httpx.Client, sandbox: Sandbox, interval: dict[str, Any], errors: dict[str, Any]
) -> None:
    """Only its absence is accepted (amendment squared A14)."""
    body = sync_body(schedule_type="automated", **interval)
    response = squared.post(SYNCS, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": {"sync": errors}})


def test_a_schedule_survives_a_failed_job(
    squared: httpx.Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run is planned. The failure is a run, and the sync has failed."""
    for _ in range(2):
        make_sync(squared, **every(30))
    monkeypatch.setattr(jobs, "latest_run", None)
    sandbox.clock.advance(HOUR)
    monkeypatch.undo()
    failed = list_runs(squared)
    assert [run["status"] for run in failed] == ["failed"] * 2
    assert failed[0]["error"] == """TypeError("'NoneType' object is not callable")"""
    assert (failed[0]["finished_at"], get_sync(squared)["status"]) == (NOON13, "failed")
    sandbox.clock.advance(30 * MINUTE)
    assert start_times(squared) == start_times(squared, 2) == ["12:30", "13:00", "13:30"]
    assert get_sync(squared)["status"] == "healthy"


def test_a_failed_job_during_a_run(
    emulation: Emulation,
    squared: httpx.Client,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The active run goes on, and no run begins beside it."""
    freeze(emulation, squared, delay=HOUR)
    make_sync(squared, **every(30))
    sandbox.clock.advance(30 * MINUTE)
    monkeypatch.setattr(jobs, "latest_run", None)
    sandbox.clock.advance(30 * MINUTE)
    assert [run["status"] for run in list_runs(squared)] == ["pending"]


def test_failure_handlers_expect_deleted_syncs(emulation: Emulation, squared: httpx.Client) -> None:
    """Another process may have deleted the sync since the job failed."""
    make_sync_parts(emulation, squared)
    job = Job(
        id=1,
        kind=SCHEDULED_RUN,
        payload={"sync": 9, "run": 9},
        state="pending",
        outcome=None,
        due_at=0,
        created_at=0,
        finished_at=None,
    )

    async def mend(repository: Repository) -> None:
        await jobs.fail_scheduled_run(repository, job, "reason")
        await jobs.fail_advance_run(repository, job, "reason")

    run_with_repository(emulation, squared, mend)
    assert list_jobs(emulation.sandbox(squared)) == []


@pytest.mark.parametrize(
    ("error_id", "text"),
    [
        ("connector-not-found", "Connector not found"),
        ("exception", "undefined method `id' for nil"),
        ("rate-limited", "Internal Server Error"),
        (None, "Internal Server Error"),
    ],
)
def test_a_failed_run_has_the_vendors_text(
    squared: httpx.Client, sandbox: Sandbox, error_id: str | None, text: str
) -> None:
    """Texts of ours are for the list of jobs only."""
    make_sync(squared)
    sandbox.squared.fail_next("schedule_sync", phase="job", error=error_id)
    schedule_sync(squared)
    [run] = list_runs(squared)
    assert (run["status"], run["error"]) == ("failed", text)


def test_a_schedule_ends_with_the_calendar(squared: httpx.Client, sandbox: Sandbox) -> None:
    """No run is planned after the year 9999."""
    sandbox.clock.freeze("9999-12-31T23:00:00Z")
    make_sync(squared, **every(40))
    make_sync(squared, **every(2, "hours"))
    sandbox.clock.advance(3599)
    assert len(list_runs(squared)) == 1
    assert {job["state"] for job in list_jobs(sandbox)} == {"done"}

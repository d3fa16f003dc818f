"""Many calls on one sync at once: nobody waits for ever, nobody gets a 500."""

import random
from typing import Any

import httpx

from tests.emulation import Emulation
from tests.vendors.squared.syncing import (
    SCHEDULE,
    SYNCS,
    advance,
    freeze,
    get_sync,
    make_sync,
    prepare,
    runs,
    sync,
    trigger,
)

CALLS: list[tuple[str, str, Any]] = [
    ("POST", SCHEDULE, {"sync_id": 1}),
    ("DELETE", f"{SCHEDULE}/1", None),
    ("POST", "/enterprise/api/v1/syncs/1/test", None),
    ("GET", f"{SYNCS}/1/sync_runs", None),
    ("GET", SYNCS, None),
    ("PUT", f"{SYNCS}/1", {"sync_mode": "full_refresh"}),
    ("PATCH", f"{SYNCS}/1/enable", {"enable": False}),
    ("PATCH", f"{SYNCS}/1/enable", {"enable": True}),
    ("POST", SYNCS, sync()["sync"]),
    ("PUT", "/api/v1/models/1", {"name": "renamed"}),
]


def at_once(
    emulation: Emulation, client: httpx.Client, calls: list[tuple[str, str, Any]]
) -> list[httpx.Response]:
    """Make all calls together."""
    base = "http://mockalog.test/squared"
    requests = [client.build_request(m, base + path, json=body) for m, path, body in calls]
    return emulation.at_once(client, requests)


def test_everything_at_once(emulation: Emulation, squared: httpx.Client) -> None:
    """Runs that are brought on by whoever comes, while others change or cancel them."""
    prepare(emulation, squared)
    make_sync(squared)
    calls = CALLS * 5
    random.Random(5).shuffle(calls)
    answers = at_once(emulation, squared, calls)
    assert {answer.status_code for answer in answers} <= {200, 400, 424}
    squared.patch(f"{SYNCS}/1/enable", json={"enable": True})
    trigger(squared)
    finished = runs(squared, per_page=100)
    assert finished[0]["status"] == "success"
    assert {run["status"] for run in finished} <= {"success", "canceled"}


def test_deleting_while_it_runs(emulation: Emulation, squared: httpx.Client) -> None:
    """What belongs to a sync goes with it, whoever was about to write."""
    prepare(emulation, squared)
    make_sync(squared)
    control = freeze(emulation, squared, delay=1)
    for path in ("connectors/2", "models/1"):
        trigger(squared)
        calls = [("DELETE", f"/api/v1/{path}", None), *CALLS[:4] * 5]
        answers = at_once(emulation, squared, calls)
        assert {answer.status_code for answer in answers} <= {200, 204, 404, 422, 424}
        advance(control, 60)
    assert squared.get(SYNCS).json()["data"] == []
    report = squared.get("/api/v1/reports?type=workspace_activity&metric=sync_run_triggered")
    assert sum(one["total_count"] for one in report.json()["data"]) == 0


def test_a_schedule_that_many_look_at(emulation: Emulation, squared: httpx.Client) -> None:
    """Each run is made once."""
    prepare(emulation, squared)
    control = freeze(emulation, squared)
    interval = {"schedule_type": "interval", "sync_interval": 1, "sync_interval_unit": "minutes"}
    make_sync(squared, **interval)
    control.put("/clock", json={"mode": "frozen", "now": "2026-03-02T12:01:00Z"})
    answers = at_once(emulation, squared, [("GET", f"{SYNCS}/1/sync_runs", None)] * 30)
    assert {len(answer.json()["data"]) for answer in answers} == {1}
    assert get_sync(squared)["status"] == "healthy"

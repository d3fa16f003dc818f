"""Tests of simultaneous calls on one sync: no call waits for ever, and none gets a 500."""

import random
from typing import Any

import httpx

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_sync, make_sync_parts, sync_body
from tests.vendors.squared.requests import SCHEDULE_SYNCS, SYNCS, get_sync, list_runs, schedule_sync
from tests.vendors.squared.steering import freeze

CALLS: list[tuple[str, str, Any]] = [
    ("POST", SCHEDULE_SYNCS, {"sync_id": 1}),
    ("DELETE", f"{SCHEDULE_SYNCS}/1", None),
    ("POST", "/enterprise/api/v1/syncs/1/test", None),
    ("GET", f"{SYNCS}/1/sync_runs", None),
    ("GET", SYNCS, None),
    ("PUT", f"{SYNCS}/1", {"sync_mode": "full_refresh"}),
    ("PATCH", f"{SYNCS}/1/enable", {"enable": False}),
    ("PATCH", f"{SYNCS}/1/enable", {"enable": True}),
    ("POST", SYNCS, sync_body()["sync"]),
    ("PUT", "/api/v1/models/1", {"name": "renamed"}),
]


def send_at_once(
    emulation: Emulation, client: httpx.Client, calls: list[tuple[str, str, Any]]
) -> list[httpx.Response]:
    """Send all calls together."""
    base = "http://mockalog.test/squared"
    requests = [client.build_request(m, base + path, json=body) for m, path, body in calls]
    return emulation.at_once(client, requests)


def test_everything_at_once(emulation: Emulation, squared: httpx.Client) -> None:
    """Runs advance while other calls change or cancel them."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    calls = CALLS * 5
    random.Random(5).shuffle(calls)
    answers = send_at_once(emulation, squared, calls)
    assert {answer.status_code for answer in answers} <= {200, 400, 424}
    squared.patch(f"{SYNCS}/1/enable", json={"enable": True})
    schedule_sync(squared)
    finished = list_runs(squared, per_page=100)
    assert finished[0]["status"] == "success"
    assert {run["status"] for run in finished} <= {"success", "canceled"}


def test_deletion_during_a_run(emulation: Emulation, squared: httpx.Client) -> None:
    """Everything of the sync is deleted, even with a run under way."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    sandbox = freeze(emulation, squared, delay=1)
    for path in ("connectors/2", "models/1"):
        schedule_sync(squared)
        calls = [("DELETE", f"/api/v1/{path}", None), *CALLS[:4] * 5]
        answers = send_at_once(emulation, squared, calls)
        assert {answer.status_code for answer in answers} <= {200, 204, 404, 422, 424}
        sandbox.clock.advance(60)
    assert squared.get(SYNCS).json()["data"] == []
    report = squared.get("/api/v1/reports?type=workspace_activity&metric=sync_run_triggered")
    assert sum(one["total_count"] for one in report.json()["data"]) == 0


def test_a_schedule_under_simultaneous_calls(emulation: Emulation, squared: httpx.Client) -> None:
    """Each run is made once."""
    make_sync_parts(emulation, squared)
    sandbox = freeze(emulation, squared)
    interval = {"schedule_type": "interval", "sync_interval": 1, "sync_interval_unit": "minutes"}
    make_sync(squared, **interval)
    sandbox.clock.freeze("2026-03-02T12:01:00Z")
    answers = send_at_once(emulation, squared, [("GET", f"{SYNCS}/1/sync_runs", None)] * 30)
    assert {len(answer.json()["data"]) for answer in answers} == {1}
    assert get_sync(squared)["status"] == "healthy"

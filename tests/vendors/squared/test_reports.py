"""Tests of reports: docs/vendors/squared.md#116-reports."""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules.syncs.reports import time_slices
from tests.emulation import Emulation
from tests.vendors.squared.factories import make_connector, make_sync, make_sync_parts
from tests.vendors.squared.requests import CATALOGS, list_runs, schedule_sync
from tests.vendors.squared.steering import freeze

REPORTS = "/api/v1/reports"
ACTIVITY = {"type": "workspace_activity"}
DAY = 86_400_000_000
# 2026-03-02T00:00:00Z.
MIDNIGHT = 1_772_409_600_000_000


@pytest.mark.parametrize(
    ("days", "after_midnight", "start", "number"),
    [
        (7, DAY // 2, -7 * DAY, 30),
        (7, DAY // 2 + 1, -7 * DAY, 31),
        (1, 0, -DAY, 30),
        (1, 29, -DAY, 31),
    ],
)
def test_thirty_slices_and_a_rest(days: int, after_midnight: int, start: int, number: int) -> None:
    """They go from the start of the day, that many days ago, until now."""
    period = time_slices(days, MIDNIGHT + after_midnight)
    assert (period.start - MIDNIGHT, period.number) == (start, number)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", {"type": ["is missing"]}),
        ("type=", {"type": ["must be filled"]}),
        ("type=sales", {"type": ["invalid type"]}),
        ("type=sales&metric=x", {"type": ["invalid type"], "metric": ["invalid metric"]}),
        (
            "type=workspace_activity&time_period=year",
            {"time_period": ["invalid time_period. Possible values are 'one_week' or 'one_day'"]},
        ),
        (
            "type=workspace_activity&connector_ids[]=0",
            {"connector_ids": ["each connector_id must be greater than 0"]},
        ),
        ("type=workspace_activity&connector_ids=1", {"connector_ids": ["must be an array"]}),
        (
            "type=workspace_activity&connector_ids[]=1&connector_ids[]=x",
            {"connector_ids": {"1": ["must be an integer"]}},
        ),
    ],
)
def test_queries_that_break_the_contract(
    squared: httpx.Client, query: str, errors: dict[str, Any]
) -> None:
    """Kind A."""
    response = squared.get(f"{REPORTS}?{query}")
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def nonzero_counts(slices: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    """Return the counts of the slices that have any."""
    names = ("total_count", "failed_count", "success_count")
    found = [tuple(one[name] for name in names) for one in slices]
    return [counts for counts in found if any(counts)]


def get_report(client: httpx.Client, **query: Any) -> Any:
    """Return the data of a report."""
    response = client.get(REPORTS, params={**ACTIVITY, **query})
    assert response.status_code == 200, response.text
    return response.json()["data"]


def test_the_counts_of_a_report(emulation: Emulation, squared: httpx.Client) -> None:
    """Runs with an error count as failed, and rows are summed. One metric is returned alone."""
    make_sync_parts(emulation, squared)
    sandbox = freeze(emulation, squared)
    make_connector(squared, name="another")
    catalog = {"connector_id": 3, "catalog": {"json_schema": {"a": 1}}}
    squared.post(CATALOGS, json=catalog).raise_for_status()
    make_sync(squared)
    mapping = [{"from": "{{", "to": "a", "mapping_type": "template"}]
    make_sync(squared, destination_id=3, stream_name="another", configuration=mapping)
    empty = get_report(squared)
    assert list(empty) == ["sync_run_triggered", "total_sync_run_rows"]
    assert (len(empty["sync_run_triggered"]), nonzero_counts(empty["total_sync_run_rows"])) == (
        30,
        [],
    )
    assert empty["sync_run_triggered"][0]["time_slice"] == "2026-02-23T00:00:00.000Z"
    assert empty["sync_run_triggered"][1]["time_slice"] == "2026-02-23T06:00:00.000Z"
    schedule_sync(squared, 1)
    sandbox.clock.advance(2 * 86_400)
    schedule_sync(squared, 2)
    squared.put("/api/v1/models/1", json={"query": "SELECT nope FROM users"}).raise_for_status()
    schedule_sync(squared, 1)
    assert list_runs(squared)[0]["error"] is not None
    both = get_report(squared)
    # A run of the current instant is in the last slice.
    assert nonzero_counts(both["sync_run_triggered"]) == [(1, 0, 1), (2, 1, 1)]
    assert nonzero_counts(both["total_sync_run_rows"]) == [(3, 0, 3), (3, 3, 0)]
    assert get_report(squared, metric="total_sync_run_rows") == both["total_sync_run_rows"]
    assert get_report(squared, metric="ALL", time_period="ONE_WEEK") == both
    assert nonzero_counts(
        get_report(squared, metric="sync_run_triggered", time_period="one_day")
    ) == [(2, 1, 1)]
    one = get_report(squared, metric="sync_run_triggered", **{"connector_ids[]": [3, 9]})
    assert nonzero_counts(one) == [(1, 0, 1)]
    assert nonzero_counts(
        get_report(squared, **{"connector_ids[]": [1]})["sync_run_triggered"]
    ) == [
        (1, 0, 1),
        (2, 1, 1),
    ]
    squared.delete("/api/v1/syncs/1").raise_for_status()
    assert nonzero_counts(get_report(squared)["sync_run_triggered"]) == [(1, 0, 1)]

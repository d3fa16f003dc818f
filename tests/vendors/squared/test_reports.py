"""Tests of reports: docs/vendors/squared.md#116-reports."""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules.syncs.reports import time_slices
from tests.emulation import Emulation
from tests.vendors.squared.factories import make_connector, make_sync, make_sync_parts
from tests.vendors.squared.requests import CATALOGS, list_runs, schedule_sync
from tests.vendors.squared.steering import freeze, use_server_dialect

REPORTS = "/api/v1/reports"
ACTIVITY = {"type": "workspace_activity"}
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
# 2026-03-02T00:00:00Z.
MIDNIGHT = 1_772_409_600_000_000


@pytest.mark.parametrize(
    ("days", "after_midnight", "minutes"),
    [
        (1, 0, 49),
        (1, 10 * MINUTE - 1, 49),
        (1, 10 * MINUTE, 50),
        (1, DAY - 1, 99),
        (7, 0, 347),
        (7, DAY // 2, 372),
        (7, DAY - 1, 397),
    ],
)
def test_slices_have_whole_minutes(days: int, after_midnight: int, minutes: int) -> None:
    """They begin at multiples of their length since 1970 (amendment squared A5).

    The first is at or before the start of the day, that many days ago; the last contains now.
    """
    now, since = MIDNIGHT + after_midnight, MIDNIGHT - days * DAY
    period = time_slices(days, now)
    last = period.start + (period.number - 1) * period.length
    assert period.length == minutes * MINUTE
    assert period.start % period.length == 0
    assert period.since == since
    assert 0 <= since - period.start < period.length
    assert 0 <= now - last < period.length


@pytest.mark.parametrize("days", [1, 7])
def test_every_minute_has_30_or_31_slices(days: int) -> None:
    """As the document says (amendment squared A5)."""
    instants = range(MIDNIGHT, MIDNIGHT + DAY, 7 * MINUTE)
    assert {time_slices(days, now).number for now in instants} == {30, 31}


@pytest.mark.parametrize("period", ["one_day", "ONE_DAY"])
@pytest.mark.parametrize("now", ["2026-11-30T08:14:53Z", "2026-11-30T08:14:00Z"])
def test_the_slices_of_the_reports_example(
    emulation: Emulation, squared: httpx.Client, now: str, period: str
) -> None:
    """31 slices of 66 minutes, with the run of this instant in the last (amendment squared A5)."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    sandbox = emulation.sandbox(squared)
    for instant in ("2026-11-28T23:59:59Z", "2026-11-29T00:00:00Z", now):
        sandbox.clock.freeze(instant)
        schedule_sync(squared).raise_for_status()
    found = get_report(squared, metric="sync_run_triggered", time_period=period)
    stamps = [one["time_slice"] for one in found]
    assert (len(found), stamps[0], stamps[-1]) == (
        31,
        "2026-11-28T23:12:00.000Z",
        "2026-11-30T08:12:00.000Z",
    )
    assert stamps[1:3] == ["2026-11-29T00:18:00.000Z", "2026-11-29T01:24:00.000Z"]
    # A run before the start of the day is not in the period.
    assert [one["total_count"] for one in found] == [1] + [0] * 29 + [1]


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
        (
            "type=workspace_activity&connector_ids[0]=1",
            {"connector_ids": ["must be an array"]},
        ),
        (
            "type=workspace_activity&connector_ids[]=",
            {"connector_ids": {"0": ["must be an integer"]}},
        ),
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


ONE = "connector_ids=1"
REPEATED = "connector_ids=9&connector_ids=1"
NO_ARRAY = {"connector_ids": ["must be an array"]}


@pytest.mark.parametrize(
    ("query", "docs", "server"),
    [
        (ONE, None, NO_ARRAY),
        (REPEATED, None, NO_ARRAY),
        ("connector_ids[]=1", None, None),
        ("connector_ids%5B%5D=9&connector_ids%5B%5D=1", None, None),
        (
            "connector_ids=1,9",
            {"connector_ids": {"0": ["must be an integer"]}},
            NO_ARRAY,
        ),
        (
            "connector_ids=",
            {"connector_ids": {"0": ["must be an integer"]}},
            {"connector_ids": ["must be filled"]},
        ),
        (
            "connector_ids=1&connector_ids=x",
            {"connector_ids": {"1": ["must be an integer"]}},
            NO_ARRAY,
        ),
        (
            "connector_ids=0",
            {"connector_ids": ["each connector_id must be greater than 0"]},
            NO_ARRAY,
        ),
    ],
)
def test_an_array_needs_no_brackets_in_the_docs_dialect(
    emulation: Emulation, squared: httpx.Client, query: str, docs: Any, server: Any
) -> None:
    """One or repeated `connector_ids` is an array; brackets work too (amendment squared A3)."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    schedule_sync(squared).raise_for_status()
    path = f"{REPORTS}?type=workspace_activity&metric=sync_run_triggered&{query}"
    for errors in (docs, server):
        response = squared.get(path)
        if errors is None:
            assert nonzero_counts(response.json()["data"]) == [(1, 0, 1)]
        else:
            assert (response.status_code, response.json()) == (400, {"errors": errors})
        use_server_dialect(emulation, squared)


def test_both_forms_of_the_array_in_one_query(emulation: Emulation, squared: httpx.Client) -> None:
    """The docs dialect joins them; the server refuses them as Rack does (amendment squared A3)."""
    path = f"{REPORTS}?type=workspace_activity&connector_ids=1&connector_ids[]=2"
    assert squared.get(path).status_code == 200
    use_server_dialect(emulation, squared)
    assert squared.get(path).status_code == 400


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
    assert empty["sync_run_triggered"][0]["time_slice"] == "2026-02-22T18:12:00.000Z"
    assert empty["sync_run_triggered"][1]["time_slice"] == "2026-02-23T00:24:00.000Z"
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

"""Runs of syncs as they happen.

Sources: docs/vendors/squared.md#113-manual-runs to docs/vendors/squared.md#115-state-machines.
"""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules import templates
from mockalog.vendors.squared.service import worlds
from tests.emulation import Emulation
from tests.vendors.squared.sending import kind_b, make_connector, make_model, server_dialect, tables
from tests.vendors.squared.syncing import (
    MAPPINGS,
    SCHEDULE,
    SYNCS,
    USERS,
    advance,
    arrived,
    freeze,
    get_sync,
    load,
    make_sync,
    prepare,
    records,
    runs,
    trigger,
)

COUNTERS = ("total_query_rows", "skipped_rows", "total_rows", "successful_rows", "failed_rows")
ACTIVE = kind_b(424, "Sync cannot be scheduled due to active sync run")
NOT_ACTIVE = kind_b(424, "Sync cannot be cancelled due to no active sync run")


def counts(run: dict[str, Any]) -> tuple[int, ...]:
    """Return a run's counters."""
    return tuple(run[name] for name in COUNTERS)


def test_a_manual_run_is_finished_by_the_next_request(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Without a delay; its records and the destination's table show what was sent."""
    prepare(emulation, squared)
    made = make_sync(squared)
    assert made["attributes"]["status"] == "pending"
    response = trigger(squared)
    assert (response.status_code, response.json()) == (
        200,
        {"message": "Sync scheduled successfully"},
    )
    (run,) = runs(squared)
    assert (run["status"], run["sync_run_type"], run["error"]) == ("success", "general", None)
    assert counts(run) == (3, 0, 3, 3, 0)
    assert run["duration"] == 0.0
    assert get_sync(squared)["status"] == "healthy"
    sent = records(squared, 1)
    assert [(r["action"], r["status"], r["error"]) for r in sent] == [
        ("destination_insert", "success", None)
    ] * 3
    assert sent[0]["record"]["email"] == "a@x.io"
    assert sent[0]["logs"]["level"] == "info"
    assert [row["data"] for row in arrived(emulation, squared)] == [
        {"attributes": {"email": user["email"]}} for user in USERS
    ]


def test_the_states_of_a_run(emulation: Emulation, squared: httpx.Client) -> None:
    """Each takes the set delay and is stamped with its due time."""
    prepare(emulation, squared)
    make_sync(squared)
    control = freeze(emulation, squared, delay=10)
    trigger(squared)
    seen = [runs(squared)[0]]
    for _ in range(5):
        advance(control, 10)
        seen.append(runs(squared)[0])
    states = ["pending", "started", "querying", "queued", "in_progress", "success"]
    assert [run["status"] for run in seen] == states
    stamps = [f"2026-03-02T12:00:{second}.000Z" for second in ("00", "10", "20", "30", "40", "50")]
    assert [run["updated_at"] for run in seen] == stamps
    assert [run["created_at"] for run in seen] == stamps[:1] * 6
    assert [run["started_at"] for run in seen] == [None, *stamps[1:2] * 5]
    assert [run["finished_at"] for run in seen] == [None] * 5 + stamps[5:]
    assert [counts(run)[:3] for run in seen] == [(0, 0, 0)] * 3 + [(3, 0, 0)] * 2 + [(3, 0, 3)]
    assert seen[5]["duration"] == 40.0
    assert records(squared, 1)[0]["created_at"] == stamps[3]
    assert records(squared, 1)[0]["updated_at"] == stamps[5]


@pytest.mark.parametrize("steps", range(5))
def test_a_run_can_be_cancelled_in_any_state(
    emulation: Emulation, squared: httpx.Client, steps: int
) -> None:
    """It goes no further, and the next run sends all that this one did not write."""
    prepare(emulation, squared)
    control = freeze(emulation, squared, delay=1)
    make_sync(squared)
    trigger(squared)
    advance(control, 60)
    load(emulation, squared, [*USERS[:2], {"id": 3, "email": "new"}, {"id": 4, "email": "d@x.io"}])
    trigger(squared)
    advance(control, steps)
    response = squared.delete(f"{SCHEDULE}/1")
    assert (response.status_code, response.json()) == (
        200,
        {"message": "Sync cancelled successfully"},
    )
    advance(control, 60)
    canceled = runs(squared)[0]
    assert (canceled["status"], canceled["finished_at"], canceled["duration"]) == (
        "canceled",
        None,
        None,
    )
    assert len(arrived(emulation, squared)) == 3
    again = squared.delete(f"{SCHEDULE}/1")
    assert (again.status_code, again.json()) == (424, NOT_ACTIVE)
    trigger(squared)
    advance(control, 60)
    assert counts(runs(squared)[0]) == (4, 2, 2, 2, 0)
    assert [r["action"] for r in records(squared, 3)] == [
        "destination_update",
        "destination_insert",
    ]
    assert len(arrived(emulation, squared)) == 4


def test_a_run_without_a_delay_can_be_cancelled_at_once(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """The cancellation comes before what any other call would have begun."""
    prepare(emulation, squared)
    make_sync(squared)
    for number in (1, 2):
        assert trigger(squared).status_code == 200
        assert squared.delete(f"{SCHEDULE}/1").status_code == 200
        assert [run["status"] for run in runs(squared)] == ["canceled"] * number
    assert trigger(squared).status_code == 200
    assert runs(squared)[0]["status"] == "success"
    assert squared.delete(f"{SCHEDULE}/1").json() == NOT_ACTIVE


def test_fifty_triggers_at_once_make_one_run(emulation: Emulation, squared: httpx.Client) -> None:
    """The others are refused in the vendor's words."""
    prepare(emulation, squared)
    make_sync(squared)
    freeze(emulation, squared, delay=60)
    url = f"http://mockalog.test/squared{SCHEDULE}"
    body = {"schedule_sync": {"sync_id": 1}}
    requests = [squared.build_request("POST", url, json=body) for _ in range(50)]
    answers = emulation.at_once(squared, requests)
    assert sorted(answer.status_code for answer in answers) == [200] + [424] * 49
    assert [a.json() for a in answers if a.status_code == 424] == [ACTIVE] * 49
    assert len(runs(squared)) == 1


def test_what_changed_since_the_last_run(emulation: Emulation, squared: httpx.Client) -> None:
    """New rows are inserted, changed ones updated, the others and those without a key skipped."""
    prepare(emulation, squared)
    make_model(squared, name="nullable", query="SELECT key, email FROM keyed", primary_key="key")
    make_sync(squared, model_id=2, configuration={"key": "id", "email": "email"})
    keyed = [{"key": key, "email": key} for key in ("a", "b", None, "")]
    tables(emulation, squared, {"keyed": {"rows": keyed}})
    trigger(squared)
    assert counts(runs(squared)[0]) == (4, 2, 2, 2, 0)
    keyed = [{"key": "a", "email": "a"}, {"key": "b", "email": "new"}, {"key": "c", "email": "c"}]
    tables(emulation, squared, {"keyed": {"rows": keyed}})
    trigger(squared)
    assert counts(runs(squared)[0]) == (3, 1, 2, 2, 0)
    # A row carries the id of its latest run.
    assert [(r["sync_run_id"], r["record"]["key"]) for r in records(squared, 1)] == [(1, "a")]
    assert [(r["record"]["key"], r["action"]) for r in records(squared, 2)] == [
        ("b", "destination_update"),
        ("c", "destination_insert"),
    ]
    assert arrived(emulation, squared) == [
        {"id": "a", "email": "a"},
        {"id": "b", "email": "new"},
        {"id": "c", "email": "c"},
    ]


def test_a_full_refresh_begins_anew(emulation: Emulation, squared: httpx.Client) -> None:
    """The destination is emptied and every row inserted, whatever was sent before."""
    prepare(emulation, squared)
    make_sync(squared, sync_mode="full_refresh")
    trigger(squared)
    runs(squared)
    load(emulation, squared, USERS[:2])
    trigger(squared)
    assert counts(runs(squared)[0]) == (2, 0, 2, 2, 0)
    assert [r["action"] for r in records(squared, 2)] == ["destination_insert"] * 2
    assert records(squared, 1) == []
    assert len(arrived(emulation, squared)) == 2
    load(emulation, squared, [])
    trigger(squared)
    assert counts(runs(squared)[0]) == (0, 0, 0, 0, 0)
    assert arrived(emulation, squared) == []


def test_a_cursor_field_narrows_what_is_read(emulation: Emulation, squared: httpx.Client) -> None:
    """The sync remembers the last value; rows of that value are read again and skipped."""
    prepare(emulation, squared)
    make_sync(squared, cursor_field="id")
    trigger(squared)
    runs(squared)
    assert get_sync(squared)["current_cursor_field"] == "3"
    changed = [{"id": 1, "email": "unseen"}, *USERS[1:], {"id": 10, "email": "j@x.io"}]
    load(emulation, squared, changed)
    trigger(squared)
    assert counts(runs(squared)[0]) == (2, 1, 1, 1, 0)
    assert get_sync(squared)["current_cursor_field"] == "10"
    load(emulation, squared, USERS)
    trigger(squared)
    assert counts(runs(squared)[0]) == (0, 0, 0, 0, 0)
    assert get_sync(squared)["current_cursor_field"] == "10"


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_row_28_a_query_that_fails(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """Run and sync fail in the source's words; a good run heals in the docs only.

    Source: docs/vendors/squared.md#1-contradictions, row 28.
    """
    if dialect == "server":
        server_dialect(emulation, squared)
    prepare(emulation, squared)
    make_sync(squared)
    squared.put("/api/v1/models/1", json={"query": "SELECT nope FROM users"}).raise_for_status()
    trigger(squared)
    (failed,) = runs(squared)
    assert failed["status"] == "failed"
    assert 'column "nope" does not exist' in failed["error"]
    assert failed["finished_at"] is not None
    assert get_sync(squared)["status"] == "failed"
    squared.put("/api/v1/models/1", json={"query": "SELECT * FROM users"}).raise_for_status()
    trigger(squared)
    assert runs(squared)[0]["status"] == "success"
    assert get_sync(squared)["status"] == {"docs": "healthy", "server": "failed"}[dialect]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"connector_id": 3}, None),
        ({"query_type": "ai_ml", "query": None, "configuration": {"harvesters": []}}, "ai_ml"),
    ],
)
def test_models_that_cannot_be_read(
    emulation: Emulation, squared: httpx.Client, changes: dict[str, Any], error: str | None
) -> None:
    """A model without a query fails its run; the sync's source is what is read."""
    prepare(emulation, squared)
    make_sync(squared)
    make_connector(squared, name="another")
    squared.put("/api/v1/models/1", json=changes).raise_for_status()
    trigger(squared)
    (run,) = runs(squared)
    assert run["status"] == ("success" if error is None else "failed")
    assert error is None or error in run["error"]


def test_records_that_fail(emulation: Emulation, squared: httpx.Client) -> None:
    """The run is a success even so, and says how many failed."""
    prepare(emulation, squared)
    template = "{% if id == '2' %}{{ id | divided_by: 0 }}{% endif %}{{ email }}"
    mapping = {"from": template, "to": "email", "mapping_type": "template"}
    make_sync(squared, configuration=[mapping])
    trigger(squared)
    (run,) = runs(squared)
    assert (run["status"], counts(run)) == ("success", (3, 0, 3, 2, 1))
    (failed,) = records(squared, 1, status="failed")
    assert failed["record"]["email"] == "b@x.io"
    assert (
        failed["error"]
        == failed["logs"]["response"]
        == "Liquid error: divided_by: can't divide by 0"
    )
    assert failed["logs"]["level"] == "error"
    assert len(records(squared, 1, status="success")) == 2
    assert records(squared, 1, status="pending") == []
    assert len(arrived(emulation, squared)) == 2


def test_a_destination_that_is_not_there(emulation: Emulation, squared: httpx.Client) -> None:
    """Every record fails with its words."""
    prepare(emulation, squared)
    make_connector(
        squared,
        name="gone",
        connector_name="Http",
        configuration={"destination_url": "http://x.invalid/"},
    )
    schema = {"json_schema": {"a": 1}}
    squared.post("/api/v1/catalogs", json={"connector_id": 3, "catalog": schema}).raise_for_status()
    for mode in ("incremental", "full_refresh"):
        made = make_sync(squared, destination_id=3, stream_name="gone", sync_mode=mode)
        trigger(squared, int(made["id"]))
        (run,) = runs(squared, int(made["id"]))
        assert (run["status"], counts(run)) == ("success", (3, 0, 3, 0, 3))
    assert "x.invalid" in records(squared, 1)[0]["error"]


def test_a_source_that_is_not_there(emulation: Emulation, squared: httpx.Client) -> None:
    """The run fails."""
    prepare(emulation, squared)
    make_connector(
        squared,
        name="gone",
        connector_type="source",
        connector_name="Clickhouse",
        configuration={"url": "http://x.invalid/"},
    )
    make_sync(squared, source_id=3)
    trigger(squared)
    assert "x.invalid" in runs(squared)[0]["error"]


def test_mappings_that_take_too_long(
    emulation: Emulation, squared: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run's time for its mappings is limited; the records that come later fail."""
    monkeypatch.setattr(templates, "MAX_SECONDS", -1)
    prepare(emulation, squared)
    make_sync(squared)
    trigger(squared)
    assert counts(runs(squared)[0]) == (3, 0, 3, 0, 3)


def test_a_step_that_fails_unexpectedly_ends_the_run(
    emulation: Emulation,
    squared: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With an error; nothing stays under way for ever."""
    prepare(emulation, squared)
    make_sync(squared)
    trigger(squared)
    monkeypatch.setattr(worlds, "select", None)
    (run,) = runs(squared)
    assert (run["status"], run["error"]) == ("failed", "Internal Server Error")
    assert get_sync(squared)["status"] == "failed"
    monkeypatch.undo()
    trigger(squared)
    assert runs(squared)[0]["status"] == "success"


def test_a_disabled_sync_runs_no_further(emulation: Emulation, squared: httpx.Client) -> None:
    """Its run is cancelled; nothing can be started until it is enabled again."""
    prepare(emulation, squared)
    make_sync(squared)
    control = freeze(emulation, squared, delay=10)
    trigger(squared)
    advance(control, 25)
    squared.patch(f"{SYNCS}/1/enable", json={"enable": False}).raise_for_status()
    advance(control, 60)
    assert runs(squared)[0]["status"] == "canceled"
    refusal = kind_b(424, "Sync is disabled")
    for response in (trigger(squared), squared.delete(f"{SCHEDULE}/1")):
        assert (response.status_code, response.json()) == (424, refusal)
    squared.patch(f"{SYNCS}/1/enable", json={"enable": True}).raise_for_status()
    assert trigger(squared).status_code == 200


@pytest.mark.parametrize("path", ["syncs/1", "models/1", "connectors/1", "connectors/2"])
def test_what_a_sync_needs_takes_it_along(
    emulation: Emulation, squared: httpx.Client, path: str
) -> None:
    """Deleting it ends the run that is under way, too."""
    prepare(emulation, squared)
    make_sync(squared)
    control = freeze(emulation, squared, delay=10)
    trigger(squared)
    advance(control, 35)
    assert squared.delete(f"/api/v1/{path}").status_code == 204
    advance(control, 60)
    assert squared.get(f"{SYNCS}/1").status_code == 404
    assert squared.get(f"{SYNCS}/1/sync_runs").status_code == 404
    assert squared.get(SYNCS).json()["data"] == []


def test_a_workspace_takes_its_syncs_along(emulation: Emulation, squared: httpx.Client) -> None:
    """With their runs; the jobs that are left do nothing."""
    prepare(emulation, squared)
    control = freeze(emulation, squared, delay=10)
    make_sync(squared, schedule_type="interval", sync_interval=1, sync_interval_unit="hours")
    assert squared.post("/enterprise/api/v1/syncs/1/test").status_code == 200
    new = {"name": "w", "organization_id": 1}
    squared.post("/api/v1/workspaces", json=new).raise_for_status()
    assert squared.delete("/api/v1/workspaces/1").status_code == 204
    advance(control, 7200)
    outcomes = {job["outcome"] for job in control.get("/jobs").json()["jobs"]}
    assert outcomes == {"the run is over", "the schedule is another now"}


@pytest.mark.parametrize("kind", ["manual", "interval"])
def test_row_29_a_test_run(emulation: Emulation, squared: httpx.Client, kind: str) -> None:
    """It sends one row, whatever starts other runs; the server has no such call.

    Source: docs/vendors/squared.md#1-contradictions, row 29.
    """
    prepare(emulation, squared)
    make_sync(
        squared,
        schedule_type=kind,
        sync_interval=1,
        sync_interval_unit="days",
        sync_mode="full_refresh",
        cursor_field="id",
    )
    response = squared.post("/enterprise/api/v1/syncs/1/test")
    assert (response.status_code, response.json()) == (
        200,
        {"message": "Sync test triggered successfully"},
    )
    (run,) = runs(squared)
    assert (run["status"], run["sync_run_type"], counts(run)) == (
        "success",
        "test",
        (1, 0, 1, 1, 0),
    )
    assert len(arrived(emulation, squared)) == 1
    load(emulation, squared, [])
    squared.post("/enterprise/api/v1/syncs/1/test").raise_for_status()
    assert runs(squared)[0]["error"] == "Expected exactly one record in the result, but got []"
    missing = squared.post("/enterprise/api/v1/syncs/9/test")
    assert (missing.status_code, missing.json()) == (
        404,
        {"message": "Sync not found", "status": "not_found"},
    )
    server_dialect(emulation, squared)
    assert squared.post("/enterprise/api/v1/syncs/1/test").status_code == 404


def test_a_test_run_leaves_the_cursor_alone(emulation: Emulation, squared: httpx.Client) -> None:
    """It sends its row also if the sync is beyond it."""
    prepare(emulation, squared)
    make_sync(squared, cursor_field="id")
    squared.post("/enterprise/api/v1/syncs/1/test").raise_for_status()
    assert counts(runs(squared)[0]) == (1, 0, 1, 1, 0)
    assert get_sync(squared)["current_cursor_field"] is None
    trigger(squared)
    assert counts(runs(squared)[0]) == (3, 1, 2, 2, 0)
    assert get_sync(squared)["current_cursor_field"] == "3"
    load(emulation, squared, [{"id": 1, "email": "new"}])
    squared.post("/enterprise/api/v1/syncs/1/test").raise_for_status()
    assert counts(runs(squared)[0]) == (1, 0, 1, 1, 0)


def test_a_test_run_is_a_run_like_others(emulation: Emulation, squared: httpx.Client) -> None:
    """None beside another, and none of a disabled sync."""
    prepare(emulation, squared)
    make_sync(squared)
    freeze(emulation, squared, delay=10)
    path = "/enterprise/api/v1/syncs/1/test"
    squared.post(path).raise_for_status()
    for response in (squared.post(path), trigger(squared)):
        assert (response.status_code, response.json()) == (424, ACTIVE)
    squared.patch(f"{SYNCS}/1/enable", json={"enable": False}).raise_for_status()
    assert squared.post(path).json() == kind_b(424, "Sync is disabled")


def test_what_can_be_mapped(emulation: Emulation, squared: httpx.Client) -> None:
    """Columns, fixed values and templates of the run's own time."""
    prepare(emulation, squared)
    freeze(emulation, squared)
    configuration = [
        *MAPPINGS,
        {"from": "5", "value_type": "number", "to": "level", "mapping_type": "static"},
        {
            "from": "{{ 'now' | date: '%Y-%m-%dT%H:%M:%S.%L%z' }} {{ email | upcase }}",
            "to": "seen[]",
            "mapping_type": "template",
        },
    ]
    make_sync(squared, configuration=configuration)
    trigger(squared)
    runs(squared)
    assert arrived(emulation, squared)[0] == {
        "id": arrived(emulation, squared)[0]["id"],
        "data": {"attributes": {"email": "a@x.io"}},
        "level": 5,
        "seen": ["2026-03-02T12:00:00.000+0000 A@X.IO"],
    }

"""Tests of runs of syncs.

Sources: docs/vendors/squared.md#113-manual-runs to docs/vendors/squared.md#115-state-machines.
"""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules.syncs import templates
from mockalog.vendors.squared.service.connectors import source_tables
from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    MAPPINGS,
    USERS,
    make_connector,
    make_model,
    make_sync,
    make_sync_parts,
)
from tests.vendors.squared.requests import (
    SCHEDULE_SYNCS,
    SYNCS,
    get_sync,
    kind_b,
    list_records,
    list_runs,
    schedule_sync,
)
from tests.vendors.squared.steering import (
    freeze,
    list_jobs,
    load_tables,
    load_users,
    use_server_dialect,
    written_rows,
)

COUNTERS = ("total_query_rows", "skipped_rows", "total_rows", "successful_rows", "failed_rows")
ACTIVE = kind_b(424, "Sync cannot be scheduled due to active sync run")
NOT_ACTIVE = kind_b(424, "Sync cannot be cancelled due to no active sync run")


def counts_of(run: dict[str, Any]) -> tuple[int, ...]:
    """Return the counters of a run."""
    return tuple(run[name] for name in COUNTERS)


def test_a_manual_run_is_finished_by_the_next_request(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Without a delay. Records and the destination's table have the sent rows.

    The duration is never 0 (amendment squared A9).
    """
    make_sync_parts(emulation, squared)
    made = make_sync(squared)
    assert made["attributes"]["status"] == "pending"
    response = schedule_sync(squared)
    assert (response.status_code, response.json()) == (
        200,
        {"message": "Sync scheduled successfully"},
    )
    (run,) = list_runs(squared)
    assert (run["status"], run["sync_run_type"], run["error"]) == ("success", "general", None)
    assert counts_of(run) == (3, 0, 3, 3, 0)
    assert run["duration"] == 0.001
    assert get_sync(squared)["status"] == "healthy"
    sent = list_records(squared, 1)
    assert [(r["action"], r["status"], r["error"]) for r in sent] == [
        ("destination_insert", "success", None)
    ] * 3
    assert sent[0]["record"]["email"] == "a@x.io"
    assert sent[0]["logs"]["level"] == "info"
    assert [row["data"] for row in written_rows(emulation, squared)] == [
        {"attributes": {"email": user["email"]}} for user in USERS
    ]


def test_the_states_of_a_run(emulation: Emulation, squared: httpx.Client) -> None:
    """Each state takes the delay of the setting, and has the due time of its job."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    sandbox = freeze(emulation, squared, delay=10)
    schedule_sync(squared)
    seen = [list_runs(squared)[0]]
    for _ in range(5):
        sandbox.clock.advance(10)
        seen.append(list_runs(squared)[0])
    states = ["pending", "started", "querying", "queued", "in_progress", "success"]
    assert [run["status"] for run in seen] == states
    stamps = [f"2026-03-02T12:00:{second}.000Z" for second in ("00", "10", "20", "30", "40", "50")]
    assert [run["updated_at"] for run in seen] == stamps
    assert [run["created_at"] for run in seen] == stamps[:1] * 6
    assert [run["started_at"] for run in seen] == [None, *stamps[1:2] * 5]
    assert [run["finished_at"] for run in seen] == [None] * 5 + stamps[5:]
    assert [counts_of(run)[:3] for run in seen] == [(0, 0, 0)] * 3 + [(3, 0, 0)] * 2 + [(3, 0, 3)]
    assert seen[5]["duration"] == 40.0
    assert list_records(squared, 1)[0]["created_at"] == stamps[3]
    assert list_records(squared, 1)[0]["updated_at"] == stamps[5]


@pytest.mark.parametrize(
    ("delay", "duration"), [(0, 0.001), (0.0001, 0.001), (0.25, 1.0), (1, 4.0), (900, 3600.0)]
)
def test_the_duration_of_a_run(
    emulation: Emulation, squared: httpx.Client, delay: float, duration: float
) -> None:
    """The seconds on the sandbox's clock, a thousandth at least (amendment squared A9)."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    sandbox = freeze(emulation, squared, delay=delay)
    schedule_sync(squared)
    sandbox.clock.advance(5 * 900)
    (run,) = list_runs(squared)
    assert (run["status"], run["duration"]) == ("success", duration)
    one = squared.get(f"{SYNCS}/1/sync_runs/1").json()["data"]["attributes"]
    assert one["duration"] == duration


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_row_21_only_the_docs_dialect_has_the_error_of_a_record(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """The server has the text in `logs` alone (amendment squared A8).

    Source: docs/vendors/squared.md#1-contradictions, row 21.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
    make_sync_parts(emulation, squared)
    template = {"from": "{{ 1 | divided_by: 0 }}", "to": "a", "mapping_type": "template"}
    make_sync(squared)
    make_sync(squared, configuration=[template])
    for id_, error in ((1, None), (2, "Liquid error: divided_by: can't divide by 0")):
        schedule_sync(squared, id_).raise_for_status()
        run = squared.get(f"{SYNCS}/{id_}/sync_runs").json()["data"][0]["id"]
        for record in list_records(squared, run, id_):
            assert record["logs"]["response"] == (error or "OK")
            if dialect == "docs":
                assert record["error"] == error
            else:
                assert "error" not in record


@pytest.mark.parametrize("steps", range(5))
def test_a_run_can_be_cancelled_in_any_state(
    emulation: Emulation, squared: httpx.Client, steps: int
) -> None:
    """The run ends, and the next run sends all rows that it did not write."""
    make_sync_parts(emulation, squared)
    sandbox = freeze(emulation, squared, delay=1)
    make_sync(squared)
    schedule_sync(squared)
    sandbox.clock.advance(60)
    load_users(
        emulation, squared, [*USERS[:2], {"id": 3, "email": "new"}, {"id": 4, "email": "d@x.io"}]
    )
    schedule_sync(squared)
    sandbox.clock.advance(steps)
    response = squared.delete(f"{SCHEDULE_SYNCS}/1")
    assert (response.status_code, response.json()) == (
        200,
        {"message": "Sync cancelled successfully"},
    )
    sandbox.clock.advance(60)
    canceled = list_runs(squared)[0]
    assert (canceled["status"], canceled["finished_at"], canceled["duration"]) == (
        "canceled",
        None,
        None,
    )
    assert len(written_rows(emulation, squared)) == 3
    again = squared.delete(f"{SCHEDULE_SYNCS}/1")
    assert (again.status_code, again.json()) == (424, NOT_ACTIVE)
    schedule_sync(squared)
    sandbox.clock.advance(60)
    assert counts_of(list_runs(squared)[0]) == (4, 2, 2, 2, 0)
    assert [r["action"] for r in list_records(squared, 3)] == [
        "destination_update",
        "destination_insert",
    ]
    assert len(written_rows(emulation, squared)) == 4


def test_a_run_without_a_delay_can_be_cancelled_at_once(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """The cancellation runs before the jobs of the run."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    for number in (1, 2):
        assert schedule_sync(squared).status_code == 200
        assert squared.delete(f"{SCHEDULE_SYNCS}/1").status_code == 200
        assert [run["status"] for run in list_runs(squared)] == ["canceled"] * number
    assert schedule_sync(squared).status_code == 200
    assert list_runs(squared)[0]["status"] == "success"
    assert squared.delete(f"{SCHEDULE_SYNCS}/1").json() == NOT_ACTIVE


def test_fifty_manual_runs_at_once_are_one_run(emulation: Emulation, squared: httpx.Client) -> None:
    """The other calls are refused in the vendor's words."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    freeze(emulation, squared, delay=60)
    url = f"http://mockalog.test/squared{SCHEDULE_SYNCS}"
    body = {"schedule_sync": {"sync_id": 1}}
    requests = [squared.build_request("POST", url, json=body) for _ in range(50)]
    answers = emulation.at_once(squared, requests)
    assert sorted(answer.status_code for answer in answers) == [200] + [424] * 49
    assert [a.json() for a in answers if a.status_code == 424] == [ACTIVE] * 49
    assert len(list_runs(squared)) == 1


def test_changes_since_the_last_run(emulation: Emulation, squared: httpx.Client) -> None:
    """New rows are inserted and changed ones updated. Others are skipped."""
    make_sync_parts(emulation, squared)
    make_model(squared, name="nullable", query="SELECT key, email FROM keyed", primary_key="key")
    make_sync(squared, model_id=2, configuration={"key": "id", "email": "email"})
    keyed = [{"key": key, "email": key} for key in ("a", "b", None, "")]
    load_tables(emulation, squared, {"keyed": {"rows": keyed}})
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (4, 2, 2, 2, 0)
    keyed = [{"key": "a", "email": "a"}, {"key": "b", "email": "new"}, {"key": "c", "email": "c"}]
    load_tables(emulation, squared, {"keyed": {"rows": keyed}})
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (3, 1, 2, 2, 0)
    # A row has the id of its latest run.
    assert [(r["sync_run_id"], r["record"]["key"]) for r in list_records(squared, 1)] == [(1, "a")]
    assert [(r["record"]["key"], r["action"]) for r in list_records(squared, 2)] == [
        ("b", "destination_update"),
        ("c", "destination_insert"),
    ]
    assert written_rows(emulation, squared) == [
        {"id": "a", "email": "a"},
        {"id": "b", "email": "new"},
        {"id": "c", "email": "c"},
    ]


def test_a_full_refresh(emulation: Emulation, squared: httpx.Client) -> None:
    """The destination is emptied, and every row is inserted again."""
    make_sync_parts(emulation, squared)
    make_sync(squared, sync_mode="full_refresh")
    schedule_sync(squared)
    list_runs(squared)
    load_users(emulation, squared, USERS[:2])
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (2, 0, 2, 2, 0)
    assert [r["action"] for r in list_records(squared, 2)] == ["destination_insert"] * 2
    assert list_records(squared, 1) == []
    assert len(written_rows(emulation, squared)) == 2
    load_users(emulation, squared, [])
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (0, 0, 0, 0, 0)
    assert written_rows(emulation, squared) == []


def test_a_cursor_field(emulation: Emulation, squared: httpx.Client) -> None:
    """The sync stores the last value. Rows of that value are read again and skipped."""
    make_sync_parts(emulation, squared)
    make_sync(squared, cursor_field="id")
    schedule_sync(squared)
    list_runs(squared)
    assert get_sync(squared)["current_cursor_field"] == "3"
    changed = [{"id": 1, "email": "unseen"}, *USERS[1:], {"id": 10, "email": "j@x.io"}]
    load_users(emulation, squared, changed)
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (2, 1, 1, 1, 0)
    assert get_sync(squared)["current_cursor_field"] == "10"
    load_users(emulation, squared, USERS)
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (0, 0, 0, 0, 0)
    assert get_sync(squared)["current_cursor_field"] == "10"


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_row_28_a_query_that_fails(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """Run and sync fail in the source's words. A good run heals the sync in the docs only.

    Source: docs/vendors/squared.md#1-contradictions, row 28.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
    make_sync_parts(emulation, squared)
    make_sync(squared)
    squared.put("/api/v1/models/1", json={"query": "SELECT nope FROM users"}).raise_for_status()
    schedule_sync(squared)
    (failed,) = list_runs(squared)
    assert failed["status"] == "failed"
    assert 'column "nope" does not exist' in failed["error"]
    assert failed["finished_at"] is not None
    assert get_sync(squared)["status"] == "failed"
    squared.put("/api/v1/models/1", json={"query": "SELECT * FROM users"}).raise_for_status()
    schedule_sync(squared)
    assert list_runs(squared)[0]["status"] == "success"
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
    """A model without a query fails its run. The source of the sync is read."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    make_connector(squared, name="another")
    squared.put("/api/v1/models/1", json=changes).raise_for_status()
    schedule_sync(squared)
    (run,) = list_runs(squared)
    assert run["status"] == ("success" if error is None else "failed")
    assert error is None or error in run["error"]


def test_records_that_fail(emulation: Emulation, squared: httpx.Client) -> None:
    """The run is a success and counts the failed records."""
    make_sync_parts(emulation, squared)
    template = "{% if id == '2' %}{{ id | divided_by: 0 }}{% endif %}{{ email }}"
    mapping = {"from": template, "to": "email", "mapping_type": "template"}
    make_sync(squared, configuration=[mapping])
    schedule_sync(squared)
    (run,) = list_runs(squared)
    assert (run["status"], counts_of(run)) == ("success", (3, 0, 3, 2, 1))
    (failed,) = list_records(squared, 1, status="failed")
    assert failed["record"]["email"] == "b@x.io"
    assert (
        failed["error"]
        == failed["logs"]["response"]
        == "Liquid error: divided_by: can't divide by 0"
    )
    assert failed["logs"]["level"] == "error"
    assert len(list_records(squared, 1, status="success")) == 2
    assert list_records(squared, 1, status="pending") == []
    assert len(written_rows(emulation, squared)) == 2


def test_an_unreachable_destination(emulation: Emulation, squared: httpx.Client) -> None:
    """Every record fails with the connection's error."""
    make_sync_parts(emulation, squared)
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
        schedule_sync(squared, int(made["id"]))
        (run,) = list_runs(squared, int(made["id"]))
        assert (run["status"], counts_of(run)) == ("success", (3, 0, 3, 0, 3))
    assert "x.invalid" in list_records(squared, 1)[0]["error"]


def test_an_unreachable_source(emulation: Emulation, squared: httpx.Client) -> None:
    """The run fails."""
    make_sync_parts(emulation, squared)
    make_connector(
        squared,
        name="gone",
        connector_type="source",
        connector_name="Clickhouse",
        configuration={"url": "http://x.invalid/"},
    )
    make_sync(squared, source_id=3)
    schedule_sync(squared)
    assert "x.invalid" in list_runs(squared)[0]["error"]


def test_mappings_that_take_too_long(
    emulation: Emulation, squared: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time for a run's mappings is limited. The remaining records fail."""
    monkeypatch.setattr(templates, "MAX_SECONDS", -1)
    make_sync_parts(emulation, squared)
    make_sync(squared)
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (3, 0, 3, 0, 3)


def test_a_step_that_fails_unexpectedly_ends_the_run(
    emulation: Emulation,
    squared: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The run has an error and is not active."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    schedule_sync(squared)
    monkeypatch.setattr(source_tables, "select", None)
    (run,) = list_runs(squared)
    assert (run["status"], run["error"]) == ("failed", "Internal Server Error")
    assert get_sync(squared)["status"] == "failed"
    monkeypatch.undo()
    schedule_sync(squared)
    assert list_runs(squared)[0]["status"] == "success"


def test_disabling_cancels_the_run(emulation: Emulation, squared: httpx.Client) -> None:
    """No run can begin until the sync is enabled again."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    sandbox = freeze(emulation, squared, delay=10)
    schedule_sync(squared)
    sandbox.clock.advance(25)
    squared.patch(f"{SYNCS}/1/enable", json={"enable": False}).raise_for_status()
    sandbox.clock.advance(60)
    assert list_runs(squared)[0]["status"] == "canceled"
    refusal = kind_b(424, "Sync is disabled")
    for response in (schedule_sync(squared), squared.delete(f"{SCHEDULE_SYNCS}/1")):
        assert (response.status_code, response.json()) == (424, refusal)
    squared.patch(f"{SYNCS}/1/enable", json={"enable": True}).raise_for_status()
    assert schedule_sync(squared).status_code == 200


@pytest.mark.parametrize("path", ["syncs/1", "models/1", "connectors/1", "connectors/2"])
def test_a_deletion_of_its_parts_deletes_a_sync(
    emulation: Emulation, squared: httpx.Client, path: str
) -> None:
    """The active run is deleted too."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    sandbox = freeze(emulation, squared, delay=10)
    schedule_sync(squared)
    sandbox.clock.advance(35)
    assert squared.delete(f"/api/v1/{path}").status_code == 204
    sandbox.clock.advance(60)
    assert squared.get(f"{SYNCS}/1").status_code == 404
    assert squared.get(f"{SYNCS}/1/sync_runs").status_code == 404
    assert squared.get(SYNCS).json()["data"] == []


def test_a_deleted_workspace_deletes_its_syncs(emulation: Emulation, squared: httpx.Client) -> None:
    """Their runs are deleted too, and the remaining jobs do nothing."""
    make_sync_parts(emulation, squared)
    sandbox = freeze(emulation, squared, delay=10)
    make_sync(squared, schedule_type="interval", sync_interval=1, sync_interval_unit="hours")
    assert squared.post("/enterprise/api/v1/syncs/1/test").status_code == 200
    new = {"name": "w", "organization_id": 1}
    squared.post("/api/v1/workspaces", json=new).raise_for_status()
    assert squared.delete("/api/v1/workspaces/1").status_code == 204
    sandbox.clock.advance(7200)
    outcomes = {job["outcome"] for job in list_jobs(sandbox)}
    assert outcomes == {"the run is over", "the schedule is another now"}


@pytest.mark.parametrize("kind", ["manual", "interval"])
def test_row_29_a_test_run(emulation: Emulation, squared: httpx.Client, kind: str) -> None:
    """It sends one row, for any type of schedule. The server has no such call.

    Source: docs/vendors/squared.md#1-contradictions, row 29.
    """
    make_sync_parts(emulation, squared)
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
    (run,) = list_runs(squared)
    assert (run["status"], run["sync_run_type"], counts_of(run)) == (
        "success",
        "test",
        (1, 0, 1, 1, 0),
    )
    assert len(written_rows(emulation, squared)) == 1
    load_users(emulation, squared, [])
    squared.post("/enterprise/api/v1/syncs/1/test").raise_for_status()
    assert list_runs(squared)[0]["error"] == "Expected exactly one record in the result, but got []"
    missing = squared.post("/enterprise/api/v1/syncs/9/test")
    assert (missing.status_code, missing.json()) == (
        404,
        {"message": "Sync not found", "status": "not_found"},
    )
    use_server_dialect(emulation, squared)
    assert squared.post("/enterprise/api/v1/syncs/1/test").status_code == 404


def test_a_test_run_leaves_the_cursor_alone(emulation: Emulation, squared: httpx.Client) -> None:
    """It sends its row even if the cursor is beyond it."""
    make_sync_parts(emulation, squared)
    make_sync(squared, cursor_field="id")
    squared.post("/enterprise/api/v1/syncs/1/test").raise_for_status()
    assert counts_of(list_runs(squared)[0]) == (1, 0, 1, 1, 0)
    assert get_sync(squared)["current_cursor_field"] is None
    schedule_sync(squared)
    assert counts_of(list_runs(squared)[0]) == (3, 1, 2, 2, 0)
    assert get_sync(squared)["current_cursor_field"] == "3"
    load_users(emulation, squared, [{"id": 1, "email": "new"}])
    squared.post("/enterprise/api/v1/syncs/1/test").raise_for_status()
    assert counts_of(list_runs(squared)[0]) == (1, 0, 1, 1, 0)


def test_a_test_run_is_a_run_like_others(emulation: Emulation, squared: httpx.Client) -> None:
    """It needs an enabled sync without an active run."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    freeze(emulation, squared, delay=10)
    path = "/enterprise/api/v1/syncs/1/test"
    squared.post(path).raise_for_status()
    for response in (squared.post(path), schedule_sync(squared)):
        assert (response.status_code, response.json()) == (424, ACTIVE)
    squared.patch(f"{SYNCS}/1/enable", json={"enable": False}).raise_for_status()
    assert squared.post(path).json() == kind_b(424, "Sync is disabled")


def test_mapped_records(emulation: Emulation, squared: httpx.Client) -> None:
    """Columns, fixed values, and templates with the run's time are mapped."""
    make_sync_parts(emulation, squared)
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
    schedule_sync(squared)
    list_runs(squared)
    assert written_rows(emulation, squared)[0] == {
        "id": written_rows(emulation, squared)[0]["id"],
        "data": {"attributes": {"email": "a@x.io"}},
        "level": 5,
        "seen": ["2026-03-02T12:00:00.000+0000 A@X.IO"],
    }

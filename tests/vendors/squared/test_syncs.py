"""Tests of syncs.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls,
docs/vendors/squared.md#1-contradictions, rows 9 and 15 to 17.
"""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.repository import models
from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    MAPPINGS,
    POSTGRESQL,
    make_connector,
    make_model,
    make_sync,
    make_sync_parts,
    sync_body,
)
from tests.vendors.squared.requests import (
    SCHEDULE_SYNCS,
    SYNCS,
    get_sync,
    kind_b,
    kind_c,
    schedule_sync,
)
from tests.vendors.squared.steering import run_with_repository, set_role, use_server_dialect

MISSING = {
    "error": 'Couldn\'t find Sync with \'id\'="9" [WHERE "syncs"."discarded_at" IS NULL AND '
    '"syncs"."workspace_id" = $1]'
}
INTERVAL = {"schedule_type": "interval", "sync_interval": 30, "sync_interval_unit": "minutes"}
CRON = {"schedule_type": "cron_expression", "cron_expression": "0 9 * * *"}


def use_dialect(emulation: Emulation, client: httpx.Client, dialect: str) -> None:
    """Choose a dialect for the client's sandbox, and create the parts of a sync."""
    if dialect == "server":
        use_server_dialect(emulation, client)
    make_sync_parts(emulation, client)


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_rows_15_to_17_the_envelopes_of_a_sync(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """The docs return a flat sync, the server 201 with an envelope. Updates add a message.

    Source: docs/vendors/squared.md#1-contradictions, rows 15, 16 and 17.
    """
    use_dialect(emulation, squared, dialect)
    created = squared.post(SYNCS, json=sync_body(**INTERVAL))
    shown = squared.get(f"{SYNCS}/1")
    updated = squared.put(f"{SYNCS}/1", json={"sync_interval": 45})
    if dialect == "docs":
        data = created.json()
        assert created.status_code == 200
        assert shown.json() == data
        body = updated.json()
        assert (body.pop("success"), body.pop("message")) == (True, "Sync updated successfully")
    else:
        data = created.json()["data"]
        assert created.status_code == 201
        assert shown.json() == {"data": data}
        body = updated.json()
    assert updated.status_code == 200
    assert list(body) == ["data"]
    assert body["data"]["attributes"]["sync_interval"] == 45
    assert (data["id"], data["type"]) == ("1", "syncs")
    attributes = data["attributes"]
    assert list(attributes) == [
        *("source_id", "destination_id", "model_id", "configuration", "schedule_type"),
        *("sync_mode", "sync_interval", "sync_interval_unit", "cron_expression", "stream_name"),
        *("status", "cursor_field", "current_cursor_field", "updated_at", "created_at"),
        *("source", "destination", "model"),
    ]
    assert attributes["configuration"] == MAPPINGS
    assert attributes["status"] == "pending"
    ends = [attributes[end] for end in ("source", "destination")]
    assert [next(iter(end.items())) for end in ends] == [("id", 1), ("id", 2)]
    assert not any("configuration" in end for end in ends)
    model = attributes["model"]
    assert next(iter(model.items())) == ("id", 1)
    assert model["connector"]["configuration"]["credentials"]["password"] == "*************"


def test_row_15_automated_is_the_docs_own_schedule_type(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """With an interval it runs as one; without, by hand. The server refuses it.

    Source: docs/vendors/squared.md#1-contradictions, row 15 (amendment squared A14).
    """
    make_sync_parts(emulation, squared)
    made = make_sync(squared, **{**INTERVAL, "schedule_type": "automated"})
    assert made["attributes"]["schedule_type"] == "automated"
    assert made["attributes"]["sync_interval"] == 30
    without = make_sync(squared, schedule_type="automated")["attributes"]
    assert [without[name] for name in INTERVAL] == ["automated", None, None]
    use_server_dialect(emulation, squared)
    refused = squared.post(SYNCS, json=sync_body(**{**INTERVAL, "schedule_type": "automated"}))
    squared.put(f"{SYNCS}/1", json={"sync_mode": "full_refresh"}).raise_for_status()
    errors = {"schedule_type": ["invalid schedule type"]}
    assert (refused.status_code, refused.json()) == (400, {"errors": {"sync": errors}})


NOT_PRESENT = ["must be present"]
REQUIRED = {
    name: ["is missing"]
    for name in (
        *("model_id", "destination_id", "schedule_type", "sync_mode", "stream_name"),
        "configuration",
    )
}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, REQUIRED),
        ({"sync": {}}, REQUIRED),
        ({"sync": None}, ["must be a hash"]),
        (sync_body(source_id=None), {"source_id": ["must be filled"]}),
        (sync_body(model_id="x"), {"model_id": ["must be an integer"]}),
        (sync_body(destination_id=True), {"destination_id": ["must be an integer"]}),
        (sync_body(stream_name=""), {"stream_name": ["must be filled"]}),
        (sync_body(stream_name=5), {"stream_name": ["must be a string"]}),
        (sync_body(configuration=[]), {"configuration": ["must be filled"]}),
        (sync_body(configuration={}), {"configuration": ["must be filled"]}),
        (sync_body(cursor_field=5), {"cursor_field": ["must be a string"]}),
        (sync_body(schedule_type="daily"), {"schedule_type": ["invalid schedule type"]}),
        (sync_body(schedule_type=["manual"]), {"schedule_type": ["must be a string"]}),
        (sync_body(sync_mode="delta"), {"sync_mode": ["invalid sync mode"]}),
        (
            sync_body(schedule_type="interval"),
            {"sync_interval": NOT_PRESENT, "sync_interval_unit": NOT_PRESENT},
        ),
        (
            sync_body(**{**INTERVAL, "sync_interval": 0}),
            {"sync_interval": ["must be greater than 0"]},
        ),
        (
            sync_body(**{**INTERVAL, "sync_interval": "x"}),
            {"sync_interval": ["must be an integer"]},
        ),
        (
            sync_body(**{**INTERVAL, "sync_interval_unit": "years"}),
            {"sync_interval_unit": ["invalid sync interval unit"]},
        ),
        (
            sync_body(**{**INTERVAL, "sync_interval_unit": 5}),
            {"sync_interval_unit": ["must be a string"]},
        ),
        (sync_body(schedule_type="cron_expression"), {"cron_expression": NOT_PRESENT}),
        (
            sync_body(schedule_type="cron_expression", cron_expression="* * * *"),
            {"cron_expression": ["invalid cron expression format"]},
        ),
        (
            sync_body(schedule_type="cron_expression", cron_expression=5),
            {"cron_expression": ["must be a string"]},
        ),
    ],
)
def test_bodies_that_break_the_contract(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A comes before the parts of the sync are looked up."""
    response = squared.post(SYNCS, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": {"sync": errors}})


CREATION = "Sync creation failed"
STREAM_NAME = "Add a valid stream_name associated with destination connector"


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({"destination_id": 1}, {"catalog": "Catalog is missing"}),
        ({"stream_name": "other"}, {"stream_name": STREAM_NAME}),
        ({"stream_name": " "}, {"stream_name": "can't be blank"}),
        ({"destination_id": 9}, {"destination": "must exist"}),
        ({"source_id": 2**70}, {"source": "must exist"}),
        ({"source_id": ...}, {"source_id": "can't be blank", "source": "must exist"}),
        ({"model_id": 0}, {"model": "must exist"}),
        ({"configuration": "text"}, {"configuration": "can't be blank"}),
        ({"configuration": [1]}, {"configuration": "can't be blank"}),
    ],
)
def test_refusals_of_the_record(
    emulation: Emulation, squared: httpx.Client, changes: dict[str, Any], source: dict[str, str]
) -> None:
    """Kind B has the first message of each field, for updates too."""
    make_sync_parts(emulation, squared)
    response = squared.post(SYNCS, json=sync_body(**changes))
    assert (response.status_code, response.json()) == (422, kind_b(422, CREATION, **source))
    make_sync(squared)
    if ... not in changes.values():
        response = squared.put(f"{SYNCS}/1", json=changes)
        refusal = kind_b(422, "Sync update failed", **source)
        assert (response.status_code, response.json()) == (422, refusal)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"schedule_type": "Manual"}, "'Manual' is not a valid schedule_type"),
        ({"sync_mode": "INCREMENTAL"}, "'INCREMENTAL' is not a valid sync_mode"),
        (
            {**INTERVAL, "sync_interval_unit": "Days"},
            "'Days' is not a valid sync_interval_unit",
        ),
        (
            {**INTERVAL, "sync_interval": 2**31},
            "2147483648 is out of range for ActiveModel::Type::Integer with limit 4 bytes",
        ),
        ({"cursor_field": "a\0b"}, "string contains null byte"),
    ],
)
def test_unassignable_values(
    emulation: Emulation, squared: httpx.Client, changes: dict[str, Any], text: str
) -> None:
    """Kind C."""
    make_sync_parts(emulation, squared)
    response = squared.post(SYNCS, json=sync_body(**changes))
    assert (response.status_code, response.json()) == (400, kind_c(text))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            [{"from": "a", "to": "b", "mapping_type": "standard", "x": 1, "value": {"y": 1}}, 5],
            [{"from": "a", "to": "b", "mapping_type": "standard"}],
        ),
        (
            [{"embedding_config": {"mode": "m", "x": 1}, "hide_embedding": True}],
            [{"hide_embedding": True, "embedding_config": {"mode": "m"}}],
        ),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}),
    ],
)
def test_the_stored_configuration(
    emulation: Emulation, squared: httpx.Client, sent: Any, kept: Any
) -> None:
    """An array keeps the known keys of its objects. An object is stored whole."""
    make_sync_parts(emulation, squared)
    assert make_sync(squared, configuration=sent)["attributes"]["configuration"] == kept


ALL = {**INTERVAL, **CRON}


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("manual", (None, None, None)),
        ("interval", (30, "minutes", None)),
        ("cron_expression", (None, None, "0 9 * * *")),
    ],
)
def test_columns_of_other_schedule_types_are_null(
    emulation: Emulation, squared: httpx.Client, kind: str, kept: tuple[Any, ...]
) -> None:
    """The rule holds for creations and updates. A name is accepted and dropped."""
    make_sync_parts(emulation, squared)
    names = ("sync_interval", "sync_interval_unit", "cron_expression")
    made = make_sync(squared, **{**ALL, "schedule_type": kind}, name="n", description="d")
    assert tuple(made["attributes"][name] for name in names) == kept
    make_sync(squared)
    squared.put(f"{SYNCS}/2", json={**ALL, "schedule_type": kind}).raise_for_status()
    assert tuple(get_sync(squared, 2)[name] for name in names) == kept


def test_numbers_may_be_texts(emulation: Emulation, squared: httpx.Client) -> None:
    """The rule holds for ids and the interval."""
    make_sync_parts(emulation, squared)
    made = make_sync(squared, source_id="1", model_id="1", **{**INTERVAL, "sync_interval": "30"})
    assert (made["attributes"]["source_id"], made["attributes"]["sync_interval"]) == (1, 30)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"sync_interval": 0}, {"sync_interval": ["must be greater than 0"]}),
        ({"sync_interval_unit": "x"}, {"sync_interval_unit": ["invalid sync interval unit"]}),
        ({"cron_expression": "x"}, {"cron_expression": ["invalid cron expression format"]}),
        ({"schedule_type": "cron_expression"}, {"cron_expression": NOT_PRESENT}),
        ({"configuration": {}}, {"configuration": ["must be filled"]}),
        ({"model_id": None}, {"model_id": ["must be filled"]}),
    ],
)
def test_updates_that_break_the_contract(
    squared: httpx.Client, changes: dict[str, Any], errors: Any
) -> None:
    """An update has the same rules for the keys that are sent."""
    response = squared.put(f"{SYNCS}/x", json=changes)
    wrong = {"id": ["must be an integer"], "sync": errors}
    assert (response.status_code, response.json()) == (400, {"errors": wrong})


def test_an_update_changes_any_subset(emulation: Emulation, squared: httpx.Client) -> None:
    """PATCH works too. The cursor field never changes."""
    make_sync_parts(emulation, squared)
    before = make_sync(squared, **INTERVAL, cursor_field="id")["attributes"]
    response = squared.patch(f"{SYNCS}/1", json={"sync_mode": "full_refresh", "cursor_field": "x"})
    assert response.status_code == 200
    changed = response.json()["data"]["attributes"]
    differing = {name for name in changed if changed[name] != before[name]}
    assert differing - {"updated_at"} == {"sync_mode"}
    squared.put(f"{SYNCS}/1", json={"cursor_field": "x"}).raise_for_status()
    assert get_sync(squared)["cursor_field"] == "id"
    gone = squared.put(f"{SYNCS}/1", json={"sync_interval": None})
    refusal = kind_b(422, "Sync update failed", sync_interval="can't be blank")
    assert (gone.status_code, gone.json()) == (422, refusal)


def test_an_empty_update(emulation: Emulation, squared: httpx.Client) -> None:
    """Kind D."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    bodies: list[dict[str, Any]] = [{}, {"sync": {}}, {"sync": {"other": 1}}]
    for body in bodies:
        response = squared.put(f"{SYNCS}/1", json=body)
        text = "param is missing or the value is empty: sync"
        assert (response.status_code, response.json()) == (422, {"error": text})


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_missing_sync(emulation: Emulation, squared: httpx.Client, dialect: str) -> None:
    """Kind D is the answer for a deleted sync and one of another workspace too."""
    use_dialect(emulation, squared, dialect)
    for method, path, body in (
        ("GET", "9", None),
        ("PUT", "9", {"sync_mode": "incremental"}),
        ("DELETE", "9", None),
        ("PATCH", "9/enable", {"enable": True}),
    ):
        response = squared.request(method, f"{SYNCS}/{path}", json=body)
        assert (response.status_code, response.json()) == (404, MISSING)
    assert squared.get(f"{SYNCS}/{2**70}").status_code == 404
    malformed = squared.get(f"{SYNCS}/x")
    assert (malformed.status_code, malformed.json()) == (
        400,
        {"errors": {"id": ["must be an integer"]}},
    )
    make_sync(squared)
    assert squared.delete(f"{SYNCS}/1").status_code == 204
    assert squared.delete(f"{SYNCS}/1").status_code == 404
    assert squared.get(SYNCS).json()["data"] == []
    assert make_sync(squared)["id"] == "2"


def test_enabling_and_disabling(emulation: Emulation, squared: httpx.Client) -> None:
    """The state machine decides. Any text enables (measured)."""
    make_sync_parts(emulation, squared)
    make_sync(squared)

    def enable(value: Any) -> httpx.Response:
        return squared.patch(f"{SYNCS}/1/enable", json={"enable": value})

    pending = enable(True)
    refusal = kind_c("Event 'enable' cannot transition from 'pending'.")
    assert (pending.status_code, pending.json()) == (400, refusal)
    assert enable(False).json()["data"]["attributes"]["status"] == "disabled"
    refusal = kind_c("Event 'disable' cannot transition from 'disabled'.")
    assert enable(False).json() == refusal
    taken: tuple[Any, ...] = ("false", 1)
    for value in taken:
        assert enable(value).json()["data"]["attributes"]["status"] == "pending"
        enable(False)
    refused: tuple[Any, ...] = ("perhaps", [], 5, 1.5, {})
    for value in refused:
        response = enable(value)
        message = "must be filled" if value in ([], {}) else "must be boolean"
        assert (response.status_code, response.json()) == (400, {"errors": {"enable": [message]}})
    missing = squared.patch(f"{SYNCS}/x/enable", json={})
    errors = {"id": ["must be an integer"], "enable": ["is missing"]}
    assert missing.json() == {"errors": errors}


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_row_9_pages_of_syncs(emulation: Emulation, squared: httpx.Client, dialect: str) -> None:
    """The latest change comes first. The docs know `page[number]` and `page[size]`."""
    use_dialect(emulation, squared, dialect)
    for _ in range(11):
        make_sync(squared)
    squared.put(f"{SYNCS}/1", json={"sync_mode": "full_refresh"}).raise_for_status()
    first = squared.get(SYNCS).json()
    size = {"docs": 100, "server": 10}[dialect]
    ids = ["1", *map(str, range(11, 1, -1))]
    assert [one["id"] for one in first["data"]] == ids[:size]
    assert first["links"]["first"].endswith(f"?page=1&per_page={size}")
    nested = squared.get(f"{SYNCS}?page[number]=2&page[size]=4")
    if dialect == "docs":
        assert [one["id"] for one in nested.json()["data"]] == ids[4:8]
    else:
        assert nested.json() == {"errors": {"page": ["must be an integer"]}}
    assert [o["id"] for o in squared.get(f"{SYNCS}?page=2&per_page=4").json()["data"]] == ids[4:8]
    wrong = squared.get(f"{SYNCS}?page=x")
    assert (wrong.status_code, wrong.json()) == (400, {"errors": {"page": ["must be an integer"]}})


def test_a_sync_of_an_ai_model_shows_its_schema(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """The schema is that of the model itself."""
    make_sync_parts(emulation, squared)
    catalog = {"connector_id": 1, "catalog": {"json_schema": {"a": 1}}}
    squared.post("/api/v1/catalogs", json=catalog).raise_for_status()
    made = make_model(squared, query_type="ai_ml", query=None, configuration={"harvesters": []})
    make_sync(squared, model_id=2)
    shown = get_sync(squared)["model"]
    assert shown == {"id": 2, **made["attributes"]}


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_the_configurations(emulation: Emulation, squared: httpx.Client, dialect: str) -> None:
    """They are a constant. The docs have no vectors."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    data = squared.get(f"{SYNCS}/configurations").json()["data"]
    types = data["configurations"]["catalog_mapping_types"]
    vector = ["vector"] if dialect == "server" else []
    assert list(types) == ["standard", *vector, "static", "template"]
    assert {name: one["type"] for name, one in types["static"].items()} == {
        "string": "string",
        "number": "float",
        "boolean": "boolean",
        "null": "null",
    }
    template = types["template"]
    value = "{{ 'now' | date: '%Y-%m-%dT%H:%M:%S.%L%z' }}"
    assert template["variable"]["current_timestamp"]["value"] == value
    assert template["filter"]["cast"]["value"] == "{{ cast: '<string>' }}"
    regex = "{{ regex_replace : '<[a-zA-Z]>', '<replacement>', '<flags>' }}"
    assert template["filter"]["regex_replace"]["value"] == regex


@pytest.mark.parametrize("role", ["Admin", "Member", "Viewer"])
def test_rights_on_syncs(emulation: Emulation, squared: httpx.Client, role: str) -> None:
    """Every role reads, and a Viewer changes nothing. Manual runs look up the sync first."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    make_sync(squared, **INTERVAL)
    schedule_sync(squared)
    set_role(emulation, squared, role)
    reading = [
        SYNCS,
        f"{SYNCS}/1",
        f"{SYNCS}/configurations",
        f"{SYNCS}/1/sync_runs",
        f"{SYNCS}/1/sync_runs/1",
        f"{SYNCS}/1/sync_runs/1/sync_records",
        "/api/v1/reports?type=workspace_activity",
    ]
    assert [squared.get(path).status_code for path in reading] == [200] * len(reading)
    changing: list[tuple[str, str, Any]] = [
        ("POST", SYNCS, sync_body()),
        ("PUT", f"{SYNCS}/1", {"sync_mode": "incremental"}),
        ("POST", SCHEDULE_SYNCS, {"sync_id": 1}),
        ("DELETE", f"{SCHEDULE_SYNCS}/1", None),
        ("POST", "/enterprise/api/v1/syncs/1/test", None),
        ("PATCH", f"{SYNCS}/1/enable", {"enable": False}),
        ("DELETE", f"{SYNCS}/1", None),
    ]
    answers = [squared.request(method, path, json=body) for method, path, body in changing]
    if role == "Viewer":
        assert {answer.status_code for answer in answers} == {403}
    else:
        assert all(answer.is_success for answer in answers)
    not_manual = squared.post(SCHEDULE_SYNCS, json={"sync_id": 2})
    refusal = kind_b(424, "Sync Schedule type should be manual")
    assert (not_manual.status_code, not_manual.json()) == (424, refusal)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "answer"),
    [
        (
            "POST",
            SCHEDULE_SYNCS,
            {},
            400,
            {"errors": {"schedule_sync": {"sync_id": ["is missing"]}}},
        ),
        ("POST", SCHEDULE_SYNCS, {"sync_id": 9}, 404, kind_b(404, "Sync not found")),
        ("DELETE", f"{SCHEDULE_SYNCS}/9", None, 404, kind_b(404, "Sync not found")),
        ("DELETE", f"{SCHEDULE_SYNCS}/x", None, 404, kind_b(404, "Sync not found")),
        ("DELETE", f"{SCHEDULE_SYNCS}/{2**70}", None, 404, kind_b(404, "Sync not found")),
    ],
)
def test_manual_runs_of_no_sync(
    squared: httpx.Client, method: str, path: str, body: Any, status: int, answer: Any
) -> None:
    """Kinds A and B."""
    response = squared.request(method, path, json=body)
    assert (response.status_code, response.json()) == (status, answer)


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_row_20_missing_runs_and_records(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """The docs have a shape of their own, the server kind B.

    Source: docs/vendors/squared.md#1-contradictions, row 20.
    """
    use_dialect(emulation, squared, dialect)
    make_sync(squared)
    for path, text in (
        ("9/sync_runs", "Sync not found"),
        ("9/sync_runs/1", "Sync not found"),
        ("1/sync_runs/9", "Sync Run not found"),
        (f"1/sync_runs/{2**70}", "Sync Run not found"),
        ("1/sync_runs/9/sync_records", "SyncRun not found"),
    ):
        response = squared.get(f"{SYNCS}/{path}")
        docs = {"message": text, "status": "not_found"}
        expected = docs if dialect == "docs" else kind_b(404, text)
        assert (response.status_code, response.json()) == (404, expected)


@pytest.mark.parametrize(
    ("path", "errors"),
    [
        ("x/sync_runs?page=x", {"sync_id": ["must be an integer"], "page": ["must be an integer"]}),
        ("1/sync_runs?status=done", {"status": ["must be a valid status"]}),
        ("1/sync_runs?status=", {"status": ["must be filled"]}),
        ("x/sync_runs/y", {"sync_id": ["must be an integer"], "id": ["must be an integer"]}),
        (
            "1/sync_runs/y/sync_records?status=started",
            {"sync_run_id": ["must be an integer"], "status": ["must be a valid status"]},
        ),
    ],
)
def test_lists_of_runs_that_break_the_contract(
    squared: httpx.Client, path: str, errors: Any
) -> None:
    """Kind A."""
    response = squared.get(f"{SYNCS}/{path}")
    assert (response.status_code, response.json()) == (400, {"errors": errors})


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_rows_21_and_22_runs_and_records_by_pages(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """docs/vendors/squared.md#1-contradictions, row 21 and row 22: runs have every field in both
    dialects, records an `error` only in the docs dialect (amendment squared A8); the latest run
    first, by status.
    """
    use_dialect(emulation, squared, dialect)
    make_sync(squared)
    for _ in range(3):
        schedule_sync(squared)
        squared.get(f"{SYNCS}/1")
    schedule_sync(squared)
    squared.delete(f"{SCHEDULE_SYNCS}/1").raise_for_status()
    path = f"{SYNCS}/1/sync_runs"
    page = squared.get(f"{path}?per_page=2&page=2").json()
    assert [run["id"] for run in page["data"]] == ["2", "1"]
    assert page["links"]["prev"].endswith(f"{path}?page=1&per_page=2")
    assert [run["id"] for run in squared.get(f"{path}?status=canceled").json()["data"]] == ["4"]
    single = squared.get(f"{path}/1").json()["data"]
    assert single == page["data"][1]
    assert list(single["attributes"]) == [
        *("sync_id", "status", "sync_run_type", "started_at", "finished_at", "duration"),
        *("total_query_rows", "total_rows", "skipped_rows", "successful_rows", "failed_rows"),
        *("error", "created_at", "updated_at"),
    ]
    found = squared.get(f"{path}/1/sync_records?per_page=2").json()
    assert [record["id"] for record in found["data"]] == ["1", "2"]
    assert found["data"][0]["type"] == "sync_records"
    named = {"error", "logs"} & found["data"][0]["attributes"].keys()
    assert named == ({"error", "logs"} if dialect == "docs" else {"logs"})
    assert found["links"]["next"].endswith("sync_records?page=2&per_page=2")


def test_syncs_without_their_parts_are_left_out(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Another process may delete sync and model between two queries of one call."""
    make_sync_parts(emulation, squared)
    make_sync(squared)

    run_with_repository(emulation, squared, lambda rows: models.delete_model(rows, 1, 1))
    assert squared.get(SYNCS).json()["data"] == []
    response = squared.get(f"{SYNCS}/1")
    assert response.json() == {"error": MISSING["error"].replace("9", "1", 1)}


def test_a_source_of_another_workspace_does_not_exist(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Model and destination must belong to the workspace too."""
    make_sync_parts(emulation, squared)
    squared.post("/api/v1/workspaces", json={"name": "w", "organization_id": 1}).raise_for_status()
    squared.headers["Workspace-Id"] = "2"
    make_connector(squared, **POSTGRESQL)
    response = squared.post(SYNCS, json=sync_body(source_id=3))
    source = {"model": "must exist", "destination": "must exist"}
    assert response.json() == kind_b(422, CREATION, **source)

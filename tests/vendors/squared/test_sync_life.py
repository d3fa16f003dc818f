"""Tests of a sync from its creation to its deletion: as the web UI and as an SDK use it."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    DESTINATION,
    POSTGRESQL,
    STREAM,
    make_account,
    make_connector,
    model_body,
    sync_body,
)
from tests.vendors.squared.requests import (
    SCHEDULE_SYNCS,
    SYNCS,
    list_records,
    list_runs,
    login,
    schedule_sync,
)
from tests.vendors.squared.steering import (
    freeze,
    get_tables,
    load_tables,
    use_server_dialect,
    written_rows,
)

REPORT = "/api/v1/reports?type=workspace_activity"


def report_totals(client: httpx.Client) -> tuple[int, int]:
    """Return the number of runs and of written rows in the week's report."""
    data = client.get(REPORT).json()["data"]
    totals = [sum(one["total_count"] for one in data[metric]) for metric in data]
    return totals[0], totals[1]


def make_parts(client: httpx.Client) -> tuple[int, list[str]]:
    """Create source, model and destination; return the number of rows and the stream names."""
    make_connector(client, **POSTGRESQL)
    preview = client.post(
        "/api/v1/connectors/1/query_source", json={"query": "SELECT * FROM customers"}
    )
    rows = preview.json()
    client.post(
        "/api/v1/models",
        json=model_body(query="SELECT * FROM customers", query_type="table_selector"),
    ).raise_for_status()
    make_connector(client, **DESTINATION)
    discovered = client.get("/api/v1/connectors/2/discover").json()
    streams = discovered["data"]["attributes"]["catalog"]["streams"]
    return len(rows if isinstance(rows, list) else rows["data"]), [s["name"] for s in streams]


def stream_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a sync to the discovered stream."""
    mapping = {"from": "email", "to": "data.attributes.email", "mapping_type": "standard"}
    return sync_body(stream_name="profile", configuration=[mapping], **changes)


def test_the_calls_of_the_web_ui(emulation: Emulation, anonymous: httpx.Client, email: str) -> None:
    """Login, dashboard, connection, model, sync by interval, and records."""
    make_account(anonymous, email)
    client = emulation.client("/squared", str(login(anonymous, email).json()["data"]["id"]))
    sandbox = freeze(emulation, client)
    client = emulation.client("/squared", str(login(anonymous, email).json()["data"]["id"]))
    use_server_dialect(emulation, client)
    assert report_totals(client) == (0, 0)
    definitions = client.get("/api/v1/connector_definitions?type=source").json()
    assert "Postgresql" in [one["name"] for one in definitions]
    attempt = {
        "type": "source",
        "name": "Postgresql",
        "connection_spec": POSTGRESQL["configuration"],
    }
    path = "/api/v1/connector_definitions/check_connection"
    assert client.post(path, json=attempt).json()["connection_status"]["status"] == "succeeded"
    rows, streams = make_parts(client)
    assert streams == ["profile"]
    interval = {"schedule_type": "interval", "sync_interval": 10, "sync_interval_unit": "minutes"}
    created = client.post(SYNCS, json=stream_body(**interval))
    assert created.status_code == 201
    sandbox.clock.advance(1200)
    second, first = list_runs(client)
    assert (first["status"], first["total_rows"], second["skipped_rows"]) == ("success", rows, rows)
    assert (
        len(list_records(client, 1, per_page=1000)) == len(written_rows(emulation, client)) == rows
    )
    assert report_totals(client) == (2, rows)
    assert client.get(f"{SYNCS}/1").json()["data"]["attributes"]["status"] == "healthy"
    assert client.delete(f"{SYNCS}/1").status_code == 204
    sandbox.clock.advance(400)
    assert client.get(SYNCS).json()["data"] == []


def test_the_calls_of_an_sdk(emulation: Emulation, squared: httpx.Client) -> None:
    """Automated and manual syncs, manual runs, a cancellation, and a report, as documented."""
    sandbox = freeze(emulation, squared, delay=2)
    rows, streams = make_parts(squared)
    assert streams == ["profile"]
    automated = {"schedule_type": "automated", "sync_interval": 1, "sync_interval_unit": "hours"}
    flat = squared.post(SYNCS, json=stream_body(**automated))
    assert (flat.status_code, list(flat.json())) == (200, ["id", "type", "attributes"])
    assert squared.post(SYNCS, json=stream_body()).status_code == 200
    assert schedule_sync(squared, 2).status_code == 200
    sandbox.clock.advance(5)
    assert list_runs(squared, 2)[0]["status"] == "querying"
    assert squared.delete(f"{SCHEDULE_SYNCS}/2").status_code == 200
    assert list_runs(squared, 2)[0]["status"] == "canceled"
    assert squared.post("/enterprise/api/v1/syncs/2/test").status_code == 200
    sandbox.clock.advance(10)
    (test,) = list_runs(squared, 2, status="success")
    assert (test["sync_run_type"], test["total_rows"]) == ("test", 1)
    schedule_sync(squared, 2)
    sandbox.clock.settle()
    last = list_runs(squared, 2)[0]
    assert (last["total_query_rows"], last["skipped_rows"], last["total_rows"]) == (
        rows,
        1,
        rows - 1,
    )
    sandbox.clock.advance(3600 + 10)
    assert list_runs(squared, 1)[0]["status"] == "success"
    assert report_totals(squared) == (4, 2 * rows)
    updated = squared.put(f"{SYNCS}/2", json={"sync_mode": "full_refresh"}).json()
    assert list(updated) == ["success", "message", "data"]
    assert len(written_rows(emulation, squared)) == rows


@pytest.mark.parametrize("number", [0, 1, 1000])
def test_any_number_of_rows(emulation: Emulation, squared: httpx.Client, number: int) -> None:
    """All rows are written, and the pages of records agree."""
    sandbox = freeze(emulation, squared)
    make_parts(squared)
    table = {
        "columns": {"id": "integer", "email": "string"},
        "rows": [{"id": n, "email": f"{n}@x.io"} for n in range(1, number + 1)],
    }
    sandbox.squared.load(1, {"customers": table})
    squared.post(SYNCS, json=stream_body()).raise_for_status()
    schedule_sync(squared)
    assert list_runs(squared)[0]["successful_rows"] == number
    found = [
        one["record"]["id"] for page in (1, 2, 10) for one in list_records(squared, 1, page=page)
    ]
    expected = [*range(1, 201), *range(901, 1001)][: 300 if number else 0]
    assert found == [str(n) for n in expected if n <= number]
    there = get_tables(emulation, squared, id_=2).get(STREAM, {"rows": []})
    assert len(there["rows"]) == number


@pytest.mark.parametrize("mode", ["incremental", "full_refresh"])
@pytest.mark.parametrize("table", ["customers", "Sales leads", None])
def test_a_sync_to_airtable(
    emulation: Emulation, squared: httpx.Client, table: str | None, mode: str
) -> None:
    """A stream of a base writes to the table of its name (amendment squared A11)."""
    make_connector(squared, **POSTGRESQL)
    squared.post("/api/v1/models", json=model_body(query="SELECT * FROM customers"))
    airtable = {"connector_name": "Airtable", "configuration": {"api_key": "k", "base_id": "app1"}}
    make_connector(squared, name="base", **airtable)
    tables = {"customers": [{"email": "old"}]} if table is None else {table: [{"email": "old"}]}
    load_tables(emulation, squared, tables, 2)
    (stream,) = squared.get("/api/v1/connectors/2/discover").json()["data"]["attributes"][
        "catalog"
    ]["streams"]
    mapping = [{"from": "email", "to": "email", "mapping_type": "standard"}]
    sync = sync_body(stream_name=stream["name"], configuration=mapping, sync_mode=mode)
    assert squared.post(SYNCS, json=sync).status_code == 200
    if table is None:  # the table of the stream is gone
        load_tables(emulation, squared, {}, 2)
    schedule_sync(squared)
    assert [run["status"] for run in list_runs(squared)] == ["success"]
    kept = 1 if table and mode == "incremental" else 0
    written = get_tables(emulation, squared, 2)
    assert list(written) == [table or "customers"]
    assert len(written[table or "customers"]["rows"]) == 36 + kept

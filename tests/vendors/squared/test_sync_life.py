"""A sync's whole life over HTTP: as the vendor's own pages live it, and as an SDK does."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.accounts import login, signup
from tests.vendors.squared.sending import (
    DESTINATION,
    POSTGRESQL,
    make_connector,
    model,
    server_dialect,
    tables,
)
from tests.vendors.squared.syncing import (
    SCHEDULE,
    STREAM,
    SYNCS,
    advance,
    arrived,
    freeze,
    records,
    runs,
    sync,
    trigger,
)

REPORT = "/api/v1/reports?type=workspace_activity"


def counted(client: httpx.Client) -> tuple[int, int]:
    """Return how many runs the week's report has, and how many rows they wrote."""
    data = client.get(REPORT).json()["data"]
    totals = [sum(one["total_count"] for one in data[metric]) for metric in data]
    return totals[0], totals[1]


def model_and_ends(client: httpx.Client) -> tuple[int, list[str]]:
    """Make a source, a model of its customers and a destination; return its streams and rows."""
    make_connector(client, **POSTGRESQL)
    preview = client.post(
        "/api/v1/connectors/1/query_source", json={"query": "SELECT * FROM customers"}
    )
    rows = preview.json()
    client.post(
        "/api/v1/models",
        json=model(query="SELECT * FROM customers", query_type="table_selector"),
    ).raise_for_status()
    make_connector(client, **DESTINATION)
    discovered = client.get("/api/v1/connectors/2/discover").json()
    streams = discovered["data"]["attributes"]["catalog"]["streams"]
    return len(rows if isinstance(rows, list) else rows["data"]), [s["name"] for s in streams]


def body(**changes: Any) -> dict[str, Any]:
    """Return a sync of the discovered stream."""
    mapping = {"from": "email", "to": "data.attributes.email", "mapping_type": "standard"}
    return sync(stream_name="profile", configuration=[mapping], **changes)


def test_as_the_vendors_own_pages_do(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """Log in, look at the dashboard, connect, model, sync by interval, look at the records."""
    signup(anonymous, email)
    client = emulation.client("/squared", str(login(anonymous, email).json()["data"]["id"]))
    control = freeze(emulation, client)
    client = emulation.client("/squared", str(login(anonymous, email).json()["data"]["id"]))
    server_dialect(emulation, client)
    assert counted(client) == (0, 0)
    definitions = client.get("/api/v1/connector_definitions?type=source").json()
    assert "Postgresql" in [one["name"] for one in definitions]
    attempt = {
        "type": "source",
        "name": "Postgresql",
        "connection_spec": POSTGRESQL["configuration"],
    }
    path = "/api/v1/connector_definitions/check_connection"
    assert client.post(path, json=attempt).json()["connection_status"]["status"] == "succeeded"
    rows, streams = model_and_ends(client)
    assert streams == ["profile"]
    interval = {"schedule_type": "interval", "sync_interval": 10, "sync_interval_unit": "minutes"}
    created = client.post(SYNCS, json=body(**interval))
    assert created.status_code == 201
    advance(control, 1200)
    second, first = runs(client)
    assert (first["status"], first["total_rows"], second["skipped_rows"]) == ("success", rows, rows)
    assert len(records(client, 1, per_page=1000)) == len(arrived(emulation, client)) == rows
    assert counted(client) == (2, rows)
    assert client.get(f"{SYNCS}/1").json()["data"]["attributes"]["status"] == "healthy"
    assert client.delete(f"{SYNCS}/1").status_code == 204
    advance(control, 400)
    assert client.get(SYNCS).json()["data"] == []


def test_as_an_sdk_does(emulation: Emulation, squared: httpx.Client) -> None:
    """The docs' shapes: automated and manual syncs, runs by hand, a cancellation, a report."""
    control = freeze(emulation, squared, delay=2)
    rows, streams = model_and_ends(squared)
    assert streams == ["profile"]
    automated = {"schedule_type": "automated", "sync_interval": 1, "sync_interval_unit": "hours"}
    flat = squared.post(SYNCS, json=body(**automated))
    assert (flat.status_code, list(flat.json())) == (200, ["id", "type", "attributes"])
    assert squared.post(SYNCS, json=body()).status_code == 200
    assert trigger(squared, 2).status_code == 200
    advance(control, 5)
    assert runs(squared, 2)[0]["status"] == "querying"
    assert squared.delete(f"{SCHEDULE}/2").status_code == 200
    assert runs(squared, 2)[0]["status"] == "canceled"
    assert squared.post("/enterprise/api/v1/syncs/2/test").status_code == 200
    advance(control, 10)
    (test,) = runs(squared, 2, status="success")
    assert (test["sync_run_type"], test["total_rows"]) == ("test", 1)
    trigger(squared, 2)
    control.post("/clock/settle").raise_for_status()
    last = runs(squared, 2)[0]
    assert (last["total_query_rows"], last["skipped_rows"], last["total_rows"]) == (
        rows,
        1,
        rows - 1,
    )
    advance(control, 3600 + 10)
    assert runs(squared, 1)[0]["status"] == "success"
    assert counted(squared) == (4, 2 * rows)
    updated = squared.put(f"{SYNCS}/2", json={"sync_mode": "full_refresh"}).json()
    assert list(updated) == ["success", "message", "data"]
    assert len(arrived(emulation, squared)) == rows


@pytest.mark.parametrize("number", [0, 1, 1000])
def test_rows_of_any_number(emulation: Emulation, squared: httpx.Client, number: int) -> None:
    """All arrive, and the records' pages agree."""
    control = freeze(emulation, squared)
    model_and_ends(squared)
    table = {
        "columns": {"id": "integer", "email": "string"},
        "rows": [{"id": n, "email": f"{n}@x.io"} for n in range(1, number + 1)],
    }
    control.put("/squared/connectors/1/tables", json={"customers": table}).raise_for_status()
    squared.post(SYNCS, json=body()).raise_for_status()
    trigger(squared)
    assert runs(squared)[0]["successful_rows"] == number
    found = [one["record"]["id"] for page in (1, 2, 10) for one in records(squared, 1, page=page)]
    expected = [*range(1, 201), *range(901, 1001)][: 300 if number else 0]
    assert found == [str(n) for n in expected if n <= number]
    there = tables(emulation, squared, id_=2).get(STREAM, {"rows": []})
    assert len(there["rows"]) == number

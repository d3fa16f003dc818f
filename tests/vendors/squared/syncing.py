"""What the tests of syncs have in common: a source, a model, a destination, and what runs."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.sandboxes.credentials import digest
from tests.emulation import Emulation
from tests.vendors.squared.sending import (
    CATALOGS,
    POSTGRESQL,
    make_connector,
    make_model,
    tables,
)

SYNCS = "/api/v1/syncs"
SCHEDULE = "/api/v1/schedule_syncs"
STREAM = "profile"
USERS = [
    {"id": 1, "email": "a@x.io"},
    {"id": 2, "email": "b@x.io"},
    {"id": 3, "email": "c@x.io"},
]
MAPPINGS = [
    {"from": "id", "to": "id", "mapping_type": "standard"},
    {"from": "email", "to": "data.attributes.email", "mapping_type": "standard"},
]
NOON = "2026-03-02T12:00:00Z"


def sync(**changes: Any) -> dict[str, Any]:
    """Return a sync's body; a change to `...` leaves the key out."""
    wanted = {
        "source_id": 1,
        "destination_id": 2,
        "model_id": 1,
        "schedule_type": "manual",
        "sync_mode": "incremental",
        "stream_name": STREAM,
        "configuration": MAPPINGS,
        **changes,
    }
    return {"sync": {key: value for key, value in wanted.items() if value is not ...}}


def on_rows(
    emulation: Emulation, client: httpx.Client, do: Callable[[Repository], Awaitable[Any]]
) -> None:
    """Do something with the rows of the client's sandbox, as another process might."""

    async def run() -> None:
        token = client.headers["Authorization"].removeprefix("Bearer ")
        sandbox = await emulation.runtime.sandboxes.open(digest(token))
        async with emulation.runtime.database.transaction() as connection:
            await do(Repository(connection, sandbox.id))

    emulation.run(run)


def load(emulation: Emulation, client: httpx.Client, rows: list[dict[str, Any]]) -> None:
    """Give the source these users."""
    columns = {"id": "integer", "email": "string"}
    users = {"primary_key": "id", "columns": columns, "rows": rows}
    control = emulation.control(client)
    control.put("/squared/connectors/1/tables", json={"users": users}).raise_for_status()


def prepare(emulation: Emulation, client: httpx.Client, **source: Any) -> None:
    """Make a source with three users, a model of them, and a destination with one stream."""
    emulation.control(client).patch("/settings", json={"rate_limits": "off"})
    make_connector(client, **{**POSTGRESQL, **source})
    make_connector(client, name=STREAM)
    catalog = {"connector_id": 2, "catalog": {"json_schema": {"type": "object"}}}
    client.post(CATALOGS, json=catalog).raise_for_status()
    make_model(client)
    load(emulation, client, USERS)


def freeze(emulation: Emulation, client: httpx.Client, delay: float = 0) -> httpx.Client:
    """Stop the sandbox's clock at noon, let each step of a run take a delay; return control."""
    control = emulation.control(client)
    settings = {"squared.sync_delay": delay}
    control.patch("/settings", json=settings).raise_for_status()
    control.put("/clock", json={"mode": "frozen", "now": NOON}).raise_for_status()
    return control


def advance(control: httpx.Client, seconds: float) -> int:
    """Let time pass; return how many jobs ran."""
    response = control.post("/clock/advance", json={"seconds": seconds})
    response.raise_for_status()
    return int(response.json()["jobs_run"])


def make_sync(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a sync and return it, whichever dialect."""
    response = client.post(SYNCS, json=sync(**changes))
    assert response.status_code in (200, 201), response.text
    body: dict[str, Any] = response.json()
    made: dict[str, Any] = body.get("data", body)
    return made


def get_sync(client: httpx.Client, id_: int = 1) -> dict[str, Any]:
    """Return a sync's attributes, whichever dialect."""
    response = client.get(f"{SYNCS}/{id_}")
    assert response.status_code == 200, response.text
    body = response.json()
    attributes: dict[str, Any] = body.get("data", body)["attributes"]
    return attributes


def trigger(client: httpx.Client, id_: int = 1) -> httpx.Response:
    """Start a manual run."""
    return client.post(SCHEDULE, json={"schedule_sync": {"sync_id": id_}})


def runs(client: httpx.Client, id_: int = 1, **query: Any) -> list[dict[str, Any]]:
    """Return a sync's runs, the last one first."""
    response = client.get(f"{SYNCS}/{id_}/sync_runs", params=query)
    assert response.status_code == 200, response.text
    return [run["attributes"] for run in response.json()["data"]]


def records(client: httpx.Client, run: int, id_: int = 1, **query: Any) -> list[dict[str, Any]]:
    """Return a run's records, the oldest first."""
    response = client.get(f"{SYNCS}/{id_}/sync_runs/{run}/sync_records", params=query)
    assert response.status_code == 200, response.text
    return [record["attributes"] for record in response.json()["data"]]


def arrived(emulation: Emulation, client: httpx.Client, stream: str = STREAM) -> list[Any]:
    """Return what is in the destination's table."""
    rows: list[Any] = tables(emulation, client, id_=2)[stream]["rows"]
    return rows

"""Requests to Attraqt, and readers of its answers."""

from typing import Any

import httpx

from tests.emulation import Emulation


def send(client: httpx.Client, *items: Any, **query: Any) -> list[dict[str, Any]]:
    """Stream items and return the answer, which must be a success."""
    answer = client.post("/items", json=items, params=query)
    assert answer.status_code == 200, answer.text
    receipts: list[dict[str, Any]] = answer.json()
    return receipts


def ingest(client: httpx.Client, batch: str | None = None, **changes: Any) -> str:
    """Start an ingestion into catalog 1 and return its id."""
    body = {"catalogVersion": 1, "batchImportId": batch, **changes}
    answer = client.post("/batch-imports/ingestions", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def ingestion(client: httpx.Client, name: str) -> dict[str, Any]:
    """Return an ingestion."""
    found: dict[str, Any] = client.get(f"/batch-imports/ingestions/{name}").json()
    return found


def inspect(emulation: Emulation, client: httpx.Client, **query: Any) -> httpx.Response:
    """Return the control plane's page of the items of catalog 1."""
    params = {**dict(client.params), "catalogVersion": 1, **query}
    return emulation.control(client).get("/attraqt/items", params=params)


def stored(
    emulation: Emulation, client: httpx.Client, version: int = 1
) -> dict[str, dict[str, Any]]:
    """Return the attributes of a catalog's items by id; counter and list must agree."""
    page = inspect(emulation, client, catalogVersion=version).json()
    assert page["count"] == len(page["items"])
    return {found["id"]: found["attributes"] for found in page["items"]}


def states(client: httpx.Client) -> dict[int, str]:
    """Return the state of each catalog by its version."""
    return {c["version"]: c["state"] for c in client.get("/catalogs").json()["catalogs"]}


def statistics(client: httpx.Client, version: int = 1) -> dict[str, Any]:
    """Return the counts of a catalog's updates."""
    path = f"/feedback/catalog-version/{version}/updates/statistics/summary/absolute"
    counts: dict[str, Any] = client.get(path).json()
    return counts


def update_of(client: httpx.Client, receipt: str, version: int = 1) -> dict[str, Any]:
    """Return the update of a receipt."""
    answer = client.get(f"/feedback/catalog-version/{version}/updates/{receipt}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["update"]
    return found


def updates_of(client: httpx.Client, state: str, version: int = 1) -> list[tuple[str, str]]:
    """Return item id and message of a catalog's updates in a state, the oldest first."""
    path = f"/feedback/catalog-version/{version}/updates/statistics/details/{state}/absolute"
    listed = client.get(path).json()["updates"]
    return [(update["itemId"], update["message"]) for update in reversed(listed)]


def outcomes(emulation: Emulation, client: httpx.Client) -> list[str]:
    """Return the outcomes of the jobs of the client's sandbox."""
    return [job["outcome"] for job in emulation.sandbox(client).control.list("/jobs", "jobs")]


def error(answer: httpx.Response) -> tuple[int, int, str]:
    """Return status, code and category of an error of Attraqt's shape."""
    body = answer.json()
    assert list(body) == ["code", "message", "details"]
    assert body["details"] == []
    category, separator, text = body["message"].partition(": ")
    assert separator
    assert text
    return answer.status_code, body["code"], category

"""Paths, requests and error bodies of Squared's API."""

from typing import Any

import httpx

CONNECTORS = "/api/v1/connectors"
CATALOGS = "/api/v1/catalogs"
MODELS = "/api/v1/models"
SYNCS = "/api/v1/syncs"
SCHEDULE_SYNCS = "/api/v1/schedule_syncs"

# The value of every secret in an answer.
MASK = "*************"
ICONS = (
    "https://raw.githubusercontent.com/Multiwoven/multiwoven/main/"
    "integrations/lib/multiwoven/integrations/"
)


def login(client: httpx.Client, email: str, password: str = "Secret1!") -> httpx.Response:
    """Send a login; the default password is that of the factories' accounts."""
    return client.post("/api/v1/login", json={"email": email, "password": password})


def get_sync(client: httpx.Client, id_: int = 1) -> dict[str, Any]:
    """Return the attributes of a sync, in either dialect."""
    response = client.get(f"{SYNCS}/{id_}")
    assert response.status_code == 200, response.text
    body = response.json()
    attributes: dict[str, Any] = body.get("data", body)["attributes"]
    return attributes


def schedule_sync(client: httpx.Client, id_: int = 1) -> httpx.Response:
    """Begin a manual run of a sync."""
    return client.post(SCHEDULE_SYNCS, json={"schedule_sync": {"sync_id": id_}})


def list_runs(client: httpx.Client, id_: int = 1, **query: Any) -> list[dict[str, Any]]:
    """Return the attributes of a sync's runs, latest first."""
    return _list_attributes(client, f"{SYNCS}/{id_}/sync_runs", query)


def list_records(
    client: httpx.Client, run: int, id_: int = 1, **query: Any
) -> list[dict[str, Any]]:
    """Return the attributes of a run's records, oldest first."""
    return _list_attributes(client, f"{SYNCS}/{id_}/sync_runs/{run}/sync_records", query)


def _list_attributes(
    client: httpx.Client, path: str, query: dict[str, Any]
) -> list[dict[str, Any]]:
    response = client.get(path, params=query)
    assert response.status_code == 200, response.text
    return [record["attributes"] for record in response.json()["data"]]


def kind_b(status: int, detail: str, **source: str) -> dict[str, Any]:
    """Return the body of a refusal by the application (kind B)."""
    error: dict[str, Any] = {"status": status, "title": "Error", "detail": detail}
    return {"errors": [{**error, "source": source} if source else error]}


def kind_c(text: str) -> dict[str, Any]:
    """Return the body of an unexpected exception (kind C)."""
    detail = f"There was a problem with the request format: {text}"
    pointer = {"pointer": "/request/payload"}
    return {
        "errors": [{"status": 400, "title": "Bad Request", "detail": detail, "source": pointer}]
    }

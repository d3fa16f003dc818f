"""What the Squared tests send, and the shapes they expect back."""

from typing import Any

import httpx

from tests.emulation import Emulation

DESTINATION = {
    "name": "My Klaviyo",
    "connector_type": "destination",
    "connector_name": "Klaviyo",
    "configuration": {"public_api_key": "pk", "private_api_key": "sk"},
}
SNOWFLAKE = {
    "host": "acme.eu-west-1.snowflakecomputing.com",
    "role": "READER",
    "warehouse": "WH",
    "database": "DB",
    "schema": "PUBLIC",
    "credentials": {"auth_type": "username/password", "username": "svc", "password": "pw"},
}
SOURCE = {
    "name": "Events warehouse",
    "connector_type": "source",
    "connector_name": "Snowflake",
    "configuration": SNOWFLAKE,
}
POSTGRESQL: dict[str, Any] = {
    "name": "pg",
    "connector_type": "source",
    "connector_name": "Postgresql",
    "configuration": {
        "data_type": "structured",
        "host": "db.example.com",
        "port": "5432",
        "database": "shop",
        "schema": "public",
        "credentials": {"auth_type": "username/password", "username": "svc", "password": "pw"},
    },
}
OPENAI: dict[str, Any] = {
    "name": "gpt",
    "connector_type": "source",
    "connector_name": "OpenAI",
    "configuration": {"api_key": "k", "request_format": "{}", "response_format": "{}"},
}
MASK = "*************"
ICONS = (
    "https://raw.githubusercontent.com/Multiwoven/multiwoven/main/"
    "integrations/lib/multiwoven/integrations/"
)
CONNECTORS = "/api/v1/connectors"
CATALOGS = "/api/v1/catalogs"
MODELS = "/api/v1/models"


def server_dialect(emulation: Emulation, client: httpx.Client) -> None:
    """Let the client's sandbox answer as the server does, in workspace 1."""
    settings = {"squared.dialect": "server"}
    emulation.control(client).patch("/settings", json=settings).raise_for_status()
    client.headers["Workspace-Id"] = "1"
    client.get("/api/v1/workspaces").raise_for_status()


def make_connector(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a connector and return it."""
    response = client.post(CONNECTORS, json={"connector": {**DESTINATION, **changes}})
    assert response.status_code == 201, response.text
    connector: dict[str, Any] = response.json()["data"]
    return connector


def model(**changes: Any) -> dict[str, Any]:
    """Return a model's body."""
    wanted = {
        "connector_id": 1,
        "name": "Active users",
        "query": "SELECT * FROM users",
        "query_type": "raw_sql",
        "primary_key": "id",
    }
    return {"model": {**wanted, **changes}}


def make_model(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a model and return it."""
    response = client.post(MODELS, json=model(**changes))
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()["data"]
    return made


def tables(
    emulation: Emulation, client: httpx.Client, body: Any = None, id_: int = 1
) -> dict[str, Any]:
    """Load a connector's tables if any are given, and return what it has."""
    control, path = emulation.control(client), f"/squared/connectors/{id_}/tables"
    if body is not None:
        control.put(path, json=body).raise_for_status()
    response = control.get(path)
    response.raise_for_status()
    shown: dict[str, Any] = response.json()
    return shown


def kind_b(status: int, detail: str, **source: str) -> dict[str, Any]:
    """Return a refusal by the application."""
    error: dict[str, Any] = {"status": status, "title": "Error", "detail": detail}
    return {"errors": [{**error, "source": source} if source else error]}


def kind_c(text: str) -> dict[str, Any]:
    """Return an unexpected exception's answer."""
    detail = f"There was a problem with the request format: {text}"
    pointer = {"pointer": "/request/payload"}
    return {
        "errors": [{"status": 400, "title": "Bad Request", "detail": detail, "source": pointer}]
    }

"""Bodies of connectors, models, syncs and accounts, and functions that create the records."""

from typing import Any

import httpx

from tests.emulation import Emulation
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, MODELS, SYNCS
from tests.vendors.squared.steering import load_users

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
MAPPINGS = [
    {"from": "id", "to": "id", "mapping_type": "standard"},
    {"from": "email", "to": "data.attributes.email", "mapping_type": "standard"},
]
USERS = [
    {"id": 1, "email": "a@x.io"},
    {"id": 2, "email": "b@x.io"},
    {"id": 3, "email": "c@x.io"},
]
STREAM = "profile"
PASSWORD = "Secret1!"


def account_body(email: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a signup."""
    return {
        "name": "Mia",
        "email": email,
        "password": PASSWORD,
        "password_confirmation": changes.get("password", PASSWORD),
        "company_name": "Acme",
        **changes,
    }


def make_account(client: httpx.Client, email: str) -> None:
    """Create an account."""
    client.post("/api/v1/signup", json=account_body(email)).raise_for_status()


def make_connector(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a connector and return it."""
    response = client.post(CONNECTORS, json={"connector": {**DESTINATION, **changes}})
    assert response.status_code == 201, response.text
    connector: dict[str, Any] = response.json()["data"]
    return connector


def model_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a new model."""
    model = {
        "connector_id": 1,
        "name": "Active users",
        "query": "SELECT * FROM users",
        "query_type": "raw_sql",
        "primary_key": "id",
    }
    return {"model": {**model, **changes}}


def make_model(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a model and return it."""
    response = client.post(MODELS, json=model_body(**changes))
    assert response.status_code == 201, response.text
    model: dict[str, Any] = response.json()["data"]
    return model


def sync_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a new sync; a change to `...` leaves the key out."""
    sync = {
        "source_id": 1,
        "destination_id": 2,
        "model_id": 1,
        "schedule_type": "manual",
        "sync_mode": "incremental",
        "stream_name": STREAM,
        "configuration": MAPPINGS,
        **changes,
    }
    return {"sync": {key: value for key, value in sync.items() if value is not ...}}


def make_sync(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a sync and return it, in either dialect."""
    response = client.post(SYNCS, json=sync_body(**changes))
    assert response.status_code in (200, 201), response.text
    body: dict[str, Any] = response.json()
    sync: dict[str, Any] = body.get("data", body)
    return sync


def make_sync_parts(emulation: Emulation, client: httpx.Client, **source: Any) -> None:
    """Create a source with three users, a model of them, and a destination with one stream."""
    emulation.sandbox(client).settings["rate_limits"] = "off"
    make_connector(client, **{**POSTGRESQL, **source})
    make_connector(client, name=STREAM)
    catalog = {"connector_id": 2, "catalog": {"json_schema": {"type": "object"}}}
    client.post(CATALOGS, json=catalog).raise_for_status()
    make_model(client)
    load_users(emulation, client, USERS)

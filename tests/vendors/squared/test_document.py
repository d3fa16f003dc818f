"""Tests of Squared's OpenAPI documents, one for each dialect."""

from functools import cache
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from mockalog.openapi.document import document_of
from mockalog.vendors.squared import vendor
from mockalog.vendors.squared.errors import FAULTS, STATUSES
from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    DESTINATION,
    make_connector,
    make_sync,
    make_sync_parts,
    model_body,
    sync_body,
)
from tests.vendors.squared.steering import use_server_dialect

DIALECTS = ("docs", "server")
CREATE = "post /api/v1/connectors"
UPDATE = "put /api/v1/connectors/{connector_id}"


@cache
def document(dialect: str) -> dict[str, Any]:
    """Return the document of a dialect."""
    return document_of(vendor.api, vendor.title, dialect=dialect)


def operation(dialect: str, name: str) -> dict[str, Any]:
    """Return the operation of a method and a path."""
    verb, path = name.split(" ")
    found: dict[str, Any] = document(dialect)["paths"][path][verb]
    return found


def is_documented(dialect: str, name: str, body: Any) -> bool:
    """Return whether the document accepts the body."""
    content = operation(dialect, name)["requestBody"]["content"]["application/json"]
    components = document(dialect)["components"]
    validator = Draft202012Validator({**content["schema"], "components": components})
    return bool(validator.is_valid(body))


def test_every_armable_error_is_documented() -> None:
    """It is documented by the id of its refusal."""
    known = vendor.api.documentation().errors
    armed = [provoke({}) for provoke in (*FAULTS.values(), *STATUSES.values())]

    assert {id_ for refusal in armed for id_ in refusal.ids} <= known.keys()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_error_id_means_one_status_and_one_body(dialect: str) -> None:
    """The catalogue has one entry for each id, and the status is that of its example."""
    components = document(dialect)["components"]
    for error_id, response in components["responses"].items():
        example = components["examples"][error_id]["value"]
        errors = example.get("errors") if isinstance(example, dict) else None
        shown = errors[0]["status"] if isinstance(errors, list) else response["x-status"]

        assert shown == response["x-status"], error_id


@pytest.mark.parametrize(
    ("name", "docs", "server"),
    [
        ("post /api/v1/catalogs", "200", "201"),
        ("put /api/v1/catalogs/{catalog_id}", "200", "201"),
        ("post /api/v1/syncs", "200", "201"),
        ("get /enterprise/api/v1/roles", "200", "404"),
        ("post /enterprise/api/v1/syncs/{sync_id}/test", "200", "404"),
        ("post /api/v1/connectors", "201", "201"),
    ],
)
def test_statuses_by_dialect(name: str, docs: str, server: str) -> None:
    """docs/vendors/squared.md#1-contradictions, rows 1, 3, 5, 15 and 29."""
    assert docs in operation("docs", name)["responses"]
    assert server in operation("server", name)["responses"]
    assert docs == server or docs not in operation("server", name)["responses"]


@pytest.mark.parametrize(
    ("component", "field"),
    [
        ("LinksOut", "prev"),
        ("LinksOut", "next"),
        ("ModelAttributesOut", "configuration"),
        ("NestedModelOut", "configuration"),
        ("SyncAttributesOut", "cron_expression"),
        ("SyncAttributesOut", "cursor_field"),
        ("DefinitionOut", "connector_subtype"),
    ],
)
def test_the_docs_document_declares_what_may_be_null(component: str, field: str) -> None:
    """The vendor's own document says non-null (amendment squared A10)."""
    schemas = document("docs")["components"]["schemas"]
    declared = schemas[component]["properties"][field]
    assert {"type": "null"} in declared["anyOf"]


def test_the_docs_dialect_sends_these_nulls(emulation: Emulation, squared: httpx.Client) -> None:
    """As the server that the docs describe (amendment squared A10)."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    listed = squared.get("/api/v1/syncs").json()
    sync = listed["data"][0]["attributes"]
    model = squared.get("/api/v1/models/1").json()["data"]["attributes"]
    definition = "/api/v1/connector_definitions/klaviyo?type=destination"
    sent = [
        listed["links"]["prev"],
        listed["links"]["next"],
        model["configuration"],
        sync["cron_expression"],
        sync["cursor_field"],
        squared.get(definition).json()["connector_subtype"],
    ]
    assert sent == [None] * 6


@pytest.mark.parametrize(
    ("name", "body", "docs", "server"),
    [
        (CREATE, {"connector": DESTINATION}, True, True),
        (CREATE, DESTINATION, True, True),
        (CREATE, {**DESTINATION, "query_type": "raw_sql"}, True, True),
        (CREATE, {"connector": {**DESTINATION, "query_type": "raw_sql"}}, False, False),
        (CREATE, {"connector": {**DESTINATION, "configuration": {}}}, True, False),
        (CREATE, {**DESTINATION, "configuration": {}}, True, False),
        (CREATE, {**DESTINATION, "connector_type": "SOURCE"}, False, False),
        (CREATE, {**DESTINATION, "description": None}, True, True),
        (CREATE, {**DESTINATION, "name": " "}, False, False),
        (CREATE, {}, False, False),
        (UPDATE, {"connector": {"description": None}}, True, True),
        (UPDATE, {"connector": {"other": 1}}, False, False),
        (UPDATE, {"configuration": {"public_api_key": "a", "private_api_key": "b"}}, True, True),
        (UPDATE, {"configuration": None}, False, False),
        ("post /api/v1/models", model_body(connector_id="1"), True, True),
        ("post /api/v1/models", model_body(connector_id=1.0), True, True),
        ("post /api/v1/models", model_body(connector_id="one"), False, False),
        ("post /api/v1/models", model_body(query_type="semistructured"), False, False),
        ("post /api/v1/models", model_body(configuration=None), False, False),
        ("post /api/v1/syncs", sync_body(), True, True),
        ("post /api/v1/syncs", sync_body()["sync"], True, True),
        (
            "post /api/v1/syncs",
            sync_body(schedule_type="automated", sync_interval=1, sync_interval_unit="days"),
            True,
            False,
        ),
        ("post /api/v1/syncs", sync_body(schedule_type="Manual"), False, False),
        ("post /api/v1/syncs", sync_body(configuration={"id": "id"}), True, True),
        ("post /api/v1/syncs", sync_body(configuration=[1]), False, False),
        ("post /api/v1/syncs", sync_body(configuration="x"), False, False),
        ("post /api/v1/syncs", sync_body(source_id=...), False, False),
        ("patch /api/v1/syncs/{sync_id}/enable", {"enable": "OFF"}, True, True),
        ("patch /api/v1/syncs/{sync_id}/enable", {"enable": 2}, False, False),
    ],
)
def test_documents_and_server_accept_the_same_bodies(
    emulation: Emulation, name: str, body: Any, docs: bool, server: bool
) -> None:
    """The documents accept no others, as far as JSON Schema can say it."""
    for dialect, taken in (("docs", docs), ("server", server)):
        assert is_documented(dialect, name, body) is taken, dialect
        assert is_accepted(emulation, dialect, name, body) is taken, dialect


def is_accepted(emulation: Emulation, dialect: str, name: str, body: Any) -> bool:
    """Return whether a sandbox of the dialect accepts the body."""
    client = emulation.client("/squared")
    make_sync_parts(emulation, client)
    make_connector(client, name="third")
    make_sync(client)
    # Any text enables a disabled sync.
    client.patch("/api/v1/syncs/1/enable", json={"enable": False}).raise_for_status()
    if dialect == "server":
        use_server_dialect(emulation, client)
    verb, path = name.split(" ")
    path = path.replace("{connector_id}", "3").replace("{sync_id}", "1")
    return client.request(verb.upper(), path, json=body).is_success

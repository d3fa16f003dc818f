"""The OpenAPI documents of Squared: one of each dialect, and the rules that they share."""

from functools import cache
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from mockalog.openapi.document import document_of
from mockalog.vendors.squared import vendor
from mockalog.vendors.squared.errors import FAULTS, STATUSES
from tests.emulation import Emulation
from tests.vendors.squared.sending import (
    DESTINATION,
    make_connector,
    model,
    server_dialect,
)
from tests.vendors.squared.syncing import make_sync, prepare, sync

DIALECTS = ("docs", "server")
CREATE = "post /api/v1/connectors"
UPDATE = "put /api/v1/connectors/{connector_id}"


@cache
def documented(dialect: str) -> dict[str, Any]:
    """Return the document of a dialect."""
    return document_of(vendor.api, vendor.title, dialect=dialect)


def operation(dialect: str, name: str) -> dict[str, Any]:
    """Return the operation of a method and a path."""
    verb, path = name.split(" ")
    found: dict[str, Any] = documented(dialect)["paths"][path][verb]
    return found


def is_documented(dialect: str, name: str, body: Any) -> bool:
    """Return whether a document takes the body."""
    content = operation(dialect, name)["requestBody"]["content"]["application/json"]
    components = documented(dialect)["components"]
    validator = Draft202012Validator({**content["schema"], "components": components})
    return bool(validator.is_valid(body))


def test_every_error_that_a_test_can_arm_is_documented() -> None:
    """By the id that its refusal has."""
    known = vendor.api.documentation().errors
    armed = [provoke({}) for provoke in (*FAULTS.values(), *STATUSES.values())]

    assert {id_ for refusal in armed for id_ in refusal.ids} <= known.keys()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_error_id_means_one_status_and_one_body(dialect: str) -> None:
    """Each has one entry in the catalogue, whose example has the status."""
    components = documented(dialect)["components"]
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
        ("post /api/v1/models", model(connector_id="1"), True, True),
        ("post /api/v1/models", model(connector_id=1.0), True, True),
        ("post /api/v1/models", model(connector_id="one"), False, False),
        ("post /api/v1/models", model(query_type="semistructured"), False, False),
        ("post /api/v1/models", model(configuration=None), False, False),
        ("post /api/v1/syncs", sync(), True, True),
        ("post /api/v1/syncs", sync()["sync"], True, True),
        (
            "post /api/v1/syncs",
            sync(schedule_type="automated", sync_interval=1, sync_interval_unit="days"),
            True,
            False,
        ),
        ("post /api/v1/syncs", sync(schedule_type="Manual"), False, False),
        ("post /api/v1/syncs", sync(configuration={"id": "id"}), True, True),
        ("post /api/v1/syncs", sync(configuration=[1]), False, False),
        ("post /api/v1/syncs", sync(configuration="x"), False, False),
        ("post /api/v1/syncs", sync(source_id=...), False, False),
        ("patch /api/v1/syncs/{sync_id}/enable", {"enable": "OFF"}, True, True),
        ("patch /api/v1/syncs/{sync_id}/enable", {"enable": 2}, False, False),
    ],
)
def test_the_documents_take_the_bodies_that_the_server_takes(
    emulation: Emulation, name: str, body: Any, docs: bool, server: bool
) -> None:
    """And no others, as far as a JSON Schema says it."""
    for dialect, taken in (("docs", docs), ("server", server)):
        assert is_documented(dialect, name, body) is taken, dialect
        assert is_taken(emulation, dialect, name, body) is taken, dialect


def is_taken(emulation: Emulation, dialect: str, name: str, body: Any) -> bool:
    """Return whether a sandbox of the dialect takes the body."""
    client = emulation.client("/squared")
    prepare(emulation, client)
    make_connector(client, name="third")
    make_sync(client)
    # A disabled sync can be enabled, which any text does.
    client.patch("/api/v1/syncs/1/enable", json={"enable": False}).raise_for_status()
    if dialect == "server":
        server_dialect(emulation, client)
    verb, path = name.split(" ")
    path = path.replace("{connector_id}", "3").replace("{sync_id}", "1")
    return client.request(verb.upper(), path, json=body).is_success

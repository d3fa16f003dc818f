"""Trying a connection.

Sources: docs/vendors/squared.md#73-check-a-connection; docs/vendors/squared.md#1-contradictions,
row 13.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.sending import kind_c, server_dialect

CHECK = "/api/v1/connector_definitions/check_connection"
POSTGRESQL = {
    "data_type": "structured",
    "host": "db.example.com",
    "port": "5432",
    "database": "d",
    "schema": "public",
    "credentials": {"auth_type": "username/password", "username": "u", "password": "p"},
}
UNKNOWN_HOST = 'could not translate host name "db.invalid" to address: Name or service not known\n'


def check(client: httpx.Client, spec: Any, name: str = "Postgresql", **changes: Any) -> Any:
    """Try a connection of a source."""
    body = {"type": "source", "name": name, "connection_spec": spec, **changes}
    return client.post(CHECK, json=body)


@pytest.mark.parametrize("dialect", ["docs", "server"])
@pytest.mark.parametrize(
    ("host", "status", "documented"),
    [
        (
            "db.example.com",
            {"status": "succeeded"},
            {"result": "success", "details": "Connection succeeded"},
        ),
        (
            "db.invalid",
            {"status": "failed", "message": UNKNOWN_HOST},
            {"result": "failure", "details": UNKNOWN_HOST},
        ),
    ],
)
def test_how_it_went(
    emulation: Emulation,
    squared: httpx.Client,
    host: str,
    status: dict[str, str],
    documented: dict[str, str],
    dialect: str,
) -> None:
    """Always 200; docs get the documented keys and the server's together.

    Source: docs/vendors/squared.md#1-contradictions, row 13.
    """
    if dialect == "server":
        server_dialect(emulation, squared)
        documented = {}
    response = check(squared, {**POSTGRESQL, "host": host})
    shown = {"type": "connection_status", "connection_status": status}
    assert (response.status_code, response.json()) == (200, {**documented, **shown})


@pytest.mark.parametrize(
    ("kind", "name", "spec", "fails"),
    [
        ("destination", "Http", {"destination_url": "https://a.invalid/x"}, True),
        ("destination", "Http", {"destination_url": "https://a.invalid.:8080"}, True),
        ("destination", "Http", {"destination_url": "https://A.INVALID"}, True),
        ("destination", "Http", {"destination_url": "https://a.example"}, False),
        ("destination", "Http", {"destination_url": "https://[x"}, False),
        ("destination", "Http", {"destination_url": "nowhere"}, False),
        ("destination", "Http", {"destination_url": "/"}, False),
        ("destination", "Http", {"destination_url": "a", "config": {"url": "b.invalid"}}, True),
        ("destination", "Http", {"destination_url": 5}, False),
        ("source", "Postgresql", {**POSTGRESQL, "database": "d.invalid"}, False),
        ("Source", "Postgresql", POSTGRESQL, False),
    ],
)
def test_which_machines_are_not_there(
    squared: httpx.Client, kind: str, name: str, spec: Any, fails: bool
) -> None:
    """Those whose name ends in `.invalid`, wherever a connector finds its address."""
    response = check(squared, spec, name, type=kind)
    assert response.status_code == 200
    assert (response.json()["connection_status"]["status"] == "failed") is fails


@pytest.mark.parametrize("lost", ["host", "credentials"])
def test_a_part_that_the_connector_needs(squared: httpx.Client, lost: str) -> None:
    """Kind C: the spec is not checked, the connector runs into it."""
    spec = {name: value for name, value in POSTGRESQL.items() if name != lost}
    for sent in (spec, {**spec, lost: None}):
        response = check(squared, sent)
        refusal = kind_c("undefined method '[]' for nil")
        assert (response.status_code, response.json()) == (400, refusal)


MISSING = ["is missing"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"type": MISSING, "name": MISSING, "connection_spec": MISSING}),
        (
            {"type": "", "name": None, "connection_spec": {}},
            {key: ["must be filled"] for key in ("type", "name", "connection_spec")},
        ),
        (
            {"type": "x", "name": "Postgresql", "connection_spec": "x"},
            {"type": ["invalid connector type"], "connection_spec": ["must be a hash"]},
        ),
        (
            {"type": "source", "name": "postgresql", "connection_spec": POSTGRESQL},
            {"name": ["invalid connector source name"]},
        ),
        (
            {"type": "destination", "name": "Snowflake", "connection_spec": {"a": 1}},
            {"name": ["invalid connector destination name"]},
        ),
        (
            {"type": "source", "name": 5, "connection_spec": {"a": 1}},
            {"name": ["must be a string"]},
        ),
    ],
)
def test_what_the_contract_refuses(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A; names are case-sensitive here."""
    response = squared.post(CHECK, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_a_workspace_is_needed(squared: httpx.Client) -> None:
    """Kind C for one that is not the caller's."""
    squared.headers["Workspace-Id"] = "9"
    response = check(squared, POSTGRESQL)
    assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))

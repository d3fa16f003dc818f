"""Tests of connection checks.

Sources: docs/vendors/squared.md#73-check-a-connection; docs/vendors/squared.md#1-contradictions,
row 13.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.requests import kind_c
from tests.vendors.squared.steering import use_server_dialect

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
    """Send a check of a source's connection."""
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
def test_the_result_of_a_check(
    emulation: Emulation,
    squared: httpx.Client,
    host: str,
    status: dict[str, str],
    documented: dict[str, str],
    dialect: str,
) -> None:
    """The status is 200. The docs dialect adds the documented keys to the server's.

    Source: docs/vendors/squared.md#1-contradictions, row 13.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
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
def test_unreachable_hosts(
    squared: httpx.Client, kind: str, name: str, spec: Any, fails: bool
) -> None:
    """A host under `.invalid` is unreachable, in any key of a configuration."""
    response = check(squared, spec, name, type=kind)
    assert response.status_code == 200
    assert (response.json()["connection_status"]["status"] == "failed") is fails


@pytest.mark.parametrize("lost", ["host", "credentials"])
def test_a_missing_part_of_a_configuration(squared: httpx.Client, lost: str) -> None:
    """Kind C: no schema is checked, so the connector fails on the missing part."""
    spec = {name: value for name, value in POSTGRESQL.items() if name != lost}
    for sent in (spec, {**spec, lost: None}):
        response = check(squared, sent)
        refusal = kind_c("undefined method `[]' for nil")
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
def test_the_contract_of_a_check(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A. Names are case-sensitive."""
    response = squared.post(CHECK, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_a_check_needs_a_workspace(squared: httpx.Client) -> None:
    """A workspace of another user is refused with kind C."""
    squared.headers["Workspace-Id"] = "9"
    response = check(squared, POSTGRESQL)
    assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))

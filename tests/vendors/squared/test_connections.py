"""Tests of connection checks.

Sources: docs/vendors/squared.md#73-check-a-connection; docs/vendors/squared.md#1-contradictions,
row 13.
"""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules.connectors.connection_checks import load_connection_checks
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


DIALECTS = pytest.mark.parametrize("dialect", ["docs", "server"])
NO_HOST = (
    'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: '
    "No such file or directory\n"
    "\tIs the server running locally and accepting connections on that socket?\n"
)


@DIALECTS
@pytest.mark.parametrize(
    ("name", "spec", "failure"),
    [
        ("Postgresql", {**POSTGRESQL, "host": None}, NO_HOST),
        ("OpenAI", {"request_format": "{}"}, "undefined method `[]' for nil"),
        ("Qdrant", {"host": "https://q.example", "api_key": None}, "failed"),
        ("Qdrant", {"host": "https://q.invalid", "api_key": None}, "failed"),
    ],
)
def test_a_missing_key_of_a_configuration(
    emulation: Emulation,
    squared: httpx.Client,
    name: str,
    spec: dict[str, Any],
    failure: str,
    dialect: str,
) -> None:
    """The client rescues its exception, so the result is a failure (amendment squared A2)."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    for sent in (spec, {key: value for key, value in spec.items() if value is not None}):
        response = check(squared, sent, name)
        assert response.status_code == 200
        status = {"status": "failed", "message": failure}
        assert response.json()["connection_status"] == status
        assert response.json().get("details") == (failure if dialect == "docs" else None)


@DIALECTS
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("source", "Snowflake"),
        ("source", "Redshift"),
        ("source", "Postgresql"),
        ("destination", "Postgresql"),
        ("destination", "AISDataStore"),
        ("destination", "MicrosoftSql"),
    ],
)
def test_a_missing_object_of_a_configuration(
    emulation: Emulation, squared: httpx.Client, kind: str, name: str, dialect: str
) -> None:
    """Kind C: the exception escapes these clients (amendment squared A2)."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    spec = {key: value for key, value in POSTGRESQL.items() if key != "credentials"}
    for sent in (spec, {**spec, "credentials": None}):
        response = check(squared, sent, name, type=kind)
        refusal = kind_c("undefined method `[]' for nil")
        assert (response.status_code, response.json()) == (400, refusal)
    response = check(squared, {**spec, "credentials": "u:p"}, name, type=kind)
    refusal = kind_c("no implicit conversion of Symbol into Integer")
    assert (response.status_code, response.json()) == (400, refusal)


@DIALECTS
@pytest.mark.parametrize(
    ("kind", "name", "spec"),
    [
        ("source", "Postgresql", {**POSTGRESQL, "data_type": None, "schema": None}),
        ("destination", "Slack", {"api_token": "t"}),
        ("destination", "Klaviyo", {"private_api_key": "k"}),
        ("source", "Clickhouse", {"database": "d"}),
    ],
)
def test_keys_that_no_check_reads(
    emulation: Emulation, squared: httpx.Client, kind: str, name: str, spec: Any, dialect: str
) -> None:
    """They are not missed, although the definition requires them (amendment squared A2)."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    sent = {key: value for key, value in spec.items() if value is not None}
    response = check(squared, sent, name, type=kind)
    assert response.status_code == 200
    assert response.json()["connection_status"] == {"status": "succeeded"}


NESTED: list[Any] = []
for _ in range(50):
    NESTED = [NESTED]


@pytest.mark.parametrize("value", [NESTED, {"a": NESTED}, "\0ü", "x" * 100_000, 1e300])
def test_odd_values_of_a_configuration(squared: httpx.Client, value: Any) -> None:
    """They get an answer of the vendor, also as a part of a text (amendment squared A2)."""
    for key in POSTGRESQL:
        spec = {**POSTGRESQL, "credentials": {"auth_type": "username/password"}, key: value}
        assert check(squared, spec).status_code == (
            400 if key == "credentials" and not isinstance(value, dict) else 200
        )
    spec = {"config": {}, "request_format": value}
    status = check(squared, spec, "OpenAI").json()["connection_status"]
    assert status["status"] == "failed"


def test_the_check_of_every_connector(squared: httpx.Client) -> None:
    """A configuration with nothing of the connector's own fails, if its check reads anything.

    Amendment squared A2.
    """
    for (kind, name), each in load_connection_checks().items():
        response = check(squared, {"unknown": 1}, name, type=kind)
        first = each.reads[0] if each.reads else None
        if each.escapes and first is not None and first.kind == "container":
            assert response.json() == kind_c("undefined method `[]' for nil")
            continue
        status = response.json()["connection_status"]
        assert (response.status_code, status["status"] == "failed") == (200, first is not None)
        assert ("message" in status) is (first is not None)


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

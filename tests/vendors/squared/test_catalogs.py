"""Tests of catalogs.

Sources: docs/vendors/squared.md#9-catalogs, docs/vendors/squared.md#1-contradictions, rows 1 to 4
and 26.
"""

import hashlib
import json
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_connector
from tests.vendors.squared.requests import CATALOGS, kind_b, kind_c
from tests.vendors.squared.steering import use_server_dialect

POSTED = {"json_schema": {"key": "value"}}


def catalog_body(connector_id: Any = 1, catalog: Any = None) -> dict[str, Any]:
    """Return the body of a request."""
    return {"connector_id": connector_id, "catalog": catalog or POSTED}


def expected_streams(limit: int = 600) -> dict[str, Any]:
    """Return the streams of `POSTED` for the Klaviyo connector."""
    stream = {
        "name": "My Klaviyo",
        "url": "unknown",
        "json_schema": {"key": "value"},
        "batch_support": False,
        "batch_size": 0,
        "request_method": "POST",
    }
    return {
        "streams": [stream],
        "request_rate_concurrency": 10,
        "request_rate_limit": limit,
        "request_rate_limit_unit": "minute",
    }


def test_the_docs_return_a_flat_catalog(squared: httpx.Client) -> None:
    """The status is 200. The answer has the posted catalog and integer ids (seed).

    Source: docs/vendors/squared.md#1-contradictions, rows 1 and 2.
    """
    make_connector(squared)
    posted = {**POSTED, "more": [2**70]}
    response = squared.post(CATALOGS, json=catalog_body(catalog=posted))
    body = response.json()
    assert response.status_code == 200
    assert body.pop("created_at") == body.pop("updated_at")
    assert body == {"id": 1, "connector_id": 1, "workspace_id": 1, "catalog": posted}


def test_the_server_returns_a_catalog_with_streams(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """The status is 201, with an envelope and the hash of the catalog.

    Source: docs/vendors/squared.md#1-contradictions, rows 1 and 2.
    """
    use_server_dialect(emulation, squared)
    make_connector(squared)
    response = squared.post(CATALOGS, json=catalog_body(catalog={**POSTED, "more": 1}))
    data = response.json()["data"]
    text = json.dumps(expected_streams(), separators=(",", ":"))
    assert response.status_code == 201
    assert data == {
        "id": "1",
        "type": "catalogs",
        "attributes": {
            "connector_id": 1,
            "workspace_id": 1,
            "catalog": expected_streams(),
            "catalog_hash": hashlib.sha1(text.encode()).hexdigest(),
        },
    }


@pytest.mark.parametrize(("dialect", "status"), [("docs", 200), ("server", 201)])
def test_an_update_has_an_envelope_in_both_dialects(
    emulation: Emulation, squared: httpx.Client, dialect: str, status: int
) -> None:
    """docs/vendors/squared.md#1-contradictions, rows 3 and 4: the id stays."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    make_connector(squared)
    squared.post(CATALOGS, json=catalog_body(catalog={"json_schema": {"a": 1}}))
    for method in ("PUT", "PATCH"):
        response = squared.request(method, f"{CATALOGS}/1", json=catalog_body())
        data = response.json()["data"]
        assert response.status_code == status
        assert (data["id"], data["attributes"]["catalog"]) == ("1", expected_streams())


@pytest.mark.parametrize(("name", "limit"), [("Klaviyo", 600), ("Airtable", 60), ("Unknown", 60)])
def test_the_rates_of_a_catalog(squared: httpx.Client, name: str, limit: int) -> None:
    """The rates are those of the fixed catalog, or those of a database."""
    make_connector(squared, connector_name=name)
    squared.post(CATALOGS, json=catalog_body())
    catalog = squared.put(f"{CATALOGS}/1", json=catalog_body()).json()["data"]["attributes"][
        "catalog"
    ]
    assert catalog == expected_streams(limit)


def test_a_second_create_replaces_the_catalog(squared: httpx.Client) -> None:
    """The new catalog has a new id, and the old one is deleted (measured)."""
    make_connector(squared)
    assert [squared.post(CATALOGS, json=catalog_body()).json()["id"] for _ in range(2)] == [1, 2]
    gone = squared.put(f"{CATALOGS}/1", json=catalog_body())
    assert (gone.status_code, gone.json()) == (404, kind_b(404, "Catalog not found"))


def test_fifty_creates_at_once_all_succeed(emulation: Emulation, squared: httpx.Client) -> None:
    """Each call replaces the catalog, so every id differs."""
    make_connector(squared)
    request = squared.build_request("POST", CATALOGS, json=catalog_body())
    answers = emulation.at_once(squared, [request] * 50)
    assert sorted(answer.json()["id"] for answer in answers) == list(range(1, 51))


def test_the_id_of_an_update(emulation: Emulation, squared: httpx.Client) -> None:
    """The docs check the id. The server goes by the connector alone.

    Source: docs/vendors/squared.md#1-contradictions, row 26.
    """
    make_connector(squared)
    make_connector(squared, name="other")
    for _ in range(2):
        squared.post(CATALOGS, json=catalog_body())
    for id_, connector_id in ((7, 1), (2**70, 1), (2, 2)):
        missing = squared.put(f"{CATALOGS}/{id_}", json=catalog_body(connector_id))
        assert (missing.status_code, missing.json()) == (404, kind_b(404, "Catalog not found"))
    use_server_dialect(emulation, squared)
    assert squared.put(f"{CATALOGS}/{2**70}", json=catalog_body()).json()["data"]["id"] == "2"
    bare = squared.put(f"{CATALOGS}/2", json=catalog_body(2))
    assert (bare.status_code, bare.json()) == (400, kind_c("undefined method `update' for nil"))


IS_MISSING = {"connector_id": ["is missing"], "catalog": {"json_schema": ["is missing"]}}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, IS_MISSING),
        ([], IS_MISSING),
        (
            {"connector_id": 1, "json_schema": {"a": 1}},
            {"catalog": {"json_schema": ["is missing"]}},
        ),
        (catalog_body(""), {"connector_id": ["must be filled"]}),
        (catalog_body([]), {"connector_id": ["must be filled"]}),
        (catalog_body("x"), {"connector_id": ["must be an integer"]}),
        (catalog_body(1.5), {"connector_id": ["must be an integer"]}),
        (catalog_body(True), {"connector_id": ["must be an integer"]}),
        (catalog_body({"a": 1}), {"connector_id": ["must be an integer"]}),
        (catalog_body(1, "x"), {"catalog": ["must be a hash"]}),
        ({"connector_id": 1, "catalog": None}, {"catalog": ["must be a hash"]}),
        (catalog_body(1, {"json_schema": {}}), {"catalog": {"json_schema": ["must be filled"]}}),
        (catalog_body(1, {"json_schema": None}), {"catalog": {"json_schema": ["must be filled"]}}),
        (catalog_body(1, {"json_schema": "x"}), {"catalog": {"json_schema": ["must be a hash"]}}),
    ],
)
def test_bodies_that_break_the_contract(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A is the same for create and update. An update checks its path too."""
    response = squared.post(CATALOGS, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})
    update = squared.put(f"{CATALOGS}/x", json=body)
    errors = {"id": ["must be an integer"], **errors}
    assert (update.status_code, update.json()) == (400, {"errors": errors})


@pytest.mark.parametrize("connector_id", [1, "1", " 1 ", 1.0])
def test_texts_and_floats_as_integers(squared: httpx.Client, connector_id: Any) -> None:
    """Numeric texts and whole floats are integers (2.6)."""
    make_connector(squared)
    assert squared.post(CATALOGS, json=catalog_body(connector_id)).json()["connector_id"] == 1


@pytest.mark.parametrize("connector_id", [2, 0, -1, 2**63, 2**80, 1e300])
def test_a_catalog_needs_its_connector(squared: httpx.Client, connector_id: Any) -> None:
    """The status is 404, however large the number is."""
    make_connector(squared)
    for method, path in (("POST", CATALOGS), ("PUT", f"{CATALOGS}/1")):
        response = squared.request(method, path, json=catalog_body(connector_id))
        assert (response.status_code, response.json()) == (404, kind_b(404, "Connector not found"))


def test_a_catalog_can_be_neither_read_nor_deleted(squared: httpx.Client) -> None:
    """Kind E (9)."""
    for method, path in (("GET", CATALOGS), ("GET", f"{CATALOGS}/1"), ("DELETE", f"{CATALOGS}/1")):
        response = squared.request(method, path, headers={"Accept": "application/json"})
        assert (response.status_code, response.json()) == (
            404,
            {"status": 404, "error": "Not Found"},
        )

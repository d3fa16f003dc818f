"""Tests of connectors that are read, updated and deleted.

Sources: docs/vendors/squared.md#83-get-a-connector to
docs/vendors/squared.md#85-delete-a-connector.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_connector
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, MASK, kind_b, kind_c
from tests.vendors.squared.steering import use_server_dialect

NO_HASH = {"errors": {"connector": ["must be a hash"]}}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("id_", "status", "body"),
    [
        ("2", 404, kind_b(404, "Connector not found")),
        ("0", 404, kind_b(404, "Connector not found")),
        ("-1", 404, kind_b(404, "Connector not found")),
        (str(2**63), 404, kind_b(404, "Connector not found")),
        ("9" * 5000, 404, kind_b(404, "Connector not found")),
        ("abc", 400, {"errors": {"id": ["must be an integer"]}}),
        ("1.5", 400, {"errors": {"id": ["must be an integer"]}}),
    ],
)
def test_ids_of_no_connector(
    squared: httpx.Client, method: str, id_: str, status: int, body: Any
) -> None:
    """An id is an integer in both dialects. One beyond 64 bits is not found.

    Source: docs/vendors/squared.md#1-contradictions, row 23.
    """
    make_connector(squared)
    response = squared.request(method, f"{CONNECTORS}/{id_}", json={"name": "x"})
    assert (response.status_code, response.json()) == (status, body)


@pytest.mark.parametrize("suffix", ["", "/", ".json"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_takes_any_subset(squared: httpx.Client, method: str, suffix: str) -> None:
    """PUT and PATCH, with and without wrapper, and all spellings of the path work (2.1, 8.4)."""
    made = make_connector(squared)["attributes"]
    path = f"{CONNECTORS}/1{suffix}"
    for body in ({"name": "Neu"}, {"connector": {"name": "Neu"}}):
        response = squared.request(method, path, json=body)
        attributes = response.json()["data"]["attributes"]
        assert response.status_code == 200
        assert attributes.pop("updated_at") >= made["updated_at"]
        assert attributes == {
            **{key: value for key, value in made.items() if key != "updated_at"},
            "name": "Neu",
        }
    assert squared.get(path).json()["data"]["attributes"]["name"] == "Neu"


def test_an_update_replaces_the_configuration_whole(squared: httpx.Client) -> None:
    """Masked values are stored as they are sent (measured)."""
    make_connector(squared)
    body = {"configuration": {"public_api_key": "*"}}
    shown = squared.put(f"{CONNECTORS}/1", json=body).json()["data"]["attributes"]
    assert shown["configuration"] == {"public_api_key": MASK}


EMPTY = {"error": "param is missing or the value is empty: connector"}


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({}, 422, EMPTY),
        ({"connector": {}}, 422, EMPTY),
        ({"connector": {"unknown": 1}}, 422, EMPTY),
        ({"connector": None}, 400, NO_HASH),
        ({"name": ""}, 400, {"errors": {"connector": {"name": ["must be filled"]}}}),
        ({"name": " "}, 422, kind_b(422, "Connector update failed", name="can't be blank")),
        ({"connector_type": "SOURCE"}, 400, kind_c("'SOURCE' is not a valid connector_type")),
        (
            {"connector_type": "sink"},
            400,
            {"errors": {"connector": {"connector_type": ["invalid connector type"]}}},
        ),
    ],
)
def test_refused_updates(squared: httpx.Client, body: Any, status: int, answer: Any) -> None:
    """Kinds A, B, C and D (8.4)."""
    make_connector(squared)
    response = squared.put(f"{CONNECTORS}/1", json=body)
    assert (response.status_code, response.json()) == (status, answer)


def test_an_update_checks_id_and_body_together(squared: httpx.Client) -> None:
    """The contract covers path and body."""
    response = squared.put(f"{CONNECTORS}/x", json={"name": 1})
    errors = {"id": ["must be an integer"], "connector": {"name": ["must be a string"]}}
    assert response.json() == {"errors": errors}


def test_the_server_checks_an_update(emulation: Emulation, squared: httpx.Client) -> None:
    """The registry is checked if both type and name are sent. The schema is always checked."""
    use_server_dialect(emulation, squared)
    make_connector(squared)
    path = f"{CONNECTORS}/1"
    both = squared.put(path, json={"connector_type": "source", "connector_name": "Klaviyo"})
    assert both.status_code == 400
    failed = squared.put(path, json={"configuration": {"public_api_key": "a"}})
    assert failed.json()["errors"][0]["detail"] == "Connector update failed"
    alone = squared.put(path, json={"connector_type": "source"})
    constant = "uninitialized constant Multiwoven::Integrations::Source::Klaviyo"
    assert (alone.status_code, alone.json()) == (400, kind_c(constant))


def test_a_deletion_includes_the_catalog(squared: httpx.Client) -> None:
    """The status is 204, then 404. The id is never used again (8.5)."""
    make_connector(squared)
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    response = squared.delete(f"{CONNECTORS}/1")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert squared.delete(f"{CONNECTORS}/1").status_code == 404
    assert make_connector(squared)["id"] == "2"


def test_of_ten_deletions_at_once_one_succeeds(emulation: Emulation, squared: httpx.Client) -> None:
    """Updates at the same time find the connector or get 404."""
    make_connector(squared)
    delete = squared.build_request("DELETE", f"{CONNECTORS}/1")
    update = squared.build_request("PUT", f"{CONNECTORS}/1", json={"name": "x"})
    statuses = [a.status_code for a in emulation.at_once(squared, [delete, update] * 10)]
    assert statuses.count(204) == 1
    assert set(statuses) <= {200, 204, 404}

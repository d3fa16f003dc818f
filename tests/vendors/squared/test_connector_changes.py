"""Connectors read, updated and deleted.

Sources: docs/vendors/squared.md#83-get-a-connector to
docs/vendors/squared.md#85-delete-a-connector.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.sending import (
    CATALOGS,
    CONNECTORS,
    MASK,
    kind_b,
    kind_c,
    make_connector,
    server_dialect,
)

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
def test_ids_that_are_none(
    squared: httpx.Client, method: str, id_: str, status: int, body: Any
) -> None:
    """An integer in both dialects; beyond 64 bits it is simply not found.

    Source: docs/vendors/squared.md#1-contradictions, row 23.
    """
    make_connector(squared)
    response = squared.request(method, f"{CONNECTORS}/{id_}", json={"name": "x"})
    assert (response.status_code, response.json()) == (status, body)


@pytest.mark.parametrize("suffix", ["", "/", ".json"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_takes_any_subset(squared: httpx.Client, method: str, suffix: str) -> None:
    """Both verbs, with or without the wrapper, all spellings of the path (2.1, 8.4)."""
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
    """Also with masked values: the asterisks are then what is stored (measured)."""
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
def test_what_an_update_refuses(squared: httpx.Client, body: Any, status: int, answer: Any) -> None:
    """Kinds A, B, C and D (8.4)."""
    make_connector(squared)
    response = squared.put(f"{CONNECTORS}/1", json=body)
    assert (response.status_code, response.json()) == (status, answer)


def test_an_update_checks_id_and_body_together(squared: httpx.Client) -> None:
    """Path and body are one request to the contract."""
    response = squared.put(f"{CONNECTORS}/x", json={"name": 1})
    errors = {"id": ["must be an integer"], "connector": {"name": ["must be a string"]}}
    assert response.json() == {"errors": errors}


def test_the_server_checks_an_update(emulation: Emulation, squared: httpx.Client) -> None:
    """The registry when both type and name are sent, the schema always."""
    server_dialect(emulation, squared)
    make_connector(squared)
    path = f"{CONNECTORS}/1"
    both = squared.put(path, json={"connector_type": "source", "connector_name": "Klaviyo"})
    assert both.status_code == 400
    failed = squared.put(path, json={"configuration": {"public_api_key": "a"}})
    assert failed.json()["errors"][0]["detail"] == "Connector update failed"
    alone = squared.put(path, json={"connector_type": "source"})
    constant = "uninitialized constant Multiwoven::Integrations::Source::Klaviyo"
    assert (alone.status_code, alone.json()) == (400, kind_c(constant))


def test_a_connector_goes_with_its_catalog(squared: httpx.Client) -> None:
    """204 without body or type; again 404; its id never comes back (8.5)."""
    make_connector(squared)
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    response = squared.delete(f"{CONNECTORS}/1")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert squared.delete(f"{CONNECTORS}/1").status_code == 404
    assert make_connector(squared)["id"] == "2"


def test_of_two_deletes_at_once_one_succeeds(emulation: Emulation, squared: httpx.Client) -> None:
    """And updates that come with them find the connector or do not."""
    make_connector(squared)
    delete = squared.build_request("DELETE", f"{CONNECTORS}/1")
    update = squared.build_request("PUT", f"{CONNECTORS}/1", json={"name": "x"})
    statuses = [a.status_code for a in emulation.at_once(squared, [delete, update] * 10)]
    assert statuses.count(204) == 1
    assert set(statuses) <= {200, 204, 404}

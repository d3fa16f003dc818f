"""Tests of creating, changing and deleting workspaces: docs/vendors/squared.md#6-workspaces."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import POSTGRESQL, make_connector
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, MODELS, kind_b, kind_c
from tests.vendors.squared.steering import use_server_dialect

WORKSPACES = "/api/v1/workspaces"
MODEL = {"name": "m", "query": "SELECT 1", "query_type": "raw_sql", "primary_key": "id"}
GROWTH = {"name": "Growth Team", "organization_id": 1, "region": "eu"}


def create_workspace(client: httpx.Client, **changes: Any) -> httpx.Response:
    """Send a new workspace. The sandbox's first call creates the current one."""
    return client.post(WORKSPACES, json={"workspace": {**GROWTH, **changes}})


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_new_workspace(emulation: Emulation, squared: httpx.Client, dialect: str) -> None:
    """The status is 201. The caller is the Admin, and the workspace has its own records."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    response = create_workspace(squared)
    data = response.json()["data"]
    assert response.status_code == 201
    assert (data["id"], data["type"]) == ("2", "workspaces")
    expected = {
        "name": "Growth Team",
        "slug": "growth-team",
        "status": "pending",
        "description": None,
        "region": "eu",
        "organization_id": 1,
        "organization_name": "mockalog",
        "members_count": 1,
    }
    assert data["attributes"].items() >= expected.items()
    assert squared.get(f"{WORKSPACES}/2").json() == response.json()
    assert [row["id"] for row in squared.get(WORKSPACES).json()["data"]] == ["1", "2"]
    make_connector(squared)
    there = {"Workspace-Id": "2"}
    assert squared.get(CONNECTORS, headers=there).json()["data"] == []
    me = squared.get("/api/v1/users/me", headers=there).json()
    assert me["data"]["attributes"]["role"] == "Admin"


def test_a_flat_body_is_wrapped(squared: httpx.Client) -> None:
    """Flat bodies work for the other resources too (2.2)."""
    response = squared.post(WORKSPACES, json={**GROWTH, "description": "d", "status": "active"})
    attributes = response.json()["data"]["attributes"]
    assert (response.status_code, attributes["description"]) == (201, "d")
    assert attributes["status"] == "pending"


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({"organization_id": 9}, {"organization": "must exist"}),
        ({"organization_id": 2**63}, {"organization": "must exist"}),
        ({"organization_id": -1}, {"organization": "must exist"}),
        ({"name": "  "}, {"name": "can't be blank"}),
    ],
)
def test_refusals_of_the_record(
    squared: httpx.Client, changes: dict[str, Any], source: dict[str, str]
) -> None:
    """Kind B 422, for create and update."""
    response = create_workspace(squared, **changes)
    refusal = kind_b(422, "Workspace creation failed", **source)
    assert (response.status_code, response.json()) == (422, refusal)
    response = squared.put(f"{WORKSPACES}/1", json=changes)
    refusal = kind_b(422, "Workspace update failed", **source)
    if "name" not in changes:  # an update checks for a letter before
        assert (response.status_code, response.json()) == (422, refusal)


def test_an_update_without_a_name(squared: httpx.Client) -> None:
    """Null satisfies the contract and fails in the record."""
    squared.get(WORKSPACES)
    response = squared.put(f"{WORKSPACES}/1", json={"name": None})
    refusal = kind_b(422, "Workspace update failed", name="can't be blank")
    assert (response.status_code, response.json()) == (422, refusal)


MISSING = ["is missing"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": MISSING, "organization_id": MISSING}),
        ({"name": "", "organization_id": "x"}, {"name": ["must be filled"]}),
        ({"name": 1, "region": 1}, {"name": ["must be a string"], "region": ["must be a string"]}),
    ],
)
def test_the_contract_of_a_create(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A, nested in the wrapper."""
    response = squared.post(WORKSPACES, json=body)
    assert response.status_code == 400
    assert response.json()["errors"]["workspace"].items() >= errors.items()


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_rename_changes_the_slug(squared: httpx.Client, method: str) -> None:
    """Columns that are not sent stay."""
    create_workspace(squared)
    response = squared.request(method, f"{WORKSPACES}/2", json={"workspace": {"name": "New-One"}})
    attributes = response.json()["data"]["attributes"]
    assert response.status_code == 200
    assert (attributes["name"], attributes["slug"], attributes["region"]) == (
        "New-One",
        "new-one",
        "eu",
    )


HYPHENS = "cannot contain consecutive hyphens"
LETTER = "must contain at least one letter"


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("1", {"name": "a--b"}, {"workspace": {"name": [HYPHENS]}}),
        ("1", {"name": "12"}, {"workspace": {"name": [LETTER]}}),
        ("1", {"name": "--"}, {"workspace": {"name": [HYPHENS, LETTER]}}),
        ("1", {"name": 5}, {"workspace": {"name": ["must be a string"]}}),
        ("1", {"workspace": []}, {"workspace": ["must be a hash"]}),
        ("x", {"region": "eu"}, {"id": ["must be an integer"]}),
    ],
)
def test_the_contract_of_an_update(
    squared: httpx.Client, path: str, body: Any, errors: Any
) -> None:
    """Kind A."""
    response = squared.put(f"{WORKSPACES}/{path}", json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_an_empty_update(squared: httpx.Client) -> None:
    """Kind D."""
    response = squared.put(f"{WORKSPACES}/1", json={})
    text = "param is missing or the value is empty: workspace"
    assert (response.status_code, response.json()) == (422, {"error": text})


def test_a_workspace_with_a_nul_is_refused(squared: httpx.Client) -> None:
    """The refusal is of kind C on every database."""
    response = create_workspace(squared, description="a\0b")
    assert (response.status_code, response.json()) == (400, kind_c("string contains null byte"))


@pytest.mark.parametrize("id_", ["9", "0", "9223372036854775808"])
def test_a_missing_workspace(squared: httpx.Client, id_: str) -> None:
    """A read gets 404, a change kind C."""
    response = squared.get(f"{WORKSPACES}/{id_}")
    assert (response.status_code, response.json()) == (404, kind_b(404, "Workspace not found"))
    failed = kind_c("undefined method `errors' for nil")
    for method, body in (("PUT", GROWTH), ("DELETE", None)):
        response = squared.request(method, f"{WORKSPACES}/{id_}", json=body)
        assert (response.status_code, response.json()) == (400, failed)


def test_an_id_that_is_no_number(squared: httpx.Client) -> None:
    """Kind A."""
    response = squared.get(f"{WORKSPACES}/x")
    assert response.json() == {"errors": {"id": ["must be an integer"]}}


def test_a_deletion_includes_the_contents(squared: httpx.Client) -> None:
    """The status is 204. The number is never used again."""
    create_workspace(squared)
    squared.headers["Workspace-Id"] = "2"
    make_connector(squared)
    catalog = {"connector_id": 1, "catalog": {"json_schema": {"a": 1}}}
    squared.post(CATALOGS, json=catalog).raise_for_status()
    response = squared.delete(f"{WORKSPACES}/2")
    assert (response.status_code, response.content) == (204, b"")
    response = squared.get(CONNECTORS)
    assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))
    squared.headers["Workspace-Id"] = "1"
    assert squared.get(CONNECTORS).json()["data"] == []
    assert create_workspace(squared).json()["data"]["id"] == "3"


def test_writes_during_a_deletion_leave_nothing(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """They are deleted too, or their connector is missing. No call gets a 500."""
    create_workspace(squared)
    squared.headers["Workspace-Id"] = "2"
    for number in (1, 2):
        squared.post(CONNECTORS, json={"connector": {**POSTGRESQL, "name": f"pg {number}"}})
    control = emulation.control(squared)
    delete = squared.build_request("DELETE", f"{WORKSPACES}/2", headers={"Workspace-Id": "1"})
    requests = [
        request
        for number in (1, 2)
        for request in (
            squared.build_request(
                "POST", MODELS, json={"model": {**MODEL, "connector_id": number}}
            ),
            squared.build_request("GET", f"{CONNECTORS}/{number}/discover?refresh=true"),
            control.build_request(
                "PUT", f"/squared/connectors/{number}/tables", json={"users": [{"id": 1}]}
            ),
        )
    ]

    answers = emulation.at_once(squared, [*requests, delete, *reversed(requests)])

    assert max(answer.status_code for answer in answers) < 500
    left = control.get("/state").json()["tables"].keys()
    assert not left & {"squared_models", "squared_catalogs", "squared_worlds", "squared_rows"}

"""Tests of workspaces and rights.

Sources: docs/vendors/squared.md#24-workspace, docs/vendors/squared.md#4-roles and
docs/vendors/squared.md#6-workspaces; docs/vendors/squared.md#1-contradictions, row 8.
"""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_connector
from tests.vendors.squared.requests import CONNECTORS, kind_b, kind_c
from tests.vendors.squared.steering import register_credential, use_server_dialect

WORKSPACES = "/api/v1/workspaces"


def test_the_first_call_creates_a_workspace(squared: httpx.Client) -> None:
    """Any bearer token is the Admin of its own organization."""
    response = squared.get(WORKSPACES)
    (workspace,) = response.json()["data"]
    attributes = workspace["attributes"]
    assert (workspace["id"], workspace["type"]) == ("1", "workspaces")
    assert len(bytes.fromhex(attributes.pop("api_key"))) == 32
    assert attributes.pop("created_at") == attributes.pop("updated_at")
    assert attributes == {
        "name": "default",
        "slug": "default",
        "status": "pending",
        "description": None,
        "region": None,
        "organization_id": 1,
        "organization_name": "mockalog",
        "members_count": 1,
        "workspace_logo_url": None,
        "organization_logo_url": None,
    }
    assert "links" not in response.json()


def test_fifty_first_calls_create_one_workspace(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """The other calls find the workspace of the first."""
    request = squared.build_request("GET", WORKSPACES)
    answers = emulation.at_once(squared, [request] * 50)
    assert {answer.text for answer in answers} == {squared.get(WORKSPACES).text}


NO_WORKSPACE = kind_c("Workspace not found")


@pytest.mark.parametrize(
    ("dialect", "header", "status"),
    [
        ("docs", None, 200),
        ("server", None, 400),
        *(
            (dialect, header, status)
            for dialect in ("docs", "server")
            for header, status in (
                ("1", 200),
                ("2", 400),
                ("x", 400),
                ("", 400),
                ("-1", 400),
                ("9223372036854775808", 400),
                ("9" * 30, 400),
            )
        ),
    ],
)
def test_the_workspace_of_the_header(
    emulation: Emulation, squared: httpx.Client, dialect: str, header: str | None, status: int
) -> None:
    """Its default is the first one, in docs dialect. A foreign one is kind C in both.

    Source: docs/vendors/squared.md#1-contradictions, row 8.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
        del squared.headers["Workspace-Id"]
    headers = {} if header is None else {"Workspace-Id": header}
    response = squared.get(CONNECTORS, headers=headers)
    assert response.status_code == status
    if status == 400:
        assert response.json() == NO_WORKSPACE
    assert squared.get(WORKSPACES, headers=headers).status_code == 200


CONNECTOR = {
    "name": "My Klaviyo",
    "connector_type": "destination",
    "connector_name": "Klaviyo",
    "configuration": {"a": 1},
}
CATALOG = {"connector_id": 1, "catalog": {"json_schema": {"a": 1}}}


Sender = Callable[[httpx.Client], httpx.Response]


@pytest.mark.parametrize(
    ("send", "right"),
    [
        (lambda c: c.get(CONNECTORS), "connector:read"),
        (lambda c: c.get(f"{CONNECTORS}/1"), "connector:read"),
        (
            lambda c: c.post(CONNECTORS, json={"connector": {**CONNECTOR, "name": "n"}}),
            "connector:create",
        ),
        (lambda c: c.put(f"{CONNECTORS}/1", json={}), "connector:update"),
        (lambda c: c.delete(f"{CONNECTORS}/1"), "connector:delete"),
        (lambda c: c.post("/api/v1/catalogs", json=CATALOG), "connector:create"),
        (lambda c: c.put("/api/v1/catalogs/1", json=CATALOG), "connector:update"),
    ],
)
def test_every_operation_needs_its_right(emulation: Emulation, send: Sender, right: str) -> None:
    """The status is 403 without it, and the same request succeeds with it."""
    name = uuid4().hex
    full = emulation.client("/squared", headers={"X-Mockalog-Sandbox": name})
    make_connector(full)
    full.post("/api/v1/catalogs", json=CATALOG).raise_for_status()
    for permission, refused in (("model:read", True), (right, False)):
        client = emulation.client("/squared")
        token = client.headers["Authorization"].removeprefix("Bearer ")
        register_credential(emulation, token=token, sandbox=name, permissions=[permission])
        assert (send(client).status_code == 403) is refused


def test_the_order_of_refusals_to_a_viewer(emulation: Emulation) -> None:
    """The contract comes first, then the parent record, then the role (2.6)."""
    client = emulation.client("/squared")
    token = client.headers["Authorization"].removeprefix("Bearer ")
    register_credential(emulation, token=token, permissions=["connector:read"])
    forbidden = kind_b(403, "You are not authorized to do this action")
    assert client.post(CONNECTORS, json={}).status_code == 400
    assert client.post(CONNECTORS, json=CONNECTOR, headers={"Workspace-Id": "9"}).status_code == 400
    assert client.post("/api/v1/catalogs", json=CATALOG).status_code == 404
    response = client.post(CONNECTORS, json=CONNECTOR)
    assert (response.status_code, response.json()) == (403, forbidden)

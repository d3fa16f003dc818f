"""Tests of the rights of each role: docs/vendors/squared.md#4-roles."""

from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules.accounts.roles import RIGHTS
from tests.emulation import Emulation
from tests.vendors.squared.factories import DESTINATION, make_account, make_connector
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, kind_b, login
from tests.vendors.squared.steering import send_role, set_role, use_server_dialect

WORKSPACES = "/api/v1/workspaces"
CATALOG = {"connector_id": 1, "catalog": {"json_schema": {"a": 1}}}
ATTEMPT = {
    "type": "destination",
    "name": "Slack",
    "connection_spec": {"api_token": "t", "channel_id": "c"},
}
FORBIDDEN = kind_b(403, "You are not authorized to do this action")
EVERYBODY = ("Admin", "Member", "Viewer")
WRITERS = ("Admin", "Member")


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("GET", CONNECTORS, None, EVERYBODY),
        ("GET", f"{CONNECTORS}/1", None, EVERYBODY),
        ("POST", CONNECTORS, {**DESTINATION, "name": "other"}, WRITERS),
        ("PUT", f"{CONNECTORS}/1", {"name": "other"}, WRITERS),
        ("DELETE", f"{CONNECTORS}/1", None, WRITERS),
        ("POST", CATALOGS, CATALOG, WRITERS),
        ("PUT", f"{CATALOGS}/1", CATALOG, WRITERS),
        ("GET", "/api/v1/connector_definitions", None, EVERYBODY),
        ("GET", "/api/v1/connector_definitions/Http?type=source", None, EVERYBODY),
        ("POST", "/api/v1/connector_definitions/check_connection", ATTEMPT, WRITERS),
        ("GET", WORKSPACES, None, EVERYBODY),
        ("GET", f"{WORKSPACES}/1", None, EVERYBODY),
        ("GET", "/api/v1/users/me", None, EVERYBODY),
        ("POST", WORKSPACES, {"name": "w", "organization_id": 1}, ("Admin",)),
        ("PUT", f"{WORKSPACES}/1", {"name": "w"}, ("Admin",)),
        ("DELETE", f"{WORKSPACES}/1", None, ("Admin",)),
    ],
)
def test_the_rights_of_a_role(
    emulation: Emulation,
    squared: httpx.Client,
    method: str,
    path: str,
    body: Any,
    allowed: tuple[str, ...],
    role: str,
) -> None:
    """Any other role gets 403."""
    make_connector(squared)
    squared.post(CATALOGS, json=CATALOG).raise_for_status()
    set_role(emulation, squared, role)
    response = squared.request(method, path, json=body)
    assert response.is_success is (role in allowed), response.text
    if role not in allowed:
        assert (response.status_code, response.json()) == (403, FORBIDDEN)


def test_a_role_counts_in_its_workspace(emulation: Emulation, squared: httpx.Client) -> None:
    """A Viewer of one workspace may be an Admin of another."""
    new = {"name": "w", "organization_id": 1}
    squared.post(WORKSPACES, json=new).raise_for_status()
    response = send_role(emulation.control(squared), "Viewer")
    assert response.json() == {"user_id": 1, "workspace_id": 1, "role": "Viewer"}
    for workspace, role, status in (("1", "Viewer", 403), ("2", "Admin", 201)):
        headers = {"Workspace-Id": workspace}
        me = squared.get("/api/v1/users/me", headers=headers).json()
        assert me["data"]["attributes"]["role"] == role
        assert squared.post(CONNECTORS, json=DESTINATION, headers=headers).status_code == status


def test_a_second_member(emulation: Emulation, email: str) -> None:
    """A new member sees the workspace and is counted there."""
    first = emulation.client("/squared", headers={"X-Mockalog-Sandbox": email})
    first.get(WORKSPACES).raise_for_status()
    make_account(first, email)
    set_role(emulation, first, "Member", user_id=2)
    token = login(first, email).json()["data"]["id"]
    seen = emulation.client("/squared", token).get(WORKSPACES).json()["data"]
    counts = [(row["id"], row["attributes"]["members_count"]) for row in seen]
    assert counts == [("1", 2), ("2", 1)]


@pytest.mark.parametrize(
    ("role", "user", "workspace", "status", "detail"),
    [
        ("Owner", 1, 1, 400, "must be one of: Admin, Member, Viewer"),
        (None, 1, 1, 400, "must be filled"),
        ("Viewer", "x", 1, 400, "must be an integer"),
        ("Viewer", 9, 1, 404, "User not found"),
        ("Viewer", 0, 1, 404, "User not found"),
        ("Viewer", 1, 9, 404, "Workspace not found"),
        ("Viewer", 1, 2**63, 404, "Workspace not found"),
    ],
)
def test_refused_roles(
    emulation: Emulation,
    squared: httpx.Client,
    role: Any,
    user: Any,
    workspace: Any,
    status: int,
    detail: str,
) -> None:
    """A problem document has the vendor's text, even before the sandbox's first call."""
    control = emulation.control(squared)
    response = send_role(control, role, user_id=user, workspace_id=workspace)
    assert response.status_code == status
    assert detail in response.json()["detail"]


def test_the_number_of_rights() -> None:
    """17 resources have four actions each. A Member lacks 22 rights, and a Viewer reads twelve."""
    assert {role: len(rights) for role, rights in RIGHTS.items()} == {
        "Admin": 68,
        "Member": 68 - 4 * 4 - 3 - 3,
        "Viewer": 12,
    }
    assert all(right.endswith(":read") for right in RIGHTS["Viewer"])
    assert {"workspace:read", "eula:read"} <= RIGHTS["Member"]


def test_the_documented_list_of_roles(emulation: Emulation, squared: httpx.Client) -> None:
    """The docs dialect lists three roles. The server has no such route.

    Source: docs/vendors/squared.md#1-contradictions, row 29.
    """
    data = squared.get("/enterprise/api/v1/roles").json()["data"]
    assert [(row["id"], row["type"]) for row in data] == [(str(i), "roles") for i in (1, 2, 3)]
    assert [row["attributes"]["role_name"] for row in data] == list(EVERYBODY)
    viewer = data[2]["attributes"]
    assert viewer.keys() == {"role_name", "role_desc", "policies", "updated_at", "created_at"}
    permissions = viewer["policies"]["permissions"]
    reading = {"create": False, "read": True, "update": False, "delete": False}
    assert (len(permissions), permissions["connector"]) == (17, reading)
    assert not any(permissions["billing"].values())
    use_server_dialect(emulation, squared)
    assert squared.get("/enterprise/api/v1/roles").status_code == 404

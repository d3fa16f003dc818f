"""Errors that the document lists for many operations: each operation returns them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from _pytest.mark import ParameterSet

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.route import Route
from mockalog.vendors.squared import vendor
from mockalog.vendors.squared.router.access import API
from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    DESTINATION,
    make_account,
    make_connector,
    make_sync,
    make_sync_parts,
    model_body,
    sync_body,
)
from tests.vendors.squared.requests import kind_b, kind_c, login, schedule_sync
from tests.vendors.squared.steering import register_credential, use_server_dialect

CATALOG = {"connector_id": 2, "catalog": {"json_schema": {"a": 1}}}
ATTEMPT = {
    "type": "destination",
    "name": "Slack",
    "connection_spec": {"api_token": "t", "channel_id": "c"},
}
# A request to each operation that satisfies its contract.
BODIES: dict[str, Any] = {
    "query_source": {"query": "SELECT 1"},
    "execute_model": {"payload": "{}"},
    "create_connector": {"connector": DESTINATION},
    "update_connector": {"name": "other"},
    "check_connection": ATTEMPT,
    "create_catalog": CATALOG,
    "update_catalog": CATALOG,
    "create_model": model_body(),
    "update_model": {"name": "other"},
    "schedule_sync": {"sync_id": 1},
    "create_sync": sync_body(),
    "update_sync": {"sync_mode": "full_refresh"},
    "enable_sync": {"enable": True},
    "create_workspace": {"name": "other", "organization_id": 1},
    "update_workspace": {"name": "other"},
}
QUERIES = {"get_definition": {"type": "source"}, "get_report": {"type": "workspace_activity"}}

ROUTES = vendor.api.router.operations
PRIVATE = [route for route in ROUTES if not route.public]
# Operations with the header in their documents act on a workspace.
PLACED = [route for route in PRIVATE if "headers" in route.declaration]


def cases(routes: list[Route]) -> list[ParameterSet]:
    """Return each route with each of its methods."""
    return [
        pytest.param(route, verb, id=route.id_of(verb)) for route in routes for verb in route.verbs
    ]


def send(client: httpx.Client, route: Route, verb: str) -> httpx.Response:
    """Send a request that satisfies the contract of an operation."""
    path = route.path
    for parameter in route.parameters:
        path = path.replace(f"{{{parameter}}}", "1")
    return client.request(verb, path, json=BODIES.get(route.name), params=QUERIES.get(route.name))


@pytest.fixture(scope="module")
def locked(emulation: Emulation) -> httpx.Client:
    """A client with the live token of a locked account."""
    email = f"{uuid4().hex}@example.com"
    anonymous = emulation.client("/squared", headers={"X-Mockalog-Sandbox": email})
    make_account(anonymous, email)
    token = login(anonymous, email).json()["data"]["id"]
    for _ in range(5):
        login(anonymous, email, "wrong")
    return emulation.client("/squared", token)


@pytest.fixture(scope="module")
def limited(emulation: Emulation) -> httpx.Client:
    """A client with an exhausted rate limit and a frozen clock."""
    client = emulation.client("/squared")
    emulation.sandbox(client).clock.freeze("2026-03-02T09:15:00Z")
    for _ in range(API.limit):
        client.get("/api/v1/workspaces").raise_for_status()
    return client


@pytest.fixture(scope="module")
def powerless(emulation: Emulation) -> httpx.Client:
    """A client without rights, in a sandbox with one record of every kind."""
    owner = emulation.client("/squared")
    make_sync_parts(emulation, owner)
    make_sync(owner)
    schedule_sync(owner).raise_for_status()
    token = uuid4().hex
    sandbox = digest(owner.headers["Authorization"].removeprefix("Bearer "))
    register_credential(emulation, token=token, sandbox=sandbox, permissions=[])
    return emulation.client("/squared", token)


@pytest.mark.parametrize(("route", "verb"), cases(PRIVATE))
def test_a_token_is_needed(anonymous: httpx.Client, route: Route, verb: str) -> None:
    """Every operation but those before a login returns `unauthorized`."""
    response = send(anonymous, route, verb)
    assert (response.status_code, response.json()) == (401, kind_b(401, "Unauthorized"))


@pytest.mark.parametrize(("route", "verb"), cases(PRIVATE))
def test_a_locked_account_is_refused(locked: httpx.Client, route: Route, verb: str) -> None:
    """Every operation returns `account-locked`, although the token is valid."""
    response = send(locked, route, verb)
    assert (response.status_code, response.text) == (401, "Your account is locked.")


@pytest.mark.parametrize(("route", "verb"), cases([r for r in ROUTES if r.bucket is API]))
def test_all_operations_share_the_limit(limited: httpx.Client, route: Route, verb: str) -> None:
    """Every operation returns `rate-limited`."""
    text = "Too many requests. Please try again later."
    response = send(limited, route, verb)
    assert (response.status_code, response.json()) == (429, {"error": text})


@pytest.mark.parametrize(("route", "verb"), cases(PLACED))
def test_a_foreign_workspace_is_refused(squared: httpx.Client, route: Route, verb: str) -> None:
    """`workspace-not-found.400` comes after the contract."""
    squared.headers["Workspace-Id"] = "999"
    response = send(squared, route, verb)
    assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))


@pytest.mark.parametrize(("route", "verb"), cases([r for r in PLACED if r.permission is not None]))
def test_the_right_is_needed(powerless: httpx.Client, route: Route, verb: str) -> None:
    """`forbidden` comes after the record is found."""
    response = send(powerless, route, verb)
    refused = kind_b(403, "You are not authorized to do this action")
    assert (response.status_code, response.json()) == (403, refused)


NUL = "string contains null byte"
MISSING = "param is missing or the value is empty"


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("path", "body", "status", "text"),
    [
        ("connectors/1", {"connector": {"connector_type": "SOURCE"}}, 400, "is not a valid"),
        ("connectors/1", {"name": "a\0b"}, 400, NUL),
        ("connectors/1", {}, 422, MISSING),
        ("connectors/1", {"name": " "}, 422, "Connector update failed"),
        ("catalogs/1", {**CATALOG, "connector_id": 1}, 404, "Catalog not found"),
        ("models/1", {"query_type": "semistructured"}, 400, "is not a valid query_type"),
        ("models/1", {"name": "a\0b"}, 400, NUL),
        ("models/1", {}, 422, MISSING),
        ("models/1", {"query": None, "query_type": "raw_sql"}, 422, "Model update failed"),
        ("syncs/1", {"schedule_type": "MANUAL"}, 400, "is not a valid schedule_type"),
        ("syncs/1", {"stream_name": "a\0b"}, 400, NUL),
        ("syncs/1", {}, 422, MISSING),
        ("syncs/1", {"stream_name": "other"}, 422, "Sync update failed"),
        ("workspaces/1", {"description": "a\0b"}, 400, NUL),
        ("workspaces/1", {}, 422, MISSING),
        ("workspaces/1", {"organization_id": 9}, 422, "Workspace update failed"),
    ],
)
def test_refused_updates(
    emulation: Emulation,
    squared: httpx.Client,
    verb: str,
    path: str,
    body: Any,
    status: int,
    text: str,
) -> None:
    """PUT and PATCH return the same errors."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    response = squared.request(verb, f"/api/v1/{path}", json=body)
    assert response.status_code == status
    assert text in response.text


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_the_server_fails_on_a_missing_catalog(
    emulation: Emulation, squared: httpx.Client, verb: str
) -> None:
    """`exception`: the server does not check whether the connector has a catalog."""
    make_connector(squared)
    use_server_dialect(emulation, squared)
    response = squared.request(verb, "/api/v1/catalogs/1", json={**CATALOG, "connector_id": 1})
    refused = kind_c("undefined method `update' for nil")
    assert (response.status_code, response.json()) == (400, refused)


@pytest.mark.parametrize(
    "path",
    ["connectors", "models", "syncs", "syncs/1/sync_runs", "syncs/1/sync_runs/1/sync_records"],
)
def test_a_page_of_no_rows(emulation: Emulation, squared: httpx.Client, path: str) -> None:
    """Every list with pages returns `exception`."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    schedule_sync(squared).raise_for_status()
    response = squared.get(f"/api/v1/{path}", params={"per_page": 0})
    assert (response.status_code, response.json()) == (
        400,
        kind_c("Current page was incalculable. Perhaps you called .per(0)?"),
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("9/sync_runs", "Sync"),
        ("9/sync_runs/1", "Sync"),
        ("9/sync_runs/1/sync_records", "Sync"),
        ("1/sync_runs/9", "Sync Run"),
        ("1/sync_runs/9/sync_records", "SyncRun"),
    ],
)
def test_missing_runs(emulation: Emulation, squared: httpx.Client, path: str, name: str) -> None:
    """The docs return `run-not-found`, the server `sync-not-found` or `sync-run-not-found`."""
    make_sync_parts(emulation, squared)
    make_sync(squared)
    response = squared.get(f"/api/v1/syncs/{path}")
    documented = {"message": f"{name} not found", "status": "not_found"}
    assert (response.status_code, response.json()) == (404, documented)
    use_server_dialect(emulation, squared)
    response = squared.get(f"/api/v1/syncs/{path}")
    assert (response.status_code, response.json()) == (404, kind_b(404, f"{name} not found"))

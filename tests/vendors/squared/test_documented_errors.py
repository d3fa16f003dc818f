"""Errors that the document names for many operations: each is answered by every one of them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from _pytest.mark import ParameterSet

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.route import Route
from mockalog.vendors.squared import vendor
from mockalog.vendors.squared.router.limits import API
from tests.emulation import Emulation
from tests.vendors.squared.accounts import login, signup
from tests.vendors.squared.sending import (
    DESTINATION,
    kind_b,
    kind_c,
    make_connector,
    model,
    server_dialect,
)
from tests.vendors.squared.syncing import make_sync, prepare, sync, trigger

CATALOG = {"connector_id": 2, "catalog": {"json_schema": {"a": 1}}}
ATTEMPT = {
    "type": "destination",
    "name": "Slack",
    "connection_spec": {"api_token": "t", "channel_id": "c"},
}
# A request of each operation that its contract takes.
BODIES: dict[str, Any] = {
    "query_source": {"query": "SELECT 1"},
    "execute_model": {"payload": "{}"},
    "create_connector": {"connector": DESTINATION},
    "update_connector": {"name": "other"},
    "check_connection": ATTEMPT,
    "create_catalog": CATALOG,
    "update_catalog": CATALOG,
    "create_model": model(),
    "update_model": {"name": "other"},
    "schedule_sync": {"sync_id": 1},
    "create_sync": sync(),
    "update_sync": {"sync_mode": "full_refresh"},
    "enable_sync": {"enable": True},
    "create_workspace": {"name": "other", "organization_id": 1},
    "update_workspace": {"name": "other"},
}
QUERIES = {"get_definition": {"type": "source"}, "get_report": {"type": "workspace_activity"}}

ROUTES = vendor.api.router.operations
PRIVATE = [route for route in ROUTES if not route.public]
# An operation whose document has the header acts on a workspace.
PLACED = [route for route in PRIVATE if "headers" in route.declaration]


def cases(routes: list[Route]) -> list[ParameterSet]:
    """Return each route with each of its methods."""
    return [
        pytest.param(route, verb, id=route.id_of(verb)) for route in routes for verb in route.verbs
    ]


def ask(client: httpx.Client, route: Route, verb: str) -> httpx.Response:
    """Send a request that the contract of an operation takes."""
    path = route.path
    for parameter in route.parameters:
        path = path.replace(f"{{{parameter}}}", "1")
    return client.request(verb, path, json=BODIES.get(route.name), params=QUERIES.get(route.name))


@pytest.fixture(scope="module")
def locked(emulation: Emulation) -> httpx.Client:
    """A client with the live token of an account that wrong passwords locked."""
    email = f"{uuid4().hex}@example.com"
    anonymous = emulation.client("/squared", headers={"X-Mockalog-Sandbox": email})
    signup(anonymous, email)
    token = login(anonymous, email).json()["data"]["id"]
    for _ in range(5):
        login(anonymous, email, "wrong")
    return emulation.client("/squared", token)


@pytest.fixture(scope="module")
def limited(emulation: Emulation) -> httpx.Client:
    """A client that has used its limit up, and whose clock is stopped."""
    client = emulation.client("/squared")
    clock = {"mode": "frozen", "now": "2026-03-02T09:15:00Z"}
    emulation.control(client).put("/clock", json=clock).raise_for_status()
    for _ in range(API.limit):
        client.get("/api/v1/workspaces").raise_for_status()
    return client


@pytest.fixture(scope="module")
def powerless(emulation: Emulation) -> httpx.Client:
    """A client without rights in a sandbox that has one of everything."""
    owner = emulation.client("/squared")
    prepare(emulation, owner)
    make_sync(owner)
    trigger(owner).raise_for_status()
    token = uuid4().hex
    sandbox = digest(owner.headers["Authorization"].removeprefix("Bearer "))
    wanted = {"vendor": "squared", "token": token, "sandbox": sandbox, "permissions": []}
    emulation.control().post("/credentials", json=wanted).raise_for_status()
    return emulation.client("/squared", token)


@pytest.mark.parametrize(("route", "verb"), cases(PRIVATE))
def test_a_token_is_needed(anonymous: httpx.Client, route: Route, verb: str) -> None:
    """`unauthorized`: every operation but those that come before a login."""
    response = ask(anonymous, route, verb)
    assert (response.status_code, response.json()) == (401, kind_b(401, "Unauthorized"))


@pytest.mark.parametrize(("route", "verb"), cases(PRIVATE))
def test_a_locked_account_is_refused(locked: httpx.Client, route: Route, verb: str) -> None:
    """`account-locked`, although the token is good."""
    response = ask(locked, route, verb)
    assert (response.status_code, response.text) == (401, "Your account is locked.")


@pytest.mark.parametrize(("route", "verb"), cases([r for r in ROUTES if r.bucket is API]))
def test_all_operations_share_the_limit(limited: httpx.Client, route: Route, verb: str) -> None:
    """`rate-limited`."""
    text = "Too many requests. Please try again later."
    response = ask(limited, route, verb)
    assert (response.status_code, response.json()) == (429, {"error": text})


@pytest.mark.parametrize(("route", "verb"), cases(PLACED))
def test_a_foreign_workspace_is_refused(squared: httpx.Client, route: Route, verb: str) -> None:
    """`workspace-not-found.400`, once the request satisfies its contract."""
    squared.headers["Workspace-Id"] = "999"
    response = ask(squared, route, verb)
    assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))


@pytest.mark.parametrize(("route", "verb"), cases([r for r in PLACED if r.permission is not None]))
def test_the_right_is_needed(powerless: httpx.Client, route: Route, verb: str) -> None:
    """`forbidden`, once the record is found."""
    response = ask(powerless, route, verb)
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
def test_updates_that_fail(
    emulation: Emulation,
    squared: httpx.Client,
    verb: str,
    path: str,
    body: Any,
    status: int,
    text: str,
) -> None:
    """PUT and PATCH alike: `exception`, `unstorable-value`, `parameter-missing` and others."""
    prepare(emulation, squared)
    make_sync(squared)
    response = squared.request(verb, f"/api/v1/{path}", json=body)
    assert response.status_code == status
    assert text in response.text


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_the_server_fails_on_a_catalog_that_is_not_there(
    emulation: Emulation, squared: httpx.Client, verb: str
) -> None:
    """`exception`: the server does not look whether the connector has one."""
    make_connector(squared)
    server_dialect(emulation, squared)
    response = squared.request(verb, "/api/v1/catalogs/1", json={**CATALOG, "connector_id": 1})
    refused = kind_c("undefined method 'update' for nil")
    assert (response.status_code, response.json()) == (400, refused)


@pytest.mark.parametrize(
    "path",
    ["connectors", "models", "syncs", "syncs/1/sync_runs", "syncs/1/sync_runs/1/sync_records"],
)
def test_a_page_of_no_rows(emulation: Emulation, squared: httpx.Client, path: str) -> None:
    """`exception`, of every list that has pages."""
    prepare(emulation, squared)
    make_sync(squared)
    trigger(squared).raise_for_status()
    response = squared.get(f"/api/v1/{path}", params={"per_page": 0})
    assert (response.status_code, response.json()) == (
        400,
        kind_c("Current page was incalculable. Perhaps you called .per(0)?"),
    )


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("9/sync_runs", "Sync"),
        ("9/sync_runs/1", "Sync"),
        ("9/sync_runs/1/sync_records", "Sync"),
        ("1/sync_runs/9", "Sync Run"),
        ("1/sync_runs/9/sync_records", "SyncRun"),
    ],
)
def test_runs_that_are_not_there(
    emulation: Emulation, squared: httpx.Client, path: str, what: str
) -> None:
    """`run-not-found` by the docs; `sync-not-found`, `sync-run-not-found` by the server."""
    prepare(emulation, squared)
    make_sync(squared)
    response = squared.get(f"/api/v1/syncs/{path}")
    documented = {"message": f"{what} not found", "status": "not_found"}
    assert (response.status_code, response.json()) == (404, documented)
    server_dialect(emulation, squared)
    response = squared.get(f"/api/v1/syncs/{path}")
    assert (response.status_code, response.json()) == (404, kind_b(404, f"{what} not found"))

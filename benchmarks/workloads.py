"""The calls whose speed is measured, each in a sandbox that is made ready for it."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.load import SERIAL
from benchmarks.server import call

Ports = Mapping[str, int]


@dataclass(frozen=True)
class Target:
    """A bound for the ratio to the hello world: `at` is "at most" or "at least"."""

    at: str
    bound: float

    def is_met(self, ratio: float) -> bool:
        """Return whether a ratio keeps the bound."""
        return ratio <= self.bound if self.at == "at most" else ratio >= self.bound


@dataclass(frozen=True)
class Request:
    """A port and the bytes, as text, that are sent there again and again."""

    port: int
    text: str


@dataclass(frozen=True)
class Workload:
    """A vendor call; `prepare` opens a new sandbox with what the call needs."""

    name: str
    target: Target | None
    prepare: Callable[[Ports], Request]


def plain(port: int) -> Request:
    """Return the baselines' request."""
    return Request(port, request("GET", "/"))


def request(method: str, path: str, token: str = "", body: Any = None) -> str:
    """Return a request's text. Every server gets the same headers, as a client would send."""
    content = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", content])


def open_sandbox(ports: Ports) -> str:
    """Return the token of a new sandbox without rate limits."""
    token = secrets.token_hex(16)
    off = {"rate_limits": "off"}
    call(ports["mockalog"], "PATCH", "/_mockalog/settings", token=token, body=off)
    return token


def new_catalog(name: str) -> dict[str, Any]:
    """Return the body of Braze's documented example under another name."""
    fields = {
        "id": "string",
        "Name": "string",
        "City": "string",
        "Cuisine": "string",
        "Rating": "number",
        "Loyalty_Program": "boolean",
        "Created_At": "time",
    }
    listed = [{"name": field, "type": kind} for field, kind in fields.items()]
    return {"catalogs": [{"name": name, "description": "My Restaurants", "fields": listed}]}


def braze_create(ports: Ports) -> Request:
    """Create catalogs, each under a name of its own."""
    token = open_sandbox(ports)
    body = new_catalog(f"restaurants-{SERIAL}")
    return Request(ports["braze"], request("POST", "/catalogs", token, body))


def braze_list(ports: Ports) -> Request:
    """List a sandbox's one catalog."""
    token = open_sandbox(ports)
    call(ports["braze"], "POST", "/catalogs", token=token, body=new_catalog("restaurants"))
    return Request(ports["braze"], request("GET", "/catalogs", token))


def new_item(name: str) -> dict[str, Any]:
    """Return an item of the documented catalog, without its id."""
    return {
        "Name": name,
        "City": "New York",
        "Cuisine": "American",
        "Rating": 5,
        "Loyalty_Program": True,
        "Created_At": "2022-11-01T09:03:19.967+00:00",
    }


def open_catalog(ports: Ports) -> str:
    """Return the token of a new sandbox with the documented catalog, empty."""
    token = open_sandbox(ports)
    call(ports["braze"], "POST", "/catalogs", token=token, body=new_catalog("restaurants"))
    return token


def braze_get_item(ports: Ports) -> Request:
    """Get an item."""
    token, path = open_catalog(ports), "/catalogs/restaurants/items/restaurant1"
    item = {"items": [new_item("Restaurant1")]}
    call(ports["braze"], "POST", path, token=token, body=item)
    return Request(ports["braze"], request("GET", path, token))


def braze_create_item(ports: Ports) -> Request:
    """Create items, each under an id of its own."""
    token, path = open_catalog(ports), f"/catalogs/restaurants/items/restaurant-{SERIAL}"
    body = {"items": [new_item("Restaurant1")]}
    return Request(ports["braze"], request("POST", path, token, body))


def braze_create_items(ports: Ports) -> Request:
    """Create fifty items with each call; the next one carries out what the last one accepted."""
    token = open_catalog(ports)
    items = [{"id": f"{SERIAL}-{n}", **new_item("Restaurant1")} for n in range(50)]
    body = {"items": items}
    return Request(ports["braze"], request("POST", "/catalogs/restaurants/items", token, body))


def attraqt_list(ports: Ports) -> Request:
    """List a tenancy's one catalog."""
    token, port, tenancy = open_sandbox(ports), ports["attraqt"], "?tenant=acme&environment=live1"
    schema = {"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}
    catalog = {"catalogItemSchemas": [{"name": "product", "version": 1}]}
    call(port, "POST", f"/item-schemas{tenancy}", token=token, body=schema)
    call(port, "POST", f"/catalogs{tenancy}", token=token, body=catalog)
    return Request(port, request("GET", f"/catalogs{tenancy}", token))


def squared_get(ports: Ports) -> Request:
    """Get a connector."""
    token = connected(ports, 1)
    return Request(ports["squared"], request("GET", "/api/v1/connectors/1", token))


def squared_list(ports: Ports) -> Request:
    """List a workspace's ten connectors."""
    token = connected(ports, 10)
    return Request(ports["squared"], request("GET", "/api/v1/connectors", token))


def connected(ports: Ports, number: int) -> str:
    """Return the token of a new sandbox with so many connectors."""
    token = open_sandbox(ports)
    for n in range(number):
        connector = {
            "name": f"warehouse {n}",
            "connector_type": "source",
            "connector_name": "Snowflake",
            "configuration": {"host": "h"},
        }
        body = {"connector": connector}
        call(ports["squared"], "POST", "/api/v1/connectors", token=token, body=body)
    return token


WORKLOADS = (
    Workload("Braze create catalog", Target("at least", 0.7), braze_create),
    Workload("Braze list catalogs", Target("at least", 0.9), braze_list),
    Workload("Braze get item", Target("at least", 1.0), braze_get_item),
    Workload("Braze create item", Target("at least", 0.8), braze_create_item),
    Workload("Braze create 50 items", None, braze_create_items),
    Workload("Attraqt list catalogs", Target("at least", 0.9), attraqt_list),
    Workload("Squared get connector", Target("at least", 0.8), squared_get),
    Workload("Squared list connectors", Target("at least", 0.5), squared_list),
)

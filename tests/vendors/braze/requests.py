"""Requests of Braze's tests, and the parts of their responses that tests compare."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx

SUCCESS = '{"message":"success"}'

# Name, token and type of the first field of every catalog.
ID = ("id", "-1", "string")

# Parameters and their values, by error id.
ErrorParameters = dict[str, tuple[list[str], list[Any]]]


def send(client: httpx.Client, method: str, path: str, *items: Any) -> httpx.Response:
    """Send items to a path below `/catalogs`; DELETE has a body too."""
    return client.request(method, f"/catalogs/{path}", json={"items": items})


def get_item(client: httpx.Client, catalog: str, item_id: str) -> dict[str, Any]:
    """Return an item."""
    answer = client.get(f"/catalogs/{catalog}/items/{item_id}")
    assert answer.status_code == 200, answer.text
    [item] = answer.json()["items"]
    return dict(item)


def has_item(client: httpx.Client, catalog: str, item_id: str) -> bool:
    """Return whether an item exists."""
    answer = client.get(f"/catalogs/{catalog}/items/{item_id}")
    assert answer.status_code in (200, 404), answer.text
    return answer.status_code == 200


def walk_pages(
    client: httpx.Client, catalog: str, cursor: str = "", relation: str = "next"
) -> Iterator[httpx.Response]:
    """Yield the pages from a cursor on, along the links of a relation."""
    path: str | None = f"/catalogs/{catalog}/items"
    path = f"{path}?cursor={quote(cursor)}" if cursor else path
    visited = set()
    while path is not None:
        assert path not in visited, f"a link leads back to {path}"
        visited.add(path)
        page = client.get(path)
        assert page.status_code == 200, page.text
        yield page
        path = links(page).get(relation)


def links(page: httpx.Response) -> dict[str, str]:
    """Return the addresses of a Link header by relation, parsed as Braze's clients do."""
    pairs = re.findall(r'<([^>]+)>; rel="([^"]+)"', page.headers.get("link", ""))
    return {relation: address for address, relation in pairs}


def list_ids(client: httpx.Client, catalog: str) -> list[str]:
    """Return the ids of all items in the order of the pages."""
    return [item["id"] for page in walk_pages(client, catalog) for item in page.json()["items"]]


def get_catalog(client: httpx.Client, name: str = "shops") -> dict[str, Any]:
    """Return a catalog of the list."""
    [catalog] = [c for c in client.get("/catalogs").json()["catalogs"] if c["name"] == name]
    return dict(catalog)


def add_fields(client: httpx.Client, *fields: Any, catalog: str = "shops") -> httpx.Response:
    """Request new fields."""
    return client.post(f"/catalogs/{catalog}/fields", json={"fields": fields})


def delete_field(client: httpx.Client, name: str, catalog: str = "shops") -> httpx.Response:
    """Request the deletion of a field."""
    return client.delete(f"/catalogs/{catalog}/fields/{name}")


def list_fields(client: httpx.Client, catalog: str = "shops") -> list[tuple[str, str, str]]:
    """Return name, token and type of a catalog's fields."""
    return [tuple(field.values()) for field in get_catalog(client, catalog)["fields"]]


def create_selection(
    client: httpx.Client, name: Any = "best", catalog: str = "shops", **parts: Any
) -> httpx.Response:
    """Request a new selection."""
    body = {"selection": {"name": name, **parts}}
    return client.post(f"/catalogs/{catalog}/selections", json=body)


def delete_selection(
    client: httpx.Client, name: str = "best", catalog: str = "shops"
) -> httpx.Response:
    """Request the deletion of a selection."""
    return client.delete(f"/catalogs/{catalog}/selections/{name}")


def list_selections(client: httpx.Client, catalog: str = "shops") -> list[str]:
    """Return the names of a catalog's selections."""
    return [selection["name"] for selection in get_catalog(client, catalog)["selections"]]


def error_ids(answer: httpx.Response) -> list[str]:
    """Return the error ids of a response, and check its shape."""
    body = answer.json()
    assert list(body) == ["errors", "message"]
    assert body["message"] == "Invalid Request"
    for error in body["errors"]:
        assert list(error) == ["id", "message", "parameters", "parameter_values"]
    return [error["id"] for error in body["errors"]]


def error_parameters(answer: httpx.Response) -> ErrorParameters:
    """Return parameters and values of a response's errors, by error id."""
    errors = answer.json()["errors"]
    return {error["id"]: (error["parameters"], error["parameter_values"]) for error in errors}

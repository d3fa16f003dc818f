"""What the Braze tests make and look at: catalogs, items, pages, clocks that stand still."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from mockalog.vendors.braze.rules.values import TYPES
from tests.emulation import Emulation

SUCCESS = '{"message":"success"}'


def unlimited(emulation: Emulation, client: httpx.Client) -> httpx.Client:
    """Take the rate limits off the client's sandbox and return the client."""
    answer = emulation.control(client).patch("/settings", json={"rate_limits": "off"})
    assert answer.status_code == 200, answer.text
    return client


def make_catalog(client: httpx.Client, name: str = "shops", **fields: str) -> None:
    """Create a catalog of these fields (name to type), by default one named like each type."""
    types = fields or dict.fromkeys(TYPES)
    shown = [{"name": field, "type": kind or field} for field, kind in types.items()]
    wanted = {"name": name, "fields": [{"name": "id", "type": "string"}, *shown]}
    answer = client.post("/catalogs", json={"catalogs": [wanted]})
    assert answer.status_code == 201, answer.text


def make_item(client: httpx.Client, catalog: str, item_id: str, **values: Any) -> None:
    """Create an item by a single call."""
    answer = client.post(f"/catalogs/{catalog}/items/{item_id}", json={"items": [values]})
    assert answer.status_code == 201, answer.text


def make_items(client: httpx.Client, catalog: str, item_ids: Sequence[str]) -> None:
    """Create items without values by bulk calls, in this order."""
    for start in range(0, len(item_ids), 50):
        items = [{"id": item_id} for item_id in item_ids[start : start + 50]]
        answer = client.post(f"/catalogs/{catalog}/items", json={"items": items})
        assert answer.status_code == 202, answer.text


def send(client: httpx.Client, method: str, path: str, *items: Any) -> httpx.Response:
    """Send items to a path below `/catalogs`; DELETE has a body too."""
    return client.request(method, f"/catalogs/{path}", json={"items": items})


def item(client: httpx.Client, catalog: str, item_id: str) -> dict[str, Any]:
    """Return an item."""
    answer = client.get(f"/catalogs/{catalog}/items/{item_id}")
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["items"]
    return dict(found)


def has_item(client: httpx.Client, catalog: str, item_id: str) -> bool:
    """Return whether the catalog has an item of that id."""
    answer = client.get(f"/catalogs/{catalog}/items/{item_id}")
    assert answer.status_code in (200, 404), answer.text
    return answer.status_code == 200


def walk(
    client: httpx.Client, catalog: str, cursor: str = "", relation: str = "next"
) -> Iterator[httpx.Response]:
    """Yield the pages from a cursor on, as the links of a relation lead."""
    path: str | None = f"/catalogs/{catalog}/items"
    path = f"{path}?cursor={quote(cursor)}" if cursor else path
    visited = set()
    while path is not None:
        assert path not in visited, "the links lead in circles"
        visited.add(path)
        page = client.get(path)
        assert page.status_code == 200, page.text
        yield page
        path = links(page).get(relation)


def links(page: httpx.Response) -> dict[str, str]:
    """Return the addresses of a Link header by their relation, read as Braze's clients do."""
    found = re.findall(r'<([^>]+)>; rel="([^"]+)"', page.headers.get("link", ""))
    return {relation: address for address, relation in found}


def listed(client: httpx.Client, catalog: str) -> list[str]:
    """Return the ids of all items in the order of the pages."""
    return [found["id"] for page in walk(client, catalog) for found in page.json()["items"]]


def catalog_of(client: httpx.Client, name: str = "shops") -> dict[str, Any]:
    """Return a catalog as it is listed."""
    [found] = [c for c in client.get("/catalogs").json()["catalogs"] if c["name"] == name]
    return dict(found)


def ids_of(answer: httpx.Response) -> list[str]:
    """Return the error ids of an answer, after a look at its shape."""
    body = answer.json()
    assert list(body) == ["errors", "message"]
    assert body["message"] == "Invalid Request"
    for error in body["errors"]:
        assert list(error) == ["id", "message", "parameters", "parameter_values"]
    return [error["id"] for error in body["errors"]]


def freeze(emulation: Emulation, client: httpx.Client, now: str = "2024-10-14T10:00:00Z") -> None:
    """Stop the clock of the client's sandbox at an instant."""
    answer = emulation.control(client).put("/clock", json={"mode": "frozen", "now": now})
    assert answer.status_code == 200, answer.text


def advance(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Let time pass in the client's sandbox."""
    answer = emulation.control(client).post("/clock/advance", json={"seconds": seconds})
    assert answer.status_code == 200, answer.text


def delay(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Let asynchronous calls of the client's sandbox take effect so much later."""
    answer = emulation.control(client).patch("/settings", json={"braze.async_delay": seconds})
    assert answer.status_code == 200, answer.text


def outcomes(emulation: Emulation, client: httpx.Client) -> list[str | None]:
    """Return what the jobs of the client's sandbox say of themselves, in order of number."""
    return [job["outcome"] for job in emulation.control(client).get("/jobs").json()["jobs"]]

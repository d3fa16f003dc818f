"""Addresses and bodies of the single-item calls as clients really send them.

Source: docs/vendors/braze.md#1-endpoints.
"""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.factories import make_catalog, make_item
from tests.vendors.braze.requests import error_ids, send
from tests.vendors.braze.steering import unlimited

PATH = "shops/items/a"
VALUES = {"number": 5}


@pytest.fixture
def client(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """A client without rate limits whose workspace has an empty catalog."""
    make_catalog(unlimited(emulation, braze))
    return braze


def test_a_trailing_slash_works_on_every_call(client: httpx.Client) -> None:
    """The server does not redirect."""
    path = f"{PATH}/"

    assert send(client, "POST", path, VALUES).status_code == 201
    assert send(client, "PUT", path, VALUES).status_code == 200
    assert send(client, "PATCH", path, VALUES).status_code == 200
    assert client.get(f"/catalogs/{path}").status_code == 200
    assert client.delete(f"/catalogs/{path}").status_code == 202


def test_the_longest_id_is_accepted(client: httpx.Client) -> None:
    """An id has at most 250 characters."""
    longest = "-_aZ0" * 50

    make_item(client, "shops", longest)

    assert client.get(f"/catalogs/shops/items/{longest}").status_code == 200


def test_percent_encoded_names_find_the_same_item(client: httpx.Client) -> None:
    """Each segment is decoded once."""
    make_item(client, "shops", "a-b_c")

    assert client.get("/catalogs/%73hops/items/a%2Db%5fc").status_code == 200


@pytest.mark.parametrize(
    ("path", "item_id"),
    [("a%2Fb", "a/b"), ("caf%C3%A9", "café"), ("a%20b", "a b"), ("a%252Fb", "a%2Fb")],
)
def test_the_response_has_the_decoded_id(client: httpx.Client, path: str, item_id: str) -> None:
    """An encoded slash stays inside the id. GET does not find the item, and POST refuses the id."""
    got = client.get(f"/catalogs/shops/items/{path}")
    posted = send(client, "POST", f"shops/items/{path}", {})

    assert (got.status_code, error_ids(got)) == (404, ["item-not-found"])
    assert (posted.status_code, error_ids(posted)) == (400, ["invalid-ids"])
    for answer in (got, posted):
        assert answer.json()["errors"][0]["parameter_values"] == [item_id]


@pytest.mark.parametrize("content", [b'{"items":[{}]}', b"{", b"\xff", b'{"items":[{"id":1}]}'])
def test_a_body_of_get_and_delete_is_ignored(client: httpx.Client, content: bytes) -> None:
    """Segment sends a body with the single DELETE."""
    make_item(client, "shops", "a")

    assert client.request("GET", f"/catalogs/{PATH}", content=content).status_code == 200
    assert client.request("DELETE", f"/catalogs/{PATH}", content=content).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "error_id"),
    [
        ("GET", "%00/items", "catalog-not-found"),
        ("GET", "%00/items/a", "catalog-not-found"),
        ("GET", "shops/items/%00", "item-not-found"),
        ("DELETE", "shops/items/%00", "item-not-found"),
        ("DELETE", "%00", "catalog-not-found"),
        ("PUT", "sh%00ps/items/a", "catalog-not-found"),
        ("PATCH", "shops/items/%00", "invalid-ids"),
    ],
)
def test_a_name_with_nul_is_not_found(
    client: httpx.Client, method: str, path: str, error_id: str
) -> None:
    """With each database."""
    answer = client.request(method, f"/catalogs/{path}", json={"items": [VALUES]})

    assert error_ids(answer) == [error_id]

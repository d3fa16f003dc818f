"""Documented errors of operations that no other test shows."""

from typing import Any

import httpx
import pytest

from mockalog.kernel.vendor.route import Route
from mockalog.vendors.attraqt.router import router
from mockalog.vendors.attraqt.router.access import ITEMS
from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    item,
    make_batch,
    make_catalog,
    make_category_tree,
)
from tests.vendors.attraqt.requests import error
from tests.vendors.attraqt.steering import advance, freeze, limit_rates

NOW = "2025-03-01T09:00:00Z"
WEEK = 7 * 24 * 60 * 60
UNKNOWN = "00000000-0000-4000-8000-000000000000"

# The parameters of paths: documents of the fixture `client`.
NAMED = {
    "/item-schemas/{name}": "/item-schemas/product",
    "/category-trees/{name}": "/category-trees/shop",
    "/catalogs/activate/{version}": "/catalogs/activate/1",
}


# The operations that add items to a batch.
MESSAGES = [
    ("POST", "/batch-imports/items"),
    ("PATCH", "/batch-imports/items"),
    ("POST", "/batch-imports/items/delete"),
]


def with_bodies() -> list[Route]:
    """Return the operations with a JSON body."""
    return [route for route in router.operations if "body" in route.declaration]


def with_limits() -> list[Route]:
    """Return the operations whose calls are messages of items."""
    return [route for route in router.operations if route.bucket is ITEMS]


@pytest.fixture
def client(attraqt: httpx.Client) -> httpx.Client:
    """A client with a catalog, an item schema and a category tree."""
    make_catalog(attraqt)
    make_category_tree(attraqt)
    return attraqt


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/catalogs", {**OF_PRODUCT, "name": 7}, (400, 3, "INVALID_ARGUMENT")),
        ("PUT", "/item-schemas/product", {"attributes": 7}, (400, 3, "ITEM_SCHEMA_ATTRIBUTES")),
        ("PUT", "/category-trees/shop", {"children": 7}, (400, 3, "CATEGORY_TREE_LEAF")),
        ("PUT", "/category-trees/shop", {"localizedNames": 7}, (400, 3, "CATEGORY_TREE_LOCALE")),
        ("PATCH", "/items", [item(version=7)], (404, 5, "CATALOG_NOT_FOUND")),
    ],
)
def test_a_body_is_refused_in_the_documented_category(
    client: httpx.Client, method: str, path: str, body: Any, expected: tuple[int, int, str]
) -> None:
    """An invalid body of an operation whose other errors are tested elsewhere."""
    assert error(client.request(method, path, json=body)) == expected


@pytest.mark.parametrize("operation", with_bodies(), ids=lambda operation: operation.name)
def test_a_body_that_is_no_json_is_refused(client: httpx.Client, operation: Route) -> None:
    """Each operation with a JSON body has the same error (amendment attraqt A12)."""
    query = {"batch_id": make_batch(client)}
    path = NAMED.get(operation.path, operation.path)

    answer = client.request(operation.verbs[0], path, params=query, content=b"{")

    assert answer.json()["message"] == "INVALID_ARGUMENT: The body is not valid JSON"


@pytest.mark.parametrize("operation", with_limits(), ids=lambda operation: operation.name)
def test_messages_share_a_limit(
    emulation: Emulation, client: httpx.Client, operation: Route
) -> None:
    """Messages of every kind count together, those to a batch too."""
    freeze(emulation, client, NOW)
    limit_rates(emulation, client, "tiny")
    for _ in range(2):
        client.post("/items", json=[])

    answer = client.request(operation.verbs[0], operation.path, json=[])

    assert error(answer) == (429, 8, "RESOURCE_EXHAUSTED")


@pytest.mark.parametrize(("method", "path"), MESSAGES)
class TestMessageToABatch:
    """The operations that add items to a batch have the same errors."""

    @pytest.mark.parametrize(
        ("batch", "body", "expected"),
        [
            (UNKNOWN, [], (404, 5, "BATCH_IMPORT_NOT_FOUND")),
            ("", [], (400, 3, "INVALID_ARGUMENT")),
            (None, {}, (400, 3, "ITEM_INVALID")),
            (None, [{"id": "a:b", "type": "product"}], (400, 3, "ITEM_INVALID")),
            (None, [{"id": "a", "tenant": "other"}], (400, 3, "ITEM_TENANT_ENV")),
        ],
    )
    def test_an_unknown_batch(
        self,
        client: httpx.Client,
        method: str,
        path: str,
        batch: str | None,
        body: Any,
        expected: tuple[int, int, str],
    ) -> None:
        """The batch is checked before the items."""
        query = {"batch_id": make_batch(client) if batch is None else batch}

        assert error(client.request(method, path, params=query, json=body)) == expected

    def test_an_expired_batch(
        self, emulation: Emulation, client: httpx.Client, method: str, path: str
    ) -> None:
        """A batch lives for seven days; its age does not hide bad JSON (amendment attraqt A13)."""
        freeze(emulation, client, NOW)
        query = {"batch_id": make_batch(client)}
        advance(emulation, client, WEEK)

        expired = client.request(method, path, params=query, json=[])
        malformed = client.request(method, path, params=query, content=b"{")

        assert error(expired) == (400, 9, "BATCH_IMPORT_EXPIRED")
        assert error(malformed) == (400, 3, "INVALID_ARGUMENT")

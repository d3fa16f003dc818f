"""Tenant and environment: the scope of every call (docs/vendors/attraqt.md#11-scoping)."""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    make_active_catalog,
    make_catalog,
    make_category_tree,
    make_item_schema,
)
from tests.vendors.attraqt.requests import error, states

OPERATIONS = [
    ("GET", "/catalogs", "CATALOG_TENANT_ENV"),
    ("GET", "/catalogs/active", "CATALOG_TENANT_ENV"),
    ("POST", "/catalogs", "CATALOG_TENANT_ENV"),
    ("POST", "/catalogs/activate/1", "CATALOG_TENANT_ENV"),
    ("DELETE", "/catalogs/1", "CATALOG_TENANT_ENV"),
    ("GET", "/item-schemas", "ITEM_SCHEMA_TENANT_ENV"),
    ("POST", "/item-schemas", "ITEM_SCHEMA_TENANT_ENV"),
    ("PUT", "/item-schemas/product", "ITEM_SCHEMA_TENANT_ENV"),
    ("GET", "/item-schemas/product/1", "ITEM_SCHEMA_TENANT_ENV"),
    ("DELETE", "/item-schemas/product/1", "ITEM_SCHEMA_TENANT_ENV"),
    ("GET", "/category-trees", "CATEGORY_TREE_TENANT_ENV"),
    ("POST", "/category-trees", "CATEGORY_TREE_TENANT_ENV"),
    ("PUT", "/category-trees/shop", "CATEGORY_TREE_TENANT_ENV"),
    ("GET", "/category-trees/shop/1", "CATEGORY_TREE_TENANT_ENV"),
    ("DELETE", "/category-trees/shop/1", "CATEGORY_TREE_TENANT_ENV"),
    ("POST", "/items", "ITEM_TENANT_ENV"),
    ("PATCH", "/items", "ITEM_TENANT_ENV"),
    ("POST", "/items/delete", "ITEM_TENANT_ENV"),
    ("POST", "/batch-imports", "BATCH_IMPORT_TENANT_ENV"),
    ("GET", "/batch-imports", "BATCH_IMPORT_TENANT_ENV"),
    ("POST", "/batch-imports/items", "BATCH_IMPORT_TENANT_ENV"),
    ("PATCH", "/batch-imports/items", "BATCH_IMPORT_TENANT_ENV"),
    ("POST", "/batch-imports/items/delete", "BATCH_IMPORT_TENANT_ENV"),
    ("POST", "/batch-imports/ingestions", "BATCH_IMPORT_TENANT_ENV"),
    ("GET", "/batch-imports/ingestions", "BATCH_IMPORT_TENANT_ENV"),
    ("GET", "/batch-imports/ingestions/1", "BATCH_IMPORT_TENANT_ENV"),
    ("DELETE", "/batch-imports/ingestions/1", "BATCH_IMPORT_TENANT_ENV"),
    ("GET", "/locale", "LOCALE_TENANT_ENV"),
    ("POST", "/locale/en_GB", "LOCALE_TENANT_ENV"),
    ("DELETE", "/locale", "LOCALE_TENANT_ENV"),
    ("GET", "/feedback/catalog-version", "FEEDBACK_TENANT_ENV"),
    ("GET", "/feedback/catalog-version/1/full/statistics", "FEEDBACK_TENANT_ENV"),
    (
        "GET",
        "/feedback/catalog-version/1/updates/statistics/summary/relative",
        "FEEDBACK_TENANT_ENV",
    ),
    (
        "GET",
        "/feedback/catalog-version/1/updates/statistics/summary/absolute",
        "FEEDBACK_TENANT_ENV",
    ),
    (
        "GET",
        "/feedback/catalog-version/1/updates/statistics/summary/SUCCESS/relative",
        "FEEDBACK_TENANT_ENV",
    ),
    (
        "GET",
        "/feedback/catalog-version/1/updates/statistics/summary/SUCCESS/absolute",
        "FEEDBACK_TENANT_ENV",
    ),
    (
        "GET",
        "/feedback/catalog-version/1/updates/statistics/details/SUCCESS/relative",
        "FEEDBACK_TENANT_ENV",
    ),
    (
        "GET",
        "/feedback/catalog-version/1/updates/statistics/details/SUCCESS/absolute",
        "FEEDBACK_TENANT_ENV",
    ),
    ("GET", "/feedback/catalog-version/1/updates/a", "FEEDBACK_TENANT_ENV"),
]


@pytest.mark.parametrize(("method", "path", "category"), OPERATIONS)
def test_every_call_needs_both(emulation: Emulation, method: str, path: str, category: str) -> None:
    """The check comes before path and body."""
    client = emulation.client("/attraqt")
    for query in (
        {},
        {"tenant": "acme"},
        {"environment": "live1"},
        {"tenant": "acme", "environment": ""},
    ):
        answer = client.request(method, path, params=query, content=b"{")
        assert error(answer) == (400, 3, category)


@pytest.mark.parametrize("name", ["a\x00", "\x1f", "t" * 101])
@pytest.mark.parametrize("key", ["tenant", "environment"])
def test_an_invalid_tenancy_is_refused(attraqt: httpx.Client, key: str, name: str) -> None:
    """Control characters and endless texts (inferred)."""
    answer = attraqt.get("/catalogs", params={key: name})

    assert error(answer) == (400, 3, "CATALOG_TENANT_ENV")


@pytest.mark.parametrize(
    "environment", ["fas:live1", "cidp-test", "Küche 🍳", "a b&c=d/é", "t" * 100]
)
def test_an_environment_may_hold_punctuation(attraqt: httpx.Client, environment: str) -> None:
    """Colons and hyphens are documented; the answer shows it unchanged."""
    client = httpx.Client(
        transport=attraqt._transport,
        base_url=attraqt.base_url,
        headers=attraqt.headers,
        params={"tenant": "acme", "environment": environment},
    )
    make_catalog(client)

    assert client.get("/catalogs").json()["catalogs"][0]["environment"] == environment


@pytest.mark.parametrize("other", [{"tenant": "other"}, {"environment": "test1"}])
def test_tenancies_are_isolated(
    emulation: Emulation, attraqt: httpx.Client, other: dict[str, str]
) -> None:
    """Each has its own data, versions, names, limit and active catalog."""
    token = attraqt.headers["Authorization"].removeprefix("Bearer ")
    beside = emulation.client(
        "/attraqt", token, params={"tenant": "acme", "environment": "live1", **other}
    )
    make_active_catalog(attraqt)
    make_catalog(attraqt)
    make_category_tree(attraqt)

    assert beside.get("/catalogs").json() == {"catalogs": []}
    assert beside.get("/catalogs/active").status_code == 404
    assert beside.delete("/catalogs/2").status_code == 404
    assert beside.get("/item-schemas/product/1").status_code == 404
    assert beside.delete("/category-trees/shop/1").status_code == 404
    assert make_item_schema(beside) == 1
    assert make_active_catalog(beside) == 1
    assert states(attraqt) == {2: "INACTIVE", 1: "ACTIVE"}


def test_sandboxes_are_isolated(emulation: Emulation, attraqt: httpx.Client) -> None:
    """The same tenancy under another token has other data."""
    make_active_catalog(attraqt)
    other = emulation.client("/attraqt", params={"tenant": "acme", "environment": "live1"})

    assert other.get("/catalogs").json() == {"catalogs": []}
    assert make_catalog(other) == 1


def test_of_repeated_keys_the_last_counts(attraqt: httpx.Client) -> None:
    """Unknown keys are ignored."""
    make_catalog(attraqt)

    answer = attraqt.get(
        "/catalogs", params=[("tenant", "x"), ("tenant", "acme"), ("size", "1"), ("", "")]
    )

    assert len(answer.json()["catalogs"]) == 1

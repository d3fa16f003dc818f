"""Each error category of the page, with its status, its code and its text."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mockalog.vendors.attraqt import errors
from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    PRODUCT,
    SHOP,
    item,
    make_active_catalog,
    make_batch,
    make_catalog,
    make_category_tree,
    make_item_schema,
)
from tests.vendors.attraqt.requests import error
from tests.vendors.attraqt.steering import advance, change_settings, freeze, limit_rates

ErrorFactory = Callable[[Emulation, httpx.Client], httpx.Response]
OF_SHOP = {"catalogCategoryTrees": [{"name": "shop", "version": 1}]}
BATCH = "/batch-imports/items"
FEEDBACK = "/feedback/catalog-version"


def _full(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    make_catalog(client)
    make_catalog(client)
    return client.post("/catalogs", json=OF_PRODUCT)


def _armed(error_id: str) -> ErrorFactory:
    def provoke(emulation: Emulation, client: httpx.Client) -> httpx.Response:
        emulation.sandbox(client).attraqt.fail_next("activate_catalog", error=error_id)
        return client.post("/catalogs/activate/1")

    return provoke


def _active(method: str, path: str) -> ErrorFactory:
    def provoke(emulation: Emulation, client: httpx.Client) -> httpx.Response:
        make_active_catalog(client)
        return client.request(method, path)

    return provoke


def _fhr(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    make_catalog(client)
    change_settings(emulation, client, fhr_fails=True)
    return client.post("/catalogs/activate/1")


def _twice(path: str, body: Any) -> ErrorFactory:
    def provoke(emulation: Emulation, client: httpx.Client) -> httpx.Response:
        client.post(path, json=body)
        return client.post(path, json=body)

    return provoke


def _used(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    make_catalog(client)
    return client.delete("/item-schemas/product/1")


def _used_tree(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    make_category_tree(client)
    make_catalog(client, **OF_SHOP)
    return client.delete("/category-trees/shop/1")


def _expired(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    freeze(emulation, client, "2025-03-01T09:00:00Z")
    batch = client.post("/batch-imports").json()["id"]
    advance(emulation, client, 7 * 86_400)
    return client.post(BATCH, json=[], params={"batch_id": batch})


def _bad_item(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    make_catalog(client)
    return client.post("/items", json=[item("A7", attributes={"title": 7})])


def _other_tenant(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    name = client.headers["Authorization"].removeprefix("Bearer ")
    path = "/auth/realms/acme/protocol/openid-connect/token"
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": "s"}
    token = client.post(path, data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/items", json=[], headers=headers, params={"tenant": "other"})


def _too_many(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    freeze(emulation, client, "2025-03-01T09:00:00Z")
    limit_rates(emulation, client, "tiny")
    answers = [client.post("/items", json=[]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    return answers[-1]


def _ingest_into_active(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    make_active_catalog(client)
    change_settings(emulation, client, fhr=True)
    body = {"catalogVersion": 1, "batchImportId": make_batch(client)}
    return client.post("/batch-imports/ingestions", json=body)


def _post(path: str, body: Any = None, **query: Any) -> ErrorFactory:
    return lambda emulation, client: client.post(path, json=body, params=query)


def _get(path: str, **query: Any) -> ErrorFactory:
    return lambda emulation, client: client.get(path, params=query)


def _schema(**changes: Any) -> ErrorFactory:
    return _post("/item-schemas", {**PRODUCT, **changes})


def _tree(**changes: Any) -> ErrorFactory:
    return _post("/category-trees", {**SHOP, **changes})


def _catalog(**changes: Any) -> ErrorFactory:
    def provoke(emulation: Emulation, client: httpx.Client) -> httpx.Response:
        make_item_schema(client)
        return client.post("/catalogs", json={**OF_PRODUCT, **changes})

    return provoke


# Status, code, a part of the text, and a function that provokes the error.
CATEGORIES: dict[str, tuple[int, int, str, ErrorFactory]] = {
    "CATALOG_TENANT_ENV": (400, 3, "", _get("/catalogs", tenant="")),
    "CATALOG_LIMIT_REACHED": (400, 3, "The limit of 2 catalogs is reached", _full),
    "CATALOG_SCHEMAS": (400, 3, "", _catalog(catalogItemSchemas=[])),
    "CATALOG_CATEGORY_TREES": (400, 3, "shop version 1", _catalog(**OF_SHOP)),
    "CATALOG_DELETION_ACTIVE": (400, 9, "", _active("DELETE", "/catalogs/1")),
    "CATALOG_ALREADY_ACTIVE": (400, 9, "", _active("POST", "/catalogs/activate/1")),
    "CATALOG_NOT_FOUND": (404, 5, "", _get("/catalogs/active")),
    "CATALOG_FHR_FAILED": (409, 10, "", _fhr),
    "ITEM_SCHEMA_TENANT_ENV": (400, 3, "", _get("/item-schemas", environment="")),
    "ITEM_SCHEMA_NAME": (400, 3, "", _schema(name="a b")),
    "ITEM_SCHEMA_VERSION": (400, 3, "", _schema(version=1)),
    "ITEM_SCHEMA_ATTRIBUTES": (400, 3, "", _schema(attributes=[{"name": "a", "type": "X"}])),
    "ITEM_SCHEMA_ALREADY_EXISTS": (400, 9, "already exists", _twice("/item-schemas", PRODUCT)),
    "ITEM_SCHEMA_DELETION_USE": (400, 9, "", _used),
    "ITEM_SCHEMA_NOT_FOUND": (404, 5, "", _get("/item-schemas/product/1")),
    "CATEGORY_TREE_TENANT_ENV": (400, 3, "", _get("/category-trees", tenant="")),
    "CATEGORY_TREE_NAME": (400, 3, "", _tree(name="0")),
    "CATEGORY_TREE_LOCALE": (400, 3, "", _tree(localizedNames=[{"name": "a", "locale": "en"}])),
    "CATEGORY_TREE_LEAF": (400, 3, "", _tree(children=[{"name": ""}])),
    "CATEGORY_TREE_SIZE": (400, 3, "4 MB", _tree(name="a" * (4 * 1024 * 1024))),
    "CATEGORY_TREE_ALREADY_EXISTS": (
        400,
        9,
        "The category tree already exists, use update method",
        _twice("/category-trees", SHOP),
    ),
    "CATEGORY_TREE_DELETION_USE": (400, 9, "", _used_tree),
    "CATEGORY_TREE_NOT_FOUND": (404, 5, "", _get("/category-trees/shop/1")),
    "ITEM_TENANT_ENV": (400, 3, "", _post("/items", [], tenant="")),
    "ITEM_INVALID": (400, 3, "A7: title", _bad_item),
    "BATCH_IMPORT_TENANT_ENV": (400, 3, "", _get("/batch-imports", tenant="")),
    "BATCH_IMPORT_NOT_FOUND": (404, 5, "", _post(BATCH, [], batch_id="7")),
    "BATCH_IMPORT_EXPIRED": (400, 9, "7 days", _expired),
    "BATCH_IMPORT_CATALOG_ACTIVE": (400, 9, "into active catalogs", _ingest_into_active),
    "INGESTION_NOT_FOUND": (404, 5, "", _get("/batch-imports/ingestions/7")),
    "LOCALE_TENANT_ENV": (400, 3, "", _get("/locale", tenant="")),
    "LOCALE_INVALID": (400, 3, "", _post("/locale/en-GB")),
    "LOCALE_NOT_FOUND": (404, 5, "", _get("/locale")),
    "FEEDBACK_TENANT_ENV": (400, 3, "", _get(FEEDBACK, tenant="")),
    "FEEDBACK_NOT_FOUND": (404, 5, "", _get(FEEDBACK)),
    "INVALID_ARGUMENT": (400, 3, "batch_id", _post(BATCH, [])),
    "PERMISSION_DENIED": (403, 7, "another tenant", _other_tenant),
    "RESOURCE_EXHAUSTED": (429, 8, "", _too_many),
    "NOT_FOUND": (404, 5, "", _get("/items")),
    "UNAUTHENTICATED": (401, 16, "access token", _armed("UNAUTHENTICATED")),
    # Only an armed fault gives these.
    "CATALOG_NOT_ACTIVE": (400, 9, "must be in activating state", _armed("CATALOG_NOT_ACTIVE")),
    "UNAVAILABLE": (503, 14, "scaling up", _armed("UNAVAILABLE")),
}


# Descriptions of docs/vendors/attraqt.md#12-error-body, literally.
DOCUMENTED = {
    **{
        f"{resource}_TENANT_ENV": "Tenant and Environment are required"
        for resource in (
            "CATALOG",
            "ITEM_SCHEMA",
            "CATEGORY_TREE",
            "ITEM",
            "BATCH_IMPORT",
            "LOCALE",
            "FEEDBACK",
        )
    },
    "CATALOG_SCHEMAS": "Error in given Item Schema",
    "CATALOG_CATEGORY_TREES": "Error in given Category tree",
    "CATALOG_LIMIT_REACHED": "The limit of 2 catalogs is reached",
    "CATALOG_ALREADY_ACTIVE": "The catalog is already active or in activation state",
    "CATALOG_FHR_FAILED": "Error in FHR api",
    "CATALOG_NOT_ACTIVE": "The catalog must be in activating state to perform the action",
    "CATALOG_DELETION_ACTIVE": "The catalog must be inactive to be deleted",
    "ITEM_SCHEMA_NAME": "Name required",
    "ITEM_SCHEMA_VERSION": "version should not be set when creating a itemSchema",
    "ITEM_SCHEMA_ATTRIBUTES": "schema contains an invalid attribute",
    "CATEGORY_TREE_NAME": "Name is invalid",
    "CATEGORY_TREE_LOCALE": "Category tree contain a invalid locale or localized name",
    "CATEGORY_TREE_LEAF": "Category tree contain a invalid leaf or leaf name",
    "CATEGORY_TREE_DELETION_USE": "CategoryTree is currently used in a Catalog",
    "CATEGORY_TREE_ALREADY_EXISTS": "The category tree already exists, use update method",
}
# Statuses of gRPC: a specific text is the whole text.
GENERAL = {
    "INVALID_ARGUMENT",
    "PERMISSION_DENIED",
    "INTERNAL",
    "UNAUTHENTICATED",
    "NOT_FOUND",
    "RESOURCE_EXHAUSTED",
    "UNAVAILABLE",
}


@pytest.mark.parametrize("category", sorted(set(errors.CATALOGUE) - GENERAL))
def test_each_message_begins_with_the_description(
    emulation: Emulation, attraqt: httpx.Client, category: str
) -> None:
    """Details follow after a dash (amendment attraqt A1)."""
    description = errors.CATALOGUE[category].text
    assert DOCUMENTED.get(category, description) == description

    message = CATEGORIES[category][3](emulation, attraqt).json()["message"]

    assert message.removeprefix(f"{category}: {description}")[:3] in ("", " - ")


def test_no_error_can_replace_a_description() -> None:
    """Whatever its details (amendment attraqt A1)."""
    assert set(DOCUMENTED) <= set(errors.CATALOGUE)
    for category in errors.CATALOGUE.values():
        assert errors.AttraqtError(category).text == category.text
        described = errors.AttraqtError(category, "why").text == f"{category.text} - why"
        assert described is (category.id not in GENERAL)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_has_its_status_its_code_and_its_text(
    emulation: Emulation, attraqt: httpx.Client, category: str
) -> None:
    """In the documented shape."""
    status, code, text, provoke = CATEGORIES[category]

    answer = provoke(emulation, attraqt)

    assert error(answer) == (status, code, category)
    assert text in answer.json()["message"]


def test_no_category_is_left_out() -> None:
    """An internal error excepted, which another test shows."""
    known = {found.id for found in vars(errors).values() if isinstance(found, errors.Category)}

    assert known - {"INTERNAL"} <= set(CATEGORIES)

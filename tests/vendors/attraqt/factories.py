"""Factories of schemas, trees, catalogs, items and batches."""

from typing import Any

import httpx

PRODUCT = {"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}
SHOP = {
    "name": "shop",
    "localizedNames": [{"name": "Shop", "locale": "en_GB"}],
    "children": [
        {
            "name": "men",
            "localizedNames": [{"name": "Men", "locale": "en_GB"}],
            "children": [
                {"name": "shoes", "localizedNames": [{"name": "Shoes", "locale": "en_GB"}]}
            ],
        }
    ],
}
OF_PRODUCT = {"catalogItemSchemas": [{"name": "product", "version": 1}]}


def make_item_schema(client: httpx.Client, **changes: Any) -> int:
    """Store an item schema and return its version."""
    return _version(client.post("/item-schemas", json={**PRODUCT, **changes}))


def make_category_tree(client: httpx.Client, **changes: Any) -> int:
    """Store a category tree and return its version."""
    return _version(client.post("/category-trees", json={**SHOP, **changes}))


def make_catalog(client: httpx.Client, **changes: Any) -> int:
    """Store a catalog, and its schema if needed; return the catalog's version."""
    client.post("/item-schemas", json=PRODUCT)
    return _version(client.post("/catalogs", json={**OF_PRODUCT, **changes}))


def make_active_catalog(client: httpx.Client) -> int:
    """Store a catalog, activate it and return its version."""
    version = make_catalog(client)
    assert client.post(f"/catalogs/activate/{version}").status_code == 200
    return version


def item(item_id: str = "A1", version: int | str = 1, **changes: Any) -> dict[str, Any]:
    """Return an item of the schema PRODUCT."""
    attributes = {"title": f"Thing {item_id}"}
    small = {"id": item_id, "catalogVersion": version, "type": "product", "attributes": attributes}
    return {**small, **changes}


def make_batch(client: httpx.Client, *items: Any) -> str:
    """Store a batch of items, without their catalog's version, and return its id."""
    batch = str(client.post("/batch-imports").json()["id"])
    bare = [{k: v for k, v in one.items() if k != "catalogVersion"} for one in items]
    answer = client.post("/batch-imports/items", json=bare, params={"batch_id": batch})
    assert answer.status_code == 200, answer.text
    return batch


def _version(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["version"]
    return int(answer.json()["version"])

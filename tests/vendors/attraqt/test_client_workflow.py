"""A client's whole workflow, step by step over HTTP.

Sources: docs/vendors/attraqt.md#2-authentication to docs/vendors/attraqt.md#9-feedback.
"""

import httpx

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import make_catalog
from tests.vendors.attraqt.requests import error, states, stored
from tests.vendors.attraqt.steering import advance, change_settings, freeze

SCHEMA = {
    "name": "product",
    "attributes": [
        {"name": "title", "type": "LOCALIZEDTEXT", "isRequired": True},
        {"name": "price", "type": "FLOAT"},
        {
            "name": "brand",
            "type": "OBJECT",
            "attributes": [
                {"name": "value", "type": "LOCALIZEDTEXT", "isFhrValue": True},
                {"name": "value_id", "type": "TEXT", "isFhrValueId": True},
            ],
        },
    ],
    "nestedItemSchemas": [{"name": "variant", "attributes": [{"name": "size", "type": "INTEGER"}]}],
}
TREE = {
    "name": "shop",
    "localizedNames": [{"name": "Shop", "locale": "en_GB"}],
    "children": [{"name": "shoes", "localizedNames": [{"name": "Shoes", "locale": "en_GB"}]}],
}
SHOE = {
    "id": "P1",
    "type": "product",
    "context": "global",
    "timestamp": "2025-03-01T08:59:00.000+00:00",
    "attributes": {
        "title": {"en_GB": "Shoe"},
        "price": 70,
        "brand": {"value": {"en_GB": "Acme"}, "value_id": "acme"},
        "categories": ["shoes"],
    },
}
SIZE = {"id": "P1-42", "type": "variant", "parentId": "P1", "attributes": {"size": 42}}


def token(emulation: Emulation) -> httpx.Client:
    """Return a client with an access token of the token endpoint."""
    client = emulation.client("/attraqt", params={"tenant": "acme", "environment": "live1"})
    name = client.headers["Authorization"].removeprefix("Bearer ")
    freeze(emulation, client, "2025-03-01T09:00:00Z")
    answer = client.post(
        "/auth/realms/acme/protocol/openid-connect/token",
        data={"grant_type": "client_credentials", "client_id": name, "client_secret": "s"},
    )
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def test_a_client_runs_its_whole_workflow(emulation: Emulation) -> None:
    """Token, schema, tree, catalog, items, activation, feedback, batch, promotion, deletion."""
    client = token(emulation)

    assert client.post("/item-schemas", params={"fhrValidation": "true"}, json=SCHEMA).json() == {
        "version": 1
    }
    assert client.post("/category-trees", json=TREE).json() == {"version": 1}
    assert client.post("/locale/en_GB").json() == {"locale": "en_GB"}
    catalog = {
        "catalogItemSchemas": [{"name": "product", "version": 1}],
        "catalogCategoryTrees": [{"name": "shop", "version": 1}],
    }
    assert client.post("/catalogs", json=catalog).json() == {"version": 1}

    # Streaming.
    items = [{**one, "catalogVersion": 1} for one in (SHOE, SIZE)]
    answer = client.post("/items", json=items, params={"fhrValidation": "true"})
    receipts = [entry["receiptId"] for entry in answer.json()]
    patch = {**SIZE, "catalogVersion": "1", "attributes": {"size": 43}}
    assert client.patch("/items", json=[patch]).status_code == 200
    for receipt in receipts:
        update = client.get(f"/feedback/catalog-version/1/updates/{receipt}").json()["update"]
        assert update["state"] == "SUCCESS"

    # Activation, with polling.
    change_settings(emulation, client, activation_delay=60, ingestion_delay=60)
    assert client.post("/catalogs/activate/1", params={"minItemCount": 2}).text == "{}"
    assert states(client) == {1: "ACTIVATING"}
    advance(emulation, client, 60)
    assert client.get("/catalogs/active").json()["version"] == 1
    feedback = client.get("/feedback/catalog-version/1/full/statistics").json()
    assert [attempt["state"] for attempt in feedback["catalogActivations"]] == ["SUCCESS"]

    # The next catalog from a batch, with promotion.
    answer = client.post("/catalogs", json=catalog, params={"createBatchImport": "true"})
    assert answer.json() == {"version": 2}
    answer = client.post("/batch-imports/items", json=[SHOE, SIZE], params={"batch_id": 2})
    assert len(answer.json()) == 2
    wanted = {"catalogVersion": "2", "minItemCount": 2, "promoteCatalogOnCompletion": True}
    started = client.post("/batch-imports/ingestions", json=wanted).json()["id"]
    seen = []
    for _ in range(4):
        path = f"/batch-imports/ingestions/{started}"
        seen.append((client.get(path).json()["status"], states(client)[2]))
        advance(emulation, client, 40)
    assert seen == [
        ("pending", "INACTIVE"),
        ("running", "INACTIVE"),
        ("completed", "ACTIVATING"),
        ("completed", "ACTIVE"),
    ]
    assert states(client) == {2: "ACTIVE", 1: "INACTIVE"}
    assert list(stored(emulation, client, 2)) == ["P1", "P1-42"]

    # Deletion of items, of the old catalog, and of its schemas and trees.
    answer = client.post(
        "/items/delete", json=[{"id": "P1", "catalogVersion": 2, "type": "product"}]
    )
    assert answer.status_code == 200
    advance(emulation, client, 60)
    assert list(stored(emulation, client, 2)) == ["P1-42"]
    assert client.delete("/catalogs/1").text == "{}"
    assert error(client.delete("/catalogs/2")) == (400, 9, "CATALOG_DELETION_ACTIVE")
    assert error(client.delete("/item-schemas/product/1"))[2] == "ITEM_SCHEMA_DELETION_USE"
    records = client.get("/feedback/catalog-version").json()["catalogCreations"]
    assert [record["version"] for record in records] == ["2", "1"]

    # The token is older than five minutes now.
    advance(emulation, client, 60)
    assert error(client.get("/catalogs")) == (401, 16, "UNAUTHENTICATED")


def test_sandboxes_tenants_and_environments_are_isolated(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """None sees the changes of another."""
    own = attraqt.headers["Authorization"].removeprefix("Bearer ")
    worlds = [attraqt]
    for name, tenancy in (
        (None, ("acme", "live1")),
        (own, ("acme", "test1")),
        (own, ("b", "live1")),
    ):
        query = dict(zip(("tenant", "environment"), tenancy, strict=True))
        worlds.append(emulation.client("/attraqt", name, params=query))
    batches = []
    for number, client in enumerate(worlds):
        make_catalog(client)
        one = {"id": f"A{number}", "catalogVersion": 1, "type": "product", "attributes": {}}
        client.post("/items", json=[one])
        batches.append(client.post("/batch-imports").json()["id"])
        client.post(f"/locale/{'en' if number % 2 else 'de'}")
        if number % 2:
            client.post("/catalogs/activate/1")

    for number, client in enumerate(worlds):
        assert list(stored(emulation, client)) == [f"A{number}"]
        assert states(client) == {1: "ACTIVE" if number % 2 else "INACTIVE"}
        listed = client.get("/batch-imports").json()["batchImports"]
        assert [batch["id"] for batch in listed] == [batches[number]]
        others = set(batches) - {batches[number]}
        for batch in others:
            refused = client.post("/batch-imports/items", json=[], params={"batch_id": batch})
            assert error(refused) == (404, 5, "BATCH_IMPORT_NOT_FOUND")
        assert client.get("/locale").json() == {"locale": "en" if number % 2 else "de"}
        found = client.get("/feedback/catalog-version/1/updates/statistics/summary/absolute")
        assert found.json()["numberOfUpdates"] == 1
    attraqt.delete("/catalogs/1")
    assert [bool(states(client)) for client in worlds] == [False, True, True, True]
    assert list(stored(emulation, worlds[2])) == ["A2"]


def test_a_reset_deletes_everything(emulation: Emulation, attraqt: httpx.Client) -> None:
    """Numbers too: the next catalog is the first."""
    make_catalog(attraqt)
    one = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}
    attraqt.post("/items", json=[one])
    attraqt.post("/batch-imports")
    attraqt.post("/locale/en_GB")

    emulation.sandbox(attraqt).reset()

    assert attraqt.get("/feedback/catalog-version").status_code == 404
    assert attraqt.get("/batch-imports").json() == {"batchImports": []}
    assert attraqt.get("/locale").status_code == 404
    assert make_catalog(attraqt) == 1
    assert stored(emulation, attraqt) == {}

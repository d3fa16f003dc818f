"""Fifty concurrent writers: the allowed number succeeds, all others get Attraqt's error."""

from collections import Counter
from collections.abc import Iterable

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    PRODUCT,
    SHOP,
    item,
    make_batch,
    make_catalog,
    make_item_schema,
)
from tests.vendors.attraqt.requests import (
    error,
    ingest,
    ingestion,
    send,
    states,
    statistics,
    stored,
    update_of,
)
from tests.vendors.attraqt.steering import change_settings, delay_activation, settle

WRITERS = 50


def counted(answers: Iterable[httpx.Response]) -> Counter[object]:
    """Count successes as 200, and errors by status, code and category."""
    return Counter(a.status_code if a.status_code == 200 else error(a) for a in answers)


def test_two_of_fifty_catalogs_are_created(emulation: Emulation, attraqt: httpx.Client) -> None:
    """The others reach the limit, and no number is skipped."""
    make_item_schema(attraqt)
    wanted = [attraqt.build_request("POST", "/catalogs", json=OF_PRODUCT) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 2, (400, 3, "CATALOG_LIMIT_REACHED"): 48}
    assert states(attraqt) == {2: "INACTIVE", 1: "INACTIVE"}


@pytest.mark.parametrize("delay", [0, 60])
def test_one_of_fifty_activations_starts(
    emulation: Emulation, attraqt: httpx.Client, delay: float
) -> None:
    """The others find the catalog ACTIVE or ACTIVATING."""
    delay_activation(emulation, attraqt, delay)
    version = make_catalog(attraqt)
    path = f"/catalogs/activate/{version}"
    wanted = [attraqt.build_request("POST", path) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 1, (400, 9, "CATALOG_ALREADY_ACTIVE"): 49}
    settle(emulation, attraqt)
    assert states(attraqt) == {version: "ACTIVE"}


def test_two_catalogs_cannot_be_activating_together(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """One of fifty activations starts."""
    delay_activation(emulation, attraqt, 60)
    versions = [make_catalog(attraqt), make_catalog(attraqt)]
    wanted = [
        attraqt.build_request("POST", f"/catalogs/activate/{versions[number % 2]}")
        for number in range(WRITERS)
    ]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 1, (400, 9, "CATALOG_ALREADY_ACTIVE"): 49}
    assert sorted(states(attraqt).values()) == ["ACTIVATING", "INACTIVE"]


@pytest.mark.parametrize(
    ("path", "body", "category"),
    [
        ("/item-schemas", PRODUCT, "ITEM_SCHEMA_ALREADY_EXISTS"),
        ("/category-trees", SHOP, "CATEGORY_TREE_ALREADY_EXISTS"),
    ],
)
def test_one_of_fifty_creates_a_name(
    emulation: Emulation, attraqt: httpx.Client, path: str, body: object, category: str
) -> None:
    """The others get the error that it exists."""
    wanted = [attraqt.build_request("POST", path, json=body) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 1, (400, 9, category): 49}


def test_fifty_new_versions_get_fifty_numbers(emulation: Emulation, attraqt: httpx.Client) -> None:
    """No number twice, and none skipped."""
    make_item_schema(attraqt)
    wanted = [
        attraqt.build_request("PUT", "/item-schemas/product", json=PRODUCT) for _ in range(WRITERS)
    ]

    answers = emulation.at_once(attraqt, wanted)

    assert sorted(a.json()["version"] for a in answers) == list(range(2, WRITERS + 2))


def test_a_schema_is_deleted_or_used_but_never_both(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """A catalog never refers to a deleted version."""
    make_item_schema(attraqt)
    wanted = [
        attraqt.build_request("POST", "/catalogs", json=OF_PRODUCT)
        if number % 2
        else attraqt.build_request("DELETE", "/item-schemas/product/1")
        for number in range(WRITERS)
    ]

    emulation.at_once(attraqt, wanted)

    is_there = attraqt.get("/item-schemas/product/1").status_code == 200
    assert is_there == bool(states(attraqt))


@pytest.mark.parametrize("delay", [0, 60])
def test_fifty_messages_about_the_same_items_lose_no_item(
    emulation: Emulation, attraqt: httpx.Client, delay: float
) -> None:
    """Counter, items and feedback agree, and all receipts differ."""
    make_catalog(attraqt)
    make_catalog(attraqt)
    change_settings(emulation, attraqt, ingestion_delay=delay)
    wanted = []
    for number in range(WRITERS):
        # Both orders of locks: no deadlock may occur.
        items = [item("shared", 1 + number % 2), item(f"A{number}", 2 - number % 2)]
        wanted.append(attraqt.build_request("POST", "/items", json=items))

    answers = emulation.at_once(attraqt, wanted)
    settle(emulation, attraqt)

    assert counted(answers) == {200: WRITERS}
    receipts = [
        (entry["itemId"]["catalogVersion"], entry["receiptId"])
        for answer in answers
        for entry in answer.json()
    ]
    assert len(set(receipts)) == 2 * WRITERS
    for version in (1, 2):
        assert len(stored(emulation, attraqt, version)) == WRITERS // 2 + 1
        assert statistics(attraqt, version)["numberOfSuccesses"] == WRITERS


def test_writers_and_deleters_of_one_item_end_with_it_or_without(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """The counter agrees."""
    make_catalog(attraqt)
    paths = [("POST", "/items"), ("PATCH", "/items"), ("POST", "/items/delete")]
    wanted = [attraqt.build_request(*paths[number % 3], json=[item()]) for number in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: WRITERS}
    assert len(stored(emulation, attraqt)) in (0, 1)
    assert statistics(attraqt)["numberOfUpdates"] == WRITERS


def test_a_deleted_catalog_loses_all_its_items(emulation: Emulation, attraqt: httpx.Client) -> None:
    """Later writers get 404, and the next catalog is empty."""
    make_catalog(attraqt)
    wanted = [attraqt.build_request("POST", "/items", json=[item(f"A{n}")]) for n in range(WRITERS)]
    wanted.insert(WRITERS // 2, attraqt.build_request("DELETE", "/catalogs/1"))

    answers = emulation.at_once(attraqt, wanted)

    assert set(counted(answers)) <= {200, (404, 5, "CATALOG_NOT_FOUND")}
    assert stored(emulation, attraqt, make_catalog(attraqt)) == {}


def test_a_batch_keeps_the_items_of_all_writers(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """No item overwrites another."""
    make_catalog(attraqt)
    batch = make_batch(attraqt)
    query = {**dict(attraqt.params), "batch_id": batch}
    wanted = [
        attraqt.build_request("POST", "/batch-imports/items", json=[item(f"A{n}")], params=query)
        for n in range(WRITERS)
    ]

    answers = emulation.at_once(attraqt, wanted)
    ingest(attraqt, batch)

    assert counted(answers) == {200: WRITERS}
    assert len(stored(emulation, attraqt)) == WRITERS


def test_an_ingestion_writes_the_items_that_its_batch_held_at_its_creation(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """While others add to the batch: whole messages only, and each receipt has its update."""
    make_catalog(attraqt)
    change_settings(emulation, attraqt, ingestion_delay=60)
    batch = make_batch(attraqt, item("A0"), item("B0"))
    query = {**dict(attraqt.params), "batch_id": batch}
    body = {"catalogVersion": 1, "batchImportId": batch, "minItemCount": 2}
    wanted = [
        attraqt.build_request("POST", "/batch-imports/ingestions", json=body)
        if number % 2
        else attraqt.build_request(
            "POST",
            "/batch-imports/items",
            json=[item(f"A{number}"), item(f"B{number}")],
            params=query,
        )
        for number in range(2, WRITERS)
    ]

    answers = emulation.at_once(attraqt, wanted)
    last = ingest(attraqt, batch)
    settle(emulation, attraqt)

    assert counted(answers) == {200: WRITERS - 2}
    counts = [ingestion(attraqt, a.json()["id"])["upsertedItemCount"] for a in answers[1::2]]
    assert all(count % 2 == 0 and 2 <= count <= WRITERS for count in counts)
    assert ingestion(attraqt, last)["upsertedItemCount"] == WRITERS
    for answer in answers[::2]:
        for entry in answer.json():
            update = update_of(attraqt, entry["receiptId"])
            assert (update["itemId"], update["state"]) == (entry["itemId"]["id"], "SUCCESS")


def test_ingestions_activations_and_items_do_not_deadlock(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """No call gets a 500, and all jobs end."""
    make_catalog(attraqt)
    make_catalog(attraqt)
    batch = make_batch(attraqt, *(item(f"B{n}") for n in range(20)))
    body = {"catalogVersion": 1, "batchImportId": batch, "promoteCatalogOnCompletion": True}
    kinds = [
        ("POST", "/batch-imports/ingestions", body),
        ("POST", "/catalogs/activate/2", None),
        ("POST", "/items", [item("A1", 1), item("A1", 2)]),
        ("GET", "/feedback/catalog-version", None),
        ("DELETE", "/batch-imports/ingestions/1", None),
    ]
    wanted = [
        attraqt.build_request(method, path, json=content)
        for number in range(WRITERS)
        for method, path, content in [kinds[number % len(kinds)]]
    ]

    answers = emulation.at_once(attraqt, wanted)
    settle(emulation, attraqt)

    assert all(answer.status_code < 500 for answer in answers)
    assert sorted(states(attraqt).values()) == ["ACTIVE", "INACTIVE"]
    assert len(stored(emulation, attraqt)) == 21
    for answer in answers:
        if answer.status_code == 200 and "id" in answer.json():
            assert ingestion(attraqt, answer.json()["id"])["status"] == "completed"


def test_an_ingestion_is_cancelled_or_carried_out(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """Fifty calls cancel it at its due time; the result is never a mixture."""
    make_catalog(attraqt)
    send(attraqt, item("A0"))
    change_settings(emulation, attraqt, ingestion_delay=0.001)
    name = ingest(attraqt, make_batch(attraqt, item()))
    path = f"/batch-imports/ingestions/{name}"
    wanted = [attraqt.build_request("DELETE", path) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)
    settle(emulation, attraqt)

    assert counted(answers) == {200: WRITERS}
    done = ingestion(attraqt, name)["status"] == "completed"
    assert done == ("A1" in stored(emulation, attraqt))

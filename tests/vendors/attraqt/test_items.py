"""Streaming items over HTTP (docs/vendors/attraqt.md#6-items)."""

import re
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    item,
    make_active_catalog,
    make_catalog,
    make_category_tree,
    make_item_schema,
)
from tests.vendors.attraqt.requests import error, inspect, send, statistics, stored, update_of
from tests.vendors.attraqt.steering import advance, change_settings, freeze, limit_rates

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class TestReceipts:
    """The answer to a message."""

    def test_each_item_has_its_receipt_in_order(self, attraqt: httpx.Client) -> None:
        """`itemId` is the object of the older edition."""
        make_catalog(attraqt)

        answer = attraqt.post("/items", json=[item("A2"), item("A1", "1", context="global")])

        assert answer.status_code == 200
        assert [entry["itemId"] for entry in answer.json()] == [
            {"id": "A2", "catalogVersion": 1, "context": "", "type": "product"},
            {"id": "A1", "catalogVersion": 1, "context": "global", "type": "product"},
        ]
        receipts = [entry["receiptId"] for entry in answer.json()]
        assert all(UUID.fullmatch(receipt) for receipt in receipts)
        assert len(set(receipts)) == 2

    @pytest.mark.parametrize(
        ("method", "path"), [("POST", "/items"), ("PATCH", "/items"), ("POST", "/items/delete")]
    )
    def test_an_empty_message_has_none(self, attraqt: httpx.Client, method: str, path: str) -> None:
        """It is no error, and needs no catalog."""
        answer = attraqt.request(method, path, json=[])

        assert (answer.status_code, answer.text) == (200, "[]")

    def test_unknown_query_keys_are_ignored(self, attraqt: httpx.Client) -> None:
        """Clients send some."""
        make_catalog(attraqt)

        assert send(attraqt, item(), catalog="x", size=7, fhrValidation="true")


class TestUpsert:
    """`POST /items`."""

    def test_it_replaces_all_attributes(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """Attributes that are not sent again are deleted."""
        extra = {"name": "extra", "type": "TEXT"}
        title = {"name": "title", "type": "TEXT"}
        attraqt.post("/item-schemas", json={"name": "product", "attributes": [title, extra]})
        attraqt.post("/catalogs", json=OF_PRODUCT)
        send(attraqt, item(attributes={"title": "a", "extra": "b"}))

        send(attraqt, item(attributes={"title": "c"}))

        assert stored(emulation, attraqt) == {"A1": {"title": "c"}}

    def test_an_item_is_stored_as_it_was_sent(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The control plane shows it with its defaults."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        make_catalog(attraqt)
        send(attraqt, item(attributes={"title": "Läden 🏪\x00"}))

        assert inspect(emulation, attraqt).json() == {
            "items": [
                {
                    "id": "A1",
                    "catalogVersion": 1,
                    "type": "product",
                    "context": "",
                    "parentId": "",
                    "timestamp": "2025-03-01T09:00:00.000000Z",
                    "attributes": {"title": "Läden 🏪\x00"},
                }
            ],
            "count": 1,
            "cursor": None,
        }

    @pytest.mark.parametrize("activate", [False, True])
    def test_catalogs_of_all_states_accept_items(
        self, emulation: Emulation, attraqt: httpx.Client, activate: bool
    ) -> None:
        """An ACTIVATING one too."""
        make = make_active_catalog if activate else make_catalog
        make(attraqt)
        change_settings(emulation, attraqt, activation_delay=60)
        second = make_active_catalog(attraqt)

        send(attraqt, item("A1", 1), item("A2", second))

        assert list(stored(emulation, attraqt)) == ["A1"]
        assert list(stored(emulation, attraqt, second)) == ["A2"]

    def test_one_invalid_item_fails_the_whole_message(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The message names each id, attribute and value (amendment attraqt A5)."""
        make_catalog(attraqt)

        answer = attraqt.post(
            "/items",
            json=[
                item("A1"),
                item("A2", attributes={"title": 7}),
                item("A3", attributes={"colour": "red"}),
            ],
        )

        assert error(answer) == (400, 3, "ITEM_INVALID")
        assert answer.json()["message"] == (
            "ITEM_INVALID: The items are invalid - A2: title must be a text, not 7; "
            "A3: colour is not declared in the item schema"
        )
        assert stored(emulation, attraqt) == {}
        assert statistics(attraqt)["numberOfUpdates"] == 0

    def test_categories_are_checked_against_the_catalogs_trees(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """They are mandatory if the catalog has a tree."""
        make_category_tree(attraqt)
        make_catalog(attraqt, catalogCategoryTrees=[{"name": "shop", "version": 1}])
        categorised = {"title": "Shoe", "categories": ["shoes"]}

        missing = attraqt.post("/items", json=[item()])
        unknown = attraqt.post(
            "/items", json=[item(attributes={**categorised, "categories": ["hats"]})]
        )
        send(attraqt, item(attributes=categorised))

        assert "A1: categories is required" in missing.json()["message"]
        assert "A1: categories hats" in unknown.json()["message"]
        assert stored(emulation, attraqt) == {"A1": categorised}

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, (400, 3, "ITEM_INVALID")),
            (item(), (400, 3, "ITEM_INVALID")),
            (None, (400, 3, "ITEM_INVALID")),
            ([7], (400, 3, "ITEM_INVALID")),
            ([item(tenant="other")], (400, 3, "ITEM_TENANT_ENV")),
            ([item(version=2)], (404, 5, "CATALOG_NOT_FOUND")),
            ([item(), item(version=2)], (404, 5, "CATALOG_NOT_FOUND")),
            ([item(version=2**63 - 1)], (404, 5, "CATALOG_NOT_FOUND")),
        ],
    )
    def test_an_invalid_message_is_refused(
        self,
        emulation: Emulation,
        attraqt: httpx.Client,
        body: Any,
        expected: tuple[int, int, str],
    ) -> None:
        """It changes nothing."""
        make_catalog(attraqt)

        assert error(attraqt.post("/items", json=body)) == expected
        assert stored(emulation, attraqt) == {}

    def test_the_bodys_tenancy_may_repeat_the_querys(self, attraqt: httpx.Client) -> None:
        """The docs list it as mandatory, and no recorded request has it."""
        make_catalog(attraqt)

        assert send(attraqt, item(tenant="acme", environment="live1"))

    def test_a_variant_and_its_parent_may_share_an_id(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """An item is identified by id and type (inferred)."""
        variant = {"name": "variant", "attributes": [{"name": "size", "type": "INTEGER"}]}
        attraqt.post("/item-schemas", json={"name": "product", "nestedItemSchemas": [variant]})
        make_catalog(attraqt)
        parent = item(attributes={})

        send(attraqt, parent, {**parent, "type": "variant", "parentId": "A1"})
        attraqt.post("/items/delete", json=[parent])

        [left] = inspect(emulation, attraqt).json()["items"]
        assert (left["type"], left["parentId"]) == ("variant", "A1")


class TestPatch:
    """`PATCH /items`."""

    def test_it_merges(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """Null removes an attribute; context and parent stay."""
        attributes = [{"name": name, "type": "TEXT"} for name in ("title", "a", "b")]
        attraqt.post("/item-schemas", json={"name": "product", "attributes": attributes})
        make_catalog(attraqt)
        send(attraqt, item(context="global", attributes={"title": "t", "a": "1"}))

        answer = attraqt.patch("/items", json=[item(attributes={"a": None, "b": "2"})])

        assert answer.status_code == 200
        [found] = inspect(emulation, attraqt).json()["items"]
        assert found["attributes"] == {"title": "t", "b": "2"}
        assert found["context"] == "global"

    def test_an_unknown_item_is_accepted_and_fails_later(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Its receipt leads to a FAILURE (inferred)."""
        make_catalog(attraqt)

        [entry] = attraqt.patch("/items", json=[item()]).json()

        path = f"/feedback/catalog-version/1/updates/{entry['receiptId']}"
        update = attraqt.get(path).json()["update"]
        assert (update["state"], update["message"]) == ("FAILURE", "The item does not exist")
        assert stored(emulation, attraqt) == {}

    def test_types_are_checked_and_requirements_are_not(self, attraqt: httpx.Client) -> None:
        """The text is the one for a new item."""
        make_catalog(attraqt)
        send(attraqt, item())

        assert attraqt.patch("/items", json=[item(attributes={})]).status_code == 200
        refused = attraqt.patch("/items", json=[item(attributes={"title": 7})])
        assert error(refused) == (400, 3, "ITEM_INVALID")


class TestDelete:
    """`POST /items/delete`."""

    def test_deleted_items_are_gone(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """The recorded form names neither attributes nor context."""
        make_catalog(attraqt)
        send(attraqt, item("A1", context="global"), item("A2"))

        answer = attraqt.post(
            "/items/delete", json=[{"id": "A1", "catalogVersion": 1, "type": "product"}]
        )

        assert answer.json()[0]["itemId"]["id"] == "A1"
        assert list(stored(emulation, attraqt)) == ["A2"]

    def test_an_absent_item_can_be_deleted(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Of any type; no schema is checked."""
        make_catalog(attraqt)

        answer = attraqt.post("/items/delete", json=[item("A1"), item("A2", type="nothing")])

        assert answer.status_code == 200
        assert stored(emulation, attraqt) == {}

    def test_items_are_deleted_with_their_catalog(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The next catalog is empty and has another number."""
        make_catalog(attraqt)
        send(attraqt, item())

        attraqt.delete("/catalogs/1")
        version = make_catalog(attraqt)

        assert inspect(emulation, attraqt).status_code == 404
        assert stored(emulation, attraqt, version) == {}


class TestOrder:
    """The timestamps order operations on one item."""

    def test_an_outdated_operation_changes_nothing(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """In two messages or within one."""
        make_catalog(attraqt)
        late = item(attributes={"title": "old"}, timestamp="2025-01-01T00:00:00.000Z")
        new = item(attributes={"title": "new"}, timestamp="2025-01-01T02:00:00.000+01:00")

        send(attraqt, new, late)
        send(attraqt, late)

        assert stored(emulation, attraqt) == {"A1": {"title": "new"}}

    def test_an_outdated_operation_restores_no_item(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Its feedback shows that; a newer one restores the item."""
        make_catalog(attraqt)
        attraqt.post("/items/delete", json=[item(timestamp="2025-01-02T00:00:00Z")])

        send(attraqt, item(timestamp="2025-01-01T00:00:00Z"))
        dead = stored(emulation, attraqt)
        send(attraqt, item(timestamp="2025-01-03T00:00:00Z"))

        assert dead == {}
        assert list(stored(emulation, attraqt)) == ["A1"]
        assert statistics(attraqt)["numberOfSuccesses"] == 3


class TestDelay:
    """With `attraqt.ingestion_delay` items are written later."""

    def test_items_are_pending_until_their_due_time(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Several messages keep their order."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        [entry] = send(attraqt, item(attributes={"title": "first"}))
        send(attraqt, item(attributes={"title": "second"}), item("A2"))
        path = f"/feedback/catalog-version/1/updates/{entry['receiptId']}"
        advance(emulation, attraqt, 59)

        waiting = attraqt.get(path).json()["update"]
        before = stored(emulation, attraqt), statistics(attraqt)["numberOfPendingUpdates"]
        advance(emulation, attraqt, 10)
        done = attraqt.get(path).json()["update"]

        assert before == ({}, 3)
        assert (waiting["state"], waiting["endTimestamp"], waiting["duration"]) == (
            "PENDING",
            "N/A",
            59,
        )
        assert (done["state"], done["endTimestamp"], done["duration"]) == (
            "SUCCESS",
            "2025-03-01T09:01:00.000000",
            60,
        )
        assert stored(emulation, attraqt) == {
            "A1": {"title": "second"},
            "A2": {"title": "Thing A2"},
        }

    def test_pending_items_of_a_deleted_catalog_fail(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The feedback outlives the catalog."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        send(attraqt, item())
        attraqt.delete("/catalogs/1")

        advance(emulation, attraqt, 60)

        assert statistics(attraqt) == {
            "numberOfSuccesses": 0,
            "numberOfFailures": 1,
            "numberOfPendingUpdates": 0,
            "numberOfUpdates": 1,
        }


class TestLimits:
    """Messages per second of the virtual clock."""

    def test_the_251st_message_of_a_second_is_too_many(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Per tenancy; the next second has a new limit."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        paths = [("POST", "/items"), ("PATCH", "/items"), ("POST", "/items/delete")]
        requests = [
            attraqt.build_request(*paths[number % 3], json=[], params=dict(attraqt.params))
            for number in range(251)
        ]

        answers = emulation.at_once(attraqt, requests)
        elsewhere = attraqt.post("/items", json=[], params={"environment": "test1"})
        advance(emulation, attraqt, 1)

        assert sorted(answer.status_code for answer in answers) == [200] * 250 + [429]
        [refused] = [answer for answer in answers if answer.status_code == 429]
        assert error(refused) == (429, 8, "RESOURCE_EXHAUSTED")
        assert elsewhere.status_code == 200
        assert attraqt.post("/items", json=[]).status_code == 200

    def test_messages_to_a_batch_count_as_well(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """They share the limit of their tenancy (inferred); 2 replaces 250 here."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        limit_rates(emulation, attraqt, "tiny")
        batch = {"batch_id": attraqt.post("/batch-imports").json()["id"]}
        path = "/batch-imports/items"

        answers = [
            attraqt.post("/items", json=[]),
            attraqt.patch(path, json=[], params=batch),
            attraqt.post(path, json=[], params=batch),
            attraqt.post(f"{path}/delete", json=[], params=batch),
        ]

        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]


class TestControl:
    """`GET /_mockalog/attraqt/items`."""

    def test_items_are_listed_page_by_page(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """A thousand per page, in the order of their arrival, without deleted ones."""
        make_catalog(attraqt)
        send(attraqt, *(item(f"A{number}") for number in range(2002)))
        attraqt.post("/items/delete", json=[item("A0"), item("A1500")])

        first = inspect(emulation, attraqt).json()
        second = inspect(emulation, attraqt, cursor=first["cursor"]).json()
        third = inspect(emulation, attraqt, cursor=second["cursor"]).json()

        found = [entry["id"] for page in (first, second, third) for entry in page["items"]]
        wanted = [f"A{number}" for number in range(2002) if number not in (0, 1500)]
        assert found == wanted
        assert (first["count"], third["items"], third["cursor"]) == (2000, [], None)

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ({"catalogVersion": "2"}, 404),
            ({"catalogVersion": ""}, 404),
            ({"cursor": "x"}, 400),
            ({"tenant": ""}, 400),
            ({"tenant": "other"}, 404),
            ({"cursor": str(2**62)}, 200),
        ],
    )
    def test_an_unknown_catalog_or_cursor_is_refused(
        self, emulation: Emulation, attraqt: httpx.Client, query: dict[str, str], status: int
    ) -> None:
        """In the control plane's form, with the vendor's text."""
        make_catalog(attraqt)

        assert inspect(emulation, attraqt, **query).status_code == status


def test_the_deepest_body_is_written_later_too(emulation: Emulation, attraqt: httpx.Client) -> None:
    """200 levels: the stored JSON is deeper, and can be read, run, exported and imported."""
    deep: list[Any] = []
    for _ in range(196):
        deep = [deep]
    objects: dict[str, Any] = {"name": "a", "type": "TEXT"}
    for _ in range(98):
        objects = {"name": "a", "type": "OBJECT", "attributes": [objects]}
    lists = {"name": "deep", "type": "LIST", "listSubType": "LIST"}
    make_item_schema(attraqt, attributes=[objects, {**lists, "isRequired": False}])
    make_catalog(attraqt)
    control = emulation.control(attraqt)
    freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
    change_settings(emulation, attraqt, ingestion_delay=60)

    [entry] = send(attraqt, item(attributes={"deep": deep}))
    too_deep = attraqt.post("/items", json=[item(attributes={"deep": [deep]})])
    document = control.get("/state")

    assert error(too_deep) == (400, 3, "INVALID_ARGUMENT")
    assert control.put("/state", content=document.content).status_code == 200
    assert len(control.get("/jobs").json()["jobs"]) == 1
    advance(emulation, attraqt, 60)
    assert update_of(attraqt, entry["receiptId"])["state"] == "SUCCESS"
    assert stored(emulation, attraqt) == {"A1": {"deep": deep}}

"""The nightly feed: counts and reasons of an ingestion, also of a failed one.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    item,
    make_active_catalog,
    make_batch,
    make_catalog,
    make_category_tree,
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
    updates_of,
)
from tests.vendors.attraqt.steering import advance, change_settings

INGESTIONS = "/batch-imports/ingestions"
SENTENCE = "Fredhopper currently does not support loading batches into active catalogs"
EARLY = {"timestamp": "2001-01-01T00:00:00Z"}
PRICED = [
    {"name": "title", "type": "TEXT", "isRequired": True},
    {"name": "price", "type": "FLOAT"},
    {"name": "sizes", "type": "LIST", "listSubType": "INTEGER"},
]


def priced(item_id: str, **attributes: Any) -> dict[str, Any]:
    """Return an item of the schema `PRICED`."""
    return item(item_id, attributes={"title": "t", **attributes})


@pytest.fixture
def client(attraqt: httpx.Client) -> httpx.Client:
    """A client with a catalog of priced items."""
    make_item_schema(attraqt, attributes=PRICED)
    make_catalog(attraqt)
    return attraqt


class TestReasons:
    """The reasons of a failed ingestion."""

    def test_one_bad_value_of_a_thousand_items_is_found(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The ingestion names the attribute, the feedback item and value (amendment attraqt A5)."""
        items = [priced(f"A{number}", price=number) for number in range(1000)]
        items[617] = priced("A617", price="cheap")

        found = ingestion(client, ingest(client, make_batch(client, *items), minItemCount=1000))
        failures = updates_of(client, "FAILURE")

        assert (found["status"], found["statusReason"]) == (
            "failed",
            "minItemCount is 1000, found 999 valid items",
        )
        assert found["itemErrorCount"] == 1
        assert found["itemErrorsSummary"] == {"price must be a number": 1}
        assert stored(emulation, client) == {}
        assert statistics(client)["numberOfFailures"] == 1000
        path = "/feedback/catalog-version/1/updates/statistics/details/FAILURE/absolute"
        pages = [
            client.get(path, params={"from": at}).json()["updates"] for at in range(0, 1000, 100)
        ]
        messages = {update["itemId"]: update["message"] for page in pages for update in page}
        assert messages.pop("A617") == 'price must be a number, not "cheap"'
        assert set(messages.values()) == {f"The ingestion failed: {found['statusReason']}"}
        assert len(failures) == 100

    @pytest.mark.parametrize("bad", [0, 617, 999, 1000])
    def test_the_first_page_of_failures_shows_the_bad_item(
        self, client: httpx.Client, bad: int
    ) -> None:
        """Wherever it is in the batch; the rest is newest first (amendment attraqt A5)."""
        items = [priced(f"A{number}", price=number) for number in range(1001)]
        items[bad] = priced(f"A{bad}", price="cheap")
        ingest(client, make_batch(client, *items), minSuccessRatePercent=100)

        *others, last = updates_of(client, "FAILURE")

        assert last == (f"A{bad}", 'price must be a number, not "cheap"')
        fine = [f"A{number}" for number in range(1001) if number != bad]
        assert [item_id for item_id, _ in others] == fine[-99:]

    def test_newer_failures_come_before_those_of_an_older_ingestion(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Only items of one ingestion change places (amendment attraqt A5)."""
        for number in (1, 2):
            batch = make_batch(client, priced(f"bad{number}", price="x"), priced(f"A{number}"))
            ingest(client, batch, minItemCount=2)
            advance(emulation, client, 1)

        listed = [item_id for item_id, _ in reversed(updates_of(client, "FAILURE"))]

        assert listed == ["bad2", "A2", "bad1", "A1"]

    @pytest.mark.parametrize("wanted", [{"minItemCount": 9}, {}])
    def test_all_problems_of_an_item_are_its_reason(
        self, client: httpx.Client, wanted: dict[str, Any]
    ) -> None:
        """Failed or completed: the summary counts each of them (amendment attraqt A5)."""
        batch = make_batch(
            client,
            item("A1", attributes={"price": "cheap", "sizes": [1, "L", None]}),
            item("A2", attributes={"title": None, "price": True, "colour": "red"}),
            item("A3", type="other"),
        )

        found = ingestion(client, ingest(client, batch, **wanted))

        assert updates_of(client, "FAILURE") == [
            (
                "A1",
                'price must be a number, not "cheap"; sizes[1] must be an integer, not "L"; '
                "sizes[2] must be an integer, not null; title is required",
            ),
            (
                "A2",
                "price must be a number, not true; colour is not declared in the item schema; "
                "title is required",
            ),
            ("A3", 'type must be the name of an item schema of the catalog, not "other"'),
        ]
        assert found["itemErrorsSummary"] == {
            "price must be a number": 2,
            "sizes must be an integer": 2,
            "title is required": 2,
            "colour is not declared in the item schema": 1,
            "type must be the name of an item schema of the catalog": 1,
        }
        assert found["itemErrorCount"] == 8

    def test_an_operation_on_an_absent_item_keeps_its_reason(self, client: httpx.Client) -> None:
        """It breaks no schema, but it is invalid (amendment attraqt A5)."""
        batch = make_batch(client, priced("A1"))
        patch = [{"id": "nobody", "type": "product", "attributes": {}}]
        client.patch("/batch-imports/items", json=patch, params={"batch_id": batch})

        found = ingestion(client, ingest(client, batch, minSuccessRatePercent=50.5))

        reason = "minSuccessRatePercent is 50.5, found 1 valid items of 2"
        assert found["statusReason"] == reason
        assert found["itemErrorsSummary"] == {"The item does not exist": 1}
        assert updates_of(client, "FAILURE") == [
            ("A1", f"The ingestion failed: {reason}"),
            ("nobody", "The item does not exist"),
        ]

    def test_the_summary_has_a_bounded_number_of_texts(self, client: httpx.Client) -> None:
        """The last one counts the rest, so the sum is right (amendment attraqt A5)."""
        items = [priced(f"A{number}", **{f"x{number}": 1}) for number in range(150)]

        found = ingestion(client, ingest(client, make_batch(client, *items)))

        assert found["itemErrorCount"] == 150
        assert len(found["itemErrorsSummary"]) == 101
        assert found["itemErrorsSummary"]["other errors"] == 50

    @pytest.mark.parametrize(
        ("categories", "reason"),
        [
            (["men"], "categories men is a branch of a category tree, not a leaf"),
            ([], "categories must hold at least one leaf of a category tree"),
            (["hats"], "categories hats is in no category tree of the catalog"),
            (None, "categories is required"),
        ],
    )
    def test_an_item_needs_leaf_categories(
        self, emulation: Emulation, client: httpx.Client, categories: Any, reason: str
    ) -> None:
        """Streaming: 400, batch: FAILURE; the tree's later versions do not count (amendment A6)."""
        make_category_tree(client)
        tree = {"catalogCategoryTrees": [{"name": "shop", "version": 1}]}
        version = make_catalog(client, **tree)
        client.put("/category-trees/shop", json={"name": "shop"})
        good, bad = priced("A1", categories=["shoes"]), priced("A2", categories=categories)

        refused = client.post("/items", json=[{**bad, "catalogVersion": version}])
        name = ingest(client, make_batch(client, good, bad), catalogVersion=version)

        assert error(refused) == (400, 3, "ITEM_INVALID")
        assert f"A2: {reason}" in refused.json()["message"]
        assert updates_of(client, "FAILURE", version) == [("A2", reason)]
        assert ingestion(client, name)["upsertedItemCount"] == 1
        assert list(stored(emulation, client, version)) == ["A1"]
        assert send(client, priced("A2", categories=["anything"]), priced("A3", categories=[]))


class TestRates:
    """`minSuccessRatePercent`: any number from 0 to 100 (amendment attraqt A7)."""

    @pytest.mark.parametrize(
        ("percent", "shown"),
        [
            ("0", 0),
            ("100", 100),
            ("100.0", 100),
            ("66.6", 66.6),
            ("0.0001", 0.0001),
            ("1e1", 10),
            ("-0.0", 0),
            ("99.99999999999999999999", 99.99999999999999999999),
            ("1e-400", 0),
            ('"90"', 90),
            ('"90.5"', 90.5),
            ("null", 0),
        ],
    )
    def test_a_number_from_0_to_100_is_accepted(
        self, client: httpx.Client, percent: str, shown: float
    ) -> None:
        """The vendor's own node sends floats (amendment attraqt A7)."""
        batch = make_batch(client)
        body = f'{{"catalogVersion":1,"batchImportId":"{batch}","minSuccessRatePercent":{percent}}}'

        answer = client.post(INGESTIONS, content=body.encode())

        assert answer.status_code == 200, answer.text
        configuration = ingestion(client, answer.json()["id"])["configuration"]
        assert configuration["minSuccessRatePercent"] == shown

    @pytest.mark.parametrize(
        "percent", [-1, -0.001, 100.001, 101, 1e300, 2**70, True, False, "many", "", "-1", "1e1"]
    )
    def test_anything_else_is_refused(self, client: httpx.Client, percent: Any) -> None:
        """The error shows the value (amendment attraqt A7)."""
        body = {"catalogVersion": 1, "minSuccessRatePercent": percent}

        answer = client.post(INGESTIONS, json=body)

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")
        assert "minSuccessRatePercent must be a number from 0 to 100, not " in answer.text

    @pytest.mark.parametrize(
        ("percent", "bad", "status"),
        [
            (33.3, 667, "completed"),
            (33.30001, 667, "failed"),
            (66.7, 333, "completed"),
            (66.7, 334, "failed"),
            (99.9, 1, "completed"),
            (99.9000000000001, 1, "failed"),
            (100, 1, "failed"),
            (0.1, 999, "completed"),
        ],
    )
    def test_the_rate_is_compared_without_rounding(
        self, client: httpx.Client, percent: float, bad: int, status: str
    ) -> None:
        """Of a thousand items (amendment attraqt A7)."""
        items = [priced(f"A{number}", price="x" if number < bad else 1) for number in range(1000)]

        name = ingest(client, make_batch(client, *items), minSuccessRatePercent=percent)

        assert ingestion(client, name)["status"] == status


class TestCounts:
    """`upsertedItemCount` is the number that `minItemCount` counts (amendment attraqt A8)."""

    @pytest.mark.parametrize(
        ("messages", "count"),
        [
            ([("POST", "", [priced("A1"), priced("A1"), priced("A2")])], 2),
            ([("POST", "", [priced("A1")]), ("PATCH", "", [item("A1")])], 1),
            ([("PATCH", "", [item("old"), item("old")])], 1),
            ([("PATCH", "", [item("nobody"), item("old")])], 1),
            ([("POST", "", [priced("A1"), priced("A1", price="x")])], 0),
            ([("POST", "", [priced("A1", price="x"), priced("A1")])], 1),
            ([("POST", "", [priced("A1")]), ("POST", "/delete", [item("A1")])], 1),
            ([("POST", "/delete", [item("old")])], 0),
            ([("POST", "", [{**priced("old"), **EARLY}])], 1),
        ],
    )
    def test_it_counts_distinct_valid_items(
        self, client: httpx.Client, messages: list[tuple[str, str, list[Any]]], count: int
    ) -> None:
        """One item more than that number fails the ingestion (amendment attraqt A8)."""
        send(client, priced("old"))
        batch = make_batch(client)
        for method, path, items in messages:
            bare = [{k: v for k, v in one.items() if k != "catalogVersion"} for one in items]
            path, query = f"/batch-imports/items{path}", {"batch_id": batch}
            assert client.request(method, path, json=bare, params=query).status_code == 200

        short = ingestion(client, ingest(client, batch, minItemCount=count + 1))
        enough = ingestion(client, ingest(client, batch, minItemCount=count))

        assert (short["status"], short["upsertedItemCount"]) == ("failed", 0)
        assert (enough["status"], enough["upsertedItemCount"]) == ("completed", count)


class TestFredhopper:
    """The setting `attraqt.fhr` (amendment attraqt A9)."""

    def test_a_batch_is_loaded_into_the_active_catalog_by_default(
        self, attraqt: httpx.Client
    ) -> None:
        """XO can do it (amendment attraqt A9)."""
        make_active_catalog(attraqt)

        name = ingest(attraqt, make_batch(attraqt, item()))

        assert ingestion(attraqt, name)["status"] == "completed"

    @pytest.mark.parametrize("promote", [False, True])
    @pytest.mark.parametrize("default_batch", [False, True])
    def test_fredhopper_loads_none_into_the_active_catalog(
        self, emulation: Emulation, attraqt: httpx.Client, promote: bool, default_batch: bool
    ) -> None:
        """With the documented sentence; other catalogs accept batches (amendment attraqt A9)."""
        make_item_schema(attraqt)
        attraqt.post("/catalogs", json=OF_PRODUCT, params={"createBatchImport": "true"})
        attraqt.post("/catalogs/activate/1")
        make_catalog(attraqt)
        change_settings(emulation, attraqt, fhr=True)
        batch = None if default_batch else make_batch(attraqt, item())
        body = {"catalogVersion": 1, "batchImportId": batch}

        answer = attraqt.post(INGESTIONS, json={**body, "promoteCatalogOnCompletion": promote})
        other = ingest(attraqt, make_batch(attraqt, item()), catalogVersion=2)

        assert error(answer) == (400, 9, "BATCH_IMPORT_CATALOG_ACTIVE")
        assert SENTENCE in answer.json()["message"]
        assert ingestion(attraqt, other)["status"] == "completed"
        assert send(attraqt, item("A2"))

    def test_a_catalog_that_became_active_in_the_meantime_fails_the_ingestion(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Invalid items keep their own reason (amendment attraqt A9)."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, fhr=True, ingestion_delay=60)
        batch = make_batch(attraqt, item("A1"), item("A2", attributes={"title": 7}))
        name = ingest(attraqt, batch)
        attraqt.post("/catalogs/activate/1")

        advance(emulation, attraqt, 60)

        found = ingestion(attraqt, name)
        assert states(attraqt) == {1: "ACTIVE"}
        assert (found["status"], found["statusReason"]) == ("failed", SENTENCE)
        assert updates_of(attraqt, "FAILURE") == [
            ("A1", f"The ingestion failed: {SENTENCE}"),
            ("A2", "title must be a text, not 7"),
        ]


@pytest.mark.parametrize("path", ["/batch-imports", "/catalogs/activate/1"])
@pytest.mark.parametrize(
    "media_type", ["application/json", "application/x-www-form-urlencoded", ""]
)
class TestBodies:
    """Calls that need no body (amendment attraqt A12)."""

    @pytest.mark.parametrize("content", [b"", b"{}", b' {"a": 1}'])
    def test_an_empty_body_and_an_object_are_accepted(
        self, attraqt: httpx.Client, path: str, media_type: str, content: bytes
    ) -> None:
        """Of any content type (amendment attraqt A12)."""
        make_catalog(attraqt)

        answer = attraqt.post(path, content=content, headers={"Content-Type": media_type})

        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "content", [b"{", b"a=b", b"[]", b"null", b"7", b'"text"', b"false", b" ", b"\xff", b"{}{}"]
    )
    def test_any_other_body_is_refused(
        self, attraqt: httpx.Client, path: str, media_type: str, content: bytes
    ) -> None:
        """And changes nothing (amendment attraqt A12)."""
        make_catalog(attraqt)

        answer = attraqt.post(path, content=content, headers={"Content-Type": media_type})

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")
        assert attraqt.get("/batch-imports").json() == {"batchImports": []}
        assert states(attraqt) == {1: "INACTIVE"}


def test_the_body_of_an_activation_comes_after_its_path(attraqt: httpx.Client) -> None:
    """And before the state of the catalog (amendment attraqt A12)."""
    make_active_catalog(attraqt)

    unknown = attraqt.post("/catalogs/activate/2", content=b"{")
    active = attraqt.post("/catalogs/activate/1", content=b"{")

    assert error(unknown) == (404, 5, "CATALOG_NOT_FOUND")
    assert error(active) == (400, 3, "INVALID_ARGUMENT")

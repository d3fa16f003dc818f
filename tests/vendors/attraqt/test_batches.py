"""Batch imports and ingestions (docs/vendors/attraqt.md#7-batch-imports)."""

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
)
from tests.vendors.attraqt.requests import (
    error,
    ingest,
    ingestion,
    send,
    states,
    statistics,
    stored,
)
from tests.vendors.attraqt.steering import advance, change_settings, freeze

INGESTIONS = "/batch-imports/ingestions"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
BAD = {"title": 7}


def statuses(client: httpx.Client, **query: str) -> list[str]:
    """Return the statuses of listed ingestions."""
    listed = client.get(INGESTIONS, params=query).json()["batchImportIngestions"]
    return [entry["status"] for entry in listed]


class TestBatches:
    """Operations that fill a batch."""

    @pytest.mark.parametrize("content", [b"", b"{}"])
    def test_a_batch_is_created_without_a_body(
        self, emulation: Emulation, attraqt: httpx.Client, content: bytes
    ) -> None:
        """The list is the recorded object, newest first."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")

        first = attraqt.post("/batch-imports", content=content).json()
        second = attraqt.post("/batch-imports", content=content).json()

        at = "2025-03-01T09:00:00.000000Z"
        assert attraqt.get("/batch-imports").json() == {
            "batchImports": [
                {"id": second["id"], "createdAt": at},
                {"id": first["id"], "createdAt": at},
            ]
        }

    def test_items_get_receipts_as_streamed_ones_do(self, attraqt: httpx.Client) -> None:
        """The catalog is unknown, so values are not checked."""
        batch = attraqt.post("/batch-imports").json()["id"]
        calls = [
            ("POST", "/batch-imports/items"),
            ("PATCH", "/batch-imports/items"),
            ("POST", "/batch-imports/items/delete"),
        ]
        for method, path in calls:
            answer = attraqt.request(
                method,
                path,
                json=[{"id": "A1", "type": "product", "attributes": BAD}],
                params={"batch_id": batch},
            )
            assert answer.status_code == 200
            [entry] = answer.json()
            assert entry["itemId"] == {
                "id": "A1",
                "catalogVersion": 0,
                "context": "",
                "type": "product",
            }

    @pytest.mark.parametrize(
        ("query", "body", "expected"),
        [
            ({}, [], (400, 3, "INVALID_ARGUMENT")),
            ({"batch_id": UNKNOWN}, [], (404, 5, "BATCH_IMPORT_NOT_FOUND")),
            ({"batch_id": "x\x00"}, [], (404, 5, "BATCH_IMPORT_NOT_FOUND")),
            ({"batch_id": "1"}, {}, (400, 3, "ITEM_INVALID")),
            ({"batch_id": "1"}, [{"id": "a:b", "type": "p"}], (400, 3, "ITEM_INVALID")),
        ],
    )
    def test_an_invalid_message_to_a_batch_is_refused(
        self,
        attraqt: httpx.Client,
        query: dict[str, str],
        body: Any,
        expected: tuple[int, int, str],
    ) -> None:
        """Ids hold no colon here."""
        attraqt.post("/item-schemas", json={"name": "product"})
        attraqt.post("/catalogs", json=OF_PRODUCT, params={"createBatchImport": "true"})

        answer = attraqt.post("/batch-imports/items/delete", json=body, params=query)

        assert error(answer) == expected

    def test_a_batch_expires_after_seven_days(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """It accepts no items and cannot be ingested."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        make_catalog(attraqt)
        batch = make_batch(attraqt, item())
        advance(emulation, attraqt, 7 * 86_400 - 1)
        ingest(attraqt, batch)

        advance(emulation, attraqt, 1)

        adding = attraqt.post("/batch-imports/items", json=[], params={"batch_id": batch})
        ingesting = attraqt.post(INGESTIONS, json={"catalogVersion": 1, "batchImportId": batch})
        assert error(adding) == error(ingesting) == (400, 9, "BATCH_IMPORT_EXPIRED")


class TestIngestion:
    """Ingestions of a batch."""

    def test_an_ingestion_has_the_recorded_form(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """All fields, in order; the version may be a text."""
        freeze(emulation, attraqt, "2025-03-01T10:00:00.1Z")
        change_settings(emulation, attraqt, ingestion_delay=41.1)
        make_catalog(attraqt)
        batch = make_batch(attraqt, item("A1"), item("A2"))
        name = ingest(attraqt, batch, catalogVersion="1", minSuccessRatePercent=90)

        advance(emulation, attraqt, 3600)

        assert list(ingestion(attraqt, name).items()) == [
            ("id", name),
            (
                "configuration",
                {
                    "batchImportId": batch,
                    "catalogVersion": 1,
                    "minItemCount": 0,
                    "minSuccessRatePercent": 90,
                    "source": "",
                    "deleteMissingItems": False,
                    "promoteCatalogOnCompletion": False,
                },
            ),
            ("status", "completed"),
            ("statusReason", ""),
            ("itemErrorCount", 0),
            ("itemErrorsSummary", {}),
            ("upsertedItemCount", 2),
            ("deletedItemCount", 0),
            ("duration", "41s"),
            ("createdAt", "2025-03-01T10:00:00.100000Z"),
            ("updatedAt", "2025-03-01T10:00:41.200000Z"),
        ]
        assert list(stored(emulation, attraqt)) == ["A1", "A2"]

    def test_the_default_batch_needs_no_id(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Its id is the catalog's version."""
        make_catalog(attraqt)
        answer = attraqt.post("/catalogs", json=OF_PRODUCT, params={"createBatchImport": "true"})
        assert answer.json() == {"version": 2}
        bare = {"id": "A1", "type": "product", "attributes": {"title": "t"}}
        attraqt.post("/batch-imports/items", json=[bare], params={"batch_id": 2})

        name = ingest(attraqt, catalogVersion=2)

        assert ingestion(attraqt, name)["configuration"]["batchImportId"] == "2"
        assert stored(emulation, attraqt, 2) == {"A1": {"title": "t"}}

    def test_a_nul_in_an_invalid_name_fails_only_its_item(self, attraqt: httpx.Client) -> None:
        """The valid item is written, on both databases."""
        make_catalog(attraqt)
        bad = {**item("A1"), "attributes": {"a\x00b": 1}}
        batch = make_batch(attraqt, bad, item("B2"))

        name = ingest(attraqt, batch)

        found = ingestion(attraqt, name)
        assert (found["status"], found["itemErrorCount"]) == ("completed", 1)

    def test_operations_are_carried_out_in_their_order(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Over several chunks of a large batch; items count once (amendment attraqt A8)."""
        make_catalog(attraqt)
        send(attraqt, item("old"))
        batch = make_batch(attraqt, *(item(f"A{number}") for number in range(1500)))
        for method, path, body in (
            ("PATCH", "", [{"id": "A0", "type": "product", "attributes": {"title": "new"}}]),
            ("PATCH", "", [{"id": "nobody", "type": "product", "attributes": {}}]),
            ("POST", "/delete", [{"id": one, "type": "product"} for one in ("A1", "old")]),
        ):
            path = f"/batch-imports/items{path}"
            attraqt.request(method, path, json=body, params={"batch_id": batch})

        found = ingestion(attraqt, ingest(attraqt, batch))

        assert (found["upsertedItemCount"], found["deletedItemCount"]) == (1500, 2)
        assert found["itemErrorsSummary"] == {"The item does not exist": 1}
        items = stored_ids(emulation, attraqt)
        assert len(items) == 1499
        assert not {"A1", "old"} & items
        assert statistics(attraqt)["numberOfUpdates"] == 1505
        assert statistics(attraqt)["numberOfFailures"] == 1

    @pytest.mark.parametrize(
        ("wanted", "reason"),
        [
            ({}, ""),
            ({"minItemCount": 2, "minSuccessRatePercent": 66}, ""),
            ({"minItemCount": "3"}, "minItemCount is 3, found 2 valid items"),
            (
                {"minSuccessRatePercent": 67},
                "minSuccessRatePercent is 67, found 2 valid items of 3",
            ),
        ],
    )
    def test_thresholds_count_valid_items(
        self, emulation: Emulation, attraqt: httpx.Client, wanted: dict[str, Any], reason: str
    ) -> None:
        """A shortfall writes no item; the summary names attributes (amendment attraqt A5)."""
        make_catalog(attraqt)
        batch = make_batch(attraqt, item("A1"), item("A2", attributes=BAD), item("A3"))

        found = ingestion(attraqt, ingest(attraqt, batch, **wanted))

        assert found["status"] == ("failed" if reason else "completed")
        assert found["statusReason"] == reason
        assert (found["itemErrorCount"], found["itemErrorsSummary"]) == (
            1,
            {"title must be a text": 1},
        )
        assert list(stored(emulation, attraqt)) == ([] if reason else ["A1", "A3"])

    def test_missing_items_of_the_same_source_are_deleted(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Not those of another source, nor those that any operation of the batch names."""
        make_catalog(attraqt)
        send(attraqt, item("streamed"))
        ingest(attraqt, make_batch(attraqt, item("other")), source="pim")
        ingest(attraqt, make_batch(attraqt, *map(item, ("A1", "A2", "A3"))), source="erp")
        attraqt.patch("/items", json=[item("A3", attributes={"title": "mine"})])
        batch = make_batch(attraqt, item("A1"), item("A2", attributes=BAD), item("A4"))

        found = ingestion(attraqt, ingest(attraqt, batch, source="erp", deleteMissingItems="true"))

        assert (found["upsertedItemCount"], found["deletedItemCount"]) == (2, 1)
        assert set(stored(emulation, attraqt)) == {"streamed", "other", "A1", "A2", "A4"}

    def test_promotion_activates_on_completion(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Delay, feedback and the old catalog's state are those of an activation."""
        make_active_catalog(attraqt)
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=10, activation_delay=20)
        batch = make_batch(attraqt, item())
        ingest(attraqt, batch, catalogVersion=2, promoteCatalogOnCompletion=True)

        assert states(attraqt) == {2: "INACTIVE", 1: "ACTIVE"}
        advance(emulation, attraqt, 15)
        assert states(attraqt) == {2: "ACTIVATING", 1: "ACTIVE"}
        advance(emulation, attraqt, 15)
        assert states(attraqt) == {2: "ACTIVE", 1: "INACTIVE"}
        feedback = attraqt.get("/feedback/catalog-version/2/full/statistics").json()
        assert [a["state"] for a in feedback["catalogActivations"]] == ["SUCCESS"]

    def test_a_refused_promotion_shows_its_reason(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The items are written nevertheless."""
        make_catalog(attraqt)
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=5, activation_delay=60)
        name = ingest(attraqt, make_batch(attraqt, item()), promoteCatalogOnCompletion=True)
        attraqt.post("/catalogs/activate/2")

        advance(emulation, attraqt, 5)

        found = ingestion(attraqt, name)
        assert (found["status"], found["statusReason"]) == (
            "completed",
            "Not promoted: The catalog is already active or in activation state - "
            "another catalog is activating",
        )
        assert states(attraqt) == {2: "ACTIVATING", 1: "INACTIVE"}
        assert list(stored(emulation, attraqt)) == ["A1"]

    def test_an_active_catalog_needs_no_promotion(self, attraqt: httpx.Client) -> None:
        """It stays ACTIVE."""
        make_active_catalog(attraqt)

        name = ingest(attraqt, make_batch(attraqt, item()), promoteCatalogOnCompletion=True)

        found = ingestion(attraqt, name)
        assert (found["status"], found["statusReason"]) == ("completed", "")
        assert states(attraqt) == {1: "ACTIVE"}

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (None, (400, 3, "INVALID_ARGUMENT")),
            ({}, (400, 3, "INVALID_ARGUMENT")),
            ({"catalogVersion": "one"}, (400, 3, "INVALID_ARGUMENT")),
            ({"catalogVersion": 2}, (404, 5, "CATALOG_NOT_FOUND")),
            ({"catalogVersion": 1, "minItemCount": -1}, (400, 3, "INVALID_ARGUMENT")),
            ({"catalogVersion": 1, "minSuccessRatePercent": 101}, (400, 3, "INVALID_ARGUMENT")),
            ({"catalogVersion": 1, "source": 7}, (400, 3, "INVALID_ARGUMENT")),
            ({"catalogVersion": 1, "source": "a\x00"}, (400, 3, "INVALID_ARGUMENT")),
            ({"catalogVersion": 1, "deleteMissingItems": 1}, (400, 3, "INVALID_ARGUMENT")),
        ],
    )
    def test_a_wrong_configuration_is_refused(
        self, attraqt: httpx.Client, body: Any, expected: tuple[int, int, str]
    ) -> None:
        """No ingestion starts."""
        make_catalog(attraqt)

        assert error(attraqt.post(INGESTIONS, json=body)) == expected
        assert statuses(attraqt) == []

    @pytest.mark.parametrize(
        ("batch", "shown"),
        [
            ("my batch", "my batch"),
            (UNKNOWN + "0", UNKNOWN + "0"),
            ("-" * 36, "-" * 36),
            (7, "7"),
            ("7", "7"),
            (1, "1"),
            (True, "true"),
            (0.5, "0.5"),
            ({"id": "a"}, '{"id":"a"}'),
            ("x" * 10**6, "xxx"),
            (["x" * 10**6], '["xxx'),
        ],
    )
    def test_a_batch_that_is_no_uuid_is_an_invalid_uuid(
        self, attraqt: httpx.Client, batch: Any, shown: str
    ) -> None:
        """A client searches for this text; a long id is shortened (amendment attraqt A11)."""
        make_catalog(attraqt)

        answer = attraqt.post(INGESTIONS, json={"catalogVersion": 1, "batchImportId": batch})

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")
        assert f"Invalid UUID string: {shown}" in answer.json()["message"]
        assert len(answer.json()["message"]) < 200

    @pytest.mark.parametrize("body", [{}, {"batchImportId": None}, {"batchImportId": ""}])
    def test_a_missing_batch_id_is_named(self, attraqt: httpx.Client, body: dict[str, Any]) -> None:
        """Never the version of the catalog, which has no default batch (amendment attraqt A11)."""
        make_catalog(attraqt)

        answer = attraqt.post(INGESTIONS, json={"catalogVersion": 1, **body})

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")
        assert answer.json()["message"] == (
            "INVALID_ARGUMENT: Invalid UUID string: batchImportId is missing"
        )

    @pytest.mark.parametrize("batch", [UNKNOWN, UNKNOWN.replace("4", "A")])
    def test_an_unknown_batch_is_not_found(self, attraqt: httpx.Client, batch: str) -> None:
        """For items and ingestions alike, one of another environment too (amendment A11)."""
        make_catalog(attraqt)
        other = {"environment": "test1"}
        foreign = attraqt.post("/batch-imports", params=other).json()["id"]

        answers = [
            attraqt.post(INGESTIONS, json={"catalogVersion": 1, "batchImportId": name})
            for name in (batch, foreign)
        ]
        answers.append(attraqt.post("/batch-imports/items", json=[], params={"batch_id": batch}))

        assert [error(answer) for answer in answers] == [(404, 5, "BATCH_IMPORT_NOT_FOUND")] * 3


def stored_ids(emulation: Emulation, client: httpx.Client) -> set[str]:
    """Return the ids of the items of catalog 1, which may be more than a page."""
    found, cursor = set(), "0"
    params: dict[str, Any] = {**dict(client.params), "catalogVersion": 1}
    while cursor:
        page = emulation.control(client).get("/attraqt/items", params={**params, "cursor": cursor})
        found |= {entry["id"] for entry in page.json()["items"]}
        cursor = page.json()["cursor"]
    return found


class TestProgress:
    """The statuses of an ingestion."""

    def test_a_poller_sees_every_status(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """Half of the time each (inferred); lists filter by status and age."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        name = ingest(attraqt, make_batch(attraqt, item()))
        seen = []
        for _ in range(4):
            found = ingestion(attraqt, name)
            seen.append((found["status"], found["duration"], found["updatedAt"][14:19]))
            advance(emulation, attraqt, 29.5)

        assert seen == [
            ("pending", "0s", "00:00"),
            ("pending", "29s", "00:00"),
            ("running", "59s", "00:30"),
            ("completed", "60s", "01:00"),
        ]
        assert statuses(attraqt, status="Completed") == ["completed"]
        assert statuses(attraqt, status="FAILED") == []
        assert statuses(attraqt, lookback_duration="7d") == ["completed"]
        assert statuses(attraqt, lookback_duration="1m") == []

    @pytest.mark.parametrize("query", [{"status": "done"}, {"lookback_duration": "long"}])
    def test_an_unknown_filter_is_refused(
        self, attraqt: httpx.Client, query: dict[str, str]
    ) -> None:
        """An empty list would hide the mistake."""
        answer = attraqt.get(INGESTIONS, params=query)

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")

    def test_a_cancelled_ingestion_writes_no_item(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """An ended one stays as it is."""
        make_catalog(attraqt)
        batch = make_batch(attraqt, item())
        done = ingest(attraqt, batch)
        change_settings(emulation, attraqt, ingestion_delay=60)
        waiting = ingest(attraqt, make_batch(attraqt, item("A2")))

        answers = [attraqt.delete(f"{INGESTIONS}/{name}") for name in (done, waiting)]
        advance(emulation, attraqt, 60)

        assert [(answer.status_code, answer.text) for answer in answers] == [(200, "{}")] * 2
        assert ingestion(attraqt, done)["status"] == "completed"
        found = ingestion(attraqt, waiting)
        assert (found["status"], found["statusReason"]) == ("failed", "Cancelled")
        assert list(stored(emulation, attraqt)) == ["A1"]

    def test_without_its_catalog_an_ingestion_fails(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The catalog was deleted in the meantime."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        name = ingest(attraqt, make_batch(attraqt, item()), promoteCatalogOnCompletion=True)
        attraqt.delete("/catalogs/1")

        advance(emulation, attraqt, 60)

        found = ingestion(attraqt, name)
        assert (found["status"], found["statusReason"]) == (
            "failed",
            "The catalog does not exist any more",
        )

    @pytest.mark.parametrize("name", [UNKNOWN, "x", "%00", "7"])
    def test_an_unknown_ingestion_is_not_found(self, attraqt: httpx.Client, name: str) -> None:
        """Neither to read nor to cancel."""
        for method in ("GET", "DELETE"):
            answer = attraqt.request(method, f"{INGESTIONS}/{name}")
            assert error(answer) == (404, 5, "INGESTION_NOT_FOUND")

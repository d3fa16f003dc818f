"""Runs of ingestions: their effects on a catalog, and their feedback.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from typing import Any

import httpx
import pytest

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.attraqt.service.jobs import fail_ingestion
from tests.emulation import Emulation
from tests.vendors.attraqt.factories import OF_PRODUCT, item, make_batch, make_catalog
from tests.vendors.attraqt.requests import (
    ingest,
    ingestion,
    send,
    states,
    statistics,
    stored,
    update_of,
    updates_of,
)
from tests.vendors.attraqt.steering import (
    advance,
    change_settings,
    corrupt_payload,
    delay_activation,
    freeze,
    sandbox_of,
)

BAD = {"title": 7}


def add(client: httpx.Client, batch: str, path: str, *items: Any) -> list[str]:
    """Send a message to a batch and return the receipts.

    `path`: PATCH, or the end of a POST's path.
    """
    method, end = ("PATCH", "") if path == "PATCH" else ("POST", path)
    bare = [{k: v for k, v in one.items() if k != "catalogVersion"} for one in items]
    query = {"batch_id": batch}
    answer = client.request(method, f"/batch-imports/items{end}", json=bare, params=query)
    assert answer.status_code == 200, answer.text
    return [entry["receiptId"] for entry in answer.json()]


class TestReceipts:
    """The receipts of a batch lead to the updates of its items."""

    def test_a_batchs_receipts_are_found(self, attraqt: httpx.Client) -> None:
        """Also if other items are streamed before and between the messages of the batch."""
        make_catalog(attraqt)
        streamed = [entry["receiptId"] for entry in send(attraqt, item("S1"), item("S2"))]
        batch = make_batch(attraqt)
        first = add(attraqt, batch, "", item("A1"), item("A2", attributes=BAD))
        second = add(attraqt, batch, "PATCH", item("A1"), item("A3"))
        gone = add(attraqt, batch, "/delete", item("S1"))
        assert attraqt.get(f"/feedback/catalog-version/1/updates/{first[0]}").status_code == 404

        ingest(attraqt, batch)

        found = [update_of(attraqt, receipt) for receipt in (*first, *second, *gone, *streamed)]
        assert [(update["itemId"], update["state"], update["message"]) for update in found] == [
            ("A1", "SUCCESS", ""),
            ("A2", "FAILURE", "title must be a text, not 7"),
            ("A1", "SUCCESS", ""),
            ("A3", "FAILURE", "The item does not exist"),
            ("S1", "SUCCESS", ""),
            ("S1", "SUCCESS", ""),
            ("S2", "SUCCESS", ""),
        ]
        assert [update["receiptId"] for update in found[:2]] == first

    def test_a_batch_of_several_chunks_keeps_its_receipts(self, attraqt: httpx.Client) -> None:
        """The first one as well as the last."""
        make_catalog(attraqt)
        batch = make_batch(attraqt)
        given = add(attraqt, batch, "", *(item(f"A{number}") for number in range(1001)))

        ingest(attraqt, batch)

        found = [update_of(attraqt, given[number])["itemId"] for number in (0, 999, 1000)]
        assert found == ["A0", "A999", "A1000"]

    def test_of_two_ingestions_the_last_one_counts(self, attraqt: httpx.Client) -> None:
        """Inferred; each catalog shows its own update, and the list shows all."""
        make_catalog(attraqt)
        make_catalog(attraqt)
        batch = make_batch(attraqt)
        [receipt] = add(attraqt, batch, "PATCH", item("A1"))
        ingest(attraqt, batch)
        send(attraqt, item("A1"), item("A1", 2))

        ingest(attraqt, batch)
        ingest(attraqt, batch, catalogVersion=2)

        assert update_of(attraqt, receipt)["state"] == "SUCCESS"
        assert update_of(attraqt, receipt, 2)["catalogId"] == "2"
        assert updates_of(attraqt, "FAILURE") == [("A1", "The item does not exist")]
        assert statistics(attraqt)["numberOfUpdates"] == 3

    def test_of_two_ingestions_the_last_finished_one_counts(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """In any order of creation; a pending one is shown if none is finished."""
        make_catalog(attraqt)
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        batch = make_batch(attraqt)
        [receipt] = add(attraqt, batch, "", item("A1"))
        change_settings(emulation, attraqt, ingestion_delay=100)
        ingest(attraqt, batch, minItemCount=5)
        change_settings(emulation, attraqt, ingestion_delay=10)
        ingest(attraqt, batch)

        seen = []
        for seconds in (9, 1, 90):
            advance(emulation, attraqt, seconds)
            seen.append(update_of(attraqt, receipt)["state"])

        assert seen == ["PENDING", "SUCCESS", "FAILURE"]

    def test_the_items_of_a_pending_ingestion_are_pending(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Their receipts are found; they are counted and listed with the streamed items."""
        make_catalog(attraqt)
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        change_settings(emulation, attraqt, ingestion_delay=600)
        batch = make_batch(attraqt)
        given = add(attraqt, batch, "", item("B1"), item("B2"))
        for seconds, act in (
            (1, lambda: send(attraqt, item("S1"))),
            (1, lambda: ingest(attraqt, batch)),
            (1, lambda: send(attraqt, item("S2"))),
        ):
            advance(emulation, attraqt, seconds)
            act()
        [later] = add(attraqt, batch, "", item("B3"))
        [waiting] = attraqt.get("/batch-imports/ingestions").json()["batchImportIngestions"]

        update = update_of(attraqt, given[1])
        assert (update["itemId"], update["state"], update["endTimestamp"]) == (
            "B2",
            "PENDING",
            "N/A",
        )
        assert attraqt.get(f"/feedback/catalog-version/1/updates/{later}").status_code == 404
        assert statistics(attraqt)["numberOfPendingUpdates"] == 4
        assert [one for one, _ in updates_of(attraqt, "PENDING")] == ["S1", "B1", "B2", "S2"]
        path = "/feedback/catalog-version/1/updates/statistics/details/PENDING/absolute"
        page = attraqt.get(path, params={"from": 1, "size": 2}).json()["updates"]
        assert [one["receiptId"] for one in page] == given[::-1]

        assert attraqt.delete(f"/batch-imports/ingestions/{waiting['id']}").status_code == 200

        assert update_of(attraqt, given[1])["message"] == "Cancelled"
        assert updates_of(attraqt, "FAILURE") == [("B1", "Cancelled"), ("B2", "Cancelled")]
        assert statistics(attraqt)["numberOfPendingUpdates"] == 2
        assert attraqt.get(f"/feedback/catalog-version/1/updates/{later}").status_code == 404

    def test_a_clock_that_is_set_back_makes_no_duration_negative(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """No update ends before it began."""
        make_catalog(attraqt)
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        change_settings(emulation, attraqt, ingestion_delay=60)
        [streamed] = send(attraqt, item("S1"))
        name = ingest(attraqt, make_batch(attraqt, item("B1")))
        freeze(emulation, attraqt, "2025-03-01T08:00:00Z")

        assert update_of(attraqt, streamed["receiptId"])["duration"] == 0
        assert ingestion(attraqt, name)["duration"] == "0s"
        attraqt.delete(f"/batch-imports/ingestions/{name}")
        found = ingestion(attraqt, name)
        assert (found["duration"], found["updatedAt"]) == ("0s", found["createdAt"])

    @pytest.mark.parametrize(
        ("wanted", "reason"),
        [
            ({"minItemCount": 2}, "minItemCount is 2, found 1 valid items"),
            ({"deleted": True}, "The catalog does not exist any more"),
        ],
    )
    def test_items_that_were_not_written_are_failures(
        self, emulation: Emulation, attraqt: httpx.Client, wanted: dict[str, Any], reason: str
    ) -> None:
        """Each says that the ingestion failed, and why (amendment attraqt A5)."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        batch = make_batch(attraqt)
        [receipt] = add(attraqt, batch, "", item("A1"))
        name = ingest(attraqt, batch, minItemCount=wanted.get("minItemCount"))
        if "deleted" in wanted:
            attraqt.delete("/catalogs/1")

        advance(emulation, attraqt, 60)

        update = update_of(attraqt, receipt)
        assert (update["state"], update["message"]) == (
            "FAILURE",
            f"The ingestion failed: {reason}",
        )
        assert ingestion(attraqt, name)["statusReason"] == reason


class TestCounts:
    """`upsertedItemCount`, `deletedItemCount` and the other outcomes."""

    def test_valid_items_and_deleted_ones_are_counted(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Outdated items are valid, as for `minItemCount` (amendment attraqt A8).

        Deletions of absent items do not count.
        """
        variant = {"name": "variant", "attributes": []}
        attraqt.post("/item-schemas", json={"name": "product", "nestedItemSchemas": [variant]})
        make_catalog(attraqt)
        send(attraqt, item("A1", attributes={}), item("A2", attributes={}))
        batch = make_batch(attraqt)
        early: dict[str, Any] = {"timestamp": "2001-01-01T00:00:00Z", "attributes": {}}
        add(attraqt, batch, "", item("A1", **early), item("A3", attributes={}))
        add(attraqt, batch, "/delete", item("A2", **early), item("A1"), item("nobody"))
        add(attraqt, batch, "/delete", item("A1"), item("A3", type="variant"))

        found = ingestion(attraqt, ingest(attraqt, batch))

        assert (found["upsertedItemCount"], found["deletedItemCount"]) == (2, 1)
        assert found["itemErrorsSummary"] == {"The item is of another type": 1}
        late = "Nothing changed: a later operation on the item came first"
        absent = "Nothing changed: there was no such item"
        assert updates_of(attraqt, "SUCCESS")[2:] == [
            ("A1", late),
            ("A3", ""),
            ("A2", late),
            ("A1", ""),
            ("nobody", absent),
            ("A1", absent),
        ]
        assert set(stored(emulation, attraqt)) == {"A2", "A3"}

    def test_a_streamed_deletion_has_the_same_outcomes(self, attraqt: httpx.Client) -> None:
        """SUCCESS for an absent item, FAILURE for one of another type (inferred)."""
        make_catalog(attraqt)
        send(attraqt, item("A1"))

        gone = [item("A2"), item("A1", type="other")]
        receipts = attraqt.post("/items/delete", json=gone).json()

        updates = [update_of(attraqt, entry["receiptId"]) for entry in receipts]
        assert [(update["state"], update["message"]) for update in updates] == [
            ("SUCCESS", "Nothing changed: there was no such item"),
            ("FAILURE", "The item is of another type"),
        ]

    def test_a_message_has_a_bounded_length(self, attraqt: httpx.Client) -> None:
        """A name in a request may be as long as a body."""
        make_catalog(attraqt)
        batch = make_batch(attraqt, item("A1", attributes={"x" * 100_000: 1}))

        ingest(attraqt, batch)

        [(_, message)] = updates_of(attraqt, "FAILURE")
        assert message.startswith("xxx")
        assert message.endswith("is not declared in the item schema")
        assert len(message) < 300


class TestThresholds:
    """`minItemCount` and `minSuccessRatePercent` count items, not operations."""

    @pytest.mark.parametrize(
        ("messages", "valid", "total"),
        [
            ([("", ["A1", "A1", "A2"])], 2, 2),
            ([("", ["A1"]), ("PATCH", ["A1"])], 1, 1),
            ([("PATCH", ["old", "nobody"])], 1, 2),
            ([("PATCH", ["A1"]), ("", ["A1"])], 1, 1),
            ([("", ["A1"]), ("/delete", ["A1"]), ("PATCH", ["A1"])], 0, 1),
            ([("/delete", ["old", "A1"])], 0, 0),
            ([("/delete", ["old"]), ("PATCH", ["old"])], 0, 1),
        ],
    )
    def test_each_item_counts_once(
        self, attraqt: httpx.Client, messages: list[tuple[str, list[str]]], valid: int, total: int
    ) -> None:
        """By its last operation; a patch of an absent item is invalid (inferred)."""
        make_catalog(attraqt)
        send(attraqt, item("old"))
        batch = make_batch(attraqt)
        for path, names in messages:
            add(attraqt, batch, path, *map(item, names))

        found = ingestion(attraqt, ingest(attraqt, batch, minItemCount=valid + 1))
        assert found["statusReason"] == (f"minItemCount is {valid + 1}, found {valid} valid items")
        if valid < total:
            found = ingestion(attraqt, ingest(attraqt, batch, minSuccessRatePercent=100))
            assert found["statusReason"].endswith(f"found {valid} valid items of {total}")
        found = ingestion(attraqt, ingest(attraqt, batch, minItemCount=valid))
        assert found["status"] == "completed"


class TestMissing:
    """`deleteMissingItems`."""

    def test_each_missing_item_has_its_feedback(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Its receipt is in the list only, because no request had it."""
        make_catalog(attraqt)
        many = [item(f"A{number}") for number in range(1001)]
        ingest(attraqt, make_batch(attraqt, *many), source="erp")
        before = statistics(attraqt)["numberOfUpdates"]

        batch = make_batch(attraqt, item("A7"))
        found = ingestion(attraqt, ingest(attraqt, batch, source="erp", deleteMissingItems=True))

        assert (found["upsertedItemCount"], found["deletedItemCount"]) == (1, 1000)
        assert statistics(attraqt)["numberOfUpdates"] == before + 1001
        assert list(stored(emulation, attraqt)) == ["A7"]
        path = "/feedback/catalog-version/1/updates/statistics/details/SUCCESS/absolute"
        last = attraqt.get(path, params={"size": 1}).json()["updates"][0]
        assert last["itemId"] == "A1000"
        assert update_of(attraqt, last["receiptId"]) == last

    def test_without_a_source_streamed_items_stay(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """They have no source, not even an empty one (inferred)."""
        make_catalog(attraqt)
        send(attraqt, item("streamed"))
        ingest(attraqt, make_batch(attraqt, item("A1"), item("A2"), item("A3")))
        attraqt.post("/items/delete", json=[item("A2")])
        send(attraqt, item("A2"), item("A3"))

        batch = make_batch(attraqt, item("A4"))
        found = ingestion(attraqt, ingest(attraqt, batch, deleteMissingItems=True))

        assert found["deletedItemCount"] == 2
        assert set(stored(emulation, attraqt)) == {"streamed", "A2", "A4"}


class TestExtent:
    """The operations of a batch that an ingestion writes."""

    def test_operations_added_later_belong_to_the_next_ingestion(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """With and without thresholds."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        batch = make_batch(attraqt, item("A1"))
        first = ingest(attraqt, batch)
        second = ingest(attraqt, batch, minItemCount=2)
        add(attraqt, batch, "", item("A2"))

        advance(emulation, attraqt, 60)

        assert list(stored(emulation, attraqt)) == ["A1"]
        assert ingestion(attraqt, first)["upsertedItemCount"] == 1
        assert ingestion(attraqt, second)["statusReason"] == (
            "minItemCount is 2, found 1 valid items"
        )

    def test_an_imported_size_beyond_the_batch_is_no_endless_loop(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The run ends with the operations of the batch."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, ingestion_delay=60)
        started = ingest(attraqt, make_batch(attraqt, item("A1")), minItemCount=1)
        sandbox = emulation.sandbox(attraqt)
        state = sandbox.export_state()
        ingestions = state["tables"]["attraqt_ingestions"]
        ingestions["rows"][0][ingestions["columns"].index("size")] = 2**62
        sandbox.import_state(state)

        advance(emulation, attraqt, 60)

        assert ingestion(attraqt, started)["upsertedItemCount"] == 1

    def test_a_default_batch_may_be_named_by_its_number(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The answer to its creation, `{"version": 1}`, has a number (inferred)."""
        attraqt.post("/item-schemas", json={"name": "product"})
        attraqt.post("/catalogs", json=OF_PRODUCT, params={"createBatchImport": "true"})

        name = ingest(attraqt, batchImportId=1)

        assert ingestion(attraqt, name)["configuration"]["batchImportId"] == "1"

    def test_a_source_has_a_bounded_length(self, attraqt: httpx.Client) -> None:
        """Every item is stored with it."""
        make_catalog(attraqt)
        batch = make_batch(attraqt, item())
        body = {"catalogVersion": 1, "batchImportId": batch, "source": "s" * 251}

        refused = attraqt.post("/batch-imports/ingestions", json=body)

        assert refused.status_code == 400
        assert ingestion(attraqt, ingest(attraqt, batch, source="s" * 250))["status"] == "completed"


class TestPromotion:
    """`promoteCatalogOnCompletion`."""

    def test_a_failing_fredhopper_lets_the_promotion_fail(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The items are written, the catalog stays INACTIVE, and feedback has the FAILURE."""
        make_catalog(attraqt)
        change_settings(emulation, attraqt, fhr_fails=True)

        name = ingest(attraqt, make_batch(attraqt, item()), promoteCatalogOnCompletion=True)

        found = ingestion(attraqt, name)
        why = "Error in FHR api"
        assert (found["status"], found["statusReason"]) == ("completed", f"Not promoted: {why}")
        assert states(attraqt) == {1: "INACTIVE"}
        feedback = attraqt.get("/feedback/catalog-version/1/full/statistics").json()
        [attempt] = feedback["catalogActivations"]
        assert (attempt["state"], attempt["message"]) == (
            "FAILURE",
            f"Activation of the catalog version #1 failed: {why}",
        )

    def test_the_settings_at_the_due_time_count(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Neither those at the call, nor those at the activation's start."""
        make_catalog(attraqt)
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        change_settings(emulation, attraqt, ingestion_delay=10, fhr_fails=False)
        ingest(attraqt, make_batch(attraqt, item()), promoteCatalogOnCompletion=True)
        change_settings(emulation, attraqt, activation_delay=10)

        advance(emulation, attraqt, 10)
        assert states(attraqt) == {1: "ACTIVATING"}
        change_settings(emulation, attraqt, fhr_fails=True)
        advance(emulation, attraqt, 10)

        assert states(attraqt) == {1: "INACTIVE"}
        feedback = attraqt.get("/feedback/catalog-version/1/full/statistics").json()
        [attempt] = feedback["catalogActivations"]
        assert attempt["message"].endswith("failed: Error in FHR api")

    def test_a_catalog_that_is_activating_is_not_promoted(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The activation may fail, so the ingestion shows the reason."""
        make_catalog(attraqt)
        delay_activation(emulation, attraqt, 600)
        attraqt.post("/catalogs/activate/1", params={"minItemCount": 5})

        name = ingest(attraqt, make_batch(attraqt, item()), promoteCatalogOnCompletion=True)

        found = ingestion(attraqt, name)
        assert (found["status"], found["statusReason"]) == (
            "completed",
            "Not promoted: The catalog is already active or in activation state",
        )


class TestBrokenJobs:
    """A job that fails internally leaves no pending state."""

    @pytest.fixture(autouse=True)
    def at_nine(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """The clock is frozen, and jobs are delayed."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        make_catalog(attraqt)

    def test_pending_items_fail(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """Those of the message, and no others."""
        change_settings(emulation, attraqt, ingestion_delay=60)
        [first] = send(attraqt, item("A1"))
        corrupt_payload(emulation, attraqt, "attraqt.take_in", "operations", [{"id": "A1"}])
        [second] = send(attraqt, item("A2"))

        advance(emulation, attraqt, 60)

        broken, whole = (update_of(attraqt, entry["receiptId"]) for entry in (first, second))
        assert broken["state"] == "FAILURE"
        assert broken["message"] == "Internal error"
        assert broken["endTimestamp"] == "2025-03-01T09:01:00.000000"
        assert whole["state"] == "SUCCESS"
        assert list(stored(emulation, attraqt)) == ["A2"]

    def test_an_ingestion_fails(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """Its changes are rolled back; its status and its updates show the failure."""
        change_settings(emulation, attraqt, ingestion_delay=60)
        batch = make_batch(attraqt)
        [receipt] = add(attraqt, batch, "", item("A1"))
        name = ingest(attraqt, batch, promoteCatalogOnCompletion=True)
        corrupt_payload(emulation, attraqt, "attraqt.ingest", "receipt", {"no": "text"})

        advance(emulation, attraqt, 60)

        found, update = ingestion(attraqt, name), update_of(attraqt, receipt)
        assert (found["status"], found["upsertedItemCount"]) == ("failed", 0)
        assert found["statusReason"] == "Internal error"
        assert (update["state"], update["message"]) == (
            "FAILURE",
            "The ingestion failed: Internal error",
        )
        assert found["updatedAt"] == "2025-03-01T09:01:00.000000Z"
        assert stored(emulation, attraqt) == {}
        assert states(attraqt) == {1: "INACTIVE"}

    def test_a_cancelled_ingestion_stays_cancelled(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Also if the cancellation comes between the job's failure and its end."""
        change_settings(emulation, attraqt, ingestion_delay=60)
        name = ingest(attraqt, make_batch(attraqt, item()))
        sandbox = sandbox_of(emulation, attraqt)

        async def fail() -> None:
            [job] = [job async for job in emulation.runtime.jobs.listed(sandbox)]
            async with emulation.runtime.database.transaction() as connection:
                await fail_ingestion(Repository(connection, sandbox), job, "late")

        attraqt.delete(f"/batch-imports/ingestions/{name}")
        emulation.run(fail)

        assert ingestion(attraqt, name)["statusReason"] == "Cancelled"
        assert updates_of(attraqt, "FAILURE") == [("A1", "Cancelled")]

    def test_an_activation_fails(self, emulation: Emulation, attraqt: httpx.Client) -> None:
        """The catalog is INACTIVE again, with a FAILURE in the feedback; a second try succeeds."""
        delay_activation(emulation, attraqt, 60)
        attraqt.post("/catalogs/activate/1")
        corrupt_payload(emulation, attraqt, "attraqt.activate", "min_item_count", "many")

        advance(emulation, attraqt, 60)

        assert states(attraqt) == {1: "INACTIVE"}
        feedback = attraqt.get("/feedback/catalog-version/1/full/statistics").json()
        [attempt] = feedback["catalogActivations"]
        assert (attempt["state"], attempt["duration"]) == ("FAILURE", 60)
        assert attempt["message"] == "Activation of the catalog version #1 failed: Internal error"
        attraqt.post("/catalogs/activate/1")
        advance(emulation, attraqt, 60)
        assert states(attraqt) == {1: "ACTIVE"}

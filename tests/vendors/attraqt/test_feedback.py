"""The nine reads of feedback (docs/vendors/attraqt.md#9-feedback)."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import item, make_active_catalog, make_catalog
from tests.vendors.attraqt.requests import error, send, statistics
from tests.vendors.attraqt.steering import advance, change_settings, delay_activation, freeze

BASE = "/feedback/catalog-version"
SUMMARY = f"{BASE}/1/updates/statistics/summary"
DETAILS = f"{BASE}/1/updates/statistics/details"


@pytest.fixture
def history(emulation: Emulation, attraqt: httpx.Client) -> dict[str, Any]:
    """A catalog with two successful updates at nine, and a failed one an hour later."""
    freeze(emulation, attraqt, "2025-02-19T09:00:00.25Z")
    make_catalog(attraqt)
    receipts = [entry["receiptId"] for entry in send(attraqt, item("A1"), item("A2"))]
    advance(emulation, attraqt, 3600)
    [failed] = attraqt.patch("/items", json=[item("A3")]).json()
    return {"receipts": receipts, "failed": failed["receiptId"]}


class TestCreations:
    """`/feedback/catalog-version`."""

    def test_the_newest_comes_first_in_the_recorded_form(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Versions are texts, instants have no zone; a deleted catalog stays in the list."""
        freeze(emulation, attraqt, "2025-02-19T14:06:28.632103Z")
        make_catalog(attraqt)
        make_catalog(attraqt)
        attraqt.delete("/catalogs/1")

        [second, first] = attraqt.get(BASE).json()["catalogCreations"]

        assert (second["version"], first["version"]) == ("2", "1")
        receipt = first["receiptId"]
        assert list(first.items()) == [
            ("version", "1"),
            ("startTimestamp", "2025-02-19T14:06:28.632103"),
            ("endTimestamp", "2025-02-19T14:06:28.632103"),
            ("duration", 0),
            ("state", "SUCCESS"),
            ("message", f"Creation of the catalog version #1 succeed // receiptId: {receipt}"),
            ("receiptId", receipt),
            ("environment", "live1"),
        ]

    def test_it_is_listed_in_pages(self, attraqt: httpx.Client) -> None:
        """From 0 on, a hundred at most; a page after the end is empty."""
        for _ in range(3):
            make_catalog(attraqt)
            attraqt.delete(f"/catalogs/{attraqt.get('/catalogs').json()['catalogs'][0]['version']}")

        def versions(**page: int) -> list[str]:
            found = attraqt.get(BASE, params=page).json()["catalogCreations"]
            return [record["version"] for record in found]

        assert versions(size=100) == ["3", "2", "1"]
        assert versions(size=2) == ["3", "2"]
        assert versions(**{"from": 2, "size": 2}) == ["1"]
        assert versions(**{"from": 7}) == []

    @pytest.mark.parametrize("page", [{"size": 0}, {"size": 101}, {"size": "x"}, {"from": -1}])
    def test_an_invalid_page_is_refused(self, attraqt: httpx.Client, page: Any) -> None:
        """100 itself is accepted: a client always sends it."""
        assert error(attraqt.get(BASE, params=page)) == (400, 3, "INVALID_ARGUMENT")
        answer = attraqt.get(f"{DETAILS}/SUCCESS/absolute", params=page)
        assert error(answer) == (400, 3, "INVALID_ARGUMENT")

    def test_a_tenancy_without_a_catalog_has_none(self, attraqt: httpx.Client) -> None:
        """A client relies on this 404."""
        assert error(attraqt.get(BASE)) == (404, 5, "FEEDBACK_NOT_FOUND")


class TestStatistics:
    """`/feedback/catalog-version/{v}/full/statistics`."""

    def test_every_activation_is_recorded(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The failure names both numbers; a running activation ends at its start."""
        freeze(emulation, attraqt, "2025-02-19T14:00:00Z")
        make_catalog(attraqt)
        send(attraqt, item())
        delay_activation(emulation, attraqt, 90.5)
        attraqt.post("/catalogs/activate/1", params={"minItemCount": 7})
        advance(emulation, attraqt, 100)
        attraqt.post("/catalogs/activate/1", params={"minItemCount": 1})
        advance(emulation, attraqt, 10)

        running, failed = self.attempts(attraqt)
        advance(emulation, attraqt, 1000)
        done, _ = self.attempts(attraqt)

        assert (failed["state"], failed["duration"], failed["endTimestamp"]) == (
            "FAILURE",
            90,
            "2025-02-19T14:01:30.500000",
        )
        assert failed["message"] == (
            "Activation of the catalog version #1 failed: minItemCount is 7, found 1 items"
        )
        receipt = running["receiptId"]
        assert running == {
            "version": "1",
            "startTimestamp": "2025-02-19T14:01:40.000000",
            "endTimestamp": "2025-02-19T14:01:40.000000",
            "duration": 0,
            "state": "PENDING",
            "message": f"Activation of the catalog version #1 started // receiptId: {receipt}",
            "receiptId": receipt,
            "environment": "live1",
        }
        assert (done["state"], done["message"], done["duration"]) == (
            "SUCCESS",
            "Activation of the catalog version #1 succeed",
            90,
        )

    @staticmethod
    def attempts(client: httpx.Client) -> list[dict[str, Any]]:
        """Return the activations of catalog 1, the last one first."""
        answer = client.get(f"{BASE}/1/full/statistics").json()
        assert list(answer) == ["catalogCreation", "catalogActivations"]
        assert answer["catalogCreation"]["version"] == "1"
        activations: list[dict[str, Any]] = answer["catalogActivations"]
        return activations

    @pytest.mark.parametrize("version", ["2", "one", "%00"])
    def test_an_unknown_catalog_is_not_found(self, attraqt: httpx.Client, version: str) -> None:
        """Unlike in the counts."""
        make_catalog(attraqt)

        answer = attraqt.get(f"{BASE}/{version}/full/statistics")

        assert error(answer) == (404, 5, "FEEDBACK_NOT_FOUND")


class TestSummaries:
    """The counts of updates."""

    @pytest.mark.parametrize(
        ("period", "counts"),
        [
            ({}, (2, 1, 0)),
            ({"lastPeriodValue": 1, "lastPeriodUnit": "HOUR"}, (2, 1, 0)),
            ({"lastPeriodValue": 59, "lastPeriodUnit": "minutes"}, (0, 1, 0)),
            ({"lastPeriodValue": "3599", "lastPeriodUnit": "SECOND"}, (0, 1, 0)),
            ({"lastPeriodValue": 2**62, "lastPeriodUnit": "DAY"}, (2, 1, 0)),
            ({"lastPeriodValue": 0, "lastPeriodUnit": "DAY", "durationValue": "x"}, (0, 1, 0)),
        ],
    )
    def test_of_the_last_hours(
        self,
        attraqt: httpx.Client,
        history: dict[str, Any],
        period: dict[str, Any],
        counts: tuple[int, int, int],
    ) -> None:
        """`durationValue` and `durationUnit` are ignored."""
        names = ("numberOfSuccesses", "numberOfFailures", "numberOfPendingUpdates")

        answer = attraqt.get(f"{SUMMARY}/relative", params=period)

        assert answer.json() == dict(zip(names, counts, strict=True))
        for state, count in zip(("SUCCESS", "FAILURE", "PENDING"), counts, strict=True):
            answer = attraqt.get(f"{SUMMARY}/{state}/relative", params=period)
            assert answer.json() == {"numberOfUpdates": count}

    @pytest.mark.parametrize(
        ("period", "counts"),
        [
            ({}, (2, 1)),
            ({"startTime": "2025-02-19T09:00:01Z"}, (0, 1)),
            ({"endTime": "2025-02-19T09:00:00.250"}, (2, 0)),
            ({"startTime": "2025-02-19T10:00:00.25+01:00", "endTime": "2025-02-19T09:30"}, (2, 0)),
            ({"startTime": "2025-02-20"}, (0, 0)),
        ],
    )
    def test_of_a_period(
        self,
        attraqt: httpx.Client,
        history: dict[str, Any],
        period: dict[str, str],
        counts: tuple[int, int],
    ) -> None:
        """The documented counts, and the recorded one."""
        answer = attraqt.get(f"{SUMMARY}/absolute", params=period)

        assert answer.json() == {
            "numberOfSuccesses": counts[0],
            "numberOfFailures": counts[1],
            "numberOfPendingUpdates": 0,
            "numberOfUpdates": sum(counts),
        }
        answer = attraqt.get(f"{SUMMARY}/success/absolute", params=period)
        assert answer.json() == {"numberOfUpdates": counts[0]}

    def test_an_unknown_catalog_has_no_updates(self, attraqt: httpx.Client) -> None:
        """Zero counts and empty lists, if the tenancy has or had another catalog."""
        make_catalog(attraqt)

        nothing = attraqt.get(f"{SUMMARY}/FAILURE/absolute".replace("/1/", "/7/"))
        empty = attraqt.get(f"{DETAILS}/PENDING/relative".replace("/1/", "/7/"))

        assert statistics(attraqt, 7)["numberOfUpdates"] == 0
        assert (nothing.json(), empty.json()) == ({"numberOfUpdates": 0}, {"updates": []})

    @pytest.mark.parametrize(
        "path",
        [
            f"{BASE}/1/full/statistics",
            f"{SUMMARY}/relative",
            f"{SUMMARY}/absolute",
            f"{SUMMARY}/SUCCESS/relative",
            f"{SUMMARY}/SUCCESS/absolute",
            f"{DETAILS}/SUCCESS/relative",
            f"{DETAILS}/SUCCESS/absolute",
        ],
    )
    def test_a_tenancy_that_never_had_a_catalog_has_no_statistics(
        self, attraqt: httpx.Client, path: str
    ) -> None:
        """A client relies on this 404."""
        make_catalog(attraqt)

        answer = attraqt.get(path, params={"environment": "test1"})

        assert error(answer) == (404, 5, "FEEDBACK_NOT_FOUND")

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            (f"{SUMMARY}/relative", {"lastPeriodValue": 1}),
            (f"{SUMMARY}/relative", {"lastPeriodUnit": "HOUR"}),
            (f"{SUMMARY}/relative", {"lastPeriodValue": "x", "lastPeriodUnit": "HOUR"}),
            (f"{SUMMARY}/relative", {"lastPeriodValue": 1, "lastPeriodUnit": "YEAR"}),
            (f"{SUMMARY}/absolute", {"startTime": "yesterday"}),
            (f"{SUMMARY}/SUCCESS/absolute", {"endTime": "1"}),
            (f"{SUMMARY}/DONE/absolute", {}),
            (f"{DETAILS}/DONE/relative", {}),
        ],
    )
    def test_an_invalid_period_or_state_is_refused(
        self, attraqt: httpx.Client, path: str, query: dict[str, Any]
    ) -> None:
        """With and without a catalog."""
        assert error(attraqt.get(path, params=query)) == (400, 3, "INVALID_ARGUMENT")


class TestDetails:
    """Single updates."""

    def test_updates_are_listed_newest_first_in_pages(
        self, attraqt: httpx.Client, history: dict[str, Any]
    ) -> None:
        """Each has the id of its item."""
        found = attraqt.get(f"{DETAILS}/SUCCESS/absolute").json()["updates"]
        first = attraqt.get(f"{DETAILS}/SUCCESS/relative", params={"size": 1}).json()["updates"]
        later = attraqt.get(f"{DETAILS}/SUCCESS/relative", params={"from": 1}).json()["updates"]

        assert [update["receiptId"] for update in found] == history["receipts"][::-1]
        assert first + later == found
        assert list(found[1].items()) == [
            ("startTimestamp", "2025-02-19T09:00:00.250000"),
            ("endTimestamp", "2025-02-19T09:00:00.250000"),
            ("duration", 0),
            ("state", "SUCCESS"),
            ("message", ""),
            ("itemId", "A1"),
            ("receiptId", history["receipts"][0]),
            ("catalogId", "1"),
            ("environment", "live1"),
        ]

    def test_a_receipt_leads_to_its_update(
        self, attraqt: httpx.Client, history: dict[str, Any]
    ) -> None:
        """In each state."""
        answer = attraqt.get(f"{BASE}/1/updates/{history['failed']}").json()

        assert answer["type"] == "ITEM"
        assert (answer["update"]["state"], answer["update"]["itemId"]) == ("FAILURE", "A3")

    def test_a_catalogs_own_events_are_signals(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Fields without a value are N/A; the duration of a running activation grows."""
        freeze(emulation, attraqt, "2025-02-19T14:00:00Z")
        delay_activation(emulation, attraqt, 60)
        make_active_catalog(attraqt)
        advance(emulation, attraqt, 7)
        answer = attraqt.get(f"{BASE}/1/full/statistics").json()
        creation, [activation] = answer["catalogCreation"], answer["catalogActivations"]

        created = attraqt.get(f"{BASE}/1/updates/{creation['receiptId']}").json()
        running = attraqt.get(f"{BASE}/1/updates/{activation['receiptId']}").json()

        assert created["type"] == running["type"] == "SIGNAL"
        assert created["update"]["message"] == creation["message"]
        assert list(running["update"].items()) == [
            ("startTimestamp", "2025-02-19T14:00:00.000000"),
            ("endTimestamp", "N/A"),
            ("duration", 7),
            ("state", "PENDING"),
            ("message", activation["message"]),
            ("itemId", "N/A"),
            ("receiptId", activation["receiptId"]),
            ("catalogId", "1"),
            ("environment", "live1"),
        ]

    @pytest.mark.parametrize(
        "receipt",
        [
            "x",
            "%00",
            "00000000-0000-4000-8000-000000000000",
            "ffffffff-0000-4000-8000-000000000000",
        ],
    )
    def test_an_unknown_receipt_is_not_found(
        self, attraqt: httpx.Client, history: dict[str, Any], receipt: str
    ) -> None:
        """Also one with the position of a known receipt, or one of another catalog."""
        attraqt.post("/catalogs/activate/1")
        assert error(attraqt.get(f"{BASE}/1/updates/{receipt}")) == (404, 5, "FEEDBACK_NOT_FOUND")
        answer = attraqt.get(f"{BASE}/2/updates/{history['failed']}")
        assert error(answer) == (404, 5, "FEEDBACK_NOT_FOUND")

    def test_feedback_outlives_its_catalog(
        self, attraqt: httpx.Client, history: dict[str, Any]
    ) -> None:
        """Inferred."""
        attraqt.delete("/catalogs/1")

        assert attraqt.get(f"{BASE}/1/updates/{history['failed']}").status_code == 200
        assert statistics(attraqt)["numberOfUpdates"] == 3


def test_a_failing_fredhopper_refuses_creations_and_activations(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """If a test sets it; the feedback has no record of it."""
    make_catalog(attraqt)
    change_settings(emulation, attraqt, fhr_fails=True)

    created = attraqt.post(
        "/catalogs", json={"catalogItemSchemas": [{"name": "product", "version": 1}]}
    )
    activated = attraqt.post("/catalogs/activate/1")

    assert error(created) == error(activated) == (409, 10, "CATALOG_FHR_FAILED")
    assert attraqt.get(f"{BASE}/1/full/statistics").json()["catalogActivations"] == []

"""Activation: the states INACTIVE, ACTIVATING and ACTIVE.

Source: docs/vendors/attraqt.md#32-lifecycle.
"""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import make_active_catalog, make_catalog
from tests.vendors.attraqt.requests import error, outcomes, states
from tests.vendors.attraqt.steering import advance, delay_activation, freeze, settle


class TestWithoutDelay:
    """By default the next read shows the result."""

    def test_an_activated_catalog_is_active(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The answer itself is empty."""
        version = make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}")

        assert (answer.status_code, answer.text) == (200, "{}")
        assert states(attraqt) == {version: "ACTIVE"}
        assert outcomes(emulation, attraqt) == ["Activation of the catalog version #1 succeed"]

    def test_the_active_catalog_is_shown_whole(self, attraqt: httpx.Client) -> None:
        """The same object as in the list."""
        make_active_catalog(attraqt)

        answer = attraqt.get("/catalogs/active")

        assert answer.status_code == 200
        assert [answer.json()] == attraqt.get("/catalogs").json()["catalogs"]

    def test_without_an_active_catalog_none_is_shown(self, attraqt: httpx.Client) -> None:
        """An INACTIVE one does not count."""
        make_catalog(attraqt)

        assert error(attraqt.get("/catalogs/active")) == (404, 5, "CATALOG_NOT_FOUND")

    def test_the_old_catalog_becomes_inactive_and_can_return(self, attraqt: httpx.Client) -> None:
        """At most one catalog is ACTIVE."""
        make_active_catalog(attraqt)
        make_active_catalog(attraqt)
        assert states(attraqt) == {2: "ACTIVE", 1: "INACTIVE"}

        attraqt.post("/catalogs/activate/1")

        assert states(attraqt) == {2: "INACTIVE", 1: "ACTIVE"}

    @pytest.mark.parametrize("version", ["2", "one", "-1", "9223372036854775808", "%00"])
    def test_an_unknown_catalog_is_not_found(self, attraqt: httpx.Client, version: str) -> None:
        """The catalog is checked before the query."""
        make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": "many"})

        assert error(answer) == (404, 5, "CATALOG_NOT_FOUND")

    def test_an_active_catalog_cannot_be_activated(self, attraqt: httpx.Client) -> None:
        """It is ACTIVE already."""
        version = make_active_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}")

        assert error(answer) == (400, 9, "CATALOG_ALREADY_ACTIVE")

    @pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
    def test_an_empty_body_of_any_type_is_ignored(
        self, attraqt: httpx.Client, content_type: str
    ) -> None:
        """Clients send one (verified on the wire)."""
        version = make_catalog(attraqt)

        answer = attraqt.post(
            f"/catalogs/activate/{version}/", headers={"Content-Type": content_type}
        )

        assert answer.status_code == 200


class TestMinItemCount:
    """The number of items that an activation needs."""

    def test_with_too_few_items_the_catalog_becomes_inactive_again(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The outcome names both numbers, and the old catalog stays ACTIVE."""
        make_active_catalog(attraqt)
        version = make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": 5})

        assert answer.status_code == 200
        assert states(attraqt) == {2: "INACTIVE", 1: "ACTIVE"}
        assert outcomes(emulation, attraqt)[-1] == (
            "Activation of the catalog version #2 failed: minItemCount is 5, found 0 items"
        )

    def test_a_failed_activation_can_be_tried_again(self, attraqt: httpx.Client) -> None:
        """A failure leaves the catalog INACTIVE."""
        version = make_catalog(attraqt)
        attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": 1})

        attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": 0})

        assert states(attraqt) == {version: "ACTIVE"}

    @pytest.mark.parametrize("count", ["", "many", "-1", "1.5", "²", "9" * 5000])
    def test_a_malformed_min_item_count_is_refused(self, attraqt: httpx.Client, count: str) -> None:
        """The catalog keeps its state."""
        version = make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": count})

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")
        assert states(attraqt) == {version: "INACTIVE"}


class TestWithDelay:
    """With a delay the catalog is ACTIVATING until it ends."""

    def test_it_passes_through_activating(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The old catalog stays ACTIVE until the end; instants are the virtual clock's."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        make_active_catalog(attraqt)
        version = make_catalog(attraqt)
        delay_activation(emulation, attraqt, 60.5)
        advance(emulation, attraqt, 10)

        attraqt.post(f"/catalogs/activate/{version}")
        started = attraqt.get("/catalogs").json()["catalogs"]
        advance(emulation, attraqt, 3600)
        done = attraqt.get("/catalogs").json()["catalogs"]

        assert [(c["state"], c["updatedAt"]) for c in started] == [
            ("ACTIVATING", "2025-03-01T09:00:10.000000Z"),
            ("ACTIVE", "2025-03-01T09:00:00.000000Z"),
        ]
        assert [(c["state"], c["updatedAt"]) for c in done] == [
            ("ACTIVE", "2025-03-01T09:01:10.500000Z"),
            ("INACTIVE", "2025-03-01T09:01:10.500000Z"),
        ]
        assert {c["createdAt"] for c in done} == {"2025-03-01T09:00:00.000000Z"}

    def test_an_activating_catalog_is_not_the_active_one(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """It is ACTIVE after the end of the activation only (inferred)."""
        delay_activation(emulation, attraqt, 60)
        make_active_catalog(attraqt)

        assert error(attraqt.get("/catalogs/active")) == (404, 5, "CATALOG_NOT_FOUND")

    def test_no_catalog_can_be_activated_meanwhile(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Neither the same one nor another one."""
        delay_activation(emulation, attraqt, 60)
        first = make_active_catalog(attraqt)
        second = make_catalog(attraqt)

        for version in (first, second):
            answer = attraqt.post(f"/catalogs/activate/{version}")
            assert error(answer) == (400, 9, "CATALOG_ALREADY_ACTIVE")
        assert states(attraqt) == {second: "INACTIVE", first: "ACTIVATING"}

    def test_too_few_items_fail_the_activation_at_its_end(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Until then the catalog is ACTIVATING."""
        delay_activation(emulation, attraqt, 60)
        version = make_catalog(attraqt)
        attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": "3"})
        assert states(attraqt) == {version: "ACTIVATING"}

        settle(emulation, attraqt)

        assert states(attraqt) == {version: "INACTIVE"}

    @pytest.mark.parametrize("name", ["attraqt.activation_delay", "attraqt.ingestion_delay"])
    @pytest.mark.parametrize("delay", [-1, 1e300, "soon", None])
    def test_an_impossible_delay_is_refused(
        self, emulation: Emulation, attraqt: httpx.Client, name: str, delay: object
    ) -> None:
        """The setting is checked when it is set."""
        answer = emulation.control(attraqt).patch("/settings", json={name: delay})

        assert answer.status_code == 400

    def test_the_longest_delay_at_the_latest_instant_still_works(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """No job is due after the year 9999."""
        freeze(emulation, attraqt, "9999-12-31T23:59:58Z")
        delay_activation(emulation, attraqt, 1e9)
        version = make_active_catalog(attraqt)
        assert states(attraqt) == {version: "ACTIVATING"}

        settle(emulation, attraqt)

        assert states(attraqt) == {version: "ACTIVE"}

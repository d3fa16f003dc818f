"""The life of a catalog: INACTIVE, ACTIVATING, ACTIVE and back.

Source: docs/vendors/attraqt.md#32-lifecycle.
"""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.making import (
    advance,
    delay_activation,
    error,
    freeze,
    make_active_catalog,
    make_catalog,
    outcomes,
    states,
)


class TestWithoutDelay:
    """By default the next read already shows what became of it."""

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

    def test_without_an_active_catalog_there_is_nothing_to_show(
        self, attraqt: httpx.Client
    ) -> None:
        """An inactive one does not count."""
        make_catalog(attraqt)

        assert error(attraqt.get("/catalogs/active")) == (404, 5, "CATALOG_NOT_FOUND")

    def test_the_old_one_steps_back_and_can_return(self, attraqt: httpx.Client) -> None:
        """At most one is ACTIVE."""
        make_active_catalog(attraqt)
        make_active_catalog(attraqt)
        assert states(attraqt) == {2: "ACTIVE", 1: "INACTIVE"}

        attraqt.post("/catalogs/activate/1")

        assert states(attraqt) == {2: "INACTIVE", 1: "ACTIVE"}

    @pytest.mark.parametrize("version", ["2", "one", "-1", "9223372036854775808", "%00"])
    def test_an_unknown_catalog_is_not_found(self, attraqt: httpx.Client, version: str) -> None:
        """Before anything is said about the query."""
        make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": "many"})

        assert error(answer) == (404, 5, "CATALOG_NOT_FOUND")

    def test_an_active_catalog_cannot_be_activated(self, attraqt: httpx.Client) -> None:
        """It already is."""
        version = make_active_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}")

        assert error(answer) == (400, 9, "CATALOG_ALREADY_ACTIVE")

    @pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
    def test_an_empty_body_of_any_type_is_no_harm(
        self, attraqt: httpx.Client, content_type: str
    ) -> None:
        """Clients send one (verified on the wire)."""
        version = make_catalog(attraqt)

        answer = attraqt.post(
            f"/catalogs/activate/{version}/", headers={"Content-Type": content_type}
        )

        assert answer.status_code == 200


class TestMinItemCount:
    """The number of items without which an activation fails later."""

    def test_too_few_items_bring_the_catalog_back_to_inactive(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """It is no HTTP error; the outcome names both numbers, and the old one stays ACTIVE."""
        make_active_catalog(attraqt)
        version = make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": 5})

        assert answer.status_code == 200
        assert states(attraqt) == {2: "INACTIVE", 1: "ACTIVE"}
        assert outcomes(emulation, attraqt)[-1] == (
            "Activation of the catalog version #2 failed: minItemCount is 5, found 0 items"
        )

    def test_a_failed_activation_can_be_tried_again(self, attraqt: httpx.Client) -> None:
        """INACTIVE is INACTIVE."""
        version = make_catalog(attraqt)
        attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": 1})

        attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": 0})

        assert states(attraqt) == {version: "ACTIVE"}

    @pytest.mark.parametrize("count", ["", "many", "-1", "1.5", "²", "9" * 5000])
    def test_what_is_no_number_is_refused(self, attraqt: httpx.Client, count: str) -> None:
        """At once, and the catalog stays as it was."""
        version = make_catalog(attraqt)

        answer = attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": count})

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")
        assert states(attraqt) == {version: "INACTIVE"}


class TestWithDelay:
    """With a delay the catalog is ACTIVATING in between."""

    def test_it_passes_through_activating(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """The old one stays ACTIVE until the new one is; instants are the virtual clock's."""
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
        """Not before it is done (inferred)."""
        delay_activation(emulation, attraqt, 60)
        make_active_catalog(attraqt)

        assert error(attraqt.get("/catalogs/active")) == (404, 5, "CATALOG_NOT_FOUND")

    def test_nothing_else_can_be_activated_meanwhile(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Neither the same one nor another."""
        delay_activation(emulation, attraqt, 60)
        first = make_active_catalog(attraqt)
        second = make_catalog(attraqt)

        for version in (first, second):
            answer = attraqt.post(f"/catalogs/activate/{version}")
            assert error(answer) == (400, 9, "CATALOG_ALREADY_ACTIVE")
        assert states(attraqt) == {second: "INACTIVE", first: "ACTIVATING"}

    def test_too_few_items_are_noticed_at_the_end(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Until then it is ACTIVATING."""
        delay_activation(emulation, attraqt, 60)
        version = make_catalog(attraqt)
        attraqt.post(f"/catalogs/activate/{version}", params={"minItemCount": "3"})
        assert states(attraqt) == {version: "ACTIVATING"}

        emulation.control(attraqt).post("/clock/settle")

        assert states(attraqt) == {version: "INACTIVE"}

    @pytest.mark.parametrize("name", ["attraqt.activation_delay", "attraqt.ingestion_delay"])
    @pytest.mark.parametrize("delay", [-1, 1e300, "soon", None])
    def test_an_impossible_delay_is_refused(
        self, emulation: Emulation, attraqt: httpx.Client, name: str, delay: object
    ) -> None:
        """When it is set, not when it is used."""
        answer = emulation.control(attraqt).patch("/settings", json={name: delay})

        assert answer.status_code == 400

    def test_the_longest_delay_at_the_latest_instant_still_works(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Nothing is due after the year 9999."""
        freeze(emulation, attraqt, "9999-12-31T23:59:58Z")
        delay_activation(emulation, attraqt, 1e9)
        version = make_active_catalog(attraqt)
        assert states(attraqt) == {version: "ACTIVATING"}

        emulation.control(attraqt).post("/clock/settle")

        assert states(attraqt) == {version: "ACTIVE"}

"""When changes of fields and selections take effect, and on what.

Sources: docs/vendors/braze.md#5-fields and docs/vendors/braze.md#6-selections.
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.changing import (
    ID,
    add,
    delete,
    deselect,
    field,
    fields_of,
    mark,
    select,
    selections_of,
    wanted,
)
from tests.vendors.braze.making import (
    advance,
    catalog_of,
    delay,
    freeze,
    ids_of,
    item,
    make_catalog,
    make_item,
    outcomes,
    send,
    unlimited,
)


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number and a text."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    return client


class TestDelay:
    """`braze.async_delay`: how many seconds later an asynchronous call takes effect."""

    def test_without_it_the_next_request_sees_the_effect(self, client: httpx.Client) -> None:
        """Nobody waits."""
        add(client, field("Open", "boolean"))
        select(client)

        assert fields_of(client)[3:] == [("Open", "2", "boolean")]
        assert selections_of(client) == ["best"]

    def test_fields_change_at_the_instant_they_are_due(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """And not before: on the sandbox's clock, for reads and for writes."""
        freeze(emulation, client)
        delay(emulation, client, 5)
        before = catalog_of(client)
        add(client, field("Open", "boolean"))
        delete(client, "City")

        assert catalog_of(client) == before
        advance(emulation, client, 4.999)
        assert catalog_of(client) == before
        assert ids_of(send(client, "POST", "shops/items/a", {"Open": True})) == ["invalid-fields"]
        make_item(client, "shops", "b", City="Rome")
        advance(emulation, client, 0.001)
        assert fields_of(client) == [ID, ("Rating", "0", "number"), ("Open", "2", "boolean")]
        assert item(client, "shops", "b") == {"id": "b", "Rating": None, "Open": None}

    def test_selections_change_at_the_instant_they_are_due(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Both when they come and when they go."""
        freeze(emulation, client)
        delay(emulation, client, 5)
        select(client)

        advance(emulation, client, 4.999)
        assert selections_of(client) == []
        assert ids_of(deselect(client)) == ["invalid-selection"]
        advance(emulation, client, 0.001)
        assert selections_of(client) == ["best"]

        deselect(client)
        advance(emulation, client, 4.999)
        assert selections_of(client) == ["best"]
        advance(emulation, client, 0.001)
        assert selections_of(client) == []

    @pytest.mark.parametrize(
        ("seconds", "instant"), [(0, "00.000"), (2.3, "02.300"), (5, "05.000"), (59.9, "59.900")]
    )
    def test_updated_at_is_the_instant_of_the_effect(
        self, emulation: Emulation, client: httpx.Client, seconds: float, instant: str
    ) -> None:
        """However late somebody looks."""
        delay(emulation, client, seconds)
        changes: list[Callable[[], httpx.Response]] = [
            lambda: add(client, field("Open", "boolean")),
            lambda: delete(client, "Open"),
            lambda: select(client),
            lambda: deselect(client),
        ]
        for day, change in enumerate(changes, start=10):
            freeze(emulation, client, f"2024-10-{day}T10:00:00Z")
            assert change().status_code == 202
            advance(emulation, client, 3600)
            updated_at = catalog_of(client)["updated_at"]
            assert updated_at == f"2024-10-{day}T10:00:{instant}+00:00"

    def test_a_mark_moves_updated_at_too(self, emulation: Emulation, client: httpx.Client) -> None:
        """It is a change of a field, and at once."""
        freeze(emulation, client, "2030-01-01T00:00:00Z")
        delay(emulation, client, 5)

        mark(emulation, client, is_price=True)

        assert catalog_of(client)["updated_at"] == "2030-01-01T00:00:00.000+00:00"

    def test_nothing_takes_effect_after_the_end_of_the_calendar(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Its last second is when all the rest happens."""
        freeze(emulation, client, "9999-12-31T23:59:58Z")
        delay(emulation, client, 1e9)
        add(client, field("Open", "boolean"))
        assert len(fields_of(client)) == 3

        advance(emulation, client, 1)

        assert len(fields_of(client)) == 4
        assert catalog_of(client)["updated_at"] == "9999-12-31T23:59:59.000+00:00"

    @pytest.mark.parametrize("seconds", ["-1", '"soon"', "null", "NaN", "1e999", '"inf"', "1e300"])
    def test_a_delay_that_is_none_is_refused(
        self, emulation: Emulation, client: httpx.Client, seconds: str
    ) -> None:
        """It is a number of seconds, from none to some thirty years."""
        control = emulation.control(client)

        answer = control.patch(
            "/settings",
            content=f'{{"braze.async_delay": {seconds}}}',
            headers={"Content-Type": "application/json"},
        )

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert control.get("/settings").json()["braze.async_delay"] == 0


class TestPendingFields:
    """What was accepted may meet a catalog that has changed since: nothing fails (inferred)."""

    @pytest.fixture(autouse=True)
    def _later(self, emulation: Emulation, client: httpx.Client) -> None:
        freeze(emulation, client)
        delay(emulation, client, 5)

    def test_two_requests_for_one_field_make_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The first one's type; no token is used up by the second."""
        add(client, field("Open", "boolean"))
        assert add(client, field("Open", "string"), field("Since", "time")).status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 created", "1 created"]
        assert fields_of(client)[3:] == [("Open", "2", "boolean"), ("Since", "3", "time")]

    def test_the_catalog_never_exceeds_its_limit(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """What no longer fits is left out."""
        make_catalog(client, "wide", **{f"f{n}": "string" for n in range(496)})
        for request in range(3):
            fields = [field(f"new{request}-{number}") for number in range(2)]
            assert add(client, *fields, catalog="wide").status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["2 created", "1 created", "0 created"]
        assert fields_of(client, "wide")[-1] == ("new1-0", "498", "string")

    def test_a_field_that_a_selection_began_to_need_stays(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The deletion does nothing."""
        delete(client, "Rating")
        delay(emulation, client, 0)
        select(client, sort_field="Rating", sort_order="asc")
        assert selections_of(client) == ["best"]

        advance(emulation, client, 5)

        assert outcomes(emulation, client)[0] == "nothing deleted: field-referenced-by-selection"
        assert ("Rating", "0", "number") in fields_of(client)

    def test_a_field_that_became_inventory_stays(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The deletion does nothing."""
        delete(client, "Rating")
        mark(emulation, client, is_inventory=True)

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["nothing deleted: field-is-inventory"]

    def test_a_field_is_deleted_once(self, emulation: Emulation, client: httpx.Client) -> None:
        """The second request does nothing."""
        delete(client, "Rating")
        assert delete(client, "Rating").status_code == 202

        advance(emulation, client, 5)

        outcome = ["1 deleted", "nothing deleted: invalid-field-name"]
        assert outcomes(emulation, client) == outcome

    def test_a_new_field_of_the_name_is_another_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """A deletion that was meant for the old one does not reach it, nor its values."""
        delete(client, "Rating")
        delay(emulation, client, 0)
        delete(client, "Rating")
        add(client, field("Rating", "number"))
        make_item(client, "shops", "a", Rating=5)

        advance(emulation, client, 5)

        assert outcomes(emulation, client)[0] == "nothing deleted: the field is another one now"
        assert item(client, "shops", "a")["Rating"] == 5

    def test_a_new_catalog_of_the_name_is_another_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """What was meant for the old one does not reach it."""
        add(client, field("Open", "boolean"))
        delete(client, "City")
        client.delete("/catalogs/shops")
        make_catalog(client, Rating="number", City="string")

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["the catalog is gone"] * 2
        assert fields_of(client) == [ID, ("Rating", "0", "number"), ("City", "1", "string")]


class TestPendingSelections:
    """The same for selections."""

    @pytest.fixture(autouse=True)
    def _later(self, emulation: Emulation, client: httpx.Client) -> None:
        freeze(emulation, client)
        delay(emulation, client, 5)

    def test_two_requests_for_one_name_make_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The first one stays."""
        select(client, description="first")
        assert select(client, description="second").status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == [
            "1 created",
            "nothing created: selection-name-already-exists",
        ]
        [stored] = catalog_of(client)["selections"]
        assert stored["description"] == "first"

    def test_the_catalog_never_exceeds_its_limit(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The thirty-first does nothing."""
        for number in range(31):
            assert select(client, f"s{number}").status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client)[30] == "nothing created: selection-limit-reached"
        assert selections_of(client) == [f"s{number}" for number in range(30)]

    @pytest.mark.parametrize(
        ("parts", "error_id"),
        [
            ({"filters": [wanted("City", "equals", "Rome")]}, "selection-has-invalid-filter"),
            ({"sort_field": "City", "sort_order": "asc"}, "invalid-sort-field"),
        ],
    )
    def test_one_whose_field_has_gone_is_not_made(
        self, emulation: Emulation, client: httpx.Client, parts: dict[str, Any], error_id: str
    ) -> None:
        """The field's deletion came first."""
        delete(client, "City")
        assert select(client, **parts).status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 deleted", f"nothing created: {error_id}"]
        assert selections_of(client) == []

    def test_one_whose_field_has_come_back_as_another_type_is_not_made(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """A filter fits the type that the field had."""
        delete(client, "Rating")
        select(client, filters=[wanted("Rating", "less than", 3)])
        delay(emulation, client, 0)
        delete(client, "Rating")
        add(client, field("Rating", "string"))

        advance(emulation, client, 5)

        outcome = outcomes(emulation, client)[1]
        assert outcome == "nothing created: selection-has-invalid-filter"

    def test_one_is_deleted_once(self, emulation: Emulation, client: httpx.Client) -> None:
        """The second request does nothing."""
        select(client)
        advance(emulation, client, 5)
        deselect(client)
        assert deselect(client).status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 created", "1 deleted", "0 deleted"]

    def test_a_new_one_of_the_name_is_another_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Even if it says the same; a deletion that was meant for the old one leaves it."""
        select(client)
        advance(emulation, client, 5)
        deselect(client)
        delay(emulation, client, 0)
        deselect(client)
        select(client)

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 created", "0 deleted", "1 deleted", "1 created"]
        assert selections_of(client) == ["best"]

    def test_a_new_catalog_of_the_name_gets_none(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """What was meant for the old one does not reach it."""
        select(client)
        client.delete("/catalogs/shops")
        make_catalog(client, Rating="number", City="string")

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["the catalog is gone"]
        assert selections_of(client) == []

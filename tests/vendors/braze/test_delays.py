"""The time at which changes of fields and selections take effect, and their effect then.

Sources: docs/vendors/braze.md#5-fields and docs/vendors/braze.md#6-selections.
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.factories import condition, field, make_catalog, make_item
from tests.vendors.braze.requests import (
    ID,
    add_fields,
    create_selection,
    delete_field,
    delete_selection,
    error_ids,
    get_catalog,
    get_item,
    list_fields,
    list_selections,
    send,
)
from tests.vendors.braze.steering import (
    advance,
    change_setting,
    delay,
    freeze,
    mark_field,
    outcomes,
    setting,
    unlimited,
)


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number field and a string field."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    return client


class TestDelay:
    """`braze.async_delay`: the seconds until an asynchronous call takes effect."""

    def test_without_it_the_next_request_sees_the_effect(self, client: httpx.Client) -> None:
        """No time has to pass."""
        add_fields(client, field("Open", "boolean"))
        create_selection(client)

        assert list_fields(client)[3:] == [("Open", "2", "boolean")]
        assert list_selections(client) == ["best"]

    def test_fields_change_at_the_instant_they_are_due(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Not earlier, by the sandbox's clock, for reads and for writes."""
        freeze(emulation, client)
        delay(emulation, client, 5)
        before = get_catalog(client)
        add_fields(client, field("Open", "boolean"))
        delete_field(client, "City")

        assert get_catalog(client) == before
        advance(emulation, client, 4.999)
        assert get_catalog(client) == before
        assert error_ids(send(client, "POST", "shops/items/a", {"Open": True})) == [
            "invalid-fields"
        ]
        make_item(client, "shops", "b", City="Rome")
        advance(emulation, client, 0.001)
        assert list_fields(client) == [ID, ("Rating", "0", "number"), ("Open", "2", "boolean")]
        assert get_item(client, "shops", "b") == {"id": "b", "Rating": None, "Open": None}

    def test_selections_change_at_the_instant_they_are_due(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Both creation and deletion."""
        freeze(emulation, client)
        delay(emulation, client, 5)
        create_selection(client)

        advance(emulation, client, 4.999)
        assert list_selections(client) == []
        assert error_ids(delete_selection(client)) == ["invalid-selection"]
        advance(emulation, client, 0.001)
        assert list_selections(client) == ["best"]

        delete_selection(client)
        advance(emulation, client, 4.999)
        assert list_selections(client) == ["best"]
        advance(emulation, client, 0.001)
        assert list_selections(client) == []

    @pytest.mark.parametrize(
        ("seconds", "instant"), [(0, "00.000"), (2.3, "02.300"), (5, "05.000"), (59.9, "59.900")]
    )
    def test_updated_at_is_the_instant_of_the_effect(
        self, emulation: Emulation, client: httpx.Client, seconds: float, instant: str
    ) -> None:
        """Even if the next request comes much later."""
        delay(emulation, client, seconds)
        changes: list[Callable[[], httpx.Response]] = [
            lambda: add_fields(client, field("Open", "boolean")),
            lambda: delete_field(client, "Open"),
            lambda: create_selection(client),
            lambda: delete_selection(client),
        ]
        for day, change in enumerate(changes, start=10):
            freeze(emulation, client, f"2024-10-{day}T10:00:00Z")
            assert change().status_code == 202
            advance(emulation, client, 3600)
            updated_at = get_catalog(client)["updated_at"]
            assert updated_at == f"2024-10-{day}T10:00:{instant}+00:00"

    def test_a_mark_moves_updated_at_too(self, emulation: Emulation, client: httpx.Client) -> None:
        """A mark is a change of a field, in effect at once."""
        freeze(emulation, client, "2030-01-01T00:00:00Z")
        delay(emulation, client, 5)

        mark_field(emulation, client, is_price=True)

        assert get_catalog(client)["updated_at"] == "2030-01-01T00:00:00.000+00:00"

    def test_nothing_takes_effect_after_the_end_of_the_calendar(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Later effects are due in its last second."""
        freeze(emulation, client, "9999-12-31T23:59:58Z")
        delay(emulation, client, 1e9)
        add_fields(client, field("Open", "boolean"))
        assert len(list_fields(client)) == 3

        advance(emulation, client, 1)

        assert len(list_fields(client)) == 4
        assert get_catalog(client)["updated_at"] == "9999-12-31T23:59:59.000+00:00"

    @pytest.mark.parametrize("seconds", [-1, "soon", None, "inf", 1e300])
    def test_an_invalid_delay_is_refused(
        self, emulation: Emulation, client: httpx.Client, seconds: Any
    ) -> None:
        """It is a number of seconds, from 0 to about thirty years."""
        answer = change_setting(emulation, client, "braze.async_delay", seconds)

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert setting(emulation, client, "braze.async_delay") == 0


class TestPendingFields:
    """Accepted requests for a catalog that has changed since: nothing fails (inferred)."""

    @pytest.fixture(autouse=True)
    def _later(self, emulation: Emulation, client: httpx.Client) -> None:
        freeze(emulation, client)
        delay(emulation, client, 5)

    def test_two_requests_for_one_field_create_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """It has the type of the first request; the second request uses no token."""
        add_fields(client, field("Open", "boolean"))
        assert (
            add_fields(client, field("Open", "string"), field("Since", "time")).status_code == 202
        )

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 created", "1 created"]
        assert list_fields(client)[3:] == [("Open", "2", "boolean"), ("Since", "3", "time")]

    def test_the_catalog_never_exceeds_its_limit(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Fields beyond the limit are left out."""
        make_catalog(client, "wide", **{f"f{n}": "string" for n in range(496)})
        for request in range(3):
            fields = [field(f"new{request}-{number}") for number in range(2)]
            assert add_fields(client, *fields, catalog="wide").status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["2 created", "1 created", "0 created"]
        assert list_fields(client, "wide")[-1] == ("new1-0", "498", "string")

    def test_a_field_of_a_newer_selection_stays(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The deletion does nothing."""
        delete_field(client, "Rating")
        delay(emulation, client, 0)
        create_selection(client, sort_field="Rating", sort_order="asc")
        assert list_selections(client) == ["best"]

        advance(emulation, client, 5)

        assert outcomes(emulation, client)[0] == "nothing deleted: field-referenced-by-selection"
        assert ("Rating", "0", "number") in list_fields(client)

    def test_a_field_that_became_inventory_stays(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The deletion does nothing."""
        delete_field(client, "Rating")
        mark_field(emulation, client, is_inventory=True)

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["nothing deleted: field-is-inventory"]

    def test_a_field_is_deleted_once(self, emulation: Emulation, client: httpx.Client) -> None:
        """The second request does nothing."""
        delete_field(client, "Rating")
        assert delete_field(client, "Rating").status_code == 202

        advance(emulation, client, 5)

        outcome = ["1 deleted", "nothing deleted: invalid-field-name"]
        assert outcomes(emulation, client) == outcome

    def test_a_new_field_of_the_name_is_another_field(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """A deletion of the old field changes neither the new field nor its values."""
        delete_field(client, "Rating")
        delay(emulation, client, 0)
        delete_field(client, "Rating")
        add_fields(client, field("Rating", "number"))
        make_item(client, "shops", "a", Rating=5)

        advance(emulation, client, 5)

        assert outcomes(emulation, client)[0] == "nothing deleted: the field is another one now"
        assert get_item(client, "shops", "a")["Rating"] == 5

    def test_a_new_catalog_of_the_name_is_another_catalog(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Requests for the old catalog do not change it."""
        add_fields(client, field("Open", "boolean"))
        delete_field(client, "City")
        client.delete("/catalogs/shops")
        make_catalog(client, Rating="number", City="string")

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["the catalog is gone"] * 2
        assert list_fields(client) == [ID, ("Rating", "0", "number"), ("City", "1", "string")]


class TestPendingSelections:
    """Accepted requests for selections of a catalog that has changed since."""

    @pytest.fixture(autouse=True)
    def _later(self, emulation: Emulation, client: httpx.Client) -> None:
        freeze(emulation, client)
        delay(emulation, client, 5)

    def test_two_requests_for_one_name_create_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The first one stays."""
        create_selection(client, description="first")
        assert create_selection(client, description="second").status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == [
            "1 created",
            "nothing created: selection-name-already-exists",
        ]
        [stored] = get_catalog(client)["selections"]
        assert stored["description"] == "first"

    def test_the_catalog_never_exceeds_its_limit(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The thirty-first request does nothing."""
        for number in range(31):
            assert create_selection(client, f"s{number}").status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client)[30] == "nothing created: selection-limit-reached"
        assert list_selections(client) == [f"s{number}" for number in range(30)]

    @pytest.mark.parametrize(
        ("parts", "error_id"),
        [
            ({"filters": [condition("City", "equals", "Rome")]}, "selection-has-invalid-filter"),
            ({"sort_field": "City", "sort_order": "asc"}, "invalid-sorting"),
        ],
    )
    def test_a_selection_of_a_deleted_field_is_not_created(
        self, emulation: Emulation, client: httpx.Client, parts: dict[str, Any], error_id: str
    ) -> None:
        """The field's deletion came first."""
        delete_field(client, "City")
        assert create_selection(client, **parts).status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 deleted", f"nothing created: {error_id}"]
        assert list_selections(client) == []

    def test_a_selection_of_a_field_with_another_type_is_not_created(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The filter fits only the old type of the field."""
        delete_field(client, "Rating")
        create_selection(client, filters=[condition("Rating", "less than", 3)])
        delay(emulation, client, 0)
        delete_field(client, "Rating")
        add_fields(client, field("Rating", "string"))

        advance(emulation, client, 5)

        outcome = outcomes(emulation, client)[1]
        assert outcome == "nothing created: selection-has-invalid-filter"

    def test_a_selection_is_deleted_once(self, emulation: Emulation, client: httpx.Client) -> None:
        """The second request does nothing."""
        create_selection(client)
        advance(emulation, client, 5)
        delete_selection(client)
        assert delete_selection(client).status_code == 202

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 created", "1 deleted", "0 deleted"]

    def test_a_new_selection_of_the_name_is_another_selection(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """A deletion of the old selection does not delete it, even if both are equal."""
        create_selection(client)
        advance(emulation, client, 5)
        delete_selection(client)
        delay(emulation, client, 0)
        delete_selection(client)
        create_selection(client)

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["1 created", "0 deleted", "1 deleted", "1 created"]
        assert list_selections(client) == ["best"]

    def test_a_new_catalog_of_the_name_gets_no_selection(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Requests for the old catalog do not change it."""
        create_selection(client)
        client.delete("/catalogs/shops")
        make_catalog(client, Rating="number", City="string")

        advance(emulation, client, 5)

        assert outcomes(emulation, client) == ["the catalog is gone"]
        assert list_selections(client) == []

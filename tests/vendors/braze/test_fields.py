"""Adding and deleting fields over HTTP (docs/vendors/braze.md#5-fields)."""

from typing import Any

import httpx
import pytest

from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from tests.emulation import Emulation
from tests.vendors.braze.factories import field, make_catalog, make_item
from tests.vendors.braze.requests import (
    ID,
    SUCCESS,
    add_fields,
    create_selection,
    delete_field,
    delete_selection,
    error_ids,
    error_parameters,
    get_catalog,
    get_item,
    list_fields,
    list_ids,
    send,
)
from tests.vendors.braze.steering import advance, delay, freeze, mark_field, send_marks, unlimited


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number field and a string field."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    return client


class TestAdd:
    """`POST /catalogs/{catalog_name}/fields`."""

    def test_it_is_accepted_and_the_fields_are_listed(self, client: httpx.Client) -> None:
        """They come last, in the order of the request, with the next tokens."""
        answer = add_fields(client, field("Open", "boolean"), field("Since", "time"))

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert get_catalog(client)["fields"] == [
            {"name": "id", "token": "-1", "type": "string"},
            {"name": "Rating", "token": "0", "type": "number"},
            {"name": "City", "token": "1", "type": "string"},
            {"name": "Open", "token": "2", "type": "boolean"},
            {"name": "Since", "token": "3", "type": "time"},
        ]

    def test_a_trailing_slash_works(self, client: httpx.Client) -> None:
        """It works on both calls."""
        fields = {"fields": [field("Open", "boolean")]}

        assert client.post("/catalogs/shops/fields/", json=fields).status_code == 202
        assert client.delete("/catalogs/shops/fields/Open/").status_code == 202
        assert list_fields(client) == [ID, ("Rating", "0", "number"), ("City", "1", "string")]

    def test_every_type_can_be_added(self, client: httpx.Client) -> None:
        """The types are those of a new catalog."""
        assert (
            add_fields(client, *(field(kind, kind) for kind in FIELD_TYPE_NAMES)).status_code == 202
        )

        assert [shown[2] for shown in list_fields(client)[3:]] == list(FIELD_TYPE_NAMES)

    @pytest.mark.parametrize("name", ["f" * 250, "a-b_C9", "-", "RATING", "0"])
    def test_any_allowed_name_can_be_added(self, client: httpx.Client, name: str) -> None:
        """Letters, numbers, hyphens and underscores, up to 250; names differ by case."""
        assert add_fields(client, field(name)).status_code == 202

        assert list_fields(client)[-1] == (name, "2", "string")

    def test_fifty_fit_into_a_request_and_five_hundred_into_a_catalog(
        self, client: httpx.Client
    ) -> None:
        """The id counts. A request beyond a limit is refused as a whole."""
        make_catalog(client, "wide", **{f"f{n}": "string" for n in range(449)})
        new = [field(f"new{number}") for number in range(51)]

        many = add_fields(client, *new, catalog="wide")
        assert add_fields(client, *new[:50], catalog="wide").status_code == 202
        beyond = add_fields(client, new[50], catalog="wide")

        assert (many.status_code, beyond.status_code) == (400, 400)
        assert error_parameters(many) == {"request-includes-too-many-fields": (["fields"], [])}
        assert error_parameters(beyond) == {"catalog-exceeds-fields-limit": (["fields"], [])}
        assert len(list_fields(client, "wide")) == 500

    def test_fifty_at_once_under_one_name_create_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The later requests are refused, or accepted without effect."""
        body = {"fields": [field("Open", "boolean")]}
        requests = [client.build_request("POST", "/catalogs/shops/fields", json=body)] * 50

        answers = emulation.at_once(client, requests)

        statuses = {answer.status_code for answer in answers}
        assert 202 in statuses
        assert statuses <= {202, 400}
        assert list_fields(client)[3:] == [("Open", "2", "boolean")]

    def test_twenty_at_once_get_different_tokens(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """No field is lost, and no token is used twice."""
        bodies = [{"fields": [field(f"f{number}")]} for number in range(20)]
        path = "/catalogs/shops/fields"

        emulation.at_once(client, [client.build_request("POST", path, json=b) for b in bodies])

        names, tokens, _ = zip(*list_fields(client)[3:], strict=True)
        assert sorted(names) == sorted(f"f{number}" for number in range(20))
        assert tokens == tuple(str(number) for number in range(2, 22))


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/fields/{field_name}`."""

    def test_it_is_accepted_and_the_field_is_deleted(self, client: httpx.Client) -> None:
        """The others keep their tokens."""
        answer = delete_field(client, "Rating")

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert list_fields(client) == [ID, ("City", "1", "string")]

    def test_a_token_is_never_used_again(self, client: httpx.Client) -> None:
        """Neither the token of the last field nor those of all fields."""
        delete_field(client, "City")
        add_fields(client, field("City"))
        assert list_fields(client)[1:] == [("Rating", "0", "number"), ("City", "2", "string")]

        delete_field(client, "City")
        delete_field(client, "Rating")
        add_fields(client, field("Rating"), field("City"))
        assert list_fields(client)[1:] == [("Rating", "3", "string"), ("City", "4", "string")]

    def test_a_body_is_ignored(self, client: httpx.Client) -> None:
        """Any body is ignored."""
        answer = client.request("DELETE", "/catalogs/shops/fields/City", content=b"{")

        assert answer.status_code == 202

    def test_inventory_cannot_be_deleted(self, emulation: Emulation, client: httpx.Client) -> None:
        """The list shows the mark only while it is true."""
        marked = {**field("Rating", "number"), "token": "0", "is_inventory": True}
        assert send_marks(emulation, client, {"is_inventory": True}).json() == marked
        assert get_catalog(client)["fields"][1] == marked

        refused = delete_field(client, "Rating")

        assert refused.status_code == 400
        assert error_parameters(refused) == {"field-is-inventory": (["field_name"], ["Rating"])}
        mark_field(emulation, client, is_inventory=False)
        assert "is_inventory" not in get_catalog(client)["fields"][1]
        assert delete_field(client, "Rating").status_code == 202

    @pytest.mark.parametrize("marks", [[], None, {"is_token": True}, {"is_price": 1}])
    def test_other_marks_are_refused(
        self, emulation: Emulation, client: httpx.Client, marks: Any
    ) -> None:
        """The body has the two marks only, as booleans."""
        assert send_marks(emulation, client, marks).status_code == 400

    def test_a_missing_field_cannot_be_marked(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The control plane answers 404."""
        delete_field(client, "Rating")

        assert send_marks(emulation, client, {"is_price": True}).status_code == 404

    def test_a_price_can_be_deleted(self, emulation: Emulation, client: httpx.Client) -> None:
        """Only inventory has an error id. A new field of the same name has no mark."""
        mark_field(emulation, client, is_price=True)
        assert get_catalog(client)["fields"][1]["is_price"] is True

        assert delete_field(client, "Rating").status_code == 202

        add_fields(client, field("Rating", "number"))
        assert "is_price" not in get_catalog(client)["fields"][-1]

    @pytest.mark.parametrize(
        "parts",
        [
            {"filters": [{"field": "Rating", "operator": "greater than", "value": 3}]},
            {"sort_field": "Rating", "sort_order": "asc"},
        ],
    )
    def test_a_field_of_a_selection_stays(
        self, client: httpx.Client, parts: dict[str, Any]
    ) -> None:
        """While the selection exists, other fields can be deleted."""
        create_selection(client, **parts)

        refused = delete_field(client, "Rating")

        assert refused.status_code == 400
        assert error_parameters(refused) == {
            "field-referenced-by-selection": (["field_name"], ["Rating"])
        }
        assert delete_field(client, "City").status_code == 202
        delete_selection(client)
        assert delete_field(client, "Rating").status_code == 202


class TestItems:
    """Stored items after a change of the fields."""

    def test_a_new_field_is_null_in_existing_items(self, client: httpx.Client) -> None:
        """It comes last, in single items and in lists. New items have it at once."""
        make_item(client, "shops", "old", Rating=3)
        add_fields(client, field("Open", "boolean"))
        make_item(client, "shops", "new", Open=True)

        old = '{"id":"old","Rating":3,"City":null,"Open":null}'
        new = '{"id":"new","Rating":null,"City":null,"Open":true}'
        assert client.get("/catalogs/shops/items/old").text == (
            f'{{"items":[{old}],"message":"success"}}'
        )
        assert client.get("/catalogs/shops/items").text == (
            f'{{"items":[{old},{new}],"message":"success"}}'
        )

    def test_items_lose_a_deleted_field(self, client: httpx.Client) -> None:
        """A write of the field is refused then."""
        make_item(client, "shops", "a", Rating=3, City="Rome")
        delete_field(client, "Rating")

        assert get_item(client, "shops", "a") == {"id": "a", "City": "Rome"}
        refused = send(client, "PATCH", "shops/items/a", {"Rating": 4})
        assert error_ids(refused) == ["invalid-fields"]

    @pytest.mark.parametrize("kind", FIELD_TYPE_NAMES)
    def test_a_field_that_is_added_again_is_another_field(
        self, client: httpx.Client, kind: str
    ) -> None:
        """Old values do not come back, under any type."""
        make_item(client, "shops", "a", Rating=3, City="Rome")
        delete_field(client, "Rating")
        add_fields(client, field("Rating", kind))

        assert get_item(client, "shops", "a") == {"id": "a", "City": "Rome", "Rating": None}

        send(client, "PATCH", "shops/items/a", {"City": "Oslo"})
        assert get_item(client, "shops", "a") == {"id": "a", "City": "Oslo", "Rating": None}

    def test_an_edit_after_a_change_keeps_the_other_values(self, client: httpx.Client) -> None:
        """After fields were added and deleted."""
        make_item(client, "shops", "a", Rating=3, City="Rome")
        add_fields(client, field("Open", "boolean"), field("Since", "time"))
        delete_field(client, "Since")

        answer = send(client, "PATCH", "shops/items/a", {"Open": True})

        assert answer.status_code == 200
        after = {"id": "a", "Rating": 3, "City": "Rome", "Open": True}
        assert get_item(client, "shops", "a") == after

    def test_an_array_that_is_added_again_begins_empty(self, client: httpx.Client) -> None:
        """`$add` does not append to the old array."""
        add_fields(client, field("Tags", "array"))
        make_item(client, "shops", "a", Tags=["old"])
        delete_field(client, "Tags")
        add_fields(client, field("Tags", "array"))

        send(client, "PATCH", "shops/items/a", {"Tags": {"$add": ["new"]}})

        assert get_item(client, "shops", "a")["Tags"] == ["new"]

    def test_an_earlier_bulk_write_leaves_deleted_fields_out(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Values of fields that were deleted before the effect are left out."""
        freeze(emulation, client)
        delay(emulation, client, 5)
        delete_field(client, "Rating")
        add_fields(client, field("New"))
        send(client, "POST", "shops/items", {"id": "a", "Rating": 3, "City": "Rome"})

        advance(emulation, client, 5)

        assert get_item(client, "shops", "a") == {"id": "a", "City": "Rome", "New": None}

    def test_no_item_is_lost(self, client: httpx.Client) -> None:
        """The list and the total stay as they were."""
        for number in range(3):
            make_item(client, "shops", f"i{number}", City="Rome")
        add_fields(client, field("Open", "boolean"))
        delete_field(client, "City")

        assert list_ids(client, "shops") == ["i0", "i1", "i2"]
        assert get_catalog(client)["num_items"] == 3

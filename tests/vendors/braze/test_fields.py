"""Adding and deleting fields over HTTP (docs/vendors/braze.md#5-fields)."""

from typing import Any

import httpx
import pytest

from mockalog.vendors.braze.rules.values import TYPES
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
    told,
)
from tests.vendors.braze.making import (
    SUCCESS,
    advance,
    catalog_of,
    delay,
    freeze,
    ids_of,
    item,
    listed,
    make_catalog,
    make_item,
    send,
    unlimited,
)


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number and a text."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    return client


class TestAdd:
    """`POST /catalogs/{catalog_name}/fields`."""

    def test_it_is_accepted_and_the_fields_are_listed(self, client: httpx.Client) -> None:
        """After those that there are, in the order of the request, tokens counting on."""
        answer = add(client, field("Open", "boolean"), field("Since", "time"))

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert catalog_of(client)["fields"] == [
            {"name": "id", "token": "-1", "type": "string"},
            {"name": "Rating", "token": "0", "type": "number"},
            {"name": "City", "token": "1", "type": "string"},
            {"name": "Open", "token": "2", "type": "boolean"},
            {"name": "Since", "token": "3", "type": "time"},
        ]

    def test_a_trailing_slash_works(self, client: httpx.Client) -> None:
        """On both calls."""
        fields = {"fields": [field("Open", "boolean")]}

        assert client.post("/catalogs/shops/fields/", json=fields).status_code == 202
        assert client.delete("/catalogs/shops/fields/Open/").status_code == 202
        assert fields_of(client) == [ID, ("Rating", "0", "number"), ("City", "1", "string")]

    def test_every_type_can_be_added(self, client: httpx.Client) -> None:
        """The same as for a new catalog."""
        assert add(client, *(field(kind, kind) for kind in TYPES)).status_code == 202

        assert [shown[2] for shown in fields_of(client)[3:]] == list(TYPES)

    @pytest.mark.parametrize("name", ["f" * 250, "a-b_C9", "-", "RATING", "0"])
    def test_any_allowed_name_can_be_added(self, client: httpx.Client, name: str) -> None:
        """Letters, numbers, hyphens, underscores, 250 of them; names differ by case."""
        assert add(client, field(name)).status_code == 202

        assert fields_of(client)[-1] == (name, "2", "string")

    def test_fifty_fit_into_a_request_and_five_hundred_into_a_catalog(
        self, client: httpx.Client
    ) -> None:
        """The id counts; one more than either is refused, and none of it is added."""
        make_catalog(client, "wide", **{f"f{n}": "string" for n in range(449)})
        new = [field(f"new{number}") for number in range(51)]

        many = add(client, *new, catalog="wide")
        assert add(client, *new[:50], catalog="wide").status_code == 202
        beyond = add(client, new[50], catalog="wide")

        assert (many.status_code, beyond.status_code) == (400, 400)
        assert told(many) == {"request-includes-too-many-fields": (["fields"], [])}
        assert told(beyond) == {"catalog-exceeds-fields-limit": (["fields"], [])}
        assert len(fields_of(client, "wide")) == 500

    def test_fifty_at_once_under_one_name_make_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Whoever comes too late is refused, or accepted without effect."""
        body = {"fields": [field("Open", "boolean")]}
        requests = [client.build_request("POST", "/catalogs/shops/fields", json=body)] * 50

        answers = emulation.at_once(client, requests)

        statuses = {answer.status_code for answer in answers}
        assert 202 in statuses
        assert statuses <= {202, 400}
        assert fields_of(client)[3:] == [("Open", "2", "boolean")]

    def test_twenty_at_once_all_come_in_with_tokens_of_their_own(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """None is lost, none takes another one's place."""
        bodies = [{"fields": [field(f"f{number}")]} for number in range(20)]
        path = "/catalogs/shops/fields"

        emulation.at_once(client, [client.build_request("POST", path, json=b) for b in bodies])

        names, tokens, _ = zip(*fields_of(client)[3:], strict=True)
        assert sorted(names) == sorted(f"f{number}" for number in range(20))
        assert tokens == tuple(str(number) for number in range(2, 22))


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/fields/{field_name}`."""

    def test_it_is_accepted_and_the_field_is_gone(self, client: httpx.Client) -> None:
        """The others keep their tokens."""
        answer = delete(client, "Rating")

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert fields_of(client) == [ID, ("City", "1", "string")]

    def test_a_token_is_never_used_again(self, client: httpx.Client) -> None:
        """Not even the last one's, nor all of them."""
        delete(client, "City")
        add(client, field("City"))
        assert fields_of(client)[1:] == [("Rating", "0", "number"), ("City", "2", "string")]

        delete(client, "City")
        delete(client, "Rating")
        add(client, field("Rating"), field("City"))
        assert fields_of(client)[1:] == [("Rating", "3", "string"), ("City", "4", "string")]

    def test_a_body_is_ignored(self, client: httpx.Client) -> None:
        """Whatever it is."""
        answer = client.request("DELETE", "/catalogs/shops/fields/City", content=b"{")

        assert answer.status_code == 202

    def test_inventory_stays_until_it_is_none(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The mark shows in the list, and only while it is true."""
        marked = {**field("Rating", "number"), "token": "0", "is_inventory": True}
        assert mark(emulation, client, is_inventory=True).json() == marked
        assert catalog_of(client)["fields"][1] == marked

        refused = delete(client, "Rating")

        assert refused.status_code == 400
        assert told(refused) == {"field-is-inventory": (["field_name"], ["Rating"])}
        mark(emulation, client, is_inventory=False)
        assert "is_inventory" not in catalog_of(client)["fields"][1]
        assert delete(client, "Rating").status_code == 202

    def test_a_price_can_be_deleted(self, emulation: Emulation, client: httpx.Client) -> None:
        """Only inventory has an error id; and the mark goes with the field."""
        mark(emulation, client, is_price=True)
        assert catalog_of(client)["fields"][1]["is_price"] is True

        assert delete(client, "Rating").status_code == 202

        add(client, field("Rating", "number"))
        assert "is_price" not in catalog_of(client)["fields"][-1]

    @pytest.mark.parametrize(
        "parts",
        [
            {"filters": [{"field": "Rating", "operator": "greater than", "value": 3}]},
            {"sort_field": "Rating", "sort_order": "asc"},
        ],
    )
    def test_a_field_that_a_selection_needs_stays(
        self, client: httpx.Client, parts: dict[str, Any]
    ) -> None:
        """As long as the selection is there; other fields may go."""
        select(client, **parts)

        refused = delete(client, "Rating")

        assert refused.status_code == 400
        assert told(refused) == {"field-referenced-by-selection": (["field_name"], ["Rating"])}
        assert delete(client, "City").status_code == 202
        deselect(client)
        assert delete(client, "Rating").status_code == 202


class TestItems:
    """What becomes of stored items."""

    def test_a_new_field_is_null_in_those_that_there_are(self, client: httpx.Client) -> None:
        """Shown after the others, alone and in the list; new items have it at once."""
        make_item(client, "shops", "old", Rating=3)
        add(client, field("Open", "boolean"))
        make_item(client, "shops", "new", Open=True)

        old = '{"id":"old","Rating":3,"City":null,"Open":null}'
        new = '{"id":"new","Rating":null,"City":null,"Open":true}'
        assert client.get("/catalogs/shops/items/old").text == (
            f'{{"items":[{old}],"message":"success"}}'
        )
        assert client.get("/catalogs/shops/items").text == (
            f'{{"items":[{old},{new}],"message":"success"}}'
        )

    def test_a_deleted_field_is_gone_from_them(self, client: httpx.Client) -> None:
        """And cannot be written any more."""
        make_item(client, "shops", "a", Rating=3, City="Rome")
        delete(client, "Rating")

        assert item(client, "shops", "a") == {"id": "a", "City": "Rome"}
        refused = send(client, "PATCH", "shops/items/a", {"Rating": 4})
        assert ids_of(refused) == ["invalid-fields"]

    @pytest.mark.parametrize("kind", TYPES)
    def test_a_field_that_comes_back_is_another_one(self, client: httpx.Client, kind: str) -> None:
        """Old values do not return, neither under the same type nor under another."""
        make_item(client, "shops", "a", Rating=3, City="Rome")
        delete(client, "Rating")
        add(client, field("Rating", kind))

        assert item(client, "shops", "a") == {"id": "a", "City": "Rome", "Rating": None}

        send(client, "PATCH", "shops/items/a", {"City": "Oslo"})
        assert item(client, "shops", "a") == {"id": "a", "City": "Oslo", "Rating": None}

    def test_an_edit_after_a_change_keeps_the_other_values(self, client: httpx.Client) -> None:
        """Whatever came and went between."""
        make_item(client, "shops", "a", Rating=3, City="Rome")
        add(client, field("Open", "boolean"), field("Since", "time"))
        delete(client, "Since")

        answer = send(client, "PATCH", "shops/items/a", {"Open": True})

        assert answer.status_code == 200
        after = {"id": "a", "Rating": 3, "City": "Rome", "Open": True}
        assert item(client, "shops", "a") == after

    def test_a_list_that_comes_back_begins_empty(self, client: httpx.Client) -> None:
        """What `$add` appends to is not the old one."""
        add(client, field("Tags", "array"))
        make_item(client, "shops", "a", Tags=["old"])
        delete(client, "Tags")
        add(client, field("Tags", "array"))

        send(client, "PATCH", "shops/items/a", {"Tags": {"$add": ["new"]}})

        assert item(client, "shops", "a")["Tags"] == ["new"]

    def test_a_bulk_write_from_before_leaves_out_what_has_gone(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Also if a field of that name is back by the time it takes effect."""
        freeze(emulation, client)
        delay(emulation, client, 5)
        delete(client, "Rating")
        add(client, field("New"))
        send(client, "POST", "shops/items", {"id": "a", "Rating": 3, "City": "Rome"})

        advance(emulation, client, 5)

        assert item(client, "shops", "a") == {"id": "a", "City": "Rome", "New": None}

    def test_no_item_is_lost(self, client: httpx.Client) -> None:
        """The list holds what it held."""
        for number in range(3):
            make_item(client, "shops", f"i{number}", City="Rome")
        add(client, field("Open", "boolean"))
        delete(client, "City")

        assert listed(client, "shops") == ["i0", "i1", "i2"]
        assert catalog_of(client)["num_items"] == 3

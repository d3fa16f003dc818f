"""Braze's single-item calls over HTTP.

Sources: docs/vendors/braze.md#1-endpoints, docs/vendors/braze.md#41-values,
docs/vendors/braze.md#44-get-an-item to docs/vendors/braze.md#46-array-operators.
"""

import json
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.factories import make_catalog, make_item
from tests.vendors.braze.requests import (
    SUCCESS,
    error_ids,
    get_catalog,
    get_item,
    has_item,
    list_ids,
    send,
)
from tests.vendors.braze.steering import advance, freeze, unlimited

# The restaurants of Braze's item pages, in the order of the catalog's fields.
RESTAURANTS = {
    "Name": "string",
    "City": "string",
    "Cuisine": "string",
    "Rating": "number",
    "Loyalty_Program": "boolean",
    "Open_Time": "time",
    "Tags": "array",
}
RESTAURANT = {
    "Name": "Restaurant1",
    "City": "New York",
    "Cuisine": "American",
    "Rating": 5,
    "Loyalty_Program": True,
    "Open_Time": "2021-09-03T09:03:19.967+00:00",
    "Tags": ["brunch"],
}
SHOWN = (
    '{"id":"restaurant1","Name":"Restaurant1","City":"New York","Cuisine":"American","Rating":5,'
    '"Loyalty_Program":true,"Open_Time":"2021-09-03T09:03:19.967Z","Tags":["brunch"]}'
)
PATH = "restaurants/items/restaurant1"


@pytest.fixture
def client(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """A client without rate limits whose workspace has an empty catalog of restaurants."""
    make_catalog(unlimited(emulation, braze), "restaurants", **RESTAURANTS)
    return braze


def sizes_of(client: httpx.Client) -> tuple[int, int]:
    """Return `num_items` and `storage_size` of the catalog."""
    found = get_catalog(client, "restaurants")
    return found["num_items"], found["storage_size"]


def bytes_of(client: httpx.Client) -> int:
    """Return the bytes of the items' JSON in the response."""
    page = client.get("/catalogs/restaurants/items").json()["items"]
    texts = [json.dumps(i, separators=(",", ":"), ensure_ascii=False) for i in page]
    return sum(len(text.encode()) for text in texts)


class TestGet:
    """`GET /catalogs/{catalog_name}/items/{item_id}`."""

    def test_an_item_comes_as_an_array_of_one_in_the_documented_form(
        self, client: httpx.Client
    ) -> None:
        """The id first, then the fields in the catalog's order; times end in `Z`."""
        make_item(client, "restaurants", "restaurant1", **dict(reversed(RESTAURANT.items())))

        answer = client.get(f"/catalogs/{PATH}")

        assert answer.status_code == 200
        assert answer.text == f'{{"items":[{SHOWN}],"message":"success"}}'

    def test_fields_without_a_value_are_null(self, client: httpx.Client) -> None:
        """Every item shows every field."""
        make_item(client, "restaurants", "restaurant1", Name=None)

        found = get_item(client, "restaurants", "restaurant1")

        assert found == {"id": "restaurant1", **dict.fromkeys(RESTAURANTS)}
        assert list(found) == ["id", *RESTAURANTS]

    @pytest.mark.parametrize("number", ["5", "45", "4.5", "1" + "0" * 30, "0.10000000000000000001"])
    def test_numbers_keep_every_digit(self, client: httpx.Client, number: str) -> None:
        """An integer stays an integer."""
        content = f'{{"items":[{{"Rating":{number}}}]}}'
        assert client.post(f"/catalogs/{PATH}", content=content).status_code == 201

        assert f'"Rating":{number},' in client.get(f"/catalogs/{PATH}").text

    def test_an_unknown_item_is_not_found_with_the_documented_text(
        self, client: httpx.Client
    ) -> None:
        """404 with the catalog error envelope, byte for byte."""
        answer = client.get(f"/catalogs/{PATH}")

        assert (answer.status_code, answer.text) == (
            404,
            '{"errors":[{"id":"item-not-found","message":"Could not find item",'
            '"parameters":["item_id"],"parameter_values":["restaurant1"]}],'
            '"message":"Invalid Request"}',
        )

    def test_ids_differ_by_case(self, client: httpx.Client) -> None:
        """Two ids that differ only by case are two items."""
        make_item(client, "restaurants", "A", Rating=1)
        make_item(client, "restaurants", "a", Rating=2)

        assert get_item(client, "restaurants", "A")["Rating"] == 1


class TestCreate:
    """`POST /catalogs/{catalog_name}/items/{item_id}`."""

    def test_creation_answers_201_with_a_bare_success(self, client: httpx.Client) -> None:
        """The item is visible at once."""
        answer = send(client, "POST", PATH, RESTAURANT)

        assert (answer.status_code, answer.text) == (201, SUCCESS)
        assert has_item(client, "restaurants", "restaurant1")

    def test_a_second_creation_is_refused_and_changes_nothing(self, client: httpx.Client) -> None:
        """The text is the documented one of 2022."""
        make_item(client, "restaurants", "restaurant1", Rating=1)

        answer = send(client, "POST", PATH, {"Rating": 2})

        assert (answer.status_code, answer.text) == (
            400,
            '{"errors":[{"id":"item-already-exists","message":"The item already exists",'
            '"parameters":["item_id"],"parameter_values":["restaurant1"]}],'
            '"message":"Invalid Request"}',
        )
        assert get_item(client, "restaurants", "restaurant1")["Rating"] == 1

    def test_fifty_at_once_under_one_id_create_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """One request creates it, the others get the error."""
        answers = emulation.at_once(
            client,
            [
                client.build_request("POST", f"/catalogs/{PATH}", json={"items": [{"Rating": n}]})
                for n in range(50)
            ],
        )

        assert sorted(answer.status_code for answer in answers) == [201] + [400] * 49
        refusals = [error_ids(answer) for answer in answers if answer.status_code == 400]
        assert refusals == [["item-already-exists"]] * 49
        [winner] = [n for n, answer in enumerate(answers) if answer.status_code == 201]
        assert get_item(client, "restaurants", "restaurant1")["Rating"] == winner
        assert sizes_of(client) == (1, bytes_of(client))

    def test_fifty_at_once_under_different_ids_create_fifty(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """No item is lost, and the totals are right."""
        answers = emulation.at_once(
            client,
            [
                client.build_request(
                    "POST", f"/catalogs/restaurants/items/r{n}", json={"items": [{"Rating": n}]}
                )
                for n in range(50)
            ],
        )

        assert {answer.status_code for answer in answers} == {201}
        assert sorted(list_ids(client, "restaurants")) == sorted(f"r{n}" for n in range(50))
        assert sizes_of(client) == (50, bytes_of(client))

    def test_the_items_of_catalogs_are_separate(self, client: httpx.Client) -> None:
        """The same id in another catalog is another item."""
        make_catalog(client, "bars", Rating="number")
        make_item(client, "restaurants", "a", Rating=1)
        make_item(client, "bars", "a", Rating=2)

        client.delete("/catalogs/bars/items/a")

        assert get_item(client, "restaurants", "a")["Rating"] == 1
        assert not has_item(client, "bars", "a")

    def test_a_new_catalog_of_a_deleted_name_is_empty(self, client: httpx.Client) -> None:
        """The old catalog's items were deleted with it."""
        make_item(client, "restaurants", "a")
        client.delete("/catalogs/restaurants")
        make_catalog(client, "restaurants", **RESTAURANTS)

        assert not has_item(client, "restaurants", "a")
        assert sizes_of(client) == (0, 0)


@pytest.mark.parametrize(("method", "status"), [("POST", 201), ("PUT", 200), ("PATCH", 200)])
def test_the_id_of_the_path_may_not_be_in_the_body(
    client: httpx.Client, method: str, status: int
) -> None:
    """Even if both are equal (amendment braze A10)."""
    if method == "PATCH":
        make_item(client, "restaurants", "restaurant1")

    refused = send(client, method, PATH, {**RESTAURANT, "id": "restaurant1"})

    assert (refused.status_code, error_ids(refused)) == (400, ["id-in-body"])
    assert send(client, method, PATH, RESTAURANT).status_code == status


class TestReplace:
    """`PUT /catalogs/{catalog_name}/items/{item_id}`."""

    def test_a_replaced_item_keeps_no_value(self, client: httpx.Client) -> None:
        """Missing fields become null."""
        make_item(client, "restaurants", "restaurant1", **RESTAURANT)

        answer = send(client, "PUT", PATH, {"City": "Rome"})

        assert (answer.status_code, answer.text) == (200, SUCCESS)
        blank = {"id": "restaurant1", **dict.fromkeys(RESTAURANTS)}
        assert get_item(client, "restaurants", "restaurant1") == {**blank, "City": "Rome"}

    def test_a_missing_item_is_created(self, client: httpx.Client) -> None:
        """The status is 200 too."""
        answer = send(client, "PUT", PATH, RESTAURANT)

        assert (answer.status_code, answer.text) == (200, SUCCESS)
        assert get_item(client, "restaurants", "restaurant1")["Rating"] == 5

    def test_replacing_one_id_at_once_creates_one_item(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """All succeed, and the item has the values of one of them."""
        requests = [
            client.build_request("PUT", f"/catalogs/{PATH}", json={"items": [{"Rating": n}]})
            for n in range(20)
        ]

        answers = emulation.at_once(client, requests)

        assert {answer.status_code for answer in answers} == {200}
        assert list_ids(client, "restaurants") == ["restaurant1"]
        assert sizes_of(client) == (1, bytes_of(client))


class TestUpdate:
    """`PATCH /catalogs/{catalog_name}/items/{item_id}`."""

    def test_only_the_sent_values_change(self, client: httpx.Client) -> None:
        """Null clears a field."""
        make_item(client, "restaurants", "restaurant1", **RESTAURANT)
        before = get_item(client, "restaurants", "restaurant1")

        answer = send(client, "PATCH", PATH, {"Rating": 4.5, "City": None})

        assert (answer.status_code, answer.text) == (200, SUCCESS)
        after = get_item(client, "restaurants", "restaurant1")
        assert after == {**before, "Rating": 4.5, "City": None}

    def test_an_empty_edit_succeeds(self, client: httpx.Client) -> None:
        """An object without values is valid."""
        make_item(client, "restaurants", "restaurant1", Rating=1)

        assert send(client, "PATCH", PATH, {}).status_code == 200
        assert get_item(client, "restaurants", "restaurant1")["Rating"] == 1

    @pytest.mark.parametrize(
        ("change", "tags"),
        [
            ({"$add": ["lunch"]}, ["brunch", "dinner", "lunch"]),
            ({"$remove": ["brunch"]}, ["dinner"]),
            ({"$add": ["lunch"], "$remove": ["brunch"]}, ["dinner", "lunch"]),
            (["lunch"], ["lunch"]),
        ],
    )
    def test_arrays_are_changed_by_operators_or_replaced(
        self, client: httpx.Client, change: Any, tags: list[str]
    ) -> None:
        """`$add` and `$remove` edit the stored array."""
        make_item(client, "restaurants", "restaurant1", Tags=["brunch", "dinner"])

        assert send(client, "PATCH", PATH, {"Tags": change}).status_code == 200

        assert get_item(client, "restaurants", "restaurant1")["Tags"] == tags

    def test_additions_at_once_are_all_kept(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """No edit overwrites another one."""
        make_item(client, "restaurants", "restaurant1")
        changes = [{"items": [{"Tags": {"$add": [f"t{n}"]}}]} for n in range(20)]

        answers = emulation.at_once(
            client,
            [client.build_request("PATCH", f"/catalogs/{PATH}", json=each) for each in changes],
        )

        assert {answer.status_code for answer in answers} == {200}
        tags = get_item(client, "restaurants", "restaurant1")["Tags"]
        assert sorted(tags) == sorted(f"t{n}" for n in range(20))

    def test_an_unknown_item_is_not_found(self, client: httpx.Client) -> None:
        """Nothing is created."""
        answer = send(client, "PATCH", PATH, {"Rating": 1})

        assert (answer.status_code, error_ids(answer)) == (404, ["item-not-found"])
        assert not has_item(client, "restaurants", "restaurant1")


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/items/{item_id}`."""

    def test_deletion_answers_202_but_is_synchronous(self, client: httpx.Client) -> None:
        """The only single call whose success is 202."""
        make_item(client, "restaurants", "restaurant1")

        answer = client.delete(f"/catalogs/{PATH}")

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert not has_item(client, "restaurants", "restaurant1")

    def test_an_unknown_item_is_a_bad_request(self, client: httpx.Client) -> None:
        """The page has its example under 400. The status of GET and PATCH is 404."""
        answer = client.delete(f"/catalogs/{PATH}")

        assert (answer.status_code, answer.text) == (
            400,
            '{"errors":[{"id":"item-not-found","message":"Could not find item",'
            '"parameters":["item_id"],"parameter_values":["restaurant1"]}],'
            '"message":"Invalid Request"}',
        )

    def test_a_deleted_item_can_be_created_again(self, client: httpx.Client) -> None:
        """The old values do not come back."""
        make_item(client, "restaurants", "restaurant1", **RESTAURANT)
        client.delete(f"/catalogs/{PATH}")

        make_item(client, "restaurants", "restaurant1", Rating=1)

        assert get_item(client, "restaurants", "restaurant1")["City"] is None


class TestTotals:
    """The catalog's totals of its items."""

    def test_number_and_size_follow_every_write(self, client: httpx.Client) -> None:
        """The size is that of the items' JSON in bytes."""
        for method, name, values in [
            ("POST", "a", RESTAURANT),
            ("PUT", "b", {"City": "Zürich 🏪"}),
            ("PATCH", "a", {"City": "Rome", "Tags": {"$add": ["lunch"]}}),
            ("PUT", "a", {}),
            ("DELETE", "b", {}),
        ]:
            send(client, method, f"restaurants/items/{name}", values)
            assert sizes_of(client)[1] == bytes_of(client) > 0

        assert sizes_of(client)[0] == 1

    @pytest.mark.parametrize(
        ("method", "status"), [("PUT", 200), ("PATCH", 200), ("DELETE", 202), ("POST", 400)]
    )
    def test_the_catalog_was_updated_when_an_item_was(
        self, emulation: Emulation, client: httpx.Client, method: str, status: int
    ) -> None:
        """Reads and errors do not change it."""
        freeze(emulation, client, "2024-10-14T10:00:00Z")
        make_item(client, "restaurants", "restaurant1")
        advance(emulation, client, 1.5)

        answer = send(client, method, PATH, {"Rating": 2})
        client.get(f"/catalogs/{PATH}")

        assert answer.status_code == status
        expected = "10:00:00.000" if status == 400 else "10:00:01.500"
        updated_at = get_catalog(client, "restaurants")["updated_at"]
        assert updated_at == f"2024-10-14T{expected}+00:00"

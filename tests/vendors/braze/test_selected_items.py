"""The items of a selection over HTTP, by a call of the control plane."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.factories import condition, field, make_catalog, make_item, make_items
from tests.vendors.braze.requests import (
    add_fields,
    create_selection,
    delete_field,
    delete_selection,
    send,
)
from tests.vendors.braze.steering import (
    advance,
    change_setting,
    delay,
    freeze,
    get_selected_items,
    set_setting,
    unlimited,
)


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has four items."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    for name, rating, city in (
        ("a", 3, "Rome"),
        ("b", None, "Rome"),
        ("c", 5, "Oslo"),
        ("d", 4, "Rome"),
    ):
        make_item(client, "shops", name, Rating=rating, City=city)
    return client


ROMANS: dict[str, Any] = {
    "filters": [condition("City", "equals", "Rome")],
    "sort_field": "Rating",
    "sort_order": "desc",
}


def result_ids(emulation: Emulation, client: httpx.Client, name: str = "best") -> list[str]:
    """Return the ids of a selection's results, in their order."""
    answer = get_selected_items(emulation, client, name)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_the_results_are_whole_items_in_the_selections_order(
    emulation: Emulation, client: httpx.Client
) -> None:
    """They have the form of Braze's items, with nulls last."""
    create_selection(client, **ROMANS)

    answer = get_selected_items(emulation, client)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.text == (
        '{"items":[{"id":"d","Rating":4,"City":"Rome"},{"id":"a","Rating":3,"City":"Rome"},'
        '{"id":"b","Rating":null,"City":"Rome"}]}'
    )


def test_the_limit_ends_the_results(emulation: Emulation, client: httpx.Client) -> None:
    """The limit applies after sorting."""
    create_selection(client, **ROMANS, results_limit=1)

    assert result_ids(emulation, client) == ["d"]


def test_the_results_may_be_empty(emulation: Emulation, client: httpx.Client) -> None:
    """The catalog may be empty too."""
    create_selection(client, filters=[condition("City", "equals", "Paris")])
    make_catalog(client, "empty", Rating="number")
    create_selection(client, catalog="empty")

    for catalog in ("shops", "empty"):
        answer = get_selected_items(emulation, client, catalog=catalog)
        assert (answer.status_code, answer.text) == (200, '{"items":[]}')


def test_the_results_follow_the_items(emulation: Emulation, client: httpx.Client) -> None:
    """Results do not depend on the items at the time of the selection's creation."""
    create_selection(client, **ROMANS)
    send(client, "PATCH", "shops/items/a", {"Rating": 9})
    send(client, "DELETE", "shops/items/d")
    make_item(client, "shops", "e", Rating=8, City="Rome")

    assert result_ids(emulation, client) == ["a", "e", "b"]


def test_items_older_than_a_field_have_null_in_it(
    emulation: Emulation, client: httpx.Client
) -> None:
    """A field that was added again does not bring its old values."""
    create_selection(client, "new", sort_field="City", sort_order="asc")
    delete_selection(client, "new")
    delete_field(client, "Rating")
    add_fields(client, field("Rating", "number"))
    send(client, "PATCH", "shops/items/d", {"Rating": 1})
    create_selection(client, **ROMANS)

    answer = get_selected_items(emulation, client)

    assert [item["Rating"] for item in answer.json()["items"]] == [1, None, None]
    assert result_ids(emulation, client) == ["d", "a", "b"]


def test_numbers_are_not_rounded(emulation: Emulation, client: httpx.Client) -> None:
    """They are compared and returned as they were sent."""
    body = b'{"items":[{"Rating":0.12345678901234567890123}]}'
    client.post("/catalogs/shops/items/e", content=body)
    client.post("/catalogs/shops/items/f", content=b'{"items":[{"Rating":1000000000000000000001}]}')
    create_selection(client, sort_field="Rating", sort_order="desc")

    text = get_selected_items(emulation, client).text

    assert text.startswith('{"items":[{"id":"f","Rating":1000000000000000000001,')
    assert '"Rating":0.12345678901234567890123,' in text
    for item_id, number in (("f", 10**21 + 1), ("none", 10**21)):
        create_selection(client, item_id, filters=[condition("Rating", "equals", number)])
    assert (result_ids(emulation, client, "f"), result_ids(emulation, client, "none")) == (
        ["f"],
        [],
    )


def test_the_order_without_sorting_depends_on_the_seed(
    emulation: Emulation, client: httpx.Client
) -> None:
    """`braze.random_seed`: the same seed gives the same order."""
    make_items(client, "shops", [f"i{number}" for number in range(46)])
    create_selection(client)
    orders: dict[int, list[str]] = {}
    for seed in (0, 1, 0, 1):
        set_setting(emulation, client, "braze.random_seed", seed)
        order = result_ids(emulation, client)
        assert orders.setdefault(seed, order) == order

    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


@pytest.mark.parametrize("seed", [1.5, "seven", None, []])
def test_an_invalid_seed_is_refused(emulation: Emulation, client: httpx.Client, seed: Any) -> None:
    """The response is a problem document."""
    answer = change_setting(emulation, client, "braze.random_seed", seed)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_large_catalog_is_searched_whole(emulation: Emulation, client: httpx.Client) -> None:
    """The results can be the first, the middle or the last items."""
    make_catalog(client, "large", Rating="number")
    best = {0: 30, 999: 20, 1000: 20, 1001: 40, 2049: 10}
    rows = [{"id": f"i{n}", "Rating": best.get(n, -n)} for n in range(2050)]
    for start in range(0, len(rows), 50):
        assert send(client, "POST", "large/items", *rows[start : start + 50]).status_code == 202
    create_selection(
        client, "top", "large", sort_field="Rating", sort_order="desc", results_limit=5
    )
    create_selection(
        client, "none", "large", sort_field="Rating", sort_order="asc", results_limit=1
    )

    top = get_selected_items(emulation, client, "top", "large").json()["items"]
    least = get_selected_items(emulation, client, "none", "large").json()["items"]

    assert [item["id"] for item in top] == ["i1001", "i0", "i999", "i1000", "i2049"]
    assert [item["id"] for item in least] == ["i2048"]


class TestTime:
    """Due jobs run first, later ones do not."""

    def test_effects_without_delay_are_in_the_results(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The call runs them like any other request."""
        create_selection(client, **ROMANS)
        send(client, "POST", "shops/items", {"id": "e", "Rating": 9, "City": "Rome"})

        assert result_ids(emulation, client) == ["e", "d", "a", "b"]

    def test_effects_before_their_due_time_are_not(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Neither items nor the selection itself."""
        freeze(emulation, client)
        create_selection(client, **ROMANS)
        delay(emulation, client, 5)
        create_selection(client, "later")
        send(client, "DELETE", "shops/items", {"id": "d"})

        assert result_ids(emulation, client) == ["d", "a", "b"]
        assert get_selected_items(emulation, client, "later").status_code == 404
        advance(emulation, client, 5)
        assert result_ids(emulation, client) == ["a", "b"]
        assert sorted(result_ids(emulation, client, "later")) == ["a", "b", "c"]


class TestErrors:
    """Problem documents with Braze's own error ids."""

    @pytest.mark.parametrize(
        ("catalog", "name", "error_id"),
        [
            ("nope", "best", "catalog-not-found"),
            ("Shops", "best", "catalog-not-found"),
            ("shops", "nope", "invalid-selection"),
            ("shops", "Best", "invalid-selection"),
            ("shops", "a/b", "invalid-selection"),
        ],
    )
    def test_a_missing_catalog_or_selection_is_not_found(
        self, emulation: Emulation, client: httpx.Client, catalog: str, name: str, error_id: str
    ) -> None:
        """The response has Braze's error id."""
        create_selection(client, "best")

        answer = get_selected_items(emulation, client, name, catalog)

        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail"}
        assert f'"id":"{error_id}"' in answer.json()["detail"]

    def test_a_selection_of_another_sandbox_is_not_found(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Sandboxes are separate."""
        create_selection(client, "best")

        assert get_selected_items(emulation, emulation.client("/braze")).status_code == 404

    def test_a_call_without_a_credential_is_refused(self, emulation: Emulation) -> None:
        """A selection belongs to a sandbox."""
        answer = get_selected_items(emulation, None)

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["a/b", "Läden 🏪", "50%", "a b", "a\x00b", "?", "#", "items"])
def test_names_may_be_percent_encoded(
    emulation: Emulation, client: httpx.Client, name: str
) -> None:
    """A slash inside a name stays there."""
    create_selection(client, name, **ROMANS)

    assert result_ids(emulation, client, name) == ["d", "a", "b"]

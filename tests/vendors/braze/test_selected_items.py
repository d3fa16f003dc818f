"""The items that a selection picks, over HTTP: an inspection call of the control plane."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.changing import add, delete, deselect, field, select, wanted
from tests.vendors.braze.making import (
    advance,
    delay,
    freeze,
    make_catalog,
    make_item,
    make_items,
    send,
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
    "filters": [wanted("City", "equals", "Rome")],
    "sort_field": "Rating",
    "sort_order": "desc",
}


def look(
    emulation: Emulation, client: httpx.Client, name: str = "best", catalog: str = "shops"
) -> httpx.Response:
    """Ask for what a selection picks."""
    path = f"/braze/selections/{quote(catalog, safe='')}/{quote(name, safe='')}/items"
    return emulation.control(client).get(path)


def picks(emulation: Emulation, client: httpx.Client, name: str = "best") -> list[str]:
    """Return the ids of what a selection picks."""
    answer = look(emulation, client, name)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_the_items_come_whole_in_the_selections_order(
    emulation: Emulation, client: httpx.Client
) -> None:
    """As the vendor shows items, nulls last."""
    select(client, **ROMANS)

    answer = look(emulation, client)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.text == (
        '{"items":[{"id":"d","Rating":4,"City":"Rome"},{"id":"a","Rating":3,"City":"Rome"},'
        '{"id":"b","Rating":null,"City":"Rome"}]}'
    )


def test_the_limit_cuts_them_off(emulation: Emulation, client: httpx.Client) -> None:
    """After sorting."""
    select(client, **ROMANS, results_limit=1)

    assert picks(emulation, client) == ["d"]


def test_nothing_may_be_picked(emulation: Emulation, client: httpx.Client) -> None:
    """Of an empty catalog too."""
    select(client, filters=[wanted("City", "equals", "Paris")])
    make_catalog(client, "empty", Rating="number")
    select(client, catalog="empty")

    for catalog in ("shops", "empty"):
        answer = look(emulation, client, catalog=catalog)
        assert (answer.status_code, answer.text) == (200, '{"items":[]}')


def test_what_is_picked_follows_the_items(emulation: Emulation, client: httpx.Client) -> None:
    """Nothing is kept from the time of the selection's creation."""
    select(client, **ROMANS)
    send(client, "PATCH", "shops/items/a", {"Rating": 9})
    send(client, "DELETE", "shops/items/d")
    make_item(client, "shops", "e", Rating=8, City="Rome")

    assert picks(emulation, client) == ["a", "e", "b"]


def test_items_from_before_a_new_field_have_null_in_it(
    emulation: Emulation, client: httpx.Client
) -> None:
    """A field that came back does not bring its old values."""
    select(client, "new", sort_field="City", sort_order="asc")
    deselect(client, "new")
    delete(client, "Rating")
    add(client, field("Rating", "number"))
    send(client, "PATCH", "shops/items/d", {"Rating": 1})
    select(client, **ROMANS)

    answer = look(emulation, client)

    assert [item["Rating"] for item in answer.json()["items"]] == [1, None, None]
    assert picks(emulation, client) == ["d", "a", "b"]


def test_numbers_are_not_rounded(emulation: Emulation, client: httpx.Client) -> None:
    """They come, and are compared, as they were sent."""
    body = b'{"items":[{"Rating":0.12345678901234567890123}]}'
    client.post("/catalogs/shops/items/e", content=body)
    client.post("/catalogs/shops/items/f", content=b'{"items":[{"Rating":1000000000000000000001}]}')
    select(client, sort_field="Rating", sort_order="desc")

    text = look(emulation, client).text

    assert text.startswith('{"items":[{"id":"f","Rating":1000000000000000000001,')
    assert '"Rating":0.12345678901234567890123,' in text
    for item_id, number in (("f", 10**21 + 1), ("none", 10**21)):
        select(client, item_id, filters=[wanted("Rating", "equals", number)])
    assert (picks(emulation, client, "f"), picks(emulation, client, "none")) == (["f"], [])


def test_the_order_depends_on_the_seed_if_nothing_else_says_one(
    emulation: Emulation, client: httpx.Client
) -> None:
    """`braze.random_seed`: what was once seen can be seen again."""
    control = emulation.control(client)
    make_items(client, "shops", [f"i{number}" for number in range(46)])
    select(client)
    orders: dict[int, list[str]] = {}
    for seed in (0, 1, 0, 1):
        control.patch("/settings", json={"braze.random_seed": seed})
        order = picks(emulation, client)
        assert orders.setdefault(seed, order) == order

    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


@pytest.mark.parametrize("seed", [1.5, "seven", None, []])
def test_a_seed_that_is_no_integer_is_refused(
    emulation: Emulation, client: httpx.Client, seed: Any
) -> None:
    """As a problem document."""
    answer = emulation.control(client).patch("/settings", json={"braze.random_seed": seed})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_large_catalog_is_looked_at_whole(emulation: Emulation, client: httpx.Client) -> None:
    """The best are found wherever they stand: first, in the middle, last."""
    make_catalog(client, "large", Rating="number")
    best = {0: 30, 999: 20, 1000: 20, 1001: 40, 2049: 10}
    rows = [{"id": f"i{n}", "Rating": best.get(n, -n)} for n in range(2050)]
    for start in range(0, len(rows), 50):
        assert send(client, "POST", "large/items", *rows[start : start + 50]).status_code == 202
    select(client, "top", "large", sort_field="Rating", sort_order="desc", results_limit=5)
    select(client, "none", "large", sort_field="Rating", sort_order="asc", results_limit=1)

    top = look(emulation, client, "top", "large").json()["items"]
    least = look(emulation, client, "none", "large").json()["items"]

    assert [item["id"] for item in top] == ["i1001", "i0", "i999", "i1000", "i2049"]
    assert [item["id"] for item in least] == ["i2048"]


class TestTime:
    """Due jobs are done before, and only those."""

    def test_what_was_accepted_is_there(self, emulation: Emulation, client: httpx.Client) -> None:
        """The look is the next request after them."""
        select(client, **ROMANS)
        send(client, "POST", "shops/items", {"id": "e", "Rating": 9, "City": "Rome"})

        assert picks(emulation, client) == ["e", "d", "a", "b"]

    def test_what_is_not_due_is_not(self, emulation: Emulation, client: httpx.Client) -> None:
        """Neither items nor the selection itself."""
        freeze(emulation, client)
        select(client, **ROMANS)
        delay(emulation, client, 5)
        select(client, "later")
        send(client, "DELETE", "shops/items", {"id": "d"})

        assert picks(emulation, client) == ["d", "a", "b"]
        assert look(emulation, client, "later").status_code == 404
        advance(emulation, client, 5)
        assert picks(emulation, client) == ["a", "b"]
        assert sorted(picks(emulation, client, "later")) == ["a", "b", "c"]


class TestRefusals:
    """Problem documents that hold the vendor's own words."""

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
    def test_what_is_not_there_is_not_found(
        self, emulation: Emulation, client: httpx.Client, catalog: str, name: str, error_id: str
    ) -> None:
        """With Braze's id for it."""
        select(client, "best")

        answer = look(emulation, client, name, catalog)

        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail"}
        assert f'"id":"{error_id}"' in answer.json()["detail"]

    def test_somebody_elses_selection_is_not_there(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Sandboxes are apart."""
        select(client, "best")

        assert look(emulation, emulation.client("/braze")).status_code == 404

    def test_without_a_credential_it_asks_whose(self, emulation: Emulation) -> None:
        """A selection belongs to a sandbox."""
        answer = emulation.control().get("/braze/selections/shops/best/items")

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["a/b", "Läden 🏪", "50%", "a b", "a\x00b", "?", "#", "items"])
def test_names_may_be_percent_encoded(
    emulation: Emulation, client: httpx.Client, name: str
) -> None:
    """A slash inside a name stays there."""
    select(client, name, **ROMANS)

    assert picks(emulation, client, name) == ["d", "a", "b"]

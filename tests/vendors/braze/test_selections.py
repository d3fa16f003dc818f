"""Creating and deleting selections over HTTP (docs/vendors/braze.md#6-selections)."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.changing import (
    add,
    delete,
    deselect,
    field,
    select,
    selections_of,
    told,
    wanted,
)
from tests.vendors.braze.making import (
    SUCCESS,
    catalog_of,
    has_item,
    item,
    make_catalog,
    make_item,
    send,
    unlimited,
)

# The documented example: its source is neither of the two that the same page allows.
EXAMPLE = {
    "name": "favorite-restaurants",
    "description": "Favorite restaurants in NYC",
    "external_id": "favorite-nyc-restaurants",
    "source": "custom",
    "filters": [
        {"field": "City", "operator": "equals", "value": "NYC"},
        {"field": "Rating", "operator": "greater than", "value": 7},
    ],
    "results_limit": 10,
    "sort_field": "Rating",
    "sort_order": "desc",
}


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number and two texts."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string", Street="string")
    return client


class TestCreate:
    """`POST /catalogs/{catalog_name}/selections`."""

    def test_the_documented_example_is_accepted_and_listed(self, client: httpx.Client) -> None:
        """Three keys of it show in the list of catalogs."""
        answer = client.post("/catalogs/shops/selections", json={"selection": EXAMPLE})

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert catalog_of(client)["selections"] == [
            {
                "name": "favorite-restaurants",
                "description": "Favorite restaurants in NYC",
                "external_id": "favorite-nyc-restaurants",
            }
        ]
        assert list(catalog_of(client)["selections"][0]) == ["name", "description", "external_id"]

    def test_a_name_is_enough(self, client: httpx.Client) -> None:
        """An absent description shows as an empty text, an absent external id as null."""
        assert select(client, "all").status_code == 202

        stored = {"name": "all", "description": "", "external_id": None}
        assert catalog_of(client)["selections"] == [stored]

    @pytest.mark.parametrize(
        "key",
        [
            "description",
            "external_id",
            "source",
            "filters",
            "results_limit",
            pytest.param(["sort_field", "sort_order"], id="sorting"),
        ],
    )
    @pytest.mark.parametrize("absent", [True, False])
    def test_each_other_key_may_be_absent_or_null(
        self, client: httpx.Client, key: str | list[str], absent: bool
    ) -> None:
        """The pages contradict each other about what is required."""
        keys = [key] if isinstance(key, str) else key
        parts: dict[str, Any] = {name: EXAMPLE[name] for name in EXAMPLE if name not in keys}
        parts |= {} if absent else dict.fromkeys(keys)

        assert select(client, **parts).status_code == 202

        assert selections_of(client) == ["favorite-restaurants"]

    @pytest.mark.parametrize("source", ["Braze", "Shopify", "custom", "", "🏪"])
    def test_any_source_is_accepted(self, client: httpx.Client, source: str) -> None:
        """The vendor's own example has one of its own."""
        assert select(client, source=source).status_code == 202

    @pytest.mark.parametrize("name", ["s" * 250, "Läden 🏪", "a/b", "a b", "%", "a\x00b", "0"])
    def test_any_name_can_be_given_listed_and_deleted(
        self, client: httpx.Client, name: str
    ) -> None:
        """No page restricts its characters."""
        assert select(client, name).status_code == 202
        assert selections_of(client) == [name]

        path = "".join(f"%{byte:02x}" for byte in name.encode())
        assert deselect(client, path).status_code == 202
        assert selections_of(client) == []

    @pytest.mark.parametrize("limit", [1, 50])
    def test_a_limit_may_be_one_to_fifty(self, client: httpx.Client, limit: int) -> None:
        """Both ends included."""
        assert select(client, results_limit=limit).status_code == 202

    def test_ten_filters_are_accepted(self, client: httpx.Client) -> None:
        """Of one field or of several."""
        filters = [wanted("City", "does not equal", str(number)) for number in range(10)]

        assert select(client, filters=filters).status_code == 202

    def test_thirty_fit_into_a_catalog(self, client: httpx.Client) -> None:
        """The next one is refused until one is deleted; other catalogs do not count."""
        make_catalog(client, "other", Rating="number")
        for number in range(30):
            assert select(client, f"s{number}").status_code == 202

        refused = select(client, "more")

        assert (refused.status_code, told(refused)) == (400, {"selection-limit-reached": ([], [])})
        assert select(client, "more", "other").status_code == 202
        deselect(client, "s7")
        assert select(client, "more").status_code == 202
        assert selections_of(client) == [f"s{n}" for n in range(30) if n != 7] + ["more"]

    def test_names_are_unique_within_a_catalog_and_differ_by_case(
        self, client: httpx.Client
    ) -> None:
        """A taken name is refused whatever else the selection says."""
        make_catalog(client, "other", Rating="number")
        assert select(client, "best").status_code == 202

        refused = select(client, "best", results_limit=3)

        assert refused.status_code == 400
        assert told(refused) == {"selection-name-already-exists": (["name"], ["best"])}
        assert select(client, "Best").status_code == 202
        assert select(client, "best", "other").status_code == 202

    def test_thirty_at_once_under_one_name_make_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Whoever comes too late is refused, or accepted without effect."""
        body = {"selection": EXAMPLE}
        path = "/catalogs/shops/selections"
        requests = [client.build_request("POST", path, json=body) for _ in range(30)]

        answers = emulation.at_once(client, requests)

        statuses = {answer.status_code for answer in answers}
        assert 202 in statuses
        assert statuses <= {202, 400}
        assert selections_of(client) == ["favorite-restaurants"]

    def test_a_trailing_slash_works(self, client: httpx.Client) -> None:
        """On both calls."""
        body = {"selection": {"name": "best"}}

        assert client.post("/catalogs/shops/selections/", json=body).status_code == 202
        assert client.delete("/catalogs/shops/selections/best/").status_code == 202
        assert selections_of(client) == []


class TestSize:
    """`selections_size` of a catalog."""

    def test_it_is_zero_without_and_grows_with_selections(self, client: httpx.Client) -> None:
        """And shrinks when they go."""
        sizes = [catalog_of(client)["selections_size"]]
        for name in ("a", "b"):
            select(client, name)
            sizes.append(catalog_of(client)["selections_size"])
        deselect(client, "a")
        fewer = catalog_of(client)["selections_size"]
        deselect(client, "b")

        assert 0 == sizes[0] < sizes[1] < sizes[2]
        assert 0 < fewer < sizes[2]
        assert catalog_of(client)["selections_size"] == 0

    def test_items_do_not_count(self, client: httpx.Client) -> None:
        """Those have a size of their own."""
        select(client)
        before = catalog_of(client)["selections_size"]

        make_item(client, "shops", "a", City="Rome")

        assert catalog_of(client)["selections_size"] == before


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/selections/{selection_name}`."""

    def test_it_is_accepted_and_the_selection_is_gone(self, client: httpx.Client) -> None:
        """The others stay in their order, and so do the items."""
        make_item(client, "shops", "a", City="Rome")
        for name in ("a", "b", "c"):
            select(client, name)

        answer = deselect(client, "b")

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert selections_of(client) == ["a", "c"]
        assert has_item(client, "shops", "a")

    def test_its_name_is_free_again(self, client: httpx.Client) -> None:
        """The new one comes last."""
        for name in ("a", "b"):
            select(client, name)
        deselect(client, "a")

        assert select(client, "a", description="again").status_code == 202
        assert selections_of(client) == ["b", "a"]

    def test_it_can_be_deleted_once(self, client: httpx.Client) -> None:
        """Then there is none of that name."""
        select(client)
        assert deselect(client).status_code == 202

        answer = deselect(client)

        assert answer.status_code == 404
        assert told(answer) == {"invalid-selection": (["selection"], ["best"])}

    def test_a_body_is_ignored(self, client: httpx.Client) -> None:
        """Whatever it is."""
        select(client)

        path = "/catalogs/shops/selections/best"

        assert client.request("DELETE", path, content=b"{").status_code == 202

    def test_selections_go_with_their_catalog(self, client: httpx.Client) -> None:
        """One of the same name begins without."""
        select(client)
        client.delete("/catalogs/shops")
        make_catalog(client, Rating="number")

        assert catalog_of(client)["selections"] == []
        assert catalog_of(client)["selections_size"] == 0


# What a single write may be, to an item that there is and to one that there is not.
SINGLE = [("POST", "new", 201), ("PUT", "new", 200), ("PUT", "old", 200), ("PATCH", "old", 200)]


class TestFilteredTexts:
    """`filtered-set-field-too-long`: texts that a selection filters by, above 1,000 characters."""

    @pytest.fixture(autouse=True)
    def _filtered(self, client: httpx.Client) -> None:
        filters = [wanted("City", "equals", "Rome"), wanted("Rating", "less than", 3)]
        select(client, filters=filters, sort_field="Street", sort_order="asc")
        make_item(client, "shops", "old", City="Rome")

    @pytest.mark.parametrize(("method", "item_id", "status"), SINGLE)
    @pytest.mark.parametrize("letter", ["x", "ä", "🏪"])
    def test_a_single_write_may_have_a_thousand_characters(
        self, client: httpx.Client, method: str, item_id: str, status: int, letter: str
    ) -> None:
        """Characters, not bytes; one more is refused and changes nothing."""
        path = f"shops/items/{item_id}"
        before = catalog_of(client)

        refused = send(client, method, path, {"City": letter * 1001})

        assert refused.status_code == 400
        assert told(refused) == {"filtered-set-field-too-long": (["id"], [item_id])}
        assert catalog_of(client) == before
        assert send(client, method, path, {"City": letter * 1000}).status_code == status

    @pytest.mark.parametrize(("method", "item_id", "status"), SINGLE)
    def test_it_is_the_text_as_stored(
        self, client: httpx.Client, method: str, item_id: str, status: int
    ) -> None:
        """A long number becomes one."""
        body = b'{"items":[{"City":0.1%b1}]}' % (b"0" * 999)

        refused = client.request(method, f"/catalogs/shops/items/{item_id}", content=body)

        assert list(told(refused)) == ["filtered-set-field-too-long"]

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_bulk_writes_do_not_know_the_rule(self, client: httpx.Client, method: str) -> None:
        """Their pages do not list it."""
        answer = send(client, method, "shops/items", {"id": "old", "City": "x" * 1001})

        assert answer.status_code == 202
        stored = "Rome" if method == "POST" else "x" * 1001
        assert item(client, "shops", "old")["City"] == stored

    @pytest.mark.parametrize(("method", "item_id", "status"), SINGLE)
    def test_other_fields_may_be_longer(
        self, client: httpx.Client, method: str, item_id: str, status: int
    ) -> None:
        """Texts that are only sorted by, numbers, and nothing at all."""
        body = b'{"items":[{"Street":"%b","Rating":0.1%b1,"City":null}]}'
        body %= (b"x" * 1001, b"0" * 1001)

        answer = client.request(method, f"/catalogs/shops/items/{item_id}", content=body)

        assert answer.status_code == status

    def test_it_comes_together_with_other_bad_values(self, client: httpx.Client) -> None:
        """All values are one stage."""
        values = {"City": "x" * 1001, "Street": "x" * 5001, "Rating": "high"}

        refused = send(client, "POST", "shops/items/a", values)

        assert told(refused) == {
            "filtered-set-field-too-long": (["id"], ["a"]),
            "items-too-large": (["id"], ["a"]),
            "unable-to-coerce-value": (["id", "Rating"], [{"id": "a", "Rating": "high"}]),
        }

    def test_a_text_that_is_too_large_at_all_is_only_that(self, client: httpx.Client) -> None:
        """One reason for one value."""
        refused = send(client, "POST", "shops/items/a", {"City": "x" * 5001})

        assert list(told(refused)) == ["items-too-large"]

    def test_the_rule_goes_with_the_selection(self, client: httpx.Client) -> None:
        """And does not hold for a field that is there anew."""
        deselect(client)
        assert send(client, "PATCH", "shops/items/old", {"City": "x" * 1001}).status_code == 200

        delete(client, "City")
        add(client, field("City"))
        assert send(client, "PATCH", "shops/items/old", {"City": "x" * 1001}).status_code == 200

    def test_an_edit_of_another_field_leaves_a_long_text_alone(self, client: httpx.Client) -> None:
        """Only what is sent is looked at."""
        make_item(client, "shops", "long", Street="x" * 1001)
        select(client, "by-street", filters=[wanted("Street", "equals", "x")])

        assert send(client, "PATCH", "shops/items/long", {"City": "Rome"}).status_code == 200
        assert len(item(client, "shops", "long")["Street"]) == 1001

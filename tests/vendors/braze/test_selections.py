"""Creating and deleting selections over HTTP (docs/vendors/braze.md#6-selections)."""

from typing import Any

import httpx
import pytest

from mockalog.vendors.braze.schemas.selections import NewSelectionIn
from tests.emulation import Emulation
from tests.vendors.braze.factories import condition, example_of, field, make_catalog, make_item
from tests.vendors.braze.requests import (
    SUCCESS,
    add_fields,
    create_selection,
    delete_field,
    delete_selection,
    error_parameters,
    get_catalog,
    get_item,
    has_item,
    list_selections,
    send,
)
from tests.vendors.braze.steering import unlimited

# The documented example of an older page.
EXAMPLE = example_of(NewSelectionIn)["selection"]


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number field and two string fields."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string", Street="string")
    return client


class TestCreate:
    """`POST /catalogs/{catalog_name}/selections`."""

    def test_the_documented_example_is_accepted_and_listed(self, client: httpx.Client) -> None:
        """The list of catalogs shows three of its keys."""
        answer = client.post("/catalogs/shops/selections", json={"selection": EXAMPLE})

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert get_catalog(client)["selections"] == [
            {
                "name": "favorite-restaurants",
                "description": "Favorite restaurants in NYC",
                "external_id": "favorite-nyc-restaurants",
            }
        ]
        assert list(get_catalog(client)["selections"][0]) == ["name", "description", "external_id"]

    def test_a_name_is_enough(self, client: httpx.Client) -> None:
        """The list shows a missing description as `""`, and a missing external id as null."""
        assert create_selection(client, "all").status_code == 202

        stored = {"name": "all", "description": "", "external_id": None}
        assert get_catalog(client)["selections"] == [stored]

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
        """Only older pages let `filters` and `results_limit` be absent (amendment braze A9)."""
        keys = [key] if isinstance(key, str) else key
        parts: dict[str, Any] = {name: EXAMPLE[name] for name in EXAMPLE if name not in keys}
        parts |= {} if absent else dict.fromkeys(keys)

        assert create_selection(client, **parts).status_code == 202

        assert list_selections(client) == ["favorite-restaurants"]

    @pytest.mark.parametrize(
        "source", ["Braze", "Shopify", "custom", "braze", "SHOPIFY", "Custom", "sHoPiFy"]
    )
    def test_three_sources_are_accepted_in_any_case(
        self, client: httpx.Client, source: str
    ) -> None:
        """An older page's example has the third (amendment braze A7)."""
        assert create_selection(client, source=source).status_code == 202
        assert list_selections(client) == ["best"]

    @pytest.mark.parametrize("key", ["sort_field", "sort_order"])
    @pytest.mark.parametrize("other", [{}, {"sort_field": None}, {"sort_order": None}])
    def test_half_of_a_sorting_is_accepted(
        self, client: httpx.Client, key: str, other: dict[str, Any]
    ) -> None:
        """It does not sort, so its field can be deleted (amendment braze A6)."""
        half = {**other, key: {"sort_field": "Rating", "sort_order": "desc"}[key]}

        assert create_selection(client, **half).status_code == 202

        assert list_selections(client) == ["best"]
        assert delete_field(client, "Rating").status_code == 202

    @pytest.mark.parametrize("name", ["s" * 250, "Läden 🏪", "a/b", "a b", "%", "a\x00b", "0"])
    def test_any_name_can_be_created_listed_and_deleted(
        self, client: httpx.Client, name: str
    ) -> None:
        """No page restricts its characters."""
        assert create_selection(client, name).status_code == 202
        assert list_selections(client) == [name]

        path = "".join(f"%{byte:02x}" for byte in name.encode())
        assert delete_selection(client, path).status_code == 202
        assert list_selections(client) == []

    @pytest.mark.parametrize("limit", [1, 50])
    def test_a_limit_may_be_one_to_fifty(self, client: httpx.Client, limit: int) -> None:
        """Both ends are included."""
        assert create_selection(client, results_limit=limit).status_code == 202

    def test_ten_filters_are_accepted(self, client: httpx.Client) -> None:
        """Filters may be of one field or of several (amendment braze A9)."""
        filters = [condition("City", "does not equal", str(number)) for number in range(10)]

        assert create_selection(client, filters=filters).status_code == 202

    def test_thirty_fit_into_a_catalog(self, client: httpx.Client) -> None:
        """One more is refused until one is deleted. Other catalogs do not count."""
        make_catalog(client, "other", Rating="number")
        for number in range(30):
            assert create_selection(client, f"s{number}").status_code == 202

        refused = create_selection(client, "more")

        assert (refused.status_code, error_parameters(refused)) == (
            400,
            {"selection-limit-reached": ([], [])},
        )
        assert create_selection(client, "more", "other").status_code == 202
        delete_selection(client, "s7")
        assert create_selection(client, "more").status_code == 202
        assert list_selections(client) == [f"s{n}" for n in range(30) if n != 7] + ["more"]

    def test_names_are_unique_within_a_catalog_and_differ_by_case(
        self, client: httpx.Client
    ) -> None:
        """A taken name is refused, with any other keys."""
        make_catalog(client, "other", Rating="number")
        assert create_selection(client, "best").status_code == 202

        refused = create_selection(client, "best", results_limit=3)

        assert refused.status_code == 400
        assert error_parameters(refused) == {"selection-name-already-exists": (["name"], ["best"])}
        assert create_selection(client, "Best").status_code == 202
        assert create_selection(client, "best", "other").status_code == 202

    def test_thirty_at_once_under_one_name_create_one(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The later requests are refused, or accepted without effect."""
        body = {"selection": EXAMPLE}
        path = "/catalogs/shops/selections"
        requests = [client.build_request("POST", path, json=body) for _ in range(30)]

        answers = emulation.at_once(client, requests)

        statuses = {answer.status_code for answer in answers}
        assert 202 in statuses
        assert statuses <= {202, 400}
        assert list_selections(client) == ["favorite-restaurants"]

    def test_a_trailing_slash_works(self, client: httpx.Client) -> None:
        """It works on both calls."""
        body = {"selection": {"name": "best"}}

        assert client.post("/catalogs/shops/selections/", json=body).status_code == 202
        assert client.delete("/catalogs/shops/selections/best/").status_code == 202
        assert list_selections(client) == []


class TestSize:
    """`selections_size` of a catalog."""

    def test_it_grows_with_selections_from_zero(self, client: httpx.Client) -> None:
        """It shrinks with each deletion."""
        sizes = [get_catalog(client)["selections_size"]]
        for name in ("a", "b"):
            create_selection(client, name)
            sizes.append(get_catalog(client)["selections_size"])
        delete_selection(client, "a")
        fewer = get_catalog(client)["selections_size"]
        delete_selection(client, "b")

        assert 0 == sizes[0] < sizes[1] < sizes[2]
        assert 0 < fewer < sizes[2]
        assert get_catalog(client)["selections_size"] == 0

    def test_items_do_not_count(self, client: httpx.Client) -> None:
        """Items have their own size."""
        create_selection(client)
        before = get_catalog(client)["selections_size"]

        make_item(client, "shops", "a", City="Rome")

        assert get_catalog(client)["selections_size"] == before


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/selections/{selection_name}`."""

    def test_it_is_accepted_and_the_selection_is_deleted(self, client: httpx.Client) -> None:
        """The other selections keep their order, and the items stay."""
        make_item(client, "shops", "a", City="Rome")
        for name in ("a", "b", "c"):
            create_selection(client, name)

        answer = delete_selection(client, "b")

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        assert list_selections(client) == ["a", "c"]
        assert has_item(client, "shops", "a")

    def test_its_name_is_free_again(self, client: httpx.Client) -> None:
        """The new one comes last."""
        for name in ("a", "b"):
            create_selection(client, name)
        delete_selection(client, "a")

        assert create_selection(client, "a", description="again").status_code == 202
        assert list_selections(client) == ["b", "a"]

    def test_it_can_be_deleted_once(self, client: httpx.Client) -> None:
        """The second deletion does not find it."""
        create_selection(client)
        assert delete_selection(client).status_code == 202

        answer = delete_selection(client)

        assert answer.status_code == 404
        assert error_parameters(answer) == {"invalid-selection": (["selection"], ["best"])}

    def test_a_body_is_ignored(self, client: httpx.Client) -> None:
        """Any body is ignored."""
        create_selection(client)

        path = "/catalogs/shops/selections/best"

        assert client.request("DELETE", path, content=b"{").status_code == 202

    def test_selections_are_deleted_with_their_catalog(self, client: httpx.Client) -> None:
        """A new catalog of the same name has none."""
        create_selection(client)
        client.delete("/catalogs/shops")
        make_catalog(client, Rating="number")

        assert get_catalog(client)["selections"] == []
        assert get_catalog(client)["selections_size"] == 0


# The single writes that succeed, to a missing and to an existing item.
SINGLE = [("POST", "new", 201), ("PUT", "new", 200), ("PUT", "old", 200), ("PATCH", "old", 200)]


class TestFilteredTexts:
    """`filtered-set-field-too-long`: more than 1,000 characters in a field of a filter."""

    @pytest.fixture(autouse=True)
    def _filtered(self, client: httpx.Client) -> None:
        filters = [condition("City", "equals", "Rome"), condition("Rating", "less than", 3)]
        create_selection(client, filters=filters, sort_field="Street", sort_order="asc")
        make_item(client, "shops", "old", City="Rome")

    @pytest.mark.parametrize(("method", "item_id", "status"), SINGLE)
    @pytest.mark.parametrize("letter", ["x", "ä", "🏪"])
    def test_a_single_write_may_have_a_thousand_characters(
        self, client: httpx.Client, method: str, item_id: str, status: int, letter: str
    ) -> None:
        """The limit is in characters, not bytes. One more is refused and changes nothing."""
        path = f"shops/items/{item_id}"
        before = get_catalog(client)

        refused = send(client, method, path, {"City": letter * 1001})

        assert refused.status_code == 400
        assert error_parameters(refused) == {"filtered-set-field-too-long": (["id"], [item_id])}
        assert get_catalog(client) == before
        assert send(client, method, path, {"City": letter * 1000}).status_code == status

    @pytest.mark.parametrize(("method", "item_id", "status"), SINGLE)
    def test_the_stored_text_counts(
        self, client: httpx.Client, method: str, item_id: str, status: int
    ) -> None:
        """A long number becomes a text."""
        body = b'{"items":[{"City":0.1%b1}]}' % (b"0" * 999)

        refused = client.request(method, f"/catalogs/shops/items/{item_id}", content=body)

        assert list(error_parameters(refused)) == ["filtered-set-field-too-long"]

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_bulk_writes_do_not_have_the_rule(self, client: httpx.Client, method: str) -> None:
        """Their pages do not list it."""
        answer = send(client, method, "shops/items", {"id": "old", "City": "x" * 1001})

        assert answer.status_code == 202
        stored = "Rome" if method == "POST" else "x" * 1001
        assert get_item(client, "shops", "old")["City"] == stored

    @pytest.mark.parametrize(("method", "item_id", "status"), SINGLE)
    def test_other_fields_may_be_longer(
        self, client: httpx.Client, method: str, item_id: str, status: int
    ) -> None:
        """Fields that are only sorted by, numbers, and null."""
        body = b'{"items":[{"Street":"%b","Rating":0.1%b1,"City":null}]}'
        body %= (b"x" * 1001, b"0" * 1001)

        answer = client.request(method, f"/catalogs/shops/items/{item_id}", content=body)

        assert answer.status_code == status

    def test_it_comes_together_with_other_bad_values(self, client: httpx.Client) -> None:
        """All values are checked in one stage."""
        values = {"City": "x" * 1001, "Street": "x" * 5001, "Rating": "high"}

        refused = send(client, "POST", "shops/items/a", values)

        assert error_parameters(refused) == {
            "filtered-set-field-too-long": (["id"], ["a"]),
            "items-too-large": (["id"], ["a"]),
            "unable-to-coerce-value": (["id", "Rating"], [{"id": "a", "Rating": "high"}]),
        }

    def test_a_text_of_more_than_5000_characters_has_one_error(self, client: httpx.Client) -> None:
        """A value has only one error."""
        refused = send(client, "POST", "shops/items/a", {"City": "x" * 5001})

        assert list(error_parameters(refused)) == ["items-too-large"]

    def test_the_rule_ends_with_the_selection(self, client: httpx.Client) -> None:
        """It does not hold for a field that was added again."""
        delete_selection(client)
        assert send(client, "PATCH", "shops/items/old", {"City": "x" * 1001}).status_code == 200

        delete_field(client, "City")
        add_fields(client, field("City"))
        assert send(client, "PATCH", "shops/items/old", {"City": "x" * 1001}).status_code == 200

    def test_an_edit_of_another_field_ignores_a_long_text(self, client: httpx.Client) -> None:
        """Only the sent values are checked."""
        make_item(client, "shops", "long", Street="x" * 1001)
        create_selection(client, "by-street", filters=[condition("Street", "equals", "x")])

        assert send(client, "PATCH", "shops/items/long", {"City": "Rome"}).status_code == 200
        assert len(get_item(client, "shops", "long")["Street"]) == 1001

"""The errors of the two field calls, and their order.

Sources: docs/vendors/braze.md#5-fields and docs/vendors/braze.md#7-errors.
"""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.rules.catalog_schema import catalog_schema
from mockalog.vendors.braze.rules.fields import new_fields
from tests.emulation import Emulation
from tests.vendors.braze.factories import any_json, field, make_catalog
from tests.vendors.braze.requests import (
    ErrorParameters,
    add_fields,
    create_selection,
    delete_field,
    delete_selection,
    error_parameters,
    get_catalog,
)
from tests.vendors.braze.steering import limit_storage, mark_field, unlimited


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a number field and a string field."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    return client


LONG = "f" * 251

# Error id, the new fields, and the invalid values.
ADD: list[tuple[str, Any, list[Any]]] = [
    ("invalid-fields", None, []),
    ("invalid-fields", [], []),
    ("invalid-fields", {}, []),
    ("invalid-fields", "Open", []),
    ("invalid-fields", 7, []),
    ("invalid-fields", field("Open"), []),
    ("invalid-fields", ["Open"], []),
    ("invalid-fields", [None], []),
    ("invalid-fields", [[]], []),
    ("invalid-fields", [{}], []),
    ("invalid-fields", [{"name": "Open"}], []),
    ("invalid-fields", [{"type": "boolean"}], []),
    ("invalid-fields", [field(7)], []),
    ("invalid-fields", [field("Open", None)], []),
    ("invalid-fields", [field("Open", ["boolean"])], []),
    ("invalid-fields", [field("Open"), None], []),
    ("request-includes-too-many-fields", [field(f"f{n}") for n in range(51)], []),
    ("invalid-field-names", [field("")], [""]),
    ("invalid-field-names", [field("a b")], ["a b"]),
    ("invalid-field-names", [field("a.b")], ["a.b"]),
    ("invalid-field-names", [field("$a")], ["$a"]),
    ("invalid-field-names", [field("größe")], ["größe"]),
    ("invalid-field-names", [field("a\n")], ["a\n"]),
    ("invalid-field-names", [field("\x00")], ["\x00"]),
    ("invalid-field-names", [field("a b"), field("good"), field("c d")], ["a b", "c d"]),
    ("field-names-too-large", [field(LONG)], [LONG]),
    ("invalid-field-types", [field("Open", "bool")], ["bool"]),
    ("invalid-field-types", [field("Open", "Boolean")], ["Boolean"]),
    ("invalid-field-types", [field("Open", "")], [""]),
    ("invalid-field-types", [field("a", "x"), field("b"), field("c", "y")], ["x", "y"]),
    ("field-names-not-unique", [field("id")], ["id"]),
    ("field-names-not-unique", [field("Rating", "number")], ["Rating"]),
    ("field-names-not-unique", [field("Rating", "string"), field("City")], ["Rating", "City"]),
    ("field-names-not-unique", [field("Open"), field("Open", "time")], ["Open"]),
]


@pytest.mark.parametrize(("error_id", "fields", "values"), ADD)
def test_new_fields_that_break_a_rule_are_refused_with_that_rules_id(
    client: httpx.Client, error_id: str, fields: Any, values: list[Any]
) -> None:
    """The status is 400, the parameter is `fields`, and the request has no effect."""
    before = get_catalog(client)

    answer = client.post("/catalogs/shops/fields", json={"fields": fields})

    assert answer.status_code == 400
    assert error_parameters(answer) == {error_id: (["fields"], values)}
    assert get_catalog(client) == before


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"fields"', b"{}", b'{"field": []}'])
def test_a_body_without_fields_is_refused(client: httpx.Client, content: bytes) -> None:
    """An empty body is not bad syntax."""
    answer = client.post("/catalogs/shops/fields", content=content)

    assert answer.status_code == 400
    assert error_parameters(answer) == {"invalid-fields": (["fields"], [])}


ANYTHING = any_json("fields", "name", "type", "string", "Rating", "id")
SCHEMA = catalog_schema('[{"name":"id","token":"-1","type":"string"}]', "[]", 0, 0)


@given(ANYTHING | st.fixed_dictionaries({"fields": ANYTHING | st.lists(ANYTHING)}))
def test_any_body_is_either_accepted_or_refused(body: Any) -> None:
    """No body causes another exception."""
    try:
        new = new_fields(body, SCHEMA)
    except BrazeError:
        return
    assert new == tuple((field["name"], field["type"]) for field in body["fields"])


def test_both_errors_of_names_come_together(client: httpx.Client) -> None:
    """Bad characters and bad lengths are checked in one stage."""
    answer = add_fields(client, field("a b"), field(LONG), field("c d"))

    assert error_parameters(answer) == {
        "invalid-field-names": (["fields"], ["a b", "c d"]),
        "field-names-too-large": (["fields"], [LONG]),
    }


class TestOrder:
    """An earlier stage hides the later ones."""

    def test_bad_syntax_comes_before_the_catalog(self, client: httpx.Client) -> None:
        """It has the generic message."""
        answer = client.post("/catalogs/nope/fields", content=b"{")

        assert (answer.status_code, answer.text) == (400, '{"message":"Bad Request"}')

    def test_the_catalog_comes_before_the_shape(self, client: httpx.Client) -> None:
        """The status is 404 for any body."""
        answer = client.post("/catalogs/nope/fields", json={})

        assert answer.status_code == 404
        assert error_parameters(answer) == {"catalog-not-found": (["catalog_name"], ["nope"])}

    @pytest.mark.parametrize(
        ("error_id", "fields"),
        [
            ("invalid-fields", [None] * 51),
            ("request-includes-too-many-fields", [field("a b", "bool")] * 51),
            ("invalid-field-names", [field("a b", "bool"), field("Rating")]),
            ("invalid-field-types", [field("Rating", "bool"), field("City")]),
        ],
    )
    def test_shape_then_count_then_names_then_types_then_uniqueness(
        self, client: httpx.Client, error_id: str, fields: list[Any]
    ) -> None:
        """Validation stops before the next stage."""
        assert list(error_parameters(add_fields(client, *fields))) == [error_id]

    def test_uniqueness_comes_before_the_catalogs_limit(self, client: httpx.Client) -> None:
        """A repeated name does not count as a new field."""
        make_catalog(client, "full", **{f"f{number}": "string" for number in range(499)})

        assert list(error_parameters(add_fields(client, field("f7"), catalog="full"))) == [
            "field-names-not-unique"
        ]
        limit: ErrorParameters = {"catalog-exceeds-fields-limit": (["fields"], [])}
        assert error_parameters(add_fields(client, field("new"), catalog="full")) == limit

    def test_the_rules_come_before_the_storage(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The storage limit is checked last."""
        limit_storage(emulation, client, 0)

        assert list(error_parameters(add_fields(client, field("id")))) == ["field-names-not-unique"]
        assert list(error_parameters(add_fields(client, field("new")))) == [
            "company-size-limit-already-reached"
        ]


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/fields/{field_name}`."""

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("nope", "nope"),
            ("rating", "rating"),
            ("id", "id"),
            ("ID", "ID"),
            ("a%20b", "a b"),
            ("a%2Fb", "a/b"),
            ("gr%C3%B6%C3%9Fe", "größe"),
            ("f" * 251, LONG),
        ],
    )
    def test_a_field_that_cannot_be_deleted_is_not_found(
        self, client: httpx.Client, path: str, name: str
    ) -> None:
        """Only 404 is documented beside success; the id stays (both inferred)."""
        answer = delete_field(client, path)

        assert answer.status_code == 404
        assert error_parameters(answer) == {"invalid-field-name": (["field_name"], [name])}

    def test_it_can_be_deleted_once(self, client: httpx.Client) -> None:
        """The second deletion does not find it."""
        assert delete_field(client, "City").status_code == 202

        assert list(error_parameters(delete_field(client, "City"))) == ["invalid-field-name"]

    def test_an_unknown_catalog_comes_first(self, client: httpx.Client) -> None:
        """For any field."""
        answer = delete_field(client, "id", catalog="nope")

        assert answer.status_code == 404
        assert error_parameters(answer) == {"catalog-not-found": (["catalog_name"], ["nope"])}

    def test_a_selection_comes_before_the_inventory(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The response has one error at a time."""
        mark_field(emulation, client, is_inventory=True)
        create_selection(client, sort_field="Rating", sort_order="asc")

        assert list(error_parameters(delete_field(client, "Rating"))) == [
            "field-referenced-by-selection"
        ]
        delete_selection(client)
        assert list(error_parameters(delete_field(client, "Rating"))) == ["field-is-inventory"]

    @pytest.mark.parametrize("path", ["/catalogs/shops/fields", "/catalogs/shops/fields/"])
    def test_a_call_without_a_name_does_not_exist(self, client: httpx.Client, path: str) -> None:
        """A call that lists the fields does not exist either (amendment braze A3)."""
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            answer = client.request(method, path)

            assert (answer.status_code, answer.text) == (404, '{"message":"Invalid URL"}')

"""Braze's part of its OpenAPI document: the rules accept the requests that it describes."""

import re
from base64 import b64encode
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter

from mockalog.vendors.braze.errors import CATALOGUE, BrazeError
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.array_edits import read_edit
from mockalog.vendors.braze.rules.cursors import offset_of
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES, read_value
from mockalog.vendors.braze.rules.values import InvalidValueError
from mockalog.vendors.braze.schemas import (
    catalogs,
    documentation,
    fields,
    item_values,
    items,
    selections,
)
from mockalog.vendors.braze.schemas.error_descriptions import ERROR_DESCRIPTIONS
from tests.emulation import Emulation
from tests.vendors.braze.factories import any_json, example_of
from tests.vendors.braze.steering import unlimited

RESTAURANTS = "/catalogs/restaurants"
ITEM = f"{RESTAURANTS}/items/restaurant1"

# In an order in which each request finds the things that it needs.
EXAMPLES: list[tuple[str, str, Any, int]] = [
    ("POST", "/catalogs", catalogs.CatalogsIn, 201),
    ("POST", f"{RESTAURANTS}/fields", fields.FieldsIn, 202),
    ("POST", ITEM, items.OneItemIn, 201),
    ("PUT", ITEM, items.OneItemIn, 200),
    ("PATCH", ITEM, items.OneEditIn, 200),
    ("POST", f"{RESTAURANTS}/items", items.ItemsIn, 202),
    ("PUT", f"{RESTAURANTS}/items", items.ItemsIn, 202),
    ("PATCH", f"{RESTAURANTS}/items", items.ItemEditsIn, 202),
    ("DELETE", f"{RESTAURANTS}/items", items.ItemKeysIn, 202),
    ("POST", f"{RESTAURANTS}/selections", selections.NewSelectionIn, 202),
]


def test_the_example_of_every_request_is_accepted(emulation: Emulation) -> None:
    """In their order, with the field types of the items' values."""
    client = unlimited(emulation, emulation.client("/braze"))

    for method, path, model, status in EXAMPLES:
        answer = client.request(method, path, json=example_of(model))

        assert (method, path, answer.status_code) == (method, path, status), answer.text


def test_every_error_of_the_catalogue_has_a_description() -> None:
    """The two lists have the same ids."""
    assert ERROR_DESCRIPTIONS.keys() == CATALOGUE.keys()


def test_an_error_without_a_description_says_where_to_add_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The document cannot be written without it."""
    monkeypatch.delitem(ERROR_DESCRIPTIONS, "item-not-found")

    with pytest.raises(LookupError, match=r"describe item-not-found in schemas/error_descriptions"):
        dict(documentation._braze_errors())


def is_taken(cursor: str) -> bool:
    """Return whether the rule accepts a cursor."""
    try:
        offset_of(cursor)
    except BrazeError:
        return False
    return True


class TestCursor:
    """The pattern accepts the same cursors as the rule."""

    @given(st.integers(0, 10**40))
    def test_every_offset_has_a_cursor(self, offset: int) -> None:
        """As the `Link` header writes it."""
        cursor = b64encode(b"skip:%d" % offset).decode()

        assert re.fullmatch(items.CURSOR, cursor)
        assert is_taken(cursor)

    @given(st.from_regex(items.CURSOR, fullmatch=True))
    def test_the_rule_accepts_all_cursors_of_the_pattern(self, cursor: str) -> None:
        """Bits beyond the last digit included."""
        assert is_taken(cursor)

    @given(st.text() | st.binary().map(lambda rest: b64encode(b"skip:" + rest).decode()))
    def test_the_rule_refuses_all_other_texts(self, cursor: str) -> None:
        """The rule refuses all other texts."""
        assert is_taken(cursor) == bool(re.fullmatch(items.CURSOR, cursor))


VALUE = Draft202012Validator(TypeAdapter(item_values.ValueIn).json_schema())
EDIT = Draft202012Validator(
    TypeAdapter(item_values.ValueIn | item_values.ArrayChangeIn).json_schema()
)
ANYTHING = any_json("$add", "$remove", "a.b", "2024-10-14", "7", "true")


@pytest.mark.parametrize("kind", FIELD_TYPE_NAMES)
@given(value=ANYTHING)
def test_the_schema_accepts_each_value_that_a_field_accepts(kind: str, value: Any) -> None:
    """For any type of the field; an edit may also edit an array."""
    for read, validator in ((read_value, VALUE), (read_edit, EDIT)):
        try:
            read(FIELD_TYPES[kind], value)
        except InvalidValueError:
            continue
        assert validator.is_valid(value)


@pytest.mark.parametrize(
    "value",
    [
        *("v" * 5001, ["a"] * 101, ["a", 1], [181, 0], [0, 91], [0, 0, 0], [[]]),
        *({"a.b": 1}, {"$a": 1}, {"a": [{"b": {"c.d": 1}}]}),
        *({"$add": "a"}, {"$set": ["a"]}, {"$add": ["a"], "b": []}),
    ],
)
def test_the_schema_refuses_values_that_no_field_accepts(value: Any) -> None:
    """As far as a schema can express it, at every depth."""
    assert not EDIT.is_valid(value)


# An error id of `POST /catalogs`, and catalogs that cause it.
ID = {"name": "id", "type": "string"}
CATALOGS: list[tuple[str, list[Any]]] = [
    ("catalog-array-invalid", []),
    ("too-many-catalog-atoms", [{"name": "a", "fields": [ID]}, {"name": "b", "fields": [ID]}]),
    ("invalid-catalog-name", [{"name": "a b", "fields": [ID]}]),
    ("catalog-name-too-large", [{"name": "a" * 251, "fields": [ID]}]),
    ("description-too-long", [{"name": "a", "description": "d" * 251, "fields": [ID]}]),
    ("invalid-fields", [{"name": "a", "fields": [{"name": "id"}]}]),
    ("too-many-fields", [{"name": "a", "fields": [ID] * 501}]),
    ("id-not-first-column", [{"name": "a", "fields": [{"name": "Name", "type": "string"}]}]),
    ("invalid-field-names", [{"name": "a", "fields": [ID, {"name": "a b", "type": "string"}]}]),
    ("field-names-too-large", [{"name": "a", "fields": [ID, {**ID, "name": "f" * 251}]}]),
    ("invalid-field-types", [{"name": "a", "fields": [ID, {"name": "b", "type": "text"}]}]),
]
NEW_CATALOG = Draft202012Validator(catalogs.CatalogsIn.model_json_schema())


@pytest.mark.parametrize(("error_id", "wanted"), CATALOGS)
def test_a_catalog_that_breaks_a_rule_breaks_the_schema_too(
    braze: httpx.Client, error_id: str, wanted: list[Any]
) -> None:
    """Each rule of `POST /catalogs` has an error id of its own."""
    body = {"catalogs": wanted}

    answer = braze.post("/catalogs", json=body)

    assert answer.status_code == 400
    assert [error["id"] for error in answer.json()["errors"]] == [error_id]
    assert not NEW_CATALOG.is_valid(body)


def test_repeated_names_of_fields_are_refused(braze: httpx.Client) -> None:
    """A schema cannot express it."""
    body = {"catalogs": [{"name": "a", "fields": [ID, ID]}]}

    answer = braze.post("/catalogs", json=body)

    assert answer.status_code == 400
    assert [error["id"] for error in answer.json()["errors"]] == ["field-names-not-unique"]
    assert NEW_CATALOG.is_valid(body)

"""Braze's part of its OpenAPI document: requests it describes are requests that the code takes."""

import re
from base64 import b64encode
from typing import Any, get_args

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter

from mockalog.vendors.braze.errors import CATALOGUE, Rejected
from mockalog.vendors.braze.rules.changes import edit_readers
from mockalog.vendors.braze.rules.cursors import offset_of
from mockalog.vendors.braze.rules.layout import layout_of
from mockalog.vendors.braze.rules.selections import OPERATORS
from mockalog.vendors.braze.rules.values import READERS, TYPES, Reader, Unfit
from mockalog.vendors.braze.schemas import catalogs, fields, items, selections, values
from mockalog.vendors.braze.schemas.senses import SENSES
from tests.emulation import Emulation
from tests.vendors.braze.changing import json_of
from tests.vendors.braze.making import unlimited

RESTAURANTS = "/catalogs/restaurants"
ITEM = f"{RESTAURANTS}/items/restaurant1"

# In an order in which each request finds all that it asks for.
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
    """One after the other, with the field types that the items use."""
    client = unlimited(emulation, emulation.client("/braze"))

    for method, path, model, status in EXAMPLES:
        [example] = model.model_config["json_schema_extra"]["examples"]
        answer = client.request(method, path, json=example)

        assert (method, path, answer.status_code) == (method, path, status), answer.text


def test_every_error_of_the_catalogue_has_a_sense() -> None:
    """None is left out, and none is documented that does not exist."""
    assert SENSES.keys() == CATALOGUE.keys()


def test_the_documented_words_are_those_of_the_rules() -> None:
    """Types of fields, and operators of filters."""
    union, _ = get_args(selections.FilterIn)
    operators = [get_args(one.model_fields["operator"].annotation) for one in get_args(union)]

    assert get_args(fields.FieldType) == TYPES
    assert {word for words in operators for word in words} == {
        word for words in OPERATORS.values() for word in words
    }


def is_taken(cursor: str) -> bool:
    """Return whether a page begins at that cursor."""
    try:
        offset_of(cursor)
    except Rejected:
        return False
    return True


class TestCursor:
    """The pattern says exactly what the rule takes."""

    @given(st.integers(0, 10**40))
    def test_every_offset_has_a_cursor(self, offset: int) -> None:
        """As the `Link` header writes it."""
        cursor = b64encode(b"skip:%d" % offset).decode()

        assert re.fullmatch(items.CURSOR, cursor)
        assert is_taken(cursor)

    @given(st.from_regex(items.CURSOR, fullmatch=True))
    def test_all_that_fits_the_pattern_is_taken(self, cursor: str) -> None:
        """Bits beyond the last digit included."""
        assert is_taken(cursor)

    @given(st.text() | st.binary().map(lambda rest: b64encode(b"skip:" + rest).decode()))
    def test_all_that_does_not_fit_is_refused(self, cursor: str) -> None:
        """And nothing else."""
        assert is_taken(cursor) == bool(re.fullmatch(items.CURSOR, cursor))


ARRAYS = '[{"name":"id","token":"-1","type":"string"},{"name":"array","token":"0","type":"array"}]'
EDITING: dict[str, Reader] = {**READERS, **edit_readers(layout_of(ARRAYS, "[]", 1, 0))}
VALUE = Draft202012Validator(TypeAdapter(values.ValueIn).json_schema())
EDIT = Draft202012Validator(TypeAdapter(values.ValueIn | values.ArrayChangeIn).json_schema())
ANYTHING = json_of("$add", "$remove", "a.b", "2024-10-14", "7", "true")


@pytest.mark.parametrize("kind", TYPES)
@given(value=ANYTHING)
def test_a_value_that_a_field_takes_is_valid(kind: str, value: Any) -> None:
    """Whatever the type of the field; an edit may change an array besides."""
    for readers, validator in ((READERS, VALUE), (EDITING, EDIT)):
        try:
            readers[kind](value)
        except Unfit:
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
def test_a_value_that_no_field_takes_is_not(value: Any) -> None:
    """As far as a schema can say it, at every depth."""
    assert not EDIT.is_valid(value)


# An error id of `POST /catalogs`, and the catalogs that get it.
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


def test_names_of_fields_that_come_twice_are_refused(braze: httpx.Client) -> None:
    """A schema cannot say it."""
    body = {"catalogs": [{"name": "a", "fields": [ID, ID]}]}

    answer = braze.post("/catalogs", json=body)

    assert answer.status_code == 400
    assert [error["id"] for error in answer.json()["errors"]] == ["field-names-not-unique"]
    assert NEW_CATALOG.is_valid(body)

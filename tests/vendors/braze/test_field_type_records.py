"""Field types as records: each is complete, and a new one works in every call.

Sources: docs/vendors/braze.md#41-values and docs/vendors/braze.md#6-selections.
"""

from typing import Any

import httpx
import pytest

from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES, FieldType
from mockalog.vendors.braze.rules.filters import EQUALITY, Filtering, Operator, OperatorGroup
from mockalog.vendors.braze.rules.values import NOT_COERCED, InvalidValueError, is_string
from tests.conformance import Conformance
from tests.emulation import Emulation
from tests.vendors.braze.factories import condition, make_catalog, make_item
from tests.vendors.braze.requests import create_selection, error_ids, send
from tests.vendors.braze.steering import get_selected_items, unlimited

# By type: a value of an item, and a value of a filter.
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "string": ("a", "a"),
    "number": (5, 5),
    "boolean": (True, True),
    "time": ("2024-10-14T10:00:00.000Z", "2024-10-14T10:00:00.000Z"),
    "object": ({"a": 1}, None),
    "array": (["a"], "a"),
    "geo": ([1, 2], {"longitude": 1, "latitude": 2, "radius": 3}),
}


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client alone in its sandbox, without rate limits."""
    return unlimited(emulation, emulation.client("/braze"))


def test_every_documented_type_has_a_record_and_an_example() -> None:
    """The names of the JSON column, the records and the examples are the same."""
    assert FIELD_TYPES.keys() == set(FIELD_TYPE_NAMES) == EXAMPLES.keys()
    assert [record.name for record in FIELD_TYPES.values()] == list(FIELD_TYPES)


def test_operators_of_one_name_are_one_operator() -> None:
    """A stored filter has only the name of its operator."""
    filterings = [one.filtering for one in FIELD_TYPES.values() if one.filtering is not None]
    operators = {operator for filtering in filterings for operator in filtering.operators}

    assert len({operator.name for operator in operators}) == len(operators)


@pytest.mark.parametrize("kind", FIELD_TYPE_NAMES)
def test_a_type_works_from_the_catalog_to_the_results_of_a_selection(
    emulation: Emulation, client: httpx.Client, kind: str
) -> None:
    """With each of its operators, and as the field to sort by."""
    value, compared = EXAMPLES[kind]
    make_catalog(client, field=kind)
    make_item(client, "shops", "a", field=value)
    filtering = FIELD_TYPES[kind].filtering
    operators = () if filtering is None else filtering.operators

    for number, operator in enumerate(operators):
        filters = [condition("field", operator.name, compared)]
        assert create_selection(client, f"s{number}", filters=filters).status_code == 202
        assert get_selected_items(emulation, client, f"s{number}").status_code == 200
    create_selection(client, "all")
    unsorted = get_selected_items(emulation, client, "all").json()["items"]
    sorting = {"sort_field": "field", "sort_order": "asc"}
    answer = create_selection(client, "sorted", **sorting)

    assert unsorted == [{"id": "a", "field": value}]
    assert answer.status_code == (202 if FIELD_TYPES[kind].is_sortable else 400)
    if answer.status_code == 202:
        results = get_selected_items(emulation, client, "sorted").json()["items"]
        assert results == unsorted


def read_money(value: object) -> str:
    """Return an amount with its currency, such as `12.50 EUR`."""
    if not is_string(value) or " " not in value:
        raise InvalidValueError(NOT_COERCED)
    return value.upper()


def amount(money: str) -> float:
    """Return the amount without the currency."""
    return float(money.split()[0])


COST = OperatorGroup(
    "Cost", (Operator("costs more than", lambda value, other: amount(value) > amount(other)),)
)
MONEY = FieldType(
    name="money",
    noun="a money value",
    read=read_money,
    schema=str,
    filtering=Filtering((EQUALITY, COST), is_string, read_money, str),
    is_sortable=False,
)


def test_a_new_record_works_in_every_call(
    emulation: Emulation, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One entry of the registry is enough: catalog, item, selection and its results."""
    monkeypatch.setitem(FIELD_TYPES, "money", MONEY)
    # The document of this process was made without the new type.
    monkeypatch.setattr(Conformance, "_see", lambda *args: None)
    make_catalog(client, price="money")
    for item_id, price in (("a", "5 eur"), ("b", "12.50 eur"), ("c", "100 usd")):
        make_item(client, "shops", item_id, price=price)

    refused = send(client, "POST", "shops/items/d", {"price": 5})
    filters = [condition("price", "costs more than", "6 eur")]
    filters += [condition("price", "does not equal", "100 usd")]
    assert create_selection(client, filters=filters).status_code == 202
    unsortable = create_selection(client, "sorted", sort_field="price", sort_order="asc")

    assert error_ids(refused) == ["unable-to-coerce-value"]
    results = get_selected_items(emulation, client).json()["items"]
    assert results == [{"id": "b", "price": "12.50 EUR"}]
    assert error_ids(unsortable) == ["invalid-sorting"]

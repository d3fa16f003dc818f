"""Edits of items: plain values replace, `$add` and `$remove` edit arrays.

The exact effect of the operators is inferred (docs/vendors/braze.md#46-array-operators).
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

from mockalog.vendors.braze.rules.catalog_schema import CatalogSchema
from mockalog.vendors.braze.rules.field_types import FieldType, read_array, read_value
from mockalog.vendors.braze.rules.values import NOT_COERCED, InvalidValueError, is_strings

ADD = "$add"
REMOVE = "$remove"


class ArrayEditError(ValueError):
    """Edits would break the limits of arrays; `error_ids` has Braze's error id of each field."""

    def __init__(self, error_ids: Mapping[str, str]) -> None:
        super().__init__(error_ids)
        self.error_ids = error_ids


def is_array_edit(value: object, field_type: FieldType) -> TypeGuard[dict[str, list[str]]]:
    """Return whether a value edits an array instead of replacing it."""
    return field_type.name == "array" and isinstance(value, dict)


def read_edit(field_type: FieldType, value: object) -> object:
    """Return the value of an edit, which may edit an array; raises `InvalidValueError`."""
    if not is_array_edit(value, field_type):
        return read_value(field_type, value)
    if not value or not value.keys() <= {ADD, REMOVE}:
        raise InvalidValueError(NOT_COERCED)
    if not all(map(is_strings, value.values())):
        raise InvalidValueError(NOT_COERCED)
    return value


def edited_values(
    schema: CatalogSchema, values: Mapping[str, object], edit: Mapping[str, object]
) -> dict[str, object]:
    """Return an item's values after an edit; raises `ArrayEditError`."""
    after, error_ids = {**values, **edit}, {}
    for name, value in edit.items():
        if is_array_edit(value, schema.types[name]):
            try:
                after[name] = _edited_array(values.get(name) or [], value)
            except InvalidValueError as error:
                error_ids[name] = error.error_id
    if error_ids:
        raise ArrayEditError(error_ids)
    return after


def _edited_array(array: Any, edit: Mapping[str, list[str]]) -> list[str]:
    """Remove all matches first, then append the elements that the array does not have."""
    removed = set(edit.get(REMOVE, ()))
    kept = [element for element in array if element not in removed]
    # The keys of a dictionary have an order, and none comes twice. Elements that the array had
    # twice stay twice.
    present = set(kept)
    new = [element for element in dict.fromkeys(edit.get(ADD, ())) if element not in present]
    return read_array(kept + new)


def has_array_edits(schema: CatalogSchema, values: Mapping[str, object]) -> bool:
    """Return whether an edit edits an array."""
    return any(is_array_edit(value, schema.types[name]) for name, value in values.items())

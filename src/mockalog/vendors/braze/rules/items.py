"""Rules of items, in stages: container, ids with names of fields, values.

All problems of one stage come in one response, one entry for each error id with all its items. The
next stages are not checked then. `filtered-set-field-too-long` is for single writes only.

Source: docs/vendors/braze.md#7-errors (A4: ids and names are one stage).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from mockalog.vendors.braze.errors import BrazeError, Problem, braze_error, problem
from mockalog.vendors.braze.rules.array_edits import ArrayEditError, edited_values, read_edit
from mockalog.vendors.braze.rules.catalog_schema import ID, CatalogSchema
from mockalog.vendors.braze.rules.field_types import FieldType, read_value
from mockalog.vendors.braze.rules.values import MAX_FILTERED, NOT_COERCED, InvalidValueError

MAX_ITEMS = 50
MAX_ID = 250

_UNKNOWN_NAMES = "invalid-fields"
_ID = re.compile(r"[A-Za-z0-9_-]{1,250}")
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9_-]+")

ReadValue = Callable[[FieldType, object], object]


class NewItem(NamedTuple):
    """An item of a request: its id, and its values without the id."""

    id: str
    values: dict[str, object]


def one_item(schema: CatalogSchema, body: object, item_id: str) -> NewItem:
    """Return the item of a single call, whose id is in the path; raises `BrazeError`."""
    [values] = _items(body, limit=1)
    problems = [] if _ID.fullmatch(item_id) else _id_problems([item_id])
    if ID in values:
        problems.append(problem("id-in-body", values[ID]))
    if _has_unknown_name(schema, values):
        problems.append(problem(_UNKNOWN_NAMES, item_id))
    if problems:
        raise BrazeError(*problems)
    return NewItem(item_id, values)


def many_items(
    schema: CatalogSchema, body: object, not_strings: str = "ids-not-strings"
) -> list[NewItem]:
    """Return the items of a bulk call, with different ids; raises `BrazeError`.

    `not_strings` is the error id of ids that are no strings, which PUT spells differently.
    """
    items = _items(body, limit=MAX_ITEMS)
    problems = _bulk_id_problems(items, not_strings)
    if unknown := [item for item in items if _has_unknown_name(schema, item)]:
        # An item without id cannot be named (inferred).
        problems.append(problem(_UNKNOWN_NAMES, *(item[ID] for item in unknown if ID in item)))
    if problems:
        raise BrazeError(*problems)
    return [NewItem(str(item.pop(ID)), item) for item in items]


def item_ids(body: object) -> list[str]:
    """Return the ids of a bulk deletion, which ignores the other keys; raises `BrazeError`."""
    items = _items(body, limit=MAX_ITEMS)
    if problems := _bulk_id_problems(items, "ids-not-strings"):
        raise BrazeError(*problems)
    return [str(item[ID]) for item in items]


def _has_unknown_name(schema: CatalogSchema, item: Mapping[str, object]) -> bool:
    return not item.keys() <= schema.nulls.keys()


def _items(body: object, limit: int) -> list[dict[str, object]]:
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise braze_error("item-array-invalid")
    problems = []
    if not all(isinstance(item, dict) for item in items):
        problems.append(problem("item-array-invalid"))
    if len(items) > limit:
        problems.append(problem("request-includes-too-many-items"))
    if problems:
        raise BrazeError(*problems)
    return items


def _bulk_id_problems(items: Sequence[Mapping[str, object]], not_strings: str) -> list[Problem]:
    ids = [item.get(ID) for item in items]
    strings = [item_id for item_id in ids if isinstance(item_id, str)]
    problems = _id_problems(strings)
    if missing := sum(ID not in item for item in items):
        problems.append(problem("items-missing-ids", number=missing))
    if others := [item[ID] for item in items if not isinstance(item.get(ID, ""), str)]:
        problems.append(problem(not_strings, *others))
    if len(set(strings)) < len(strings):
        repeated = [item_id for item_id, times in Counter(strings).items() if times > 1]
        problems.append(problem("ids-not-unique", *repeated))
    return problems


def _id_problems(ids: Iterable[str]) -> list[Problem]:
    bad = [item_id for item_id in ids if not _ID.fullmatch(item_id)]
    problems = []
    if long := [item_id for item_id in bad if len(item_id) > MAX_ID]:
        problems.append(problem("ids-too-large", *long))
    if misspelt := [item_id for item_id in bad if not _ID_CHARACTERS.fullmatch(item_id)]:
        problems.append(problem("invalid-ids", *misspelt))
    return problems


def read_items(
    schema: CatalogSchema, items: Sequence[NewItem], *, editing: bool = False, single: bool = False
) -> list[NewItem]:
    """Return the items with their values as they are stored; raises `BrazeError`.

    Their names are fields of the catalog. `editing` allows `$add` and `$remove` in array fields.
    """
    invalid = InvalidValues()
    read = read_edit if editing else read_value
    new = [NewItem(item.id, _read_values(schema, read, item, invalid)) for item in items]
    if single and schema.filtered:
        invalid.add_filtered(schema, new[0])
    invalid.check()
    return new


def _read_values(
    schema: CatalogSchema, read: ReadValue, item: NewItem, invalid: "InvalidValues"
) -> dict[str, object]:
    values = {}
    for name, value in item.values.items():
        try:
            values[name] = read(schema.types[name], value)
        except InvalidValueError as error:
            invalid.add(error.error_id, item.id, name, value)
    return values


def edited_items(
    schema: CatalogSchema, pairs: Iterable[tuple[Mapping[str, object], NewItem]]
) -> list[dict[str, object]]:
    """Return the values of items after edits; raises `BrazeError`."""
    invalid = InvalidValues()
    edited = []
    for values, edit in pairs:
        try:
            edited.append(edited_values(schema, values, edit.values))
        except ArrayEditError as error:
            for field, error_id in error.error_ids.items():
                invalid.add(error_id, edit.id, field, edit.values[field])
    invalid.check()
    return edited


class InvalidValues:
    """Collects invalid values: by error id, then by item, then by field."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, dict[str, object]]] = {}

    def add(self, error_id: str, item_id: str, field: str, value: object) -> None:
        """Add one value."""
        self._values.setdefault(error_id, {}).setdefault(item_id, {})[field] = value

    def add_filtered(self, schema: CatalogSchema, item: NewItem) -> None:
        """Add the strings that are too long for a field that a selection filters by."""
        for name in schema.filtered & item.values.keys():
            value = item.values[name]
            if isinstance(value, str) and len(value) > MAX_FILTERED:
                self.add("filtered-set-field-too-long", item.id, name, value)

    def check(self) -> None:
        """Raise `BrazeError` if any value was added."""
        if self._values:
            raise BrazeError(*(_problem(*entry) for entry in self._values.items()))


def _problem(error_id: str, items: Mapping[str, Mapping[str, object]]) -> Problem:
    """Return the problem of some items' values.

    If `parameters` names fields, each value is an object (Segment's parser expects both forms).
    """
    plain = problem(error_id, *items)
    if error_id != NOT_COERCED:
        return plain
    fields = dict.fromkeys(field for values in items.values() for field in values)
    objects = [{ID: item_id, **values} for item_id, values in items.items()]
    return Problem(error_id, plain.message, (ID, *fields), objects)

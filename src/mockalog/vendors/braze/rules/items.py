"""What item calls may say: container, then ids, then field names, then values.

Every error of one stage comes in one answer, one object for each error id that lists all the items
concerned; the next stage is not looked at. `filtered-set-field-too-long` is for single writes only.

Source: docs/vendors/braze.md#7-errors.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.vendors.braze.errors import Problem, Rejected, problem, rejected
from mockalog.vendors.braze.rules.changes import edit_readers
from mockalog.vendors.braze.rules.layout import ID, Layout
from mockalog.vendors.braze.rules.values import MAX_FILTERED, NOT_COERCED, Reader, Unfit

MAX_ITEMS = 50
MAX_ID = 250

_ID = re.compile(r"[A-Za-z0-9_-]{1,250}")
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9_-]+")


class NewItem(NamedTuple):
    """An item as requested: its id, and its values without it."""

    id: str
    values: dict[str, Any]


def one_item(body: Any, item_id: str) -> NewItem:
    """Return the item of a single call, whose id is in the path; raises `Rejected`."""
    items = _items(body, limit=1)
    values = items[0]
    problems = []
    if not _ID.fullmatch(item_id):
        problems += _id_problems([item_id])
    if ID in values:
        problems.append(problem("id-in-body", values[ID]))
    if problems:
        raise Rejected(*problems)
    return NewItem(item_id, values)


def many_items(body: Any, not_strings: str = "ids-not-strings") -> list[NewItem]:
    """Return the items of a bulk call, each with an id of its own; raises `Rejected`.

    `not_strings` is the error id for ids that are none: one of the four pages spells it otherwise.
    """
    items = _items(body, limit=MAX_ITEMS)
    _check_ids(items, not_strings)
    return [NewItem(item.pop(ID), item) for item in items]


def _items(body: Any, limit: int) -> list[dict[str, Any]]:
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise rejected("item-array-invalid")
    problems = []
    if not all(isinstance(item, dict) for item in items):
        problems.append(problem("item-array-invalid"))
    if len(items) > limit:
        problems.append(problem("request-includes-too-many-items"))
    if problems:
        raise Rejected(*problems)
    return items


def _check_ids(items: Sequence[dict[str, Any]], not_strings: str) -> None:
    ids = [item.get(ID) for item in items]
    texts = [item_id for item_id in ids if isinstance(item_id, str)]
    problems = _id_problems(texts)
    if missing := sum(ID not in item for item in items):
        problems.append(problem("items-missing-ids", number=missing))
    if strange := [item[ID] for item in items if not isinstance(item.get(ID, ""), str)]:
        problems.append(problem(not_strings, *strange))
    if len(set(texts)) < len(texts):
        repeated = [item_id for item_id, times in Counter(texts).items() if times > 1]
        problems.append(problem("ids-not-unique", *repeated))
    if problems:
        raise Rejected(*problems)


def _id_problems(ids: Iterable[str]) -> list[Problem]:
    bad = [item_id for item_id in ids if not _ID.fullmatch(item_id)]
    problems = []
    if long := [item_id for item_id in bad if len(item_id) > MAX_ID]:
        problems.append(problem("ids-too-large", *long))
    if strange := [item_id for item_id in bad if not _ID_CHARACTERS.fullmatch(item_id)]:
        problems.append(problem("invalid-ids", *strange))
    return problems


def normalised_items(
    layout: Layout, items: Sequence[NewItem], *, editing: bool = False, single: bool = False
) -> list[NewItem]:
    """Return the items with their values as they are stored.

    `editing` allows `$add` and `$remove` in array fields. Raises `Rejected`.
    """
    if strangers := [item.id for item in items if not item.values.keys() <= layout.types.keys()]:
        raise rejected("invalid-fields", *strangers)
    readers = edit_readers(layout) if editing else layout.readers
    misfits = Misfits()
    new = [NewItem(item.id, _normalised(readers, item, misfits)) for item in items]
    if single and layout.filtered:
        misfits.add_filtered(layout, new[0])
    misfits.check()
    return new


def _normalised(readers: Mapping[str, Reader], item: NewItem, misfits: "Misfits") -> dict[str, Any]:
    values = {}
    for name, value in item.values.items():
        try:
            values[name] = None if value is None else readers[name](value)
        except Unfit as unfit:
            misfits.add(unfit.error_id, item.id, name, value)
    return values


class Misfits:
    """Collects values that do not fit: by error id, then by item, then by field."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, dict[str, Any]]] = {}

    def add(self, error_id: str, item_id: str, field: str, value: Any) -> None:
        """Note one value."""
        self._found.setdefault(error_id, {}).setdefault(item_id, {})[field] = value

    def add_filtered(self, layout: Layout, item: NewItem) -> None:
        """Note texts that are too long for a field that a selection filters by."""
        for name in layout.filtered & item.values.keys():
            value = item.values[name]
            if isinstance(value, str) and len(value) > MAX_FILTERED:
                self.add("filtered-set-field-too-long", item.id, name, value)

    def check(self) -> None:
        """Raise `Rejected` if anything was noted."""
        if self._found:
            raise Rejected(*(_problem(error_id, of) for error_id, of in self._found.items()))


def _problem(error_id: str, found: Mapping[str, Mapping[str, Any]]) -> Problem:
    """With fields in `parameters` each value is an object (Segment's parser expects both forms)."""
    plain = problem(error_id, *found)
    if error_id != NOT_COERCED:
        return plain
    fields = dict.fromkeys(field for values in found.values() for field in values)
    shown = [{ID: item_id, **values} for item_id, values in found.items()]
    return Problem(error_id, plain.message, (ID, *fields), shown)

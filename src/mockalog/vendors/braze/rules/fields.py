"""What fields may be called and be, and what becomes of them.

Sources: docs/vendors/braze.md#31-create-a-catalog and docs/vendors/braze.md#5-fields.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import loads
from mockalog.vendors.braze.errors import Rejected, problem, rejected
from mockalog.vendors.braze.rules.layout import ID, Layout
from mockalog.vendors.braze.rules.values import TYPES

MAX_FIELDS = 500
MAX_NEW_FIELDS = 50
MAX_NAME = 250

# What the dashboard says of a field (braze-mcp).
MARKS = frozenset({"is_inventory", "is_price"})

_NAME = re.compile(r"[A-Za-z0-9_-]*")


class NewField(NamedTuple):
    """A field as requested."""

    name: str
    type: str


def new_fields(body: Any, layout: Layout) -> tuple[NewField, ...]:
    """Return the fields that the body of `POST /catalogs/{name}/fields` adds.

    Raises `Rejected`; the page lists only the limits, the rest is as for a new catalog (inferred).
    """
    new = shaped(body.get("fields") if isinstance(body, dict) else None)
    if len(new) > MAX_NEW_FIELDS:
        raise rejected("request-includes-too-many-fields")
    check(new, layout.blank)
    if len(layout.fields) + len(new) > MAX_FIELDS:
        raise rejected("catalog-exceeds-fields-limit")
    return new


def deletable(name: str, layout: Layout, fields: str, selections: str) -> int:
    """Return the token of a field that is there and that nothing needs; raises `Rejected`.

    `fields` and `selections` are the stored catalog's JSON. The id stays (inferred).
    """
    if name == ID or name not in layout.blank:
        raise rejected("invalid-field-name", name)
    if any(name in _used(selection) for selection in loads(selections)):
        raise rejected("field-referenced-by-selection", name)
    if any(field["name"] == name and field.get("is_inventory") for field in loads(fields)):
        raise rejected("field-is-inventory", name)
    return next(field.token for field in layout.fields if field.name == name)


def marked(fields: list[dict[str, Any]], name: str, marks: Any) -> dict[str, Any]:
    """Set `is_inventory` and `is_price` of a field in place; a mark shows only while it is true.

    Raises `Rejected`.
    """
    field = next((field for field in fields if field["name"] == name), None)
    if field is None or name == ID:
        raise rejected("invalid-field-name", name)
    if not isinstance(marks, dict) or not marks.keys() <= MARKS or not _all_booleans(marks):
        raise rejected("invalid-fields.marks")
    field |= marks
    for mark in MARKS & field.keys():
        if not field[mark]:
            del field[mark]
    return field


def _all_booleans(marks: dict[str, Any]) -> bool:
    return all(isinstance(mark, bool) for mark in marks.values())


def _used(selection: dict[str, Any]) -> set[Any]:
    return {selection["sort_field"], *(wanted["field"] for wanted in selection["filters"])}


def shaped(fields: Any) -> tuple[NewField, ...]:
    """Return what is a list of names and types, at least one; raises `Rejected`."""
    if not isinstance(fields, list) or not fields or not all(map(_is_field, fields)):
        raise rejected("invalid-fields.shape")
    return tuple(NewField(field["name"], field["type"]) for field in fields)


def _is_field(field: Any) -> bool:
    return (
        isinstance(field, dict)
        and isinstance(field.get("name"), str)
        and isinstance(field.get("type"), str)
    )


def check(fields: Sequence[NewField], existing: Collection[str] = ()) -> None:
    """Raise `Rejected` for bad names, then for unknown types, then for repeated names."""
    _check_names(fields)
    if unknown := [field.type for field in fields if field.type not in TYPES]:
        raise rejected("invalid-field-types", *unknown)
    names = Counter(field.name for field in fields)
    if repeated := [n for n, times in names.items() if times > 1 or n in existing]:
        raise rejected("field-names-not-unique", *repeated)


def _check_names(fields: Sequence[NewField]) -> None:
    """Bad characters and bad lengths are one stage: both ids can come together."""
    bad = [f.name for f in fields if not f.name or not _NAME.fullmatch(f.name)]
    long = [f.name for f in fields if len(f.name) > MAX_NAME]
    problems = []
    if bad:
        problems.append(problem("invalid-field-names", *bad))
    if long:
        problems.append(problem("field-names-too-large", *long))
    if problems:
        raise Rejected(*problems)

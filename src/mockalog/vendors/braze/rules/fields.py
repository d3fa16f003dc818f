"""Rules of fields: their names and types, their deletion and their marks.

Sources: docs/vendors/braze.md#31-create-a-catalog and docs/vendors/braze.md#5-fields.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from mockalog.kernel.formats.json import loads
from mockalog.vendors.braze.errors import BrazeError, braze_error, problem
from mockalog.vendors.braze.json_columns import StoredSelection
from mockalog.vendors.braze.rules.catalog_schema import ID, CatalogSchema
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES

MAX_FIELDS = 500
MAX_NEW_FIELDS = 50
MAX_NAME = 250

# The marks that the dashboard gives to a field (braze-mcp).
MARKS = frozenset({"is_inventory", "is_price"})

_NAME = re.compile(r"[A-Za-z0-9_-]*")


class NewField(NamedTuple):
    """A field of a request."""

    name: str
    type: str


def new_fields(body: object, schema: CatalogSchema) -> tuple[NewField, ...]:
    """Return the fields of a body of `POST /catalogs/{name}/fields`; raises `BrazeError`.

    The page lists only the limits. The other rules are those of a new catalog (inferred).
    """
    new = read_fields(body.get("fields") if isinstance(body, dict) else None)
    if len(new) > MAX_NEW_FIELDS:
        raise braze_error("request-includes-too-many-fields")
    check_fields(new, schema.nulls)
    if len(schema.fields) + len(new) > MAX_FIELDS:
        raise braze_error("catalog-exceeds-fields-limit")
    return new


def deletable_token(name: str, schema: CatalogSchema, fields: str, selections: str) -> int:
    """Return the token of a field that can be deleted; raises `BrazeError`.

    `fields` and `selections` are the stored catalog's JSON. The id cannot be deleted (inferred).
    """
    if name == ID or name not in schema.nulls:
        raise braze_error("invalid-field-name", name)
    if any(name in _used_fields(selection) for selection in loads(selections)):
        raise braze_error("field-referenced-by-selection", name)
    if any(field["name"] == name and field.get("is_inventory") for field in loads(fields)):
        raise braze_error("field-is-inventory", name)
    return next(field.token for field in schema.fields if field.name == name)


def set_marks(fields: list[dict[str, object]], name: str, marks: object) -> dict[str, object]:
    """Set `is_inventory` and `is_price` of a field in place and return the field.

    A field has only the marks that are true. Raises `BrazeError`.
    """
    field = next((field for field in fields if field["name"] == name), None)
    if field is None or name == ID:
        raise braze_error("invalid-field-name", name)
    if not isinstance(marks, dict) or not marks.keys() <= MARKS or not _are_booleans(marks):
        raise braze_error("invalid-fields.marks")
    field |= marks
    for mark in MARKS & field.keys():
        if not field[mark]:
            del field[mark]
    return field


def _are_booleans(marks: dict[str, object]) -> bool:
    return all(isinstance(mark, bool) for mark in marks.values())


def _used_fields(selection: StoredSelection) -> set[str | None]:
    return {selection["sort_field"], *(condition["field"] for condition in selection["filters"])}


def read_fields(fields: object) -> tuple[NewField, ...]:
    """Return the names and types of an array with at least one field; raises `BrazeError`."""
    if not isinstance(fields, list) or not fields or not all(map(_is_field, fields)):
        raise braze_error("invalid-fields.shape")
    return tuple(NewField(field["name"], field["type"]) for field in fields)


def _is_field(field: object) -> bool:
    return (
        isinstance(field, dict)
        and isinstance(field.get("name"), str)
        and isinstance(field.get("type"), str)
    )


def check_fields(fields: Sequence[NewField], existing: Collection[str] = ()) -> None:
    """Raise `BrazeError` for bad names, then for unknown types, then for repeated names."""
    _check_names(fields)
    if unknown := [field.type for field in fields if field.type not in FIELD_TYPES]:
        raise braze_error("invalid-field-types", *unknown)
    names = Counter(field.name for field in fields)
    if repeated := [n for n, times in names.items() if times > 1 or n in existing]:
        raise braze_error("field-names-not-unique", *repeated)


def _check_names(fields: Sequence[NewField]) -> None:
    """Check characters and lengths in one stage: both ids can come together."""
    bad = [field.name for field in fields if not field.name or not _NAME.fullmatch(field.name)]
    long = [field.name for field in fields if len(field.name) > MAX_NAME]
    problems = []
    if bad:
        problems.append(problem("invalid-field-names", *bad))
    if long:
        problems.append(problem("field-names-too-large", *long))
    if problems:
        raise BrazeError(*problems)

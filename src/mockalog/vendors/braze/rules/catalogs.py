"""Braze's rules: what a request may say. Pure; source: braze.md, sections 3, 7 and 8.

Validation collects every error of one stage and stops before the next (inferred).
"""

import re
from collections import Counter
from typing import Any, NamedTuple

from mockalog.vendors.braze.errors import Problem, Rejected

MAX_CATALOGS = 1
MAX_NAME = 250
MAX_DESCRIPTION = 250
MAX_FIELDS = 500

FIELD_TYPES = ("string", "number", "boolean", "time", "object", "array", "geo")

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class NewField(NamedTuple):
    """A field as requested."""

    name: str
    type: str


class NewCatalog(NamedTuple):
    """A catalog as requested, every rule held but the unique name."""

    name: str
    description: str | None
    fields: tuple[NewField, ...]


def new_catalog(body: Any) -> NewCatalog:
    """Return the one catalog that the body of `POST /catalogs` describes.

    Raises `Rejected` with the errors of the first stage that has any, in the order of section 7:
    array, count, name, description, fields' shape, count, id first, names, types, uniqueness.
    """
    wanted = _one_catalog(body)
    name = _catalog_name(wanted.get("name"))
    description = _description(wanted.get("description"))
    return NewCatalog(name, description, _fields(wanted.get("fields")))


def _one_catalog(body: Any) -> dict[str, Any]:
    catalogs = body.get("catalogs") if isinstance(body, dict) else None
    if not isinstance(catalogs, list) or not catalogs:
        raise _rejected("catalog-array-invalid", "'catalogs' must be an array of objects")
    if not all(isinstance(catalog, dict) for catalog in catalogs):
        raise _rejected("catalog-array-invalid", "'catalogs' must be an array of objects")
    if len(catalogs) > MAX_CATALOGS:
        raise _rejected("too-many-catalog-atoms", "Only one catalog can be created per request")
    catalog: dict[str, Any] = catalogs[0]
    return catalog


def _catalog_name(name: Any) -> str:
    if isinstance(name, str) and len(name) > MAX_NAME:
        message = f"Catalog names can not be larger than {MAX_NAME} characters"
        raise _rejected("catalog-name-too-large", message, "name", name)
    if not is_name(name):
        message = "Catalog names can only include letters, numbers, hyphens, and underscores"
        raise _rejected("invalid-catalog-name", message, "name", name)
    return str(name)


def _description(description: Any) -> str | None:
    """Accept a missing one and null: real catalogs have it (fixtures, against the seed)."""
    if description is None:
        return None
    if not isinstance(description, str) or len(description) > MAX_DESCRIPTION:
        message = f"Descriptions can not be larger than {MAX_DESCRIPTION} characters"
        raise _rejected("description-too-long", message, "description", description)
    return description


def _fields(fields: Any) -> tuple[NewField, ...]:
    new = _shaped(fields)
    if len(new) > MAX_FIELDS:
        message = f"A catalog can not have more than {MAX_FIELDS} fields"
        raise _rejected("too-many-fields", message, "fields")
    if new[0] != NewField("id", "string"):
        message = "The first field must be 'id' of type string"
        raise _rejected("id-not-first-column", message, "fields", new[0].name)
    _check_names(new)
    _check_types(new)
    _check_unique(new)
    return new


def _shaped(fields: Any) -> tuple[NewField, ...]:
    if not isinstance(fields, list) or not fields or not all(map(_is_field, fields)):
        message = "'fields' must be an array of objects with a name and a type"
        raise _rejected("invalid-fields", message, "fields")
    return tuple(NewField(field["name"], field["type"]) for field in fields)


def _is_field(field: Any) -> bool:
    return (
        isinstance(field, dict)
        and isinstance(field.get("name"), str)
        and isinstance(field.get("type"), str)
    )


def _check_names(fields: tuple[NewField, ...]) -> None:
    """Bad characters and bad lengths are one stage: both ids can come together."""
    bad = [f.name for f in fields if not is_name(f.name) and len(f.name) <= MAX_NAME]
    long = [f.name for f in fields if len(f.name) > MAX_NAME]
    problems = []
    if bad:
        message = "Field names can only include letters, numbers, hyphens, and underscores"
        problems.append(Problem("invalid-field-names", message, ("fields",), tuple(bad)))
    if long:
        message = f"Field names can not be larger than {MAX_NAME} characters"
        problems.append(Problem("field-names-too-large", message, ("fields",), tuple(long)))
    if problems:
        raise Rejected(*problems)


def _check_types(fields: tuple[NewField, ...]) -> None:
    bad = [f.type for f in fields if f.type not in FIELD_TYPES]
    if bad:
        message = f"Field types must be one of {', '.join(FIELD_TYPES)}"
        raise Rejected(Problem("invalid-field-types", message, ("fields",), tuple(bad)))


def _check_unique(fields: tuple[NewField, ...]) -> None:
    names = [f.name for f in fields]
    if len(set(names)) < len(names):
        repeated = tuple(name for name, times in Counter(names).items() if times > 1)
        message = "Field names must be unique"
        raise Rejected(Problem("field-names-not-unique", message, ("fields",), repeated))


def is_name(value: Any) -> bool:
    """Return whether a catalog or a field may be called that."""
    return isinstance(value, str) and len(value) <= MAX_NAME and bool(_NAME.fullmatch(value))


def _rejected(error_id: str, message: str, parameter: str = "catalogs", *values: Any) -> Rejected:
    return Rejected(Problem(error_id, message, (parameter,), values))

"""Rules of `POST /catalogs`.

Sources: docs/vendors/braze.md#31-create-a-catalog, docs/vendors/braze.md#7-errors and
docs/vendors/braze.md#8-limits.
"""

import re
from typing import NamedTuple

from mockalog.vendors.braze.errors import BrazeError, braze_error, problem
from mockalog.vendors.braze.rules import fields
from mockalog.vendors.braze.rules.catalog_schema import ID
from mockalog.vendors.braze.rules.fields import MAX_FIELDS, NewField

MAX_CATALOGS = 1
MAX_NAME = 250
MAX_DESCRIPTION = 250

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class NewCatalog(NamedTuple):
    """A catalog that keeps every rule, except that its name may be taken."""

    name: str
    description: str | None
    fields: tuple[NewField, ...]


def new_catalog(body: object) -> NewCatalog:
    """Return the one catalog of a body of `POST /catalogs`.

    Raises `BrazeError` with the problems of the first stage that has any, in the order of
    docs/vendors/braze.md#7-errors: array, count, name, description, fields' shape, count, id first,
    names, types, uniqueness.
    """
    catalog = _only_catalog(body)
    name = _catalog_name(catalog.get("name"))
    description = _description(catalog.get("description"))
    return NewCatalog(name, description, _fields(catalog.get("fields")))


def _only_catalog(body: object) -> dict[str, object]:
    catalogs = body.get("catalogs") if isinstance(body, dict) else None
    if not isinstance(catalogs, list) or not catalogs:
        raise braze_error("catalog-array-invalid")
    if not all(isinstance(catalog, dict) for catalog in catalogs):
        raise braze_error("catalog-array-invalid")
    if len(catalogs) > MAX_CATALOGS:
        raise braze_error("too-many-catalog-atoms")
    catalog: dict[str, object] = catalogs[0]
    return catalog


def _catalog_name(name: object) -> str:
    problems = []
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        problems.append(problem("invalid-catalog-name", name))
    if isinstance(name, str) and len(name) > MAX_NAME:
        problems.append(problem("catalog-name-too-large", name))
    if problems:
        raise BrazeError(*problems)
    return str(name)


def _description(description: object) -> str | None:
    """Accept null and a missing description, which real catalogs have (fixtures, not the seed)."""
    if description is None:
        return None
    if not isinstance(description, str) or len(description) > MAX_DESCRIPTION:
        raise braze_error("description-too-long", description)
    return description


def _fields(fields_in: object) -> tuple[NewField, ...]:
    new = fields.read_fields(fields_in)
    if len(new) > MAX_FIELDS:
        raise braze_error("too-many-fields")
    if new[0] != NewField(ID, "string"):
        raise braze_error("id-not-first-column", new[0].name)
    fields.check_fields(new)
    return new

"""What `POST /catalogs` may say. Pure.

Sources: docs/vendors/braze.md#31-create-a-catalog, docs/vendors/braze.md#7-errors and
docs/vendors/braze.md#8-limits.
"""

import re
from typing import Any, NamedTuple

from mockalog.vendors.braze.errors import Rejected, problem, rejected
from mockalog.vendors.braze.rules import fields
from mockalog.vendors.braze.rules.fields import MAX_FIELDS, NewField
from mockalog.vendors.braze.rules.layout import ID

MAX_CATALOGS = 1
MAX_NAME = 250
MAX_DESCRIPTION = 250

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class NewCatalog(NamedTuple):
    """A catalog as requested, every rule held but the unique name."""

    name: str
    description: str | None
    fields: tuple[NewField, ...]


def new_catalog(body: Any) -> NewCatalog:
    """Return the one catalog that the body of `POST /catalogs` describes.

    Raises `Rejected` with the errors of the first stage that has any, in the order of
    docs/vendors/braze.md#7-errors: array, count, name, description, fields' shape, count, id first,
    names, types, uniqueness.
    """
    wanted = _one_catalog(body)
    name = _catalog_name(wanted.get("name"))
    description = _description(wanted.get("description"))
    return NewCatalog(name, description, _fields(wanted.get("fields")))


def _one_catalog(body: Any) -> dict[str, Any]:
    catalogs = body.get("catalogs") if isinstance(body, dict) else None
    if not isinstance(catalogs, list) or not catalogs:
        raise rejected("catalog-array-invalid")
    if not all(isinstance(catalog, dict) for catalog in catalogs):
        raise rejected("catalog-array-invalid")
    if len(catalogs) > MAX_CATALOGS:
        raise rejected("too-many-catalog-atoms")
    catalog: dict[str, Any] = catalogs[0]
    return catalog


def _catalog_name(name: Any) -> str:
    problems = []
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        problems.append(problem("invalid-catalog-name", name))
    if isinstance(name, str) and len(name) > MAX_NAME:
        problems.append(problem("catalog-name-too-large", name))
    if problems:
        raise Rejected(*problems)
    return str(name)


def _description(description: Any) -> str | None:
    """Accept a missing one and null: real catalogs have it (fixtures, against the seed)."""
    if description is None:
        return None
    if not isinstance(description, str) or len(description) > MAX_DESCRIPTION:
        raise rejected("description-too-long", description)
    return description


def _fields(wanted: Any) -> tuple[NewField, ...]:
    new = fields.shaped(wanted)
    if len(new) > MAX_FIELDS:
        raise rejected("too-many-fields")
    if new[0] != NewField(ID, "string"):
        raise rejected("id-not-first-column", new[0].name)
    fields.check(new)
    return new

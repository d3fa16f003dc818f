"""The body of `POST /catalogs`, and the operations that a catalog's state allows.

Source: docs/vendors/attraqt.md#3-catalogs.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from mockalog.vendors.attraqt.errors import (
    CATALOG_ALREADY_ACTIVE,
    CATALOG_CATEGORY_TREES,
    CATALOG_DELETION_ACTIVE,
    CATALOG_LIMIT_REACHED,
    CATALOG_NOT_FOUND,
    CATALOG_SCHEMAS,
    CATALOG_TENANT_ENV,
    INVALID_ARGUMENT,
    AttraqtError,
    Category,
)
from mockalog.vendors.attraqt.json_columns import MAX_NAME
from mockalog.vendors.attraqt.models import CATALOG_STATES
from mockalog.vendors.attraqt.rules.primitives import integer, shortened
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy

INACTIVE, ACTIVATING, ACTIVE = CATALOG_STATES

# A tenancy holds at most two catalogs, whatever their states.
SLOTS = (1, 2)


class Reference(NamedTuple):
    """One version of an item schema or of a category tree, as a catalog names it."""

    name: str
    version: int


class NewCatalog(NamedTuple):
    """A requested catalog; its references may not exist."""

    name: str
    item_schemas: tuple[Reference, ...]
    category_trees: tuple[Reference, ...]


def free_slot(taken: Collection[int]) -> int:
    """Return a free slot; raises `AttraqtError` if both are taken."""
    for slot in SLOTS:
        if slot not in taken:
            return slot
    raise AttraqtError(CATALOG_LIMIT_REACHED)


def parse_catalog(body: object, tenancy: Tenancy) -> NewCatalog:
    """Return the catalog that the body describes; its state and version are ignored."""
    fields = body if isinstance(body, dict) else {}
    check_tenancy(fields, tenancy, CATALOG_TENANT_ENV)
    schemas = _references(fields.get("catalogItemSchemas"), CATALOG_SCHEMAS)
    if not schemas:
        raise AttraqtError(CATALOG_SCHEMAS, "a catalog needs at least one item schema")
    trees = _references(fields.get("catalogCategoryTrees"), CATALOG_CATEGORY_TREES)
    return NewCatalog(_name(fields.get("name")), schemas, trees)


def _references(listed: object, category: Category) -> tuple[Reference, ...]:
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise AttraqtError(category, "a list of objects with a name and a version is needed")
    references = tuple(_reference(item, category) for item in listed)
    if len(set(references)) < len(references):  # inferred
        raise AttraqtError(category, "a version is there twice")
    return references


def _reference(item: object, category: Category) -> Reference:
    fields = item if isinstance(item, dict) else {}
    name, version = fields.get("name"), integer(fields.get("version"))
    if not isinstance(name, str) or version is None:
        raise AttraqtError(category, "each entry needs a name and an integer version")
    return Reference(name, version)


def _name(name: object) -> str:
    if name is None:
        return ""
    if not isinstance(name, str):
        raise AttraqtError(INVALID_ARGUMENT, "The name of the catalog must be a string")
    return name


def check_references(
    references: tuple[Reference, ...], existing: Collection[tuple[str, int]], category: Category
) -> None:
    """Refuse a reference to a version that does not exist (details inferred)."""
    for reference in references:
        if reference not in existing:
            name, version = reference
            text = f"{shortened(name, MAX_NAME)} version {version} does not exist"
            raise AttraqtError(category, text)


def parse_min_item_count(text: str | None) -> int:
    """Return the number of items that an activation needs; raises `AttraqtError`."""
    count = 0 if text is None else integer(text)
    if count is None:
        raise AttraqtError(INVALID_ARGUMENT, "minItemCount must be an integer of at least 0")
    return count


def check_activation(states: Mapping[int, str], version: int) -> None:
    """Refuse to activate a catalog; raises `AttraqtError`.

    It must be INACTIVE, and no catalog may be ACTIVATING. `states`: the states of all catalogs
    of the tenancy by version.
    """
    if states[existing_version(states, version)] != INACTIVE:
        raise AttraqtError(CATALOG_ALREADY_ACTIVE)
    if ACTIVATING in states.values():
        raise AttraqtError(CATALOG_ALREADY_ACTIVE, "another catalog is activating")


def check_deletion(states: Mapping[int, str], version: int | None) -> int:
    """Return the version of a catalog that may be deleted: it is INACTIVE."""
    existing = existing_version(states, version)
    if states[existing] != INACTIVE:
        raise AttraqtError(CATALOG_DELETION_ACTIVE)
    return existing


def existing_version(states: Mapping[int, str], version: int | None) -> int:
    """Return the version of a catalog; raises `AttraqtError` (404) if it does not exist."""
    if version is None or version not in states:
        raise AttraqtError(CATALOG_NOT_FOUND)
    return version


def activation_shortfall(min_item_count: int, item_count: int) -> str:
    """Return the reason why an activation fails, "" if the catalog holds enough items.

    The wording is free, but both numbers must be in it (docs/vendors/attraqt.md#9-feedback).
    """
    if item_count < min_item_count:
        return f"minItemCount is {min_item_count}, found {item_count} items"
    return ""

"""What `POST /catalogs` may say, and what a catalog's state allows.

Source: docs/vendors/attraqt.md#3-catalogs.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from mockalog.vendors.attraqt.errors import (
    CATALOG_ALREADY_ACTIVE,
    CATALOG_CATEGORY_TREES,
    CATALOG_DELETION_ACTIVE,
    CATALOG_LIMIT_REACHED,
    CATALOG_NOT_FOUND,
    CATALOG_SCHEMAS,
    CATALOG_TENANT_ENV,
    INVALID_ARGUMENT,
    Category,
    Rejected,
)
from mockalog.vendors.attraqt.rules.feedback import activation_failed
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy, integer

INACTIVE = "INACTIVE"
ACTIVATING = "ACTIVATING"
ACTIVE = "ACTIVE"
CATALOG_STATES = (INACTIVE, ACTIVATING, ACTIVE)

# The places of a tenancy: two catalogs, whatever their states.
SLOTS = (1, 2)

# Characters of the name of a schema or a tree (inferred).
MAX_NAME = 250


class Reference(NamedTuple):
    """One version of an item schema or of a category tree, as a catalog names it."""

    name: str
    version: int


class NewCatalog(NamedTuple):
    """A catalog as requested; whether its references exist is not known yet."""

    name: str
    item_schemas: tuple[Reference, ...]
    category_trees: tuple[Reference, ...]


def free_slot(taken: Collection[int]) -> int:
    """Return a place for one more catalog; raises `Rejected` if both are taken."""
    for slot in SLOTS:
        if slot not in taken:
            return slot
    raise Rejected(CATALOG_LIMIT_REACHED)


def new_catalog(body: Any, tenancy: Tenancy) -> NewCatalog:
    """Return the catalog that the body describes; what it says of state or version is ignored."""
    wanted = body if isinstance(body, dict) else {}
    check_tenancy(wanted, tenancy, CATALOG_TENANT_ENV)
    schemas = _references(wanted.get("catalogItemSchemas"), CATALOG_SCHEMAS)
    if not schemas:
        raise Rejected(CATALOG_SCHEMAS, "A catalog needs at least one item schema")
    trees = _references(wanted.get("catalogCategoryTrees"), CATALOG_CATEGORY_TREES)
    return NewCatalog(_name(wanted.get("name")), schemas, trees)


def _references(listed: Any, category: Category) -> tuple[Reference, ...]:
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise Rejected(category, "A list of objects with a name and a version is needed")
    found = tuple(_reference(item, category) for item in listed)
    if len(set(found)) < len(found):  # inferred
        raise Rejected(category, "A version is there twice")
    return found


def _reference(item: Any, category: Category) -> Reference:
    wanted = item if isinstance(item, dict) else {}
    name, version = wanted.get("name"), integer(wanted.get("version"))
    if not isinstance(name, str) or version is None:
        raise Rejected(category, "Each entry needs a name and an integer version")
    return Reference(name, version)


def _name(name: Any) -> str:
    if name is None:
        return ""
    if not isinstance(name, str):
        raise Rejected(INVALID_ARGUMENT, "The name of the catalog must be a string")
    return name


def check_known(
    wanted: tuple[Reference, ...], known: Collection[tuple[str, int]], category: Category
) -> None:
    """Refuse a reference to what does not exist (details inferred)."""
    for reference in wanted:
        if reference not in known:
            name, version = reference
            raise Rejected(category, f"{name} version {version} does not exist")


def min_item_count(text: str | None) -> int:
    """Return how many items an activation needs; raises `Rejected` for no such number."""
    count = 0 if text is None else integer(text)
    if count is None:
        raise Rejected(INVALID_ARGUMENT, "minItemCount must be an integer of at least 0")
    return count


def check_activation(states: Mapping[int, str], version: int | None) -> int:
    """Return the version if it may be activated: it is INACTIVE, and none is ACTIVATING.

    `states` are those of all catalogs of the tenancy by version.
    """
    found = known_version(states, version)
    if states[found] != INACTIVE:
        raise Rejected(CATALOG_ALREADY_ACTIVE)
    if ACTIVATING in states.values():
        raise Rejected(CATALOG_ALREADY_ACTIVE, "Another catalog is activating")
    return found


def check_deletion(states: Mapping[int, str], version: int | None) -> int:
    """Return the version if it may be deleted: it is INACTIVE."""
    found = known_version(states, version)
    if states[found] != INACTIVE:
        raise Rejected(CATALOG_DELETION_ACTIVE)
    return found


def known_version(states: Mapping[int, str], version: int | None) -> int:
    """Return the version; raises `Rejected` (404) if the tenancy has no such catalog."""
    if version is None or version not in states:
        raise Rejected(CATALOG_NOT_FOUND)
    return version


def activation_outcome(version: int, *, wanted: int, found: int) -> str:
    """Return what an activation says of itself (docs/vendors/attraqt.md#9-feedback).

    The failure's wording is free, but both numbers must be in it.
    """
    if found < wanted:
        return activation_failed(version, f"minItemCount is {wanted}, found {found} items")
    return f"Activation of the catalog version #{version} succeed"

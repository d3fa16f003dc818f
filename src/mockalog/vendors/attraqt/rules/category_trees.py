"""What a category tree may say (docs/vendors/attraqt.md#5-category-trees)."""

import re
from typing import Any, NamedTuple

from mockalog.vendors.attraqt.errors import (
    CATEGORY_TREE_LEAF,
    CATEGORY_TREE_LOCALE,
    CATEGORY_TREE_NAME,
    CATEGORY_TREE_TENANT_ENV,
    Rejected,
)
from mockalog.vendors.attraqt.rules.catalogs import MAX_NAME
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy, is_locale, is_plain

# Bytes of the JSON body: "4 MB maximum" (seed).
MAX_BYTES = 4 * 1024 * 1024

FHR_NAME = re.compile(r"[A-Za-z0-9]+")


class NewCategoryTree(NamedTuple):
    """A category tree as requested: every rule held, every default filled in."""

    name: str
    children: list[dict[str, Any]]
    localized_names: list[dict[str, str]]


def new_category_tree(
    body: Any, tenancy: Tenancy, *, name: str | None = None, fhr: bool = False
) -> NewCategoryTree:
    """Return the tree that the body describes; raises `Rejected` for the first thing wrong.

    `name` is the path's, if it has one. `fhr` restricts the names of nodes.
    """
    if body is not None and not isinstance(body, dict):
        raise Rejected(CATEGORY_TREE_NAME, "A category tree must be an object")
    wanted = body or {}
    check_tenancy(wanted, tenancy, CATEGORY_TREE_TENANT_ENV)
    checked_name = _name(wanted.get("name"), name)
    localized_names = _localized_names(wanted.get("localizedNames"))
    children = _children(wanted.get("children"), set(), fhr)
    return NewCategoryTree(checked_name, children, localized_names)


def _name(name: Any, expected: str | None) -> str:
    """Return the body's name; where the path has one the body need not repeat it (inferred)."""
    if name is None and expected is not None:
        return expected
    if not is_plain(name, MAX_NAME) or name == "0":
        raise Rejected(CATEGORY_TREE_NAME)
    if expected is not None and name != expected:
        raise Rejected(CATEGORY_TREE_NAME, "The name of the body is not that of the path")
    return str(name)


def _children(listed: Any, seen: set[str], fhr: bool) -> list[dict[str, Any]]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise Rejected(CATEGORY_TREE_LEAF, "children must be a list")
    return [_node(item, seen, fhr) for item in listed]


def _node(wanted: Any, seen: set[str], fhr: bool) -> dict[str, Any]:
    """Return a node; `seen` collects the names of all, for they are unique in the tree."""
    if not isinstance(wanted, dict):
        raise Rejected(CATEGORY_TREE_LEAF, "A node must be an object")
    name = _node_name(wanted.get("name"), fhr)
    if name in seen:
        raise Rejected(CATEGORY_TREE_LEAF, f"Two nodes are named {name}")
    seen.add(name)
    localized_names = _localized_names(wanted.get("localizedNames"))
    if not localized_names:
        raise Rejected(CATEGORY_TREE_LOCALE, f"The node {name} needs localized names")
    return {
        "name": name,
        "localizedNames": localized_names,
        "children": _children(wanted.get("children"), seen, fhr),
    }


def _node_name(name: Any, fhr: bool) -> str:
    if not isinstance(name, str) or not name:
        raise Rejected(CATEGORY_TREE_LEAF, "A node needs a name")
    if fhr and not FHR_NAME.fullmatch(name):
        raise Rejected(CATEGORY_TREE_LEAF, f"fhrValidation: {name} is not letters and digits")
    return name


def _localized_names(listed: Any) -> list[dict[str, str]]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise Rejected(CATEGORY_TREE_LOCALE, "localizedNames must be a list")
    return [_localized_name(item) for item in listed]


def _localized_name(item: Any) -> dict[str, str]:
    """Return a localized name; one example writes `value` for `name`, so both are taken."""
    wanted = item if isinstance(item, dict) else {}
    name = wanted.get("name", wanted.get("value"))
    if not isinstance(name, str) or not name:
        raise Rejected(CATEGORY_TREE_LOCALE, "A localized name needs a name")
    if not is_locale(wanted.get("locale")):
        raise Rejected(CATEGORY_TREE_LOCALE, "A localized name needs a locale such as en_GB")
    return {"name": name, "locale": wanted["locale"]}

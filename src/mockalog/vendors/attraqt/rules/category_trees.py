"""The definition of a category tree, and its leaves.

Source: docs/vendors/attraqt.md#5-category-trees.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.errors import (
    CATEGORY_TREE_LEAF,
    CATEGORY_TREE_LOCALE,
    CATEGORY_TREE_NAME,
    CATEGORY_TREE_TENANT_ENV,
    AttraqtError,
)
from mockalog.vendors.attraqt.json_columns import MAX_NAME
from mockalog.vendors.attraqt.rules.locales import is_locale
from mockalog.vendors.attraqt.rules.primitives import is_plain, shown
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy

# Bytes of the JSON body: "4 MB maximum" (seed).
MAX_BYTES = 4 * 1024 * 1024

FHR_NAME = re.compile(r"[A-Za-z0-9]+")


class NewCategoryTree(NamedTuple):
    """A valid category tree with all defaults; children are JSON."""

    name: str
    children: list[dict[str, Any]]
    localized_names: list[dict[str, str]]


def parse_category_tree(
    body: object, tenancy: Tenancy, *, name: str | None = None, fhr: bool = False
) -> NewCategoryTree:
    """Return the tree that the body describes; raises `AttraqtError` for the first problem.

    `name`: the name in the path, if any. `fhr` allows only letters and digits in names of nodes.
    """
    if body is not None and not isinstance(body, dict):
        raise AttraqtError(CATEGORY_TREE_NAME, "a category tree must be an object")
    fields = body or {}
    check_tenancy(fields, tenancy, CATEGORY_TREE_TENANT_ENV)
    checked_name = _name(fields.get("name"), name)
    localized_names = _localized_names(fields.get("localizedNames"))
    children = _children(fields.get("children"), set(), fhr)
    return NewCategoryTree(checked_name, children, localized_names)


def _name(name: object, expected: str | None) -> str:
    """Return the name of the body; it may be absent if the path has one (inferred)."""
    if name is None and expected is not None:
        return expected
    if not is_plain(name, MAX_NAME) or name == "0":
        text = f"it must have 1 to {MAX_NAME} characters and not be 0; it is {shown(name)}"
        raise AttraqtError(CATEGORY_TREE_NAME, text)
    if expected is not None and name != expected:
        raise AttraqtError(CATEGORY_TREE_NAME, "the name of the body is not that of the path")
    return str(name)


def _children(listed: object, seen: set[str], fhr: bool) -> list[dict[str, Any]]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise AttraqtError(CATEGORY_TREE_LEAF, "children must be a list")
    return [_node(item, seen, fhr) for item in listed]


def _node(fields: Any, seen: set[str], fhr: bool) -> dict[str, Any]:
    """Return a node; `seen` collects the names of all nodes, which are unique in the tree."""
    if not isinstance(fields, dict):
        raise AttraqtError(CATEGORY_TREE_LEAF, "a node must be an object")
    name = _node_name(fields.get("name"), fhr)
    if name in seen:
        raise AttraqtError(CATEGORY_TREE_LEAF, f"two nodes are named {shown(name)}")
    seen.add(name)
    localized_names = _localized_names(fields.get("localizedNames"))
    if not localized_names:
        raise AttraqtError(CATEGORY_TREE_LOCALE, f"the node {shown(name)} needs localized names")
    return {
        "name": name,
        "localizedNames": localized_names,
        "children": _children(fields.get("children"), seen, fhr),
    }


def _node_name(name: object, fhr: bool) -> str:
    if not isinstance(name, str) or not name:
        raise AttraqtError(CATEGORY_TREE_LEAF, f"a node needs a name, not {shown(name)}")
    if fhr and not FHR_NAME.fullmatch(name):
        text = f"fhrValidation: a name has letters and digits only, not {shown(name)}"
        raise AttraqtError(CATEGORY_TREE_LEAF, text)
    return name


def _localized_names(listed: object) -> list[dict[str, str]]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise AttraqtError(CATEGORY_TREE_LOCALE, "localizedNames must be a list")
    return [_localized_name(item) for item in listed]


def _localized_name(item: object) -> dict[str, str]:
    """Return a localized name; `value` replaces an absent `name`, as in one documented example."""
    fields = item if isinstance(item, dict) else {}
    name = fields.get("name", fields.get("value"))
    if not isinstance(name, str) or not name:
        raise AttraqtError(
            CATEGORY_TREE_LOCALE, f"a localized name needs a name, not {shown(name)}"
        )
    locale = fields.get("locale")
    if not is_locale(locale):
        text = f"a localized name needs a locale such as en_GB, not {shown(locale)}"
        raise AttraqtError(CATEGORY_TREE_LOCALE, text)
    return {"name": name, "locale": locale}


@lru_cache(maxsize=8)
def category_leaves(trees: tuple[str, ...]) -> Mapping[str, bool]:
    """Return whether each node of a catalog's trees, each of up to 4 MB of JSON, is a leaf.

    A name that is a branch of one tree and a leaf of another is a leaf (inferred). A tree itself
    is no node.
    """
    leaves: dict[str, bool] = {}
    level = [node for tree in trees for node in loads_stored(tree)["children"]]
    while level:
        for node in level:
            leaves[node["name"]] = leaves.get(node["name"], False) or not node["children"]
        level = [child for node in level for child in node["children"]]
    return leaves

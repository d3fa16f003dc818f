"""Category trees on the wire.

Source: docs/vendors/attraqt.md#5-category-trees.
"""

from typing import Annotated, Any

from fastapi import Path
from pydantic import ConfigDict, Field

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.attraqt.json_columns import MAX_NAME
from mockalog.vendors.attraqt.rules.category_trees import FHR_NAME, NewCategoryTree
from mockalog.vendors.attraqt.rules.primitives import DIGITS
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.schemas.base import (
    PLAIN,
    In,
    LocaleIn,
    LocalizedNameOut,
    Number,
    Out,
    ScopedIn,
    TenancyIn,
    shown,
    whole,
)

CategoryTreeName = Annotated[
    str,
    Path(
        description="The name of the category tree.",
        min_length=1,
        max_length=MAX_NAME,
        pattern=PLAIN,
        examples=["shop"],
    ),
]
CategoryTreeVersion = Annotated[
    str,
    Path(description="The version of the category tree.", pattern=whole(DIGITS), examples=["1"]),
]

_NODE: dict[str, Any] = {
    "name": "men",
    "localizedNames": [{"name": "Men", "locale": "en_GB"}],
    "children": [],
}
_ENTRY: dict[str, Any] = {
    "tenant": "acme",
    "environment": "live1",
    "version": 1,
    "name": "shop",
    "children": [],
    "localizedNames": [{"name": "Shop", "locale": "en_GB"}],
}
_NEW: dict[str, Any] = {
    "name": "shop",
    "localizedNames": [{"name": "Shop", "locale": "en_GB"}],
    "children": [
        {
            **_NODE,
            "children": [
                {"name": "shoes", "localizedNames": [{"name": "Shoes", "locale": "en_GB"}]}
            ],
        },
    ],
}


class CategoryTreesQueryIn(TenancyIn):
    """The query of the list of category trees."""

    name_search_pattern: str = Field(
        "", description="Lists the trees whose names hold this text, in any case."
    )


class CategoryNameIn(In):
    """A name in one locale; one documented example writes `value` for `name`."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["name"]},
                {
                    "required": ["value"],
                    "properties": {"value": {"type": "string", "minLength": 1}},
                },
            ],
            "examples": [{"name": "Shop", "locale": "en_GB"}],
        }
    )

    name: str = Field(default_factory=str, min_length=1)
    value: Any = Field(
        default_factory=str, description="The name, where `name` is absent; ignored beside it."
    )
    locale: LocaleIn


class NodeIn(In):
    """A category."""

    model_config = shown(_NODE)

    name: str = Field(
        min_length=1,
        description=f"Unique in the tree. With `fhrValidation` it must match `{FHR_NAME.pattern}`.",
    )
    localized_names: list[CategoryNameIn] = Field(min_length=1)
    children: list["NodeIn"] | None = None


_Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_NAME,
        pattern=PLAIN,
        description="Not `0`.",
        json_schema_extra={"not": {"const": "0"}},
    ),
]


class ReplacedCategoryTreeIn(ScopedIn):
    """The whole new version of a category tree; without a body it has no categories."""

    model_config = shown(_NEW)

    name: _Name | None = Field(None, description="The name of the path, if it is there.")
    localized_names: list[CategoryNameIn] | None = None
    children: list[NodeIn] | None = None


class CategoryTreeIn(ScopedIn):
    """A category tree to create."""

    model_config = shown(_NEW)

    name: _Name
    localized_names: list[CategoryNameIn] | None = None
    children: list[NodeIn] | None = None


class NodeOut(Out):
    """A category; a leaf has no children."""

    model_config = shown(_NODE)

    name: str
    localized_names: list[LocalizedNameOut]
    children: list["NodeOut"]


class CategoryTreeOut(Out):
    """One version of a category tree, with all of its nodes."""

    model_config = shown({**_ENTRY, "children": [_NODE]})

    tenant: str
    environment: str
    version: Number
    name: str
    children: list[NodeOut]
    localized_names: list[LocalizedNameOut]


class CategoryTreeEntryOut(Out):
    """One version of a category tree as the list shows it: without its nodes."""

    tenant: str
    environment: str
    version: Number
    name: str
    children: list[NodeOut] = Field(max_length=0, description="Always empty here.")
    localized_names: list[LocalizedNameOut]


class CategoryTreesOut(Out):
    """Every version of every category tree, newest first."""

    model_config = shown({"categoryTrees": [_ENTRY]})

    category_trees: list[CategoryTreeEntryOut]


def category_tree_out(tree: NewCategoryTree, tenancy: Tenancy, version: int) -> tuple[str, str]:
    """Return the JSON of a tree, and of its entry in a list, which has no children."""
    entry: dict[str, Any] = {
        "tenant": tenancy.tenant,
        "environment": tenancy.environment,
        "version": version,
        "name": tree.name,
        "children": [],
        "localizedNames": tree.localized_names,
    }
    document = {**entry, "children": tree.children}
    return dumps(document).decode(), dumps(entry).decode()

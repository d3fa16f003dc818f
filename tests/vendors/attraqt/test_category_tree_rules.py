"""The rules of category trees (docs/vendors/attraqt.md#51-structure)."""

from typing import Any

import pytest

from mockalog.vendors.attraqt.errors import AttraqtError
from mockalog.vendors.attraqt.rules.category_trees import parse_category_tree
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

ACME = Tenancy("acme", "live1")
NAMES = [{"name": "N", "locale": "en_GB"}]


def node(name: Any = "men", **changes: Any) -> dict[str, Any]:
    """Return a valid node with changes."""
    return {"name": name, "localizedNames": NAMES, **changes}


def tree(*children: Any, **changes: Any) -> dict[str, Any]:
    """Return a valid tree with changes."""
    return {"name": "shop", "children": list(children), **changes}


REJECTED: list[tuple[str, Any]] = [
    ("CATEGORY_TREE_NAME", None),
    ("CATEGORY_TREE_NAME", []),
    ("CATEGORY_TREE_NAME", {}),
    ("CATEGORY_TREE_NAME", tree(name="")),
    ("CATEGORY_TREE_NAME", tree(name="0")),
    ("CATEGORY_TREE_NAME", tree(name=0)),
    ("CATEGORY_TREE_NAME", tree(name="a\x00")),
    ("CATEGORY_TREE_NAME", tree(name="s" * 251)),
    ("CATEGORY_TREE_TENANT_ENV", tree(tenant="other")),
    ("CATEGORY_TREE_TENANT_ENV", tree(environment=7)),
    ("CATEGORY_TREE_LOCALE", tree(localizedNames={})),
    ("CATEGORY_TREE_LOCALE", tree(localizedNames=["Shop"])),
    ("CATEGORY_TREE_LOCALE", tree(localizedNames=[{"locale": "en_GB"}])),
    ("CATEGORY_TREE_LOCALE", tree(localizedNames=[{"name": "", "locale": "en_GB"}])),
    ("CATEGORY_TREE_LOCALE", tree(localizedNames=[{"name": 7, "locale": "en_GB"}])),
    ("CATEGORY_TREE_LOCALE", tree(node(localizedNames=None))),
    ("CATEGORY_TREE_LOCALE", tree(node(localizedNames=[]))),
    ("CATEGORY_TREE_LOCALE", tree({"name": "men"})),
    ("CATEGORY_TREE_LOCALE", tree(node(children=[node("a", localizedNames=[])]))),
    ("CATEGORY_TREE_LEAF", tree(children={})),
    ("CATEGORY_TREE_LEAF", tree("men")),
    ("CATEGORY_TREE_LEAF", tree(None)),
    ("CATEGORY_TREE_LEAF", tree({"localizedNames": NAMES})),
    ("CATEGORY_TREE_LEAF", tree(node(""))),
    ("CATEGORY_TREE_LEAF", tree(node(7))),
    ("CATEGORY_TREE_LEAF", tree(node(), node())),
    ("CATEGORY_TREE_LEAF", tree(node(children=[node()]))),
    ("CATEGORY_TREE_LEAF", tree(node("a", children=[node("c")]), node("b", children=[node("c")]))),
    ("CATEGORY_TREE_LEAF", tree(node(children="women"))),
] + [
    ("CATEGORY_TREE_LOCALE", tree(node(localizedNames=[{"name": "N", "locale": locale}])))
    for locale in (
        None,
        "",
        "en",
        "en-GB",
        "EN_gb",
        "eng_GBR",
        "en_GB ",
        "en_GB\n",
        7,
        "en_UK",
        "xx_GB",
    )
]


@pytest.mark.parametrize(("category", "body"), REJECTED)
def test_an_invalid_tree_is_refused(category: str, body: Any) -> None:
    """The first problem decides the category."""
    with pytest.raises(AttraqtError) as rejected:
        parse_category_tree(body, ACME)

    assert rejected.value.category.id == category


@pytest.mark.parametrize(
    "body",
    [
        {"name": "shop"},
        tree(children=None, localizedNames=None),
        tree(node(), tenant="acme", environment="live1", version=3),
        tree(node("shop"), node("0"), node("Größe 🙂")),
        tree(name="00"),
        tree(name="s" * 250),
        tree(node("a", children=[node("b", children=[node("c")])])),
    ],
)
def test_a_valid_tree_is_accepted(body: dict[str, Any]) -> None:
    """The parsed tree is accepted again, unchanged."""
    found = parse_category_tree(body, ACME)

    again = tree(*found.children, name=found.name, localizedNames=found.localized_names)
    assert parse_category_tree(again, ACME) == found


def test_a_localized_name_may_be_called_value() -> None:
    """One documented example has it; the answer shows `name`."""
    found = parse_category_tree(tree(localizedNames=[{"value": "Shop", "locale": "en_GB"}]), ACME)

    assert found.localized_names == [{"name": "Shop", "locale": "en_GB"}]


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("men", True),
        ("Men1", True),
        ("0", True),
        ("men shoes", False),
        ("men_1", False),
        ("é", False),
    ],
)
def test_fredhopper_requires_letters_and_digits(name: str, accepted: bool) -> None:
    """In nodes at any depth; the name of the tree is free."""
    body = tree(node("a", children=[node(name)]), name="my-shop")

    assert parse_category_tree(body, ACME)
    if accepted:
        assert parse_category_tree(body, ACME, fhr=True)
    else:
        with pytest.raises(AttraqtError, match="fhrValidation"):
            parse_category_tree(body, ACME, fhr=True)

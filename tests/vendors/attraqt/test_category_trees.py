"""Category trees over HTTP; `test_category_tree_rules` tests their rules.

Source: docs/vendors/attraqt.md#52-endpoints.
"""

import httpx
import pytest

from tests.vendors.attraqt.factories import SHOP, make_catalog, make_category_tree, make_item_schema
from tests.vendors.attraqt.requests import error

MEGABYTE = 1024 * 1024


def test_a_tree_is_returned_in_the_recorded_order(attraqt: httpx.Client) -> None:
    """Leaves have empty children."""
    answer = attraqt.post("/category-trees", json=SHOP)

    assert (answer.status_code, answer.text) == (200, '{"version":1}')
    assert attraqt.get("/category-trees/shop/1").text == (
        '{"tenant":"acme","environment":"live1","version":1,"name":"shop","children":['
        '{"name":"men","localizedNames":[{"name":"Men","locale":"en_GB"}],"children":['
        '{"name":"shoes","localizedNames":[{"name":"Shoes","locale":"en_GB"}],"children":[]}]}],'
        '"localizedNames":[{"name":"Shop","locale":"en_GB"}]}'
    )


def test_a_list_keeps_localized_names_and_empties_children(attraqt: httpx.Client) -> None:
    """Newest version first, as recorded."""
    make_category_tree(attraqt)
    attraqt.put("/category-trees/shop", json={**SHOP, "localizedNames": []})

    assert attraqt.get("/category-trees").text == (
        '{"categoryTrees":[{"tenant":"acme","environment":"live1","version":2,"name":"shop",'
        '"children":[],"localizedNames":[]},'
        '{"tenant":"acme","environment":"live1","version":1,"name":"shop","children":[],'
        '"localizedNames":[{"name":"Shop","locale":"en_GB"}]}]}'
    )


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["Über Uns", "outlet", "shop"]),
        ("OUT", ["outlet"]),
        ("über", ["Über Uns"]),
        ("o", ["outlet", "shop"]),
        ("*", []),
        ("\x00", []),
    ],
)
def test_a_pattern_is_a_part_of_the_name_in_any_case(
    attraqt: httpx.Client, pattern: str, found: list[str]
) -> None:
    """Inferred."""
    for name in ("shop", "outlet", "Über Uns"):
        make_category_tree(attraqt, name=name)

    answer = attraqt.get("/category-trees", params={"nameSearchPattern": pattern})

    assert [tree["name"] for tree in answer.json()["categoryTrees"]] == found


def test_an_existing_name_is_refused_with_the_documented_text(attraqt: httpx.Client) -> None:
    """A real workflow searches for it."""
    make_category_tree(attraqt)

    answer = attraqt.post("/category-trees", json=SHOP)

    assert error(answer) == (400, 9, "CATEGORY_TREE_ALREADY_EXISTS")
    text = "The category tree already exists, use update method"
    assert text in answer.json()["message"]


def test_put_stores_a_full_new_version_and_keeps_the_old(attraqt: httpx.Client) -> None:
    """Names with spaces and beyond ASCII work in a path."""
    make_category_tree(attraqt, name="Über Uns")

    answer = attraqt.put("/category-trees/Über Uns", json={"children": []})

    assert answer.json() == {"version": 2}
    shown = [attraqt.get(f"/category-trees/Über Uns/{v}").json() for v in (1, 2)]
    assert [len(tree["children"]) for tree in shown] == [1, 0]


def test_the_name_of_the_body_must_be_that_of_the_path(attraqt: httpx.Client) -> None:
    """A tree cannot be renamed (inferred); no number is used."""
    make_category_tree(attraqt)

    refused = attraqt.put("/category-trees/shop", json={**SHOP, "name": "other"})
    taken = attraqt.put("/category-trees/shop", json=SHOP)

    assert error(refused) == (400, 3, "CATEGORY_TREE_NAME")
    assert taken.json() == {"version": 2}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "nope"),
        ("PUT", "0"),
        ("GET", "nope/1"),
        ("GET", "shop/2"),
        ("GET", "shop/one"),
        ("GET", "sh%00p/1"),
        ("DELETE", "shop/2"),
    ],
)
def test_an_unknown_tree_is_not_found(attraqt: httpx.Client, method: str, path: str) -> None:
    """Also with an invalid body."""
    make_category_tree(attraqt)

    answer = attraqt.request(method, f"/category-trees/{path}", content=b"{")

    assert error(answer) == (404, 5, "CATEGORY_TREE_NOT_FOUND")


def test_a_tree_in_use_is_not_deleted(attraqt: httpx.Client) -> None:
    """Until no catalog uses it."""
    make_category_tree(attraqt)
    make_item_schema(attraqt, name="shop")
    version = make_catalog(attraqt, catalogCategoryTrees=[{"name": "shop", "version": 1}])

    refused = attraqt.delete("/category-trees/shop/1")
    schema = attraqt.delete("/item-schemas/shop/1")
    attraqt.delete(f"/catalogs/{version}")
    answer = attraqt.delete("/category-trees/shop/1")

    assert error(refused) == (400, 9, "CATEGORY_TREE_DELETION_USE")
    assert schema.status_code == 200
    assert (answer.status_code, answer.text) == (200, "{}")


def test_a_tree_of_more_than_four_megabytes_is_refused(attraqt: httpx.Client) -> None:
    """The bytes of the body count."""
    body = b'{"name":"shop"}'

    largest = attraqt.post("/category-trees", content=body.ljust(4 * MEGABYTE))
    larger = attraqt.post("/category-trees", content=body.ljust(4 * MEGABYTE + 1))

    assert largest.status_code == 200
    assert error(larger) == (400, 3, "CATEGORY_TREE_SIZE")


def test_no_other_body_may_be_larger_either(attraqt: httpx.Client) -> None:
    """The error is that of an invalid body, because 413 is undocumented."""
    body = b'{"name":"shop"}'

    largest = attraqt.post("/item-schemas", content=body.ljust(4 * MEGABYTE))
    larger = attraqt.post("/item-schemas", content=body.ljust(4 * MEGABYTE + 1))

    assert largest.status_code == 200
    assert error(larger) == (400, 3, "INVALID_ARGUMENT")


def test_fhr_validation_restricts_the_names_of_nodes(attraqt: httpx.Client) -> None:
    """To letters and digits."""
    node = {"name": "men-shoes", "localizedNames": [{"name": "Men", "locale": "en_GB"}]}
    body = {"name": "shop", "children": [node]}

    refused = attraqt.post("/category-trees", json=body, params={"fhrValidation": "true"})
    taken = attraqt.post("/category-trees", json=body)

    assert error(refused) == (400, 3, "CATEGORY_TREE_LEAF")
    assert taken.status_code == 200

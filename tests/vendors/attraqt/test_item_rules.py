"""The rules of items as tables.

Sources: docs/vendors/attraqt.md#45-reserved-attributes, docs/vendors/attraqt.md#61-item and
docs/vendors/attraqt.md#63-value-checks.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

from mockalog.vendors.attraqt.errors import AttraqtError
from mockalog.vendors.attraqt.json_columns import Kind
from mockalog.vendors.attraqt.rules.item_schemas import parse_item_schema
from mockalog.vendors.attraqt.rules.items import (
    Message,
    error_text,
    group_by_version,
    parse_operations,
)
from mockalog.vendors.attraqt.rules.merging import ItemState, merge
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.timestamps import (
    elapsed_seconds,
    parse_duration,
    parse_timestamp,
)
from mockalog.vendors.attraqt.rules.values import CatalogDefinition, field_errors

ACME = Tenancy("acme", "live1")
NOW = 1_000_000


def attribute(kind: str, **changes: Any) -> dict[str, Any]:
    """Return an attribute named `a`."""
    return {"name": "a", "type": kind, **changes}


COLOUR = [
    {"name": "value", "type": "LOCALIZEDTEXT"},
    {"name": "value_id", "type": "TEXT"},
    {"name": "note", "type": "TEXT", "isRequired": False},
]
RED = {"value": {"en_GB": "Red"}, "value_id": "red"}


def definition(*attributes: dict[str, Any], trees: tuple[Any, ...] = ()) -> CatalogDefinition:
    """Return the definition of a catalog with a schema `product` and a nested `variant`."""
    variant = {"name": "variant", "attributes": [{"name": "size", "type": "INTEGER"}]}
    schema = {
        "name": "product",
        "attributes": list(attributes),
        "nestedItemSchemas": [variant],
    }
    parsed = parse_item_schema(schema, ACME)
    text = {
        "name": parsed.name,
        "attributes": parsed.attributes,
        "nestedItemSchemas": parsed.nested,
    }
    return CatalogDefinition((json.dumps(text),), tuple(json.dumps(tree) for tree in trees))


def problems(
    catalog: CatalogDefinition, item: dict[str, Any], kind: Kind = "upsert", fhr: bool = False
) -> Any:
    """Return the problems of an item, one text each."""
    wanted = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}, **item}
    [(_, operation)] = parse_operations([wanted], Message(kind, ACME, NOW, fhr))
    return [error.text for error in field_errors(catalog, operation)]


FITS: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    (attribute("BOOLEAN"), [True, False], ["true", 1]),
    (attribute("INTEGER"), [0, -7, 2**80], ["7", 7.0, False]),
    (attribute("FLOAT"), [70, 0, -0.5, Decimal("1e400")], ["0.5", True]),
    (attribute("TEXT"), ["", "é\x00"], [7, ["a"]]),
    (
        attribute("TIMESTAMP"),
        ["2025-03-01T09:00:00Z", "2025-03-01", "2025-03-01T09:00:00.123+01:00"],
        ["yesterday", "", 7],
    ),
    (attribute("LIST", listSubType="TEXT"), [[], ["a", "b"]], ["a", ["a", 7]]),
    (attribute("LIST", listSubType="LIST"), [[[], [7]]], [[7]]),
    (attribute("LOCALIZEDTEXT"), [{}, {"en_GB": "Red"}], ["Red", {"en": "Red"}, {"en_GB": 7}]),
    # Of no language or country (amendment attraqt A14).
    (attribute("LOCALIZEDTEXT"), [{"de_CH": "Rot"}], [{"en_UK": "Red"}, {"xx_GB": "Red"}]),
    (
        attribute("OBJECT", attributes=COLOUR),
        [RED, {**RED, "note": "n"}],
        [[], [RED], {}, {"value": {}}, {**RED, "other": 1}, {**RED, "note": 7}],
    ),
    (attribute("OBJECTLIST", attributes=COLOUR), [[], [RED, RED]], [RED, [RED, {}]]),
]


@pytest.mark.parametrize(("declared", "good", "bad"), FITS, ids=lambda v: str(v)[:40])
def test_a_type_accepts_its_values_and_no_others(
    declared: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    """Null is never a value; a patch has the same types. Each error shows the value."""
    catalog = definition(declared)

    for value in good:
        assert problems(catalog, {"attributes": {"a": value}}) == []
        assert problems(catalog, {"attributes": {"a": value}}, "patch") == []
    for value in [*bad, None]:
        texts = problems(catalog, {"attributes": {"a": value}})
        assert texts
        assert all(text.startswith("a") for text in texts)
        assert all(", not " in text or " is " in text for text in texts)
    assert problems(catalog, {"attributes": {"a": None}}, "patch") == []


def test_each_problem_has_its_path_and_its_value() -> None:
    """All problems are listed, in objects and arrays too (amendment attraqt A5)."""
    catalog = definition(
        attribute("OBJECTLIST", attributes=COLOUR),
        {"name": "b", "type": "TEXT", "isRequired": True},
    )

    value = {"en": "R", "en_GB": "Red"}
    listed = [RED, {"value": value, "note": 7, "d": 1}, "red"]
    assert problems(catalog, {"attributes": {"a": listed, "c": 1}}) == [
        'a[1].value must be an object from locale to text, not {"en":"R"}',
        "a[1].note must be a text, not 7",
        "a[1].d is not declared in the item schema",
        "a[1].value_id is required",
        'a[2] must be an object, not "red"',
        "c is not declared in the item schema",
        "b is required",
    ]


def test_a_summary_names_the_attribute_without_the_place() -> None:
    """So that all items with the same problem count together (amendment attraqt A5)."""
    catalog = definition(
        attribute("OBJECTLIST", attributes=COLOUR), {"name": "b", "type": "TEXT"}, trees=(TREE,)
    )
    wanted = {"a": [RED, {**RED, "note": 7}, 7], "b": 7, "c" * 1000: 7, "categories": ["men"]}
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": wanted}
    [(_, operation)] = parse_operations([item], Message("upsert", ACME, NOW))

    found = [error.summary for error in field_errors(catalog, operation)]

    shortened = f"{'c' * 100} … {'c' * 100}"
    assert found == [
        "a.note must be a text",
        "a must be an object",
        "b must be a text",
        f"{shortened} is not declared in the item schema",
        "categories is a branch of a category tree, not a leaf",
    ]


def test_an_item_has_a_bounded_number_of_problems() -> None:
    """And their text a bounded length, which counts the rest (amendment attraqt A5)."""
    catalog = definition(attribute("LIST", listSubType="TEXT"))
    values = {"a": [7] * 1000, **{f"{number}" * 100: 1 for number in range(1000)}}
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": values}
    [(_, operation)] = parse_operations([item], Message("upsert", ACME, NOW))

    errors = field_errors(catalog, operation)
    long = [error._replace(path="x" * 300) for error in errors]

    assert len(errors) == 100
    assert error_text(errors).count("; ") == 99
    assert len(error_text(long)) < 4100
    assert error_text(long).endswith("; and 83 more")


REQUIRED = {"name": "b", "type": "TEXT", "isRequired": True}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"b": None}, ["b is required"]),
        ({}, ["b is required"]),
        ({"b": "x", "a": {"value": None, "value_id": None}}, ["a.value", "a.value_id"]),
        ({"b": "x", "a": None}, ["a must be an object, not null"]),
        ({"b": "x", "a": {**RED, "note": None}}, ["a.note must be a text, not null"]),
    ],
)
def test_null_for_a_required_attribute_says_that_it_is_required(
    attributes: dict[str, Any], expected: list[str]
) -> None:
    """At the root and inside an object (amendment attraqt A15)."""
    catalog = definition(attribute("OBJECT", attributes=COLOUR), REQUIRED)

    found = problems(catalog, {"attributes": attributes})

    assert found == [text if " " in text else f"{text} is required" for text in expected]


@pytest.mark.parametrize("field", ["id", "catalogVersion", "type", "attributes"])
def test_null_for_a_required_field_says_that_it_is_required(field: str) -> None:
    """As for attributes (amendment attraqt A15)."""
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}, field: None}

    with pytest.raises(AttraqtError) as rejected:
        parse_operations([item], Message("upsert", ACME, NOW))

    assert rejected.value.text.endswith(f": {field} is required")


def test_a_patch_may_be_incomplete() -> None:
    """At the root and inside an object."""
    catalog = definition(
        attribute("OBJECT", attributes=COLOUR),
        {"name": "b", "type": "TEXT", "isRequired": True},
    )

    assert problems(catalog, {"attributes": {"a": {"value_id": "red"}}}, "patch") == []
    assert problems(catalog, {"attributes": {"a": {"value_id": 7}}}, "patch") == [
        "a.value_id must be a text, not 7"
    ]


def test_a_variant_is_checked_by_its_own_schema() -> None:
    """It needs a parent, and has none of the parent's attributes."""
    catalog = definition({"name": "title", "type": "TEXT", "isRequired": True})
    variant = {"type": "variant", "parentId": "A1"}

    assert problems(catalog, {**variant, "attributes": {"size": 7}}) == []
    assert problems(catalog, {**variant, "attributes": {"title": "x"}}) == [
        "title is not declared in the item schema"
    ]
    assert problems(catalog, {"type": "variant", "attributes": {}}) == ["parentId is required"]
    assert problems(catalog, {"type": "variant", "attributes": {}}, "patch") == []
    assert problems(catalog, {"type": "other"}) == [
        'type must be the name of an item schema of the catalog, not "other"'
    ]
    assert problems(catalog, {"type": "other"}, "delete") == []


SHOES = {"name": "shoes", "children": []}
TREE = {"name": "shop", "children": [{"name": "men", "children": [SHOES]}]}


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        (["shoes"], []),
        (["men", "shoes"], ["categories men is a branch of a category tree, not a leaf"]),
        ([], ["categories must hold at least one leaf of a category tree"]),
        (["shop"], ["categories shop is in no category tree of the catalog"]),
        (["hats"], ["categories hats is in no category tree of the catalog"]),
        (
            ["men", "hats"],
            [
                "categories men is a branch of a category tree, not a leaf",
                "categories hats is in no category tree of the catalog",
            ],
        ),
        ("shoes", ['categories must be an array, not "shoes"']),
        ([7], ["categories[0] must be a text, not 7"]),
        ([None], ["categories[0] must be a text, not null"]),
    ],
)
def test_categories_need_no_declaration_but_a_tree_that_has_them(
    categories: Any, expected: list[str]
) -> None:
    """Leaves only, at least one; without trees any text is allowed (amendment attraqt A6)."""
    catalog, without = definition(trees=(TREE,)), definition()
    item = {"attributes": {"categories": categories}}

    assert problems(catalog, item) == expected
    assert problems(catalog, item, "patch") == expected
    assert problems(without, item) == [text for text in expected if " tree" not in text]


def test_a_leaf_of_any_tree_is_a_leaf() -> None:
    """Also if another tree has a branch of its name (inferred; amendment attraqt A6)."""
    other = {"name": "sale", "children": [{"name": "men", "children": []}]}

    for trees in ((TREE, other), (other, TREE)):
        catalog = definition(trees=trees)
        assert problems(catalog, {"attributes": {"categories": ["men", "shoes"]}}) == []


def test_a_tree_without_nodes_has_no_leaf() -> None:
    """So no item can be in it (amendment attraqt A6)."""
    catalog = definition(trees=({"name": "shop", "children": []},))

    assert problems(catalog, {"attributes": {"categories": ["shop"]}}) == [
        "categories shop is in no category tree of the catalog"
    ]


def test_parents_need_categories_if_the_catalog_has_a_tree() -> None:
    """Variants do not, and a patch may remove them (inferred)."""
    catalog = definition(trees=(TREE, TREE))

    assert problems(catalog, {}) == ["categories is required"]
    assert problems(catalog, {"attributes": {"categories": None}}) == ["categories is required"]
    assert problems(catalog, {"type": "variant", "parentId": "A1"}) == []
    assert problems(catalog, {}, "patch") == []
    assert problems(catalog, {"attributes": {"categories": None}}, "patch") == []


def test_a_schema_may_declare_categories_itself() -> None:
    """Then the declared type counts."""
    catalog = definition({"name": "categories", "type": "TEXT"})

    assert problems(catalog, {"attributes": {"categories": "shoes"}}) == []


def test_of_two_types_with_one_name_the_first_counts() -> None:
    """Parents come first."""
    catalog = definition(attribute("TEXT"))
    other = definition(attribute("INTEGER"))

    both = CatalogDefinition(catalog.schemas + other.schemas, ())
    assert problems(both, {"attributes": {"a": "text"}}) == []


def test_fredhopper_requires_both_parts_of_an_object() -> None:
    """Marked by name or flag, and also in a patch (inferred)."""
    flagged = [
        {"name": "v", "type": "LOCALIZEDTEXT", "isFhrValue": True},
        {"name": "i", "type": "TEXT", "isFhrValueId": True},
    ]
    for parts, names in ((COLOUR, ("value", "value_id")), (flagged, ("v", "i"))):
        catalog = definition(attribute("OBJECT", attributes=parts))
        only = {"attributes": {"a": {names[0]: {"en_GB": "Red"}}}}
        assert problems(catalog, only, "patch") == []
        assert problems(catalog, only, "patch", fhr=True) == [f"a.{names[1]} is required"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"id": ""}, "#0: id"),
        ({"id": None}, "#0: id"),
        ({"id": "a b"}, "a b: id"),
        ({"id": "a" * 251}, "id must be 1 to 250"),
        ({"id": "é"}, "é: id"),
        ({"catalogVersion": None}, "A1: catalogVersion"),
        ({"catalogVersion": "one"}, "A1: catalogVersion"),
        ({"catalogVersion": -1}, "A1: catalogVersion"),
        ({"type": None}, "A1: type"),
        ({"type": "a\x00"}, "A1: type"),
        ({"type": "a" * 251}, "A1: type"),
        ({"context": "a b"}, "A1: context"),
        ({"context": 7}, "A1: context"),
        ({"context": "a" * 251}, "A1: context"),
        ({"parentId": "a b"}, "A1: parentId"),
        ({"parentId": 7}, "A1: parentId"),
        ({"timestamp": "now"}, "A1: timestamp"),
        ({"timestamp": 7}, "A1: timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "A1: timestamp"),
        ({"timestamp": "9999-12-31T23:59:59-12:00"}, "A1: timestamp"),
        ({"attributes": None}, "A1: attributes"),
        ({"attributes": []}, "A1: attributes"),
    ],
)
def test_an_invalid_item_is_named(changes: dict[str, Any], text: str) -> None:
    """By its id, or by its place if it has none."""
    wanted = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}, **changes}

    with pytest.raises(AttraqtError) as rejected:
        parse_operations([wanted], Message("upsert", ACME, NOW))

    assert rejected.value.category.id == "ITEM_INVALID"
    assert text in rejected.value.text


def test_many_invalid_items_are_counted() -> None:
    """So that the error stays smaller than the request."""
    with pytest.raises(AttraqtError) as rejected:
        parse_operations([7] * 1000, Message("upsert", ACME, NOW))

    assert rejected.value.text.count("; ") == 100
    assert rejected.value.text.endswith("; and 900 more")


def test_every_invalid_item_is_named() -> None:
    """Valid ones are not."""
    good = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}

    with pytest.raises(AttraqtError) as rejected:
        parse_operations([good, {**good, "id": "a b"}, 7], Message("upsert", ACME, NOW))

    assert rejected.value.text == (
        "The items are invalid - "
        'a b: id must be 1 to 250 letters, digits, colons, underscores and hyphens, not "a b"; '
        "#2: an item must be an object, not 7"
    )


def test_in_a_batch_items_name_no_catalog_and_hold_no_colon() -> None:
    """Streamed items may."""
    item = {"id": "a:1", "type": "product", "attributes": {}}

    with pytest.raises(AttraqtError, match="ITEM_INVALID"):
        parse_operations([item], Message("upsert", ACME, NOW, batch=True))
    [(version, found)] = parse_operations(
        [{**item, "id": "A1", "context": "global"}], Message("upsert", ACME, NOW, batch=True)
    )
    assert (version, found.id, found.context, found.at) == (0, "A1", "global", NOW)


def test_a_message_may_name_several_catalogs() -> None:
    """They are locked in ascending order."""
    items = [{"id": "A1", "catalogVersion": version, "type": "product"} for version in (2, "1", 2)]

    found = group_by_version(parse_operations(items, Message("delete", ACME, NOW)))

    assert [(version, len(listed)) for version, listed in found.items()] == [(1, 1), (2, 2)]


def test_operations_on_one_item_are_ordered_by_their_instants() -> None:
    """An older one changes and restores nothing; of equal instants the later arrival wins."""
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}

    def operation(kind: Kind, at: int) -> Any:
        return parse_operations([item], Message(kind, ACME, at))[0][1]

    listed = [
        operation("upsert", 5),
        operation("delete", 5),
        operation("upsert", 4),
        operation("patch", 6),
        operation("upsert", 5),
        operation("patch", 5),
    ]
    merged = merge({}, listed, 1)

    assert [outcome.state for outcome in merged.outcomes] == [
        "SUCCESS",
        "SUCCESS",
        "SUCCESS",
        "FAILURE",
        "SUCCESS",
        "SUCCESS",
    ]
    assert merged.outcomes[2].message.startswith("Nothing changed")
    assert merged.outcomes[3].message == "The item does not exist"
    assert merged.count_change == 1
    [found] = merged.changed.values()
    assert (found.position, found.at) == (None, 5)


def test_an_item_keeps_the_source_of_its_ingestion_until_it_is_deleted() -> None:
    """A streamed operation keeps it; an item created again has none."""
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}
    [(_, upsert)] = parse_operations([item], Message("upsert", ACME, NOW))
    key = ("A1", "product")

    def source(document: str | None, new: str | None) -> str | None:
        return merge({key: ItemState(7, 0, document, "erp")}, [upsert], 1, new).changed[key].source

    assert (source("{}", None), source(None, None), source("{}", "pim")) == ("erp", None, "pim")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T00:00:01", 1_000_000),
        ("1970-01-01T01:00:01.5+01:00", 1_500_000),
        ("1970-01-01T00:00:01.123456789", 1_123_456),
        ("soon", None),
    ],
)
def test_timestamps(text: str, expected: int | None) -> None:
    """A text without offset is UTC."""
    assert parse_timestamp(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7d", 604_800), ("24h", 86_400), ("5m", 300), ("1s", 1), ("d", None), ("-1d", None)],
)
def test_durations(text: str, expected: int | None) -> None:
    """A number and the letter of its unit."""
    assert parse_duration(text) == (None if expected is None else expected * 1_000_000)


def test_elapsed_seconds_are_rounded_down() -> None:
    """Whole seconds."""
    assert (elapsed_seconds(0, 999_999), elapsed_seconds(0, 1_000_000)) == (0, 1)

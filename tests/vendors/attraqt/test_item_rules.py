"""The rules of items as tables.

Sources: docs/vendors/attraqt.md#45-reserved-attributes, docs/vendors/attraqt.md#61-item and
docs/vendors/attraqt.md#63-value-checks.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

from mockalog.vendors.attraqt.errors import Rejected
from mockalog.vendors.attraqt.rules.instants import instant, seconds, span
from mockalog.vendors.attraqt.rules.item_schemas import new_item_schema
from mockalog.vendors.attraqt.rules.items import Kind, Message, operations, versions
from mockalog.vendors.attraqt.rules.merging import Stored, merge
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.values import Contents, misfits

ACME = Tenancy("acme", "live1")
NOW = 1_000_000


def attribute(kind: str, **changes: Any) -> dict[str, Any]:
    """Return an attribute called `a`."""
    return {"name": "a", "type": kind, **changes}


COLOUR = [
    {"name": "value", "type": "LOCALIZEDTEXT"},
    {"name": "value_id", "type": "TEXT"},
    {"name": "note", "type": "TEXT", "isRequired": False},
]
RED = {"value": {"en_GB": "Red"}, "value_id": "red"}


def contents(*attributes: dict[str, Any], trees: tuple[Any, ...] = ()) -> Contents:
    """Return a catalog of one schema `product` with a nested `variant`."""
    variant = {"name": "variant", "attributes": [{"name": "size", "type": "INTEGER"}]}
    schema = {
        "name": "product",
        "attributes": list(attributes),
        "nestedItemSchemas": [variant],
    }
    parsed = new_item_schema(schema, ACME)
    text = {
        "name": parsed.name,
        "attributes": parsed.attributes,
        "nestedItemSchemas": parsed.nested,
    }
    return Contents((json.dumps(text),), tuple(json.dumps(tree) for tree in trees))


def said(known: Contents, item: dict[str, Any], kind: Kind = "upsert", fhr: bool = False) -> Any:
    """Return what is wrong with an item, one text each."""
    wanted = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}, **item}
    [(_, operation)] = operations([wanted], Message(kind, ACME, NOW, fhr))
    return [f"{misfit.where} {misfit.what}" for misfit in misfits(known, operation)]


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
    (
        attribute("OBJECT", attributes=COLOUR),
        [RED, {**RED, "note": "n"}],
        [[], [RED], {}, {"value": {}}, {**RED, "other": 1}, {**RED, "note": 7}],
    ),
    (attribute("OBJECTLIST", attributes=COLOUR), [[], [RED, RED]], [RED, [RED, {}]]),
]


@pytest.mark.parametrize(("declared", "good", "bad"), FITS, ids=lambda v: str(v)[:40])
def test_a_type_takes_its_values_and_no_others(
    declared: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    """Null is never a value; a change of an item holds its values to the same types."""
    known = contents(declared)

    for value in good:
        assert said(known, {"attributes": {"a": value}}) == []
        assert said(known, {"attributes": {"a": value}}, "patch") == []
    for value in [*bad, None]:
        [text] = said(known, {"attributes": {"a": value}})
        assert text.startswith("a")
    assert said(known, {"attributes": {"a": None}}, "patch") == []


def test_what_is_wrong_is_named_by_its_place() -> None:
    """All of it, not only the first."""
    known = contents(
        attribute("OBJECTLIST", attributes=COLOUR),
        {"name": "b", "type": "TEXT", "isRequired": True},
    )

    assert said(known, {"attributes": {"a": [RED, {"value": {"en": "R"}}], "c": 1}}) == [
        "a[1].value must be an object from locale to text",
        "c is not declared in the item schema",
        "b is required",
    ]


def test_a_change_need_not_be_complete() -> None:
    """Neither at the root nor inside an object."""
    known = contents(
        attribute("OBJECT", attributes=COLOUR),
        {"name": "b", "type": "TEXT", "isRequired": True},
    )

    assert said(known, {"attributes": {"a": {"value_id": "red"}}}, "patch") == []
    assert said(known, {"attributes": {"a": {"value_id": 7}}}, "patch") == [
        "a.value_id must be a text"
    ]


def test_a_variant_is_held_against_its_own_schema() -> None:
    """It needs a parent, and knows nothing of the parent's attributes."""
    known = contents({"name": "title", "type": "TEXT", "isRequired": True})
    variant = {"type": "variant", "parentId": "A1"}

    assert said(known, {**variant, "attributes": {"size": 7}}) == []
    assert said(known, {**variant, "attributes": {"title": "x"}}) == [
        "title is not declared in the item schema"
    ]
    assert said(known, {"type": "variant", "attributes": {}}) == ["parentId is required"]
    assert said(known, {"type": "variant", "attributes": {}}, "patch") == []
    assert said(known, {"type": "other"}) == [
        "type must be the name of an item schema of the catalog"
    ]
    assert said(known, {"type": "other"}, "delete") == []


SHOES = {"name": "shoes", "children": []}
TREE = {"name": "shop", "children": [{"name": "men", "children": [SHOES]}]}


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        (["shoes"], []),
        (["men", "shoes"], []),
        ([], []),
        (["shop"], ["categories shop is in no category tree of the catalog"]),
        (["hats"], ["categories hats is in no category tree of the catalog"]),
        ("shoes", ["categories must be an array"]),
        ([7], ["categories[0] must be a text"]),
    ],
)
def test_categories_need_no_declaration_but_a_tree_that_has_them(
    categories: Any, expected: list[str]
) -> None:
    """Of the parents; in a catalog without trees any text will do."""
    known, without = contents(trees=(TREE,)), contents()
    item = {"attributes": {"categories": categories}}

    assert said(known, item) == expected
    assert said(known, item, "patch") == expected
    assert said(without, item) == [text for text in expected if " is in no " not in text]


def test_parents_need_categories_if_the_catalog_has_a_tree() -> None:
    """Variants do not, and neither does a change, which may even take them away (inferred)."""
    known = contents(trees=(TREE, TREE))

    assert said(known, {}) == ["categories is required"]
    assert said(known, {"type": "variant", "parentId": "A1"}) == []
    assert said(known, {}, "patch") == []
    assert said(known, {"attributes": {"categories": None}}, "patch") == []


def test_a_schema_may_declare_categories_itself() -> None:
    """Then its type counts."""
    known = contents({"name": "categories", "type": "TEXT"})

    assert said(known, {"attributes": {"categories": "shoes"}}) == []


def test_of_two_types_with_one_name_the_first_counts() -> None:
    """The parents come first."""
    known = contents(attribute("TEXT"))
    other = contents(attribute("INTEGER"))

    both = Contents(known.schemas + other.schemas, ())
    assert said(both, {"attributes": {"a": "text"}}) == []


def test_fredhopper_wants_both_parts_of_an_object() -> None:
    """Marked by name or flag, and also in a change (inferred)."""
    flagged = [
        {"name": "v", "type": "LOCALIZEDTEXT", "isFhrValue": True},
        {"name": "i", "type": "TEXT", "isFhrValueId": True},
    ]
    for parts, names in ((COLOUR, ("value", "value_id")), (flagged, ("v", "i"))):
        known = contents(attribute("OBJECT", attributes=parts))
        only = {"attributes": {"a": {names[0]: {"en_GB": "Red"}}}}
        assert said(known, only, "patch") == []
        assert said(known, only, "patch", fhr=True) == [f"a.{names[1]} is required"]


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
def test_an_item_that_is_wrong_in_itself_is_named(changes: dict[str, Any], text: str) -> None:
    """By its id, or by its place if it has none."""
    wanted = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}, **changes}

    with pytest.raises(Rejected) as rejected:
        operations([wanted], Message("upsert", ACME, NOW))

    assert rejected.value.category.id == "ITEM_INVALID"
    assert text in rejected.value.text


def test_a_flood_of_wrong_items_is_counted() -> None:
    """So that a refusal does not outgrow what was sent."""
    with pytest.raises(Rejected) as rejected:
        operations([7] * 1000, Message("upsert", ACME, NOW))

    assert rejected.value.text.count("; ") == 100
    assert rejected.value.text.endswith("; and 900 more")


def test_every_wrong_item_is_named() -> None:
    """And not those that are right."""
    good = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}

    with pytest.raises(Rejected) as rejected:
        operations([good, {**good, "id": "a b"}, 7], Message("upsert", ACME, NOW))

    assert rejected.value.text == (
        "a b: id must be 1 to 250 letters, digits, colons, underscores and hyphens; "
        "#2: an item must be an object"
    )


def test_in_a_batch_items_name_no_catalog_and_hold_no_colon() -> None:
    """Elsewhere they may."""
    item = {"id": "a:1", "type": "product", "attributes": {}}

    with pytest.raises(Rejected, match="ITEM_INVALID"):
        operations([item], Message("upsert", ACME, NOW, batch=True))
    [(version, found)] = operations(
        [{**item, "id": "A1", "context": "global"}], Message("upsert", ACME, NOW, batch=True)
    )
    assert (version, found.id, found.context, found.at) == (0, "A1", "global", NOW)


def test_a_message_may_name_several_catalogs() -> None:
    """Their locks are taken in one order."""
    items = [{"id": "A1", "catalogVersion": version, "type": "product"} for version in (2, "1", 2)]

    found = versions(operations(items, Message("delete", ACME, NOW)))

    assert [(version, len(listed)) for version, listed in found.items()] == [(1, 1), (2, 2)]


def test_operations_on_one_item_are_ordered_by_their_instants() -> None:
    """An older one neither changes an item nor brings it back; of equal ones the later counts."""
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}

    def operation(kind: Kind, at: int) -> Any:
        return operations([item], Message(kind, ACME, at))[0][1]

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
    assert merged.gained == 1
    [found] = merged.changed.values()
    assert (found.position, found.at) == (None, 5)


def test_an_item_keeps_the_source_of_its_ingestion_until_it_is_deleted() -> None:
    """What is streamed leaves it; a new life begins without."""
    item = {"id": "A1", "catalogVersion": 1, "type": "product", "attributes": {}}
    [(_, upsert)] = operations([item], Message("upsert", ACME, NOW))
    key = ("A1", "product")

    def source(document: str | None, new: str | None) -> str | None:
        return merge({key: Stored(7, 0, document, "erp")}, [upsert], 1, new).changed[key].source

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
def test_instants(text: str, expected: int | None) -> None:
    """Without offset they are UTC's."""
    assert instant(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7d", 604_800), ("24h", 86_400), ("5m", 300), ("1s", 1), ("d", None), ("-1d", None)],
)
def test_spans(text: str, expected: int | None) -> None:
    """A number and the letter of its unit."""
    assert span(text) == (None if expected is None else expected * 1_000_000)


def test_durations_are_floored() -> None:
    """Whole seconds."""
    assert (seconds(0, 999_999), seconds(0, 1_000_000)) == (0, 1)

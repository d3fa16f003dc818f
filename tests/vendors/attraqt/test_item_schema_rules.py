"""The rules of item schemas.

Sources: docs/vendors/attraqt.md#41-structure, docs/vendors/attraqt.md#42-types and
docs/vendors/attraqt.md#44-fhr-validation.
"""

from typing import Any

import pytest

from mockalog.vendors.attraqt.errors import AttraqtError
from mockalog.vendors.attraqt.json_columns import TYPES
from mockalog.vendors.attraqt.rules.item_schemas import parse_item_schema
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

ACME = Tenancy("acme", "live1")


def attribute(name: str = "a", kind: str = "TEXT", **changes: Any) -> dict[str, Any]:
    """Return an attribute."""
    return {"name": name, "type": kind, **changes}


def schema(*attributes: Any, **changes: Any) -> dict[str, Any]:
    """Return a valid schema with changes."""
    return {"name": "product", "attributes": list(attributes), **changes}


def nested(*levels: Any) -> dict[str, Any]:
    """Return a schema with one nested schema per level, each with one attribute."""
    below: list[Any] = []
    for number in reversed(levels):
        below = [schema(attribute(f"a{number}"), name=f"n{number}", nestedItemSchemas=below)]
    return schema(nestedItemSchemas=below)


VALUE = attribute("value", "LOCALIZEDTEXT")
VALUE_ID = attribute("value_id")

REJECTED: list[tuple[str, Any]] = [
    ("ITEM_SCHEMA_NAME", None),
    ("ITEM_SCHEMA_NAME", []),
    ("ITEM_SCHEMA_NAME", {"attributes": []}),
    ("ITEM_SCHEMA_NAME", schema(name=None)),
    ("ITEM_SCHEMA_NAME", schema(name="")),
    ("ITEM_SCHEMA_NAME", schema(name=7)),
    ("ITEM_SCHEMA_NAME", schema(name="my product")),
    ("ITEM_SCHEMA_NAME", schema(name="product\n")),
    ("ITEM_SCHEMA_NAME", schema(name="prödukt")),
    ("ITEM_SCHEMA_NAME", schema(name="p" * 251)),
    ("ITEM_SCHEMA_TENANT_ENV", schema(tenant="other")),
    ("ITEM_SCHEMA_TENANT_ENV", schema(environment=["live1"])),
    ("ITEM_SCHEMA_VERSION", schema(version=1)),
    ("ITEM_SCHEMA_VERSION", schema(version="")),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attributes={})),
    ("ITEM_SCHEMA_ATTRIBUTES", schema("a")),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(None)),
    ("ITEM_SCHEMA_ATTRIBUTES", schema({"type": "TEXT"})),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(""))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema({"name": "a"})),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="text"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="UNKNOWN"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema({"name": "a", "type": ["TEXT"]})),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(), attribute())),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(isRequired="true"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(isFhrValue=1))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="OBJECT"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="OBJECTLIST", attributes=[]))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="OBJECT", attributes="a"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="OBJECT", attributes=[{"name": "b"}]))),
    (
        "ITEM_SCHEMA_ATTRIBUTES",
        schema(attribute(kind="OBJECT", attributes=[attribute(), attribute()])),
    ),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="LIST"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="LIST", listSubType="UNKNOWN"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="LIST", listSubType=True))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(kind="LIST", listSubType="STRING"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(localizedNames="A"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(localizedNames=["A"]))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute(localizedNames=[{"locale": "en_GB"}]))),
    (
        "ITEM_SCHEMA_ATTRIBUTES",
        schema(attribute(localizedNames=[{"name": "A", "locale": "en"}])),
    ),
    (  # amendment attraqt A14
        "ITEM_SCHEMA_ATTRIBUTES",
        schema(attribute(localizedNames=[{"name": "A", "locale": "en_UK"}])),
    ),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas={})),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas=["variant"])),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas=[{"name": 7}])),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas=[{"name": "product"}])),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas=[{"name": "v"}, {"name": "v"}])),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas=[{}, {}])),
    (
        "ITEM_SCHEMA_ATTRIBUTES",
        schema(attribute(), nestedItemSchemas=[schema(attribute(), name="v")]),
    ),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(attribute("id"))),
    ("ITEM_SCHEMA_ATTRIBUTES", schema(nestedItemSchemas=[schema(attribute("id"), name="v")])),
    ("ITEM_SCHEMA_ATTRIBUTES", nested(1, 2, 1)),
    ("ITEM_SCHEMA_ATTRIBUTES", nested(1, 2, 3, 4)),
]


@pytest.mark.parametrize(("category", "body"), REJECTED)
def test_an_invalid_schema_is_refused(category: str, body: Any) -> None:
    """The first problem decides the category."""
    with pytest.raises(AttraqtError) as rejected:
        parse_item_schema(body, ACME)

    assert rejected.value.category.id == category


ACCEPTED = [
    schema(),
    {"name": "product"},
    schema(name="My-product_2"),
    schema(name="p" * 250),
    schema(tenant="acme", environment="live1", version=None),
    schema(attributes=None, nestedItemSchemas=None),
    schema(
        *[attribute(kind, kind) for kind in TYPES if kind not in ("LIST", "OBJECT", "OBJECTLIST")]
    ),
    schema(attribute("categories"), attribute("Größe 🙂")),
    schema(attribute(kind="OBJECT", attributes=[attribute("id")])),
    schema(attribute(kind="LIST", listSubType="TEXT")),
    schema(attribute(listSubType="UNKNOWN", isSortable=None)),
    schema(attribute(localizedNames=[{"name": "A", "locale": "en_GB"}])),
    schema(attribute(kind="OBJECT", attributes=[attribute()])),
    nested(1, 2, 3),
    schema(nestedItemSchemas=[{}, {"name": "v"}]),
    schema(
        nestedItemSchemas=[schema(attribute(), name="v"), schema(attribute(), name="w")],
    ),
]


@pytest.mark.parametrize("body", ACCEPTED)
def test_a_valid_schema_is_accepted(body: dict[str, Any]) -> None:
    """The parsed schema is accepted again, unchanged: clients send it back."""
    found = parse_item_schema(body, ACME)

    again = {
        "name": found.name,
        "attributes": found.attributes,
        "nestedItemSchemas": found.nested,
    }
    assert parse_item_schema(again, ACME) == found


@pytest.mark.parametrize(
    ("required", "expected"),
    [({}, True), ({"isRequired": False}, False), ({"isRequired": True}, True)],
)
def test_a_sub_attribute_is_required_by_default(required: dict[str, Any], expected: bool) -> None:
    """Recorded; at the root the default is false."""
    body = schema(attribute(kind="OBJECTLIST", attributes=[attribute(**required)]))

    found = parse_item_schema(body, ACME).attributes[0]

    assert found["isRequired"] is False
    assert found["attributes"][0]["isRequired"] is expected


@pytest.mark.parametrize("kind", ["OBJECT", "OBJECTLIST"])
@pytest.mark.parametrize(
    ("accepted", "parts"),
    [
        (True, [VALUE, VALUE_ID]),
        (True, [attribute("valueId"), VALUE]),
        (True, [VALUE, VALUE_ID, attribute("more")]),
        (
            True,
            [attribute("x", "LOCALIZEDTEXT", isFhrValue=True), attribute("y", isFhrValueId=True)],
        ),
        (False, [VALUE]),
        (False, [VALUE_ID]),
        (False, [attribute("value"), VALUE_ID]),
        (False, [VALUE, attribute("valueId", "INTEGER")]),
        (False, [VALUE, VALUE_ID, attribute("valueId")]),
        (
            False,
            [
                attribute("x", "LOCALIZEDTEXT", isFhrValue=True),
                attribute("y", "LOCALIZEDTEXT", isFhrValue=True),
                VALUE_ID,
            ],
        ),
        (False, [VALUE, VALUE_ID, attribute("o", "OBJECT", attributes=[VALUE, VALUE_ID])]),
        (
            False,
            [VALUE, VALUE_ID, attribute(attributes=[attribute("o", "OBJECT", attributes=[VALUE])])],
        ),
    ],
)
def test_fredhopper_requires_a_value_and_an_id_in_an_object(
    kind: str, accepted: bool, parts: list[Any]
) -> None:
    """In the schema and in its variants, and no objects within objects."""
    odd = attribute("brand", kind, attributes=parts)
    bodies = [schema(odd), schema(attribute(), nestedItemSchemas=[schema(odd, name="v")])]

    for body in bodies:
        assert parse_item_schema(body, ACME)
        if accepted:
            assert parse_item_schema(body, ACME, fhr=True)
        else:
            with pytest.raises(AttraqtError, match="fhrValidation"):
                parse_item_schema(body, ACME, fhr=True)

"""Item schemas on the wire.

Source: docs/vendors/attraqt.md#4-item-schemas.
"""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.attraqt.json_columns import MAX_NAME, TYPES, UNKNOWN
from mockalog.vendors.attraqt.rules.item_schemas import MAX_LEVELS, NAME, NewItemSchema
from mockalog.vendors.attraqt.rules.primitives import DIGITS
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.schemas.base import (
    In,
    LocaleIn,
    LocalizedNameOut,
    Number,
    Out,
    ScopedIn,
    one_of,
    shown,
    whole,
)

ItemSchemaName = Annotated[
    str,
    Path(
        description="The name of the item schema.",
        pattern=whole(NAME),
        max_length=MAX_NAME,
        examples=["product"],
    ),
]
ItemSchemaVersion = Annotated[
    str,
    Path(description="The version of the item schema.", pattern=whole(DIGITS), examples=["2"]),
]

_FLAGS: dict[str, Any] = {
    "isRequired": False,
    "isReturned": False,
    "isIndexed": False,
    "isExported": False,
}
_FHR_FLAGS = {
    "isFhrValue": False,
    "isFhrValueId": False,
    "isSearchable": False,
    "isFacetable": False,
    "isSortable": False,
    "isFilterable": False,
    "isDistinctable": False,
}
_TITLE: dict[str, Any] = {
    "name": "title",
    "type": "LOCALIZEDTEXT",
    **_FLAGS,
    "attributes": [],
    "listSubType": UNKNOWN,
    "localizedNames": [],
    **_FHR_FLAGS,
}
_ENTRY: dict[str, Any] = {
    "name": "product",
    "tenant": "acme",
    "environment": "live1",
    "version": 2,
    "attributes": [],
    "nestedItemSchemas": [],
}
_BRAND: dict[str, Any] = {
    "name": "brand",
    "type": "OBJECT",
    "attributes": [
        {"name": "value", "type": "LOCALIZEDTEXT", "isFhrValue": True},
        {"name": "value_id", "type": "TEXT", "isFhrValueId": True},
    ],
}
_NEW: dict[str, Any] = {
    "name": "product",
    "attributes": [
        {"name": "title", "type": "LOCALIZEDTEXT", "isRequired": True},
        {"name": "price", "type": "FLOAT"},
        {"name": "sizes", "type": "LIST", "listSubType": "TEXT"},
        _BRAND,
    ],
    "nestedItemSchemas": [{"name": "variant", "attributes": [{"name": "sku", "type": "TEXT"}]}],
}


class AttributeNameIn(In):
    """A name of an attribute in one locale."""

    model_config = shown({"name": "Title", "locale": "en_GB"})

    name: str
    locale: LocaleIn


class PartIn(In):
    """A sub-attribute of an OBJECT or an OBJECTLIST; its name is unique among its siblings."""

    model_config = shown(*_BRAND["attributes"])

    name: str = Field(min_length=1)
    type: Annotated[str, one_of(TYPES)]
    is_required: bool | None = Field(None, description="A part is required if it says nothing.")
    is_returned: bool | None = None
    is_indexed: bool | None = None
    is_exported: bool | None = None
    attributes: list["PartIn"] | None = Field(
        None, description="The parts; OBJECT and OBJECTLIST need at least one."
    )
    list_sub_type: Annotated[str, one_of((*TYPES, UNKNOWN))] | None = Field(
        None, description=f"The type of the entries. LIST needs one, not `{UNKNOWN}`."
    )
    localized_names: list[AttributeNameIn] | None = None
    is_fhr_value: bool | None = Field(None, description="Fredhopper displays this part.")
    is_fhr_value_id: bool | None = Field(
        None, description="Fredhopper identifies the object by this part."
    )
    is_searchable: bool | None = None
    is_facetable: bool | None = None
    is_sortable: bool | None = None
    is_filterable: bool | None = None
    is_distinctable: bool | None = None


class AttributeIn(PartIn):
    """An attribute of an item schema; it may not repeat one of an enclosing schema."""

    model_config = shown(*_NEW["attributes"])

    name: str = Field(
        min_length=1,
        description="`id` is reserved.",
        json_schema_extra={"not": {"const": "id"}},
    )
    is_required: bool | None = Field(
        None, description="An attribute is optional if it says nothing. POST of items checks it."
    )


class NestedItemSchemaIn(In):
    """A schema within a schema: items of its type are variants."""

    model_config = shown(*_NEW["nestedItemSchemas"])

    name: str | None = Field(
        None, description="Unique in the whole schema, the root's included; null: empty."
    )
    attributes: list[AttributeIn] | None = None
    nested_item_schemas: list["NestedItemSchemaIn"] | None = Field(
        None, description=f"At most {MAX_LEVELS} levels below the root."
    )


class ReplacedItemSchemaIn(ScopedIn):
    """The whole new version of an item schema; without a body it has no attributes."""

    model_config = shown(_NEW)

    name: Annotated[str, Field(pattern=whole(NAME), max_length=MAX_NAME)] | None = Field(
        None, description="The name of the path, if it is there."
    )
    version: None = Field(None, description="The API sets it.")
    attributes: list[AttributeIn] | None = None
    nested_item_schemas: list[NestedItemSchemaIn] | None = None


class ItemSchemaIn(ScopedIn):
    """An item schema to create."""

    model_config = shown(_NEW)

    name: str = Field(pattern=whole(NAME), max_length=MAX_NAME, description="Unique.")
    version: None = Field(None, description="The API sets it.")
    attributes: list[AttributeIn] | None = None
    nested_item_schemas: list[NestedItemSchemaIn] | None = None


class AttributeOut(Out):
    """An attribute, or a part of one, with every key."""

    model_config = shown(_TITLE)

    name: str
    type: Annotated[str, one_of(TYPES)]
    is_required: bool
    is_returned: bool
    is_indexed: bool
    is_exported: bool
    attributes: list["AttributeOut"]
    list_sub_type: Annotated[str, one_of((*TYPES, UNKNOWN))]
    localized_names: list[LocalizedNameOut]
    is_fhr_value: bool
    is_fhr_value_id: bool
    is_searchable: bool
    is_facetable: bool
    is_sortable: bool
    is_filterable: bool
    is_distinctable: bool


class NestedItemSchemaOut(Out):
    """A schema within a schema."""

    name: str
    attributes: list[AttributeOut]
    nested_item_schemas: list["NestedItemSchemaOut"]


class ItemSchemaOut(Out):
    """One version of an item schema, defaults filled in."""

    model_config = shown({**_ENTRY, "attributes": [_TITLE]})

    name: str
    tenant: str
    environment: str
    version: Number
    attributes: list[AttributeOut]
    nested_item_schemas: list[NestedItemSchemaOut]


class ItemSchemaEntryOut(Out):
    """One version of an item schema as the list shows it: without its content."""

    name: str
    tenant: str
    environment: str
    version: Number
    attributes: list[AttributeOut] = Field(max_length=0, description="Always empty here.")
    nested_item_schemas: list[NestedItemSchemaOut] = Field(
        max_length=0, description="Always empty here."
    )


class ItemSchemasOut(Out):
    """Every version of every item schema, newest first."""

    model_config = shown({"itemSchemas": [_ENTRY]})

    item_schemas: list[ItemSchemaEntryOut]


def item_schema_out(schema: NewItemSchema, tenancy: Tenancy, version: int) -> tuple[str, str]:
    """Return the JSON of a schema, and of its entry in a list, which has no attributes."""
    entry: dict[str, Any] = {
        "name": schema.name,
        "tenant": tenancy.tenant,
        "environment": tenancy.environment,
        "version": version,
        "attributes": [],
        "nestedItemSchemas": [],
    }
    document = {**entry, "attributes": schema.attributes, "nestedItemSchemas": schema.nested}
    return dumps(document).decode(), dumps(entry).decode()

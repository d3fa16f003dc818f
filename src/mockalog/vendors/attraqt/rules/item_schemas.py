"""The definition of an item schema.

Source: docs/vendors/attraqt.md#4-item-schemas.
"""

import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from mockalog.vendors.attraqt.errors import (
    ITEM_SCHEMA_ATTRIBUTES,
    ITEM_SCHEMA_NAME,
    ITEM_SCHEMA_TENANT_ENV,
    ITEM_SCHEMA_VERSION,
    AttraqtError,
)
from mockalog.vendors.attraqt.json_columns import MAX_NAME, OBJECTS, TYPES, UNKNOWN, StoredAttribute
from mockalog.vendors.attraqt.rules.locales import is_locale
from mockalog.vendors.attraqt.rules.primitives import shown
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy

# Levels of nested schemas below the root (inferred).
MAX_LEVELS = 3

# Every item has an `id`, so no attribute may have that name
# (docs/vendors/attraqt.md#45-reserved-attributes). Sub-attributes may have it, and a schema may
# declare `categories` (inferred), because no source forbids them.
CONTROL_PREFIX = frozenset({"id"})

# `[\w\-]+` in Java, without letters beyond ASCII (inferred).
NAME = re.compile(r"[A-Za-z0-9_\-]+")

_FLAGS = (
    "isFhrValue",
    "isFhrValueId",
    "isSearchable",
    "isFacetable",
    "isSortable",
    "isFilterable",
    "isDistinctable",
)


class NewItemSchema(NamedTuple):
    """A valid item schema with all defaults; attributes and nested schemas are JSON."""

    name: str
    attributes: list[dict[str, Any]]
    nested: list[dict[str, Any]]


def parse_item_schema(
    body: object, tenancy: Tenancy, *, name: str | None = None, fhr: bool = False
) -> NewItemSchema:
    """Return the schema that the body describes; raises `AttraqtError` for the first problem.

    `name`: the name in the path, if any. `fhr` adds the rules of
    docs/vendors/attraqt.md#44-fhr-validation.
    """
    if body is not None and not isinstance(body, dict):
        raise AttraqtError(ITEM_SCHEMA_NAME, "an item schema must be an object")
    fields = body or {}
    check_tenancy(fields, tenancy, ITEM_SCHEMA_TENANT_ENV)
    checked_name = _name(fields.get("name"), name)
    if fields.get("version") is not None:
        raise AttraqtError(ITEM_SCHEMA_VERSION)
    content = _content(fields, {checked_name}, frozenset(), MAX_LEVELS)
    if fhr:
        _check_fhr(content)
    return NewItemSchema(checked_name, content["attributes"], content["nestedItemSchemas"])


def _name(name: object, expected: str | None) -> str:
    """Return the name of the body; it may be absent if the path has one."""
    if name is None and expected is not None:
        return expected
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > MAX_NAME:
        text = f"{MAX_NAME} letters, digits, underscores and hyphens, not {shown(name)}"
        raise AttraqtError(ITEM_SCHEMA_NAME, f"it must be 1 to {text}")
    if expected is not None and name != expected:
        raise AttraqtError(ITEM_SCHEMA_NAME, "the name of the body is not that of the path")
    return name


def _content(
    fields: dict[str, Any], schemas: set[str], inherited: frozenset[str], levels: int
) -> dict[str, Any]:
    """Return attributes and nested schemas.

    `schemas` collects the names of all schemas. `inherited`: the attributes of the ancestors.
    `levels`: the levels that may follow.
    """
    attributes = _attributes(fields.get("attributes"), required=False)
    names = frozenset(attribute["name"] for attribute in attributes)
    if reserved := sorted(names & CONTROL_PREFIX):
        raise _error(f"the attribute name {shown(reserved[0])} is reserved")
    if repeated := sorted(names & inherited):
        raise _error(f"the attribute {shown(repeated[0])} repeats one of an ancestor")
    nested = _list(fields.get("nestedItemSchemas"), "nestedItemSchemas")
    if nested and not levels:
        raise _error(f"item schemas can be nested in at most {MAX_LEVELS} levels")
    children = [_nested(item, schemas, inherited | names, levels - 1) for item in nested]
    return {"attributes": attributes, "nestedItemSchemas": children}


def _nested(
    fields: Any, schemas: set[str], inherited: frozenset[str], levels: int
) -> dict[str, Any]:
    """Return a nested schema; an absent name is "" (as in a documented example)."""
    name = fields.get("name") if isinstance(fields, dict) else 0
    name = "" if name is None else name
    if not isinstance(name, str):
        raise _error("a nested item schema must be an object with a name")
    if name in schemas:
        raise _error(f"two item schemas are named {shown(name)}")
    schemas.add(name)
    return {"name": name, **_content(fields, schemas, inherited, levels)}


def _attributes(listed: object, *, required: bool) -> list[dict[str, Any]]:
    attributes = [_attribute(item, required) for item in _list(listed, "attributes")]
    seen = set()
    for attribute in attributes:
        if attribute["name"] in seen:
            raise _error(f"the attribute {shown(attribute['name'])} is there twice")
        seen.add(attribute["name"])
    return attributes


def _attribute(fields: Any, required: bool) -> dict[str, Any]:
    """Return an attribute with every key.

    `required`: the default of `isRequired`; sub-attributes are required (recorded).
    """
    if not isinstance(fields, dict):
        raise _error("an attribute must be an object")
    name, kind = fields.get("name"), fields.get("type")
    if not isinstance(name, str) or not name:
        raise _error("an attribute needs a name")
    if kind not in TYPES:
        raise _error(f"the type of {shown(name)} must be one of {', '.join(TYPES)}")
    return {
        "name": name,
        "type": kind,
        "isRequired": _flag(fields, "isRequired", default=required),
        "isReturned": _flag(fields, "isReturned"),
        "isIndexed": _flag(fields, "isIndexed"),
        "isExported": _flag(fields, "isExported"),
        "attributes": _sub_attributes(fields, name),
        "listSubType": _list_sub_type(fields, name),
        "localizedNames": _localized_names(fields, name),
        **{flag: _flag(fields, flag) for flag in _FLAGS},
    }


def _sub_attributes(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    attributes = _attributes(fields.get("attributes"), required=True)
    if fields["type"] in OBJECTS and not attributes:
        raise _error(f"{shown(name)} of type {fields['type']} needs attributes")
    return attributes


def _list_sub_type(fields: dict[str, Any], name: str) -> str:
    sub_type = fields.get("listSubType")
    if sub_type is None:
        sub_type = UNKNOWN
    if sub_type not in (*TYPES, UNKNOWN):
        raise _error(f"the listSubType of {shown(name)} must be one of {', '.join(TYPES)}")
    if fields["type"] == "LIST" and sub_type == UNKNOWN:
        raise _error(f"{shown(name)} of type LIST needs a listSubType")
    return str(sub_type)


def _localized_names(fields: dict[str, Any], name: str) -> list[dict[str, str]]:
    names = _list(fields.get("localizedNames"), "localizedNames")
    if not all(map(_is_localized_name, names)):
        raise _error(f"the localized names of {shown(name)} need a name and a locale such as en_GB")
    return [{"name": item["name"], "locale": item["locale"]} for item in names]


def _is_localized_name(item: object) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("name"), str)
        and is_locale(item.get("locale"))
    )


def _flag(fields: dict[str, Any], key: str, *, default: bool = False) -> bool:
    value = fields.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise _error(f"{key} must be true or false")
    return value


def _list(value: object, key: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _error(f"{key} must be a list")
    return value


def _check_fhr(content: dict[str, Any]) -> None:
    """Refuse objects that Fredhopper cannot show, in the schema and in the nested ones."""
    for attribute in content["attributes"]:
        if _holds_object(attribute["attributes"]):
            raise _error(f"fhrValidation: {shown(attribute['name'])} holds an object")
        if attribute["type"] in OBJECTS and not _is_fhr_object(attribute["attributes"]):
            raise _error(
                f"fhrValidation: {shown(attribute['name'])} needs one LOCALIZEDTEXT value "
                "and one TEXT value id"
            )
    for nested in content["nestedItemSchemas"]:
        _check_fhr(nested)


def _holds_object(attributes: Sequence[StoredAttribute]) -> bool:
    return any(a["type"] in OBJECTS or _holds_object(a["attributes"]) for a in attributes)


def _is_fhr_object(parts: Sequence[StoredAttribute]) -> bool:
    values, ids = _marked_parts(parts)
    is_pair = len(values) == len(ids) == 1
    return is_pair and (values[0]["type"], ids[0]["type"]) == ("LOCALIZEDTEXT", "TEXT")


def fhr_parts(parts: Sequence[StoredAttribute]) -> list[str]:
    """Return the names of the sub-attributes that Fredhopper needs: value and value id."""
    values, ids = _marked_parts(parts)
    return [part["name"] for part in (*values, *ids)]


def _marked_parts(
    parts: Sequence[StoredAttribute],
) -> tuple[list[StoredAttribute], list[StoredAttribute]]:
    """Return the values and the value ids.

    A flag or a name marks them, because sources disagree on the names.
    """
    values = _marked(parts, "isFhrValue", ("value",))
    return values, _marked(parts, "isFhrValueId", ("valueId", "value_id"))


def _marked(
    parts: Sequence[StoredAttribute],
    flag: Literal["isFhrValue", "isFhrValueId"],
    names: tuple[str, ...],
) -> list[StoredAttribute]:
    """Return the parts with a flag; if none has it, those with one of the names."""
    return [p for p in parts if p[flag]] or [p for p in parts if p["name"] in names]


def _error(text: str) -> AttraqtError:
    return AttraqtError(ITEM_SCHEMA_ATTRIBUTES, text)

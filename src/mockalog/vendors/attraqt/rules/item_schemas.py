"""What an item schema may say (docs/vendors/attraqt.md#4-item-schemas)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.vendors.attraqt.errors import (
    ITEM_SCHEMA_ATTRIBUTES,
    ITEM_SCHEMA_NAME,
    ITEM_SCHEMA_TENANT_ENV,
    ITEM_SCHEMA_VERSION,
    Rejected,
)
from mockalog.vendors.attraqt.rules.catalogs import MAX_NAME
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy, is_locale

# Levels of nested schemas; the root is none of them (inferred).
MAX_LEVELS = 3

OBJECTS = ("OBJECT", "OBJECTLIST")
TYPES = ("BOOLEAN", "INTEGER", "FLOAT", "TEXT", "TIMESTAMP", "LIST", *OBJECTS, "LOCALIZEDTEXT")
UNKNOWN = "UNKNOWN"

# What every item has anyway, so that no attribute of one is called so
# (docs/vendors/attraqt.md#45-reserved-attributes). Whether parts of objects may be is not said:
# they may (inferred). `categories` is on no list of what is forbidden, so that a schema may declare
# it (inferred).
CONTROL_PREFIX = frozenset({"id"})

# `[\w\-]+` as the vendor's Java reads it: without letters beyond ASCII (inferred).
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
    """An item schema as requested: every rule held, every default filled in."""

    name: str
    attributes: list[dict[str, Any]]
    nested: list[dict[str, Any]]


def new_item_schema(
    body: Any, tenancy: Tenancy, *, name: str | None = None, fhr: bool = False
) -> NewItemSchema:
    """Return the schema that the body describes; raises `Rejected` for the first thing wrong.

    `name` is the path's, if it has one. `fhr` adds the rules of
    docs/vendors/attraqt.md#44-fhr-validation.
    """
    if body is not None and not isinstance(body, dict):
        raise Rejected(ITEM_SCHEMA_NAME, "An item schema must be an object")
    wanted = body or {}
    check_tenancy(wanted, tenancy, ITEM_SCHEMA_TENANT_ENV)
    checked_name = _name(wanted.get("name"), name)
    if wanted.get("version") is not None:
        raise Rejected(ITEM_SCHEMA_VERSION)
    content = _content(wanted, {checked_name}, frozenset(), MAX_LEVELS)
    if fhr:
        _check_fhr(content)
    return NewItemSchema(checked_name, content["attributes"], content["nestedItemSchemas"])


def _name(name: Any, expected: str | None) -> str:
    """Return the body's name; where the path has one the body need not repeat it."""
    if name is None and expected is not None:
        return expected
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise Rejected(ITEM_SCHEMA_NAME)
    if expected is not None and name != expected:
        raise Rejected(ITEM_SCHEMA_NAME, "The name of the body is not that of the path")
    return name


def _content(
    wanted: dict[str, Any], schemas: set[str], inherited: frozenset[str], levels: int
) -> dict[str, Any]:
    """Return attributes and nested schemas.

    `schemas` collects the names of the whole tree, `inherited` are the attributes of the
    ancestors, `levels` how many levels may follow.
    """
    attributes = _attributes(wanted.get("attributes"), required=False)
    names = frozenset(attribute["name"] for attribute in attributes)
    if reserved := sorted(names & CONTROL_PREFIX):
        raise _wrong(f"The attribute name {reserved[0]} is reserved")
    if repeated := sorted(names & inherited):
        raise _wrong(f"The attribute {repeated[0]} repeats one of an ancestor")
    nested = _list(wanted.get("nestedItemSchemas"), "nestedItemSchemas")
    if nested and not levels:
        raise _wrong(f"Item schemas can be nested in at most {MAX_LEVELS} levels")
    below = [_nested(item, schemas, inherited | names, levels - 1) for item in nested]
    return {"attributes": attributes, "nestedItemSchemas": below}


def _nested(
    wanted: Any, schemas: set[str], inherited: frozenset[str], levels: int
) -> dict[str, Any]:
    """Return a nested schema; one without a name is called "" (a documented example has one)."""
    name = wanted.get("name") if isinstance(wanted, dict) else 0
    name = "" if name is None else name
    if not isinstance(name, str):
        raise _wrong("A nested item schema must be an object with a name")
    if name in schemas:
        raise _wrong(f"Two item schemas are named {name or 'nothing'}")
    schemas.add(name)
    return {"name": name, **_content(wanted, schemas, inherited, levels)}


def _attributes(listed: Any, *, required: bool) -> list[dict[str, Any]]:
    attributes = [_attribute(item, required) for item in _list(listed, "attributes")]
    seen = set()
    for attribute in attributes:
        if attribute["name"] in seen:
            raise _wrong(f"The attribute {attribute['name']} is there twice")
        seen.add(attribute["name"])
    return attributes


def _attribute(wanted: Any, required: bool) -> dict[str, Any]:
    """Return an attribute with every key.

    Sub-attributes are required unless the request says otherwise (recorded).
    """
    if not isinstance(wanted, dict):
        raise _wrong("An attribute must be an object")
    name, kind = wanted.get("name"), wanted.get("type")
    if not isinstance(name, str) or not name:
        raise _wrong("An attribute needs a name")
    if kind not in TYPES:
        raise _wrong(f"The type of {name} must be one of {', '.join(TYPES)}")
    return {
        "name": name,
        "type": kind,
        "isRequired": _flag(wanted, "isRequired", default=required),
        "isReturned": _flag(wanted, "isReturned"),
        "isIndexed": _flag(wanted, "isIndexed"),
        "isExported": _flag(wanted, "isExported"),
        "attributes": _sub_attributes(wanted, name),
        "listSubType": _list_sub_type(wanted, name),
        "localizedNames": _localized_names(wanted, name),
        **{flag: _flag(wanted, flag) for flag in _FLAGS},
    }


def _sub_attributes(wanted: dict[str, Any], name: str) -> list[dict[str, Any]]:
    attributes = _attributes(wanted.get("attributes"), required=True)
    if wanted["type"] in OBJECTS and not attributes:
        raise _wrong(f"{name} of type {wanted['type']} needs attributes")
    return attributes


def _list_sub_type(wanted: dict[str, Any], name: str) -> str:
    sub_type = wanted.get("listSubType")
    if sub_type is None:
        sub_type = UNKNOWN
    if sub_type not in (*TYPES, UNKNOWN):
        raise _wrong(f"The listSubType of {name} must be one of {', '.join(TYPES)}")
    if wanted["type"] == "LIST" and sub_type == UNKNOWN:
        raise _wrong(f"{name} of type LIST needs a listSubType")
    return str(sub_type)


def _localized_names(wanted: dict[str, Any], name: str) -> list[dict[str, str]]:
    names = _list(wanted.get("localizedNames"), "localizedNames")
    if not all(map(_is_localized_name, names)):
        raise _wrong(f"The localized names of {name} need a name and a locale such as en_GB")
    return [{"name": item["name"], "locale": item["locale"]} for item in names]


def _is_localized_name(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("name"), str)
        and is_locale(item.get("locale"))
    )


def _flag(wanted: dict[str, Any], key: str, *, default: bool = False) -> bool:
    value = wanted.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise _wrong(f"{key} must be true or false")
    return value


def _list(value: Any, key: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong(f"{key} must be a list")
    return value


def _check_fhr(content: dict[str, Any]) -> None:
    """Hold what Fredhopper asks of objects, in the schema and in its variants."""
    for attribute in content["attributes"]:
        if _holds_object(attribute["attributes"]):
            raise _wrong(f"fhrValidation: {attribute['name']} holds an object")
        if attribute["type"] in OBJECTS and not _is_fhr_object(attribute["attributes"]):
            raise _wrong(
                f"fhrValidation: {attribute['name']} needs one LOCALIZEDTEXT value "
                "and one TEXT value id"
            )
    for nested in content["nestedItemSchemas"]:
        _check_fhr(nested)


def _holds_object(attributes: Sequence[dict[str, Any]]) -> bool:
    return any(a["type"] in OBJECTS or _holds_object(a["attributes"]) for a in attributes)


def _is_fhr_object(parts: Sequence[Mapping[str, Any]]) -> bool:
    values, ids = _marked_parts(parts)
    is_pair = len(values) == len(ids) == 1
    return is_pair and (values[0]["type"], ids[0]["type"]) == ("LOCALIZEDTEXT", "TEXT")


def fhr_parts(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the parts that Fredhopper shows and knows an object by."""
    values, ids = _marked_parts(parts)
    return [part["name"] for part in (*values, *ids)]


def _marked_parts(
    parts: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the values and the value ids.

    Sources disagree on the names, so that either a flag or a name marks a part.
    """
    values = _marked(parts, "isFhrValue", ("value",))
    return values, _marked(parts, "isFhrValueId", ("valueId", "value_id"))


def _marked(
    parts: Sequence[Mapping[str, Any]], flag: str, names: tuple[str, ...]
) -> list[Mapping[str, Any]]:
    """Return the parts that carry the flag; if none does, those so named."""
    return [p for p in parts if p[flag]] or [p for p in parts if p["name"] in names]


def _wrong(text: str) -> Rejected:
    return Rejected(ITEM_SCHEMA_ATTRIBUTES, text)

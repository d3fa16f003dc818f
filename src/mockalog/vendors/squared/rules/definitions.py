"""What a list of definitions is narrowed to, and how a definition looks.

Sources: docs/vendors/squared.md#71-list-definitions and
docs/vendors/squared.md#72-get-a-definition.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.vendors.squared.rules.connectors import CATEGORIES, TYPES
from mockalog.vendors.squared.rules.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import Key, checked, require

INVALID_TYPE = "invalid connector type"

# What the data file says of a property in its own words.
_OWN = ("secret", "enum_titles", "default_omitted", "properties")


class Wanted(NamedTuple):
    """The filters of a list; None: not narrowed."""

    connector_type: str | None
    category: str | None


def wanted(query: Mapping[str, str]) -> Wanted:
    """Return what a list shows; raises `Invalid` for a bad type. No empty category narrows."""
    kind = _type(query, required=False)
    return Wanted(kind, query.get("category") or None)


def wanted_type(query: Mapping[str, str]) -> str:
    """Return the type that a single definition is asked for with; raises `Invalid`."""
    return str(_type(query, required=True))


def _type(query: Mapping[str, str], *, required: bool) -> str | None:
    """Return the type in lower case, which the server only passes over.

    Source: docs/vendors/squared.md#71-list-definitions.
    """
    values, errors = checked(query, {"type": Key("string", required)})
    require(errors)
    kind: str | None = values.get("type")
    if kind is not None and kind.lower() not in TYPES:
        require({"type": [INVALID_TYPE]})
    return kind and kind.lower()


def listed(registry: Registry, filters: Wanted, dialect: str) -> Any:
    """Return the list as it is answered.

    Source: docs/vendors/squared.md#1-contradictions, rows 18 and 19.
    """
    if filters.connector_type is None:
        return {kind: _elements(registry, kind, filters.category, dialect) for kind in TYPES}
    elements = _elements(registry, filters.connector_type, filters.category, dialect)
    return elements if elements or dialect == "docs" else {"data": []}


def _elements(
    registry: Registry, kind: str, category: str | None, dialect: str
) -> list[dict[str, Any]]:
    """Return the definitions of a type, in registry order; `category` may be a set's name."""
    categories = () if category is None else CATEGORIES.get(category, (category,))
    return [
        element_of(definition, dialect)
        for definition in registry.of_type(kind)
        if category is None or definition.category in categories
    ]


def shown(registry: Registry, kind: str, name: str, dialect: str) -> dict[str, Any]:
    """Return one definition, its name in any case; an empty list in `data` if there is none."""
    for definition in registry.of_type(kind):
        if definition.record["name"].lower() == name.lower():
            return element_of(definition, dialect)
    return {"data": []}


def element_of(definition: Definition, dialect: str) -> dict[str, Any]:
    """Return a definition as the server shows it.

    Docs add `connector_subtype`; that it holds the sub-category, or null, is inferred.
    """
    record = definition.record
    own = dict(record["definition"])
    docs = {"connector_subtype": record["sub_category"] or None} if dialect == "docs" else {}
    sub_category = {"sub_category": record["sub_category"]} if record["sub_category"] else {}
    return {
        "name": record["name"],
        "title": record["title"],
        "connector_type": record["reported_connector_type"],
        "category": record["category"],
        **sub_category,
        **docs,
        "documentation_url": own.pop("documentation_url"),
        "github_issue_label": own.pop("github_issue_label"),
        "icon": definition.icon,
        **own,
        "connector_spec": _spec(record),
    }


def _spec(record: Mapping[str, Any]) -> dict[str, Any]:
    query_type = record["connector_query_type"]
    return {
        "documentation_url": record["spec_documentation_url"],
        "connection_specification": {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": record["spec_title"],
            "type": "object",
            "required": record["required"],
            "properties": _properties(record["properties"]),
            **record.get("conditional", {}),
        },
        "supports_normalization": record["supports_normalization"],
        "supports_dbt": record["supports_dbt"],
        **({"connector_query_type": query_type} if query_type else {}),
        "stream_type": record["stream_type"],
    }


def _properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _property(described) for name, described in properties.items()}


def _property(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return a property in JSON Schema's words and the vendor's own."""
    schema: dict[str, Any] = {"type": described["type"]} if "type" in described else {}
    if described["secret"]:
        schema["multiwoven_secret"] = True
    schema |= {key: value for key, value in described.items() if key not in _OWN}
    if "enum_titles" in described:
        titled = zip(schema.pop("enum"), described["enum_titles"], strict=True)
        schema["oneOf"] = [{"const": value, "title": title} for value, title in titled]
    if "properties" in described:
        schema["properties"] = _properties(described["properties"])
    return schema

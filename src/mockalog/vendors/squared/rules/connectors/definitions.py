"""The filters of definitions and the format of a definition.

Sources: docs/vendors/squared.md#71-list-definitions and
docs/vendors/squared.md#72-get-a-definition.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.vendors.squared.rules.connectors.connectors import CATEGORIES, TYPES
from mockalog.vendors.squared.rules.connectors.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import Key, require_no_errors, validate

INVALID_TYPE = "invalid connector type"

# Keys of a property in the data file that are no JSON Schema.
_OWN = ("secret", "enum_titles", "default_omitted", "properties")


class DefinitionFilters(NamedTuple):
    """The filters of a list, None without one."""

    connector_type: str | None
    category: str | None


def filters(query: Mapping[str, str]) -> DefinitionFilters:
    """Return the filters of a list; an empty category is none. Raises `ContractError`."""
    kind = _type(query, required=False)
    return DefinitionFilters(kind, query.get("category") or None)


def connector_type(query: Mapping[str, str]) -> str:
    """Return the type in the query of a single definition; raises `ContractError`."""
    return str(_type(query, required=True))


def _type(query: Mapping[str, str], *, required: bool) -> str | None:
    """Return the type in lower case: the server accepts every case.

    Source: docs/vendors/squared.md#71-list-definitions.
    """
    values, errors = validate(query, {"type": Key("string", required)})
    require_no_errors(errors)
    kind: str | None = values.get("type")
    if kind is not None and kind.lower() not in TYPES:
        require_no_errors({"type": [INVALID_TYPE]})
    return kind and kind.lower()


def list_definitions(registry: Registry, filters: DefinitionFilters, dialect: str) -> object:
    """Return the response of a list.

    Source: docs/vendors/squared.md#1-contradictions, rows 18 and 19.
    """
    if filters.connector_type is None:
        return {kind: _elements(registry, kind, filters.category, dialect) for kind in TYPES}
    elements = _elements(registry, filters.connector_type, filters.category, dialect)
    return elements if elements or dialect == "docs" else {"data": []}


def _elements(
    registry: Registry, kind: str, category: str | None, dialect: str
) -> list[dict[str, object]]:
    """Return the definitions of a type in registry order; `category` may name a set."""
    categories = () if category is None else CATEGORIES.get(category, (category,))
    return [
        definition_element(definition, dialect)
        for definition in registry.of_type(kind)
        if category is None or definition.category in categories
    ]


def find_definition(registry: Registry, kind: str, name: str, dialect: str) -> dict[str, object]:
    """Return the response of one definition, whose name is in any case.

    An unknown definition is an empty list in `data`.
    """
    for definition in registry.of_type(kind):
        if definition.record["name"].lower() == name.lower():
            return definition_element(definition, dialect)
    return {"data": []}


def definition_element(definition: Definition, dialect: str) -> dict[str, object]:
    """Return a definition in the server's format.

    The docs add `connector_subtype`; its value, the sub-category or null, is inferred.
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
    """Return a property in JSON Schema with the vendor's extension."""
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

"""The filters of definitions and the format of a definition.

Sources: docs/vendors/squared.md#71-list-definitions and
docs/vendors/squared.md#72-get-a-definition.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mockalog.vendors.squared.rules.connectors.connectors import CATEGORIES, TYPES
from mockalog.vendors.squared.rules.connectors.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import Key, require_no_errors, validate

INVALID_TYPE = "invalid connector type"


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
        "connector_spec": record["connector_spec"],
    }

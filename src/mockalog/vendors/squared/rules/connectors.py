"""What a connector may be.

Sources: docs/vendors/squared.md#81-create-a-connector, docs/vendors/squared.md#82-list-connectors
and docs/vendors/squared.md#84-update-a-connector.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.vendors.squared.errors import BadRequest, Declined
from mockalog.vendors.squared.rules import configuration as configurations
from mockalog.vendors.squared.rules.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import (
    MUST_BE_FILLED,
    Errors,
    Key,
    check_storable,
    checked,
    require,
)

TYPES = ("source", "destination")

# What a body may carry without its wrapper, and what an update may change.
COLUMNS = ("name", "description", "connector_type", "connector_name", "configuration")

# The categories that the list calls `data` and `ai_ml`
# (docs/vendors/squared.md#71-list-definitions).
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "data": (
        "Data Warehouse",
        "Retail",
        "Data Lake",
        "Database",
        "Marketing Automation",
        "CRM",
        "Ad-Tech",
        "Team Collaboration",
        "Productivity Tools",
        "Payments",
        "File Storage",
        "HTTP",
        "Customer Support",
    ),
    "ai_ml": ("AI Model",),
}
SUB_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "llm": ("LLM",),
    "database": ("Relational Database", "database"),
    "web": ("Web Scraper",),
    "ai_ml_service": ("AI_ML Service",),
    "vector": ("Vector Database",),
}

# Of a connector that no registry knows, so that `category=data` lists it (inferred).
UNKNOWN_CATEGORY = "Database"

TYPE_AND_NAME = "[:connector_type, :connector_name]"


class Filters(NamedTuple):
    """What a list is narrowed to; None: not."""

    connector_type: str | None
    category: str | None
    sub_category: str | None


def filters(query: Mapping[str, str]) -> Filters:
    """Return the filters of a list; raises `Invalid` for a bad type."""
    kind = query.get("type")
    if kind == "":
        require({"type": [MUST_BE_FILLED]})
    if kind is not None and kind.lower() not in TYPES:
        require({"type": ["invalid type"]})
    category, sub_category = query.get("category"), query.get("sub_category")
    return Filters(kind and kind.lower(), category or None, sub_category or None)


def check_categories(wanted: Filters) -> None:
    """Raise `BadRequest` for a category that there is not.

    The server calls the value as a method; here only the failure is the same.
    """
    for name, known in (
        (wanted.category, CATEGORIES),
        (wanted.sub_category, SUB_CATEGORIES),
    ):
        if name is not None and name not in known:
            raise BadRequest(f"undefined method '{name}' for an instance of Connector")


def _contract(*, required: bool, dialect: str) -> dict[str, Key]:
    return {
        "name": Key("string", required),
        "connector_name": Key("string", required),
        "connector_type": Key("string", required),
        "configuration": Key("hash", required, bare=dialect == "docs"),
        "description": Key("string", required=False, filled=False, nullable=True),
        # Known only to be tripped over, as the server does.
        "query_type": Key(required=False, filled=False),
    }


def new_connector(body: Mapping[str, Any], dialect: str, known: Registry) -> dict[str, Any]:
    """Return the columns of a connector to create; raises `Invalid`."""
    values, errors = _checked(body, dialect, known, required=True)
    require(errors)
    return values


def changes(
    body: Mapping[str, Any], connector_id: str, dialect: str, known: Registry
) -> tuple[int, dict[str, Any]]:
    """Return an id and the columns to update, any subset; raises `Invalid`.

    The docs require every column here too; nobody who sends fewer is refused by the server,
    so both dialects take them.
    """
    path, path_errors = checked({"id": connector_id}, {"id": Key("integer")})
    values, errors = _checked(body, dialect, known, required=False)
    require({**path_errors, **errors})
    return path["id"], values


def _checked(
    body: Mapping[str, Any], dialect: str, known: Registry, *, required: bool
) -> tuple[dict[str, Any], Errors]:
    contract = _contract(required=required, dialect=dialect)
    outer, errors = checked(body, {"connector": Key(keys=contract)})
    inner = errors.get("connector", {})
    if isinstance(inner, list):  # no object at all
        return {}, errors
    values: dict[str, Any] = outer["connector"]
    inner.update(_check_kind(values, inner, dialect, known))
    return values, {"connector": inner} if inner else {}


def _check_kind(values: Mapping[str, Any], errors: Errors, dialect: str, known: Registry) -> Errors:
    """Check the type, then whether the registry has the name: both only if they are sound."""
    if "connector_type" not in values or "connector_type" in errors:
        return {}
    kind = values["connector_type"].lower()
    if kind not in TYPES:
        return {"connector_type": ["invalid connector type"]}
    if dialect == "docs" or "connector_name" not in values or "connector_name" in errors:
        return {}
    if known.find(kind, values["connector_name"]) is None:
        return {TYPE_AND_NAME: [f"invalid connector {kind} name"]}
    return {}


def check_assignable(values: Mapping[str, Any]) -> None:
    """Raise `BadRequest` for what the server's record cannot take."""
    if "query_type" in values:
        raise BadRequest("unknown attribute 'query_type' for Connector.")
    kind = values.get("connector_type")
    if kind is not None and kind not in TYPES:
        raise BadRequest(f"'{kind}' is not a valid connector_type")
    check_storable(values.get(name) for name in ("name", "connector_name", "description"))


def definition_of(connector_type: str, name: str, dialect: str, known: Registry) -> Any:
    """Return the definition of a connector; None, in docs dialect only, if there is none."""
    if dialect == "docs":
        return known.nearest(connector_type, name)
    if definition := known.find(connector_type, name):
        return definition
    # Only an update can come here: it names a type or a name alone (wording inferred).
    module = f"{connector_type.capitalize()}::{name}"
    raise BadRequest(f"uninitialized constant Multiwoven::Integrations::{module}")


def check_model(
    action: str, name: str, configuration: Any, definition: Definition | None, dialect: str
) -> None:
    """Raise `Declined` with the first message of each field that the record refuses."""
    source = {}
    if not name.strip():
        source["name"] = "can't be blank"
    checked_by = definition if dialect == "server" else None
    if checked_by is not None and not configurations.satisfies(configuration, checked_by):
        source["configuration"] = configurations.invalid_json("connector")
    if source:
        raise Declined(422, f"Connector {action} failed", source)


def categories(configuration: Any, definition: Definition | None) -> tuple[str, str]:
    """Return the category and sub-category to store."""
    category = UNKNOWN_CATEGORY if definition is None else definition.category
    if configuration.get("data_type") == "vector":
        return category, "Vector Database"
    sub_category = None if definition is None else definition.sub_category
    return category, sub_category or "database"

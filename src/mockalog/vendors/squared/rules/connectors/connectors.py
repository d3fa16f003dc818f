"""The contracts of connectors.

Sources: docs/vendors/squared.md#81-create-a-connector, docs/vendors/squared.md#82-list-connectors
and docs/vendors/squared.md#84-update-a-connector.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mockalog.vendors.squared.errors import ApplicationError, BadRequestError, UndefinedMethodError
from mockalog.vendors.squared.rules.connectors import connector_configuration as configurations
from mockalog.vendors.squared.rules.connectors.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import (
    MUST_BE_FILLED,
    Errors,
    Key,
    Values,
    check_storable,
    require_no_errors,
    validate,
)

TYPES = ("source", "destination")

# The keys that a body may have without its wrapper; an update may change these columns.
COLUMNS = ("name", "description", "connector_type", "connector_name", "configuration")

# The category of connectors that run a model instead of SQL.
AI_MODEL = "AI Model"

# The categories of the filters `data` and `ai_ml`
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
    "ai_ml": (AI_MODEL,),
}
SUB_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "llm": ("LLM",),
    "database": ("Relational Database", "database"),
    "web": ("Web Scraper",),
    "ai_ml_service": ("AI_ML Service",),
    "vector": ("Vector Database",),
}

# The category of a connector without a definition: `category=data` lists it (inferred).
UNKNOWN_CATEGORY = "Database"

TYPE_AND_NAME = "[:connector_type, :connector_name]"


class Filters(NamedTuple):
    """The filters of a list, None without one."""

    connector_type: str | None
    category: str | None
    sub_category: str | None


def filters(query: Mapping[str, str]) -> Filters:
    """Return the filters of a list; raises `ContractError` for a bad type."""
    kind = query.get("type")
    if kind == "":
        require_no_errors({"type": [MUST_BE_FILLED]})
    if kind is not None and kind.lower() not in TYPES:
        require_no_errors({"type": ["invalid type"]})
    category, sub_category = query.get("category"), query.get("sub_category")
    return Filters(kind and kind.lower(), category or None, sub_category or None)


def check_categories(filters: Filters) -> None:
    """Raise `UndefinedMethodError` for an unknown category.

    The server calls the value as a method. The emulator reproduces only the failure.
    """
    for name, known in (
        (filters.category, CATEGORIES),
        (filters.sub_category, SUB_CATEGORIES),
    ):
        if name is not None and name not in known:
            raise UndefinedMethodError(name, "an instance of Connector")


def _contract(*, required: bool, dialect: str) -> dict[str, Key]:
    return {
        "name": Key("string", required),
        "connector_name": Key("string", required),
        "connector_type": Key("string", required),
        "configuration": Key("hash", required, bare=dialect == "docs"),
        "description": Key("string", required=False, filled=False, nullable=True),
        # In the contract only to raise the server's exception in `check_assignable`.
        "query_type": Key(required=False, filled=False),
    }


def new_connector(body: Mapping[str, object], dialect: str, registry: Registry) -> Values:
    """Return the columns of a new connector; raises `ContractError`."""
    values, errors = _checked(body, dialect, registry, required=True)
    require_no_errors(errors)
    return values


def changes(
    body: Mapping[str, object], connector_id: str, dialect: str, registry: Registry
) -> tuple[int, Values]:
    """Return an id and the columns to update; raises `ContractError`.

    The docs require every column. The server accepts any subset, so both dialects do.
    """
    path, path_errors = validate({"id": connector_id}, {"id": Key("integer")})
    values, errors = _checked(body, dialect, registry, required=False)
    require_no_errors({**path_errors, **errors})
    return path["id"], values


def _checked(
    body: Mapping[str, object], dialect: str, registry: Registry, *, required: bool
) -> tuple[Values, Errors]:
    contract = _contract(required=required, dialect=dialect)
    outer, errors = validate(body, {"connector": Key(keys=contract)})
    inner = errors.get("connector", {})
    if isinstance(inner, list):  # the value is no object
        return {}, errors
    values: Values = outer["connector"]
    inner.update(_check_kind(values, inner, dialect, registry))
    return values, {"connector": inner} if inner else {}


def _check_kind(values: Values, errors: Errors, dialect: str, registry: Registry) -> Errors:
    """Check the type, then the name in the registry, each only if its own type is right."""
    if "connector_type" not in values or "connector_type" in errors:
        return {}
    kind = values["connector_type"].lower()
    if kind not in TYPES:
        return {"connector_type": ["invalid connector type"]}
    if dialect == "docs" or "connector_name" not in values or "connector_name" in errors:
        return {}
    if registry.find(kind, values["connector_name"]) is None:
        return {TYPE_AND_NAME: [f"invalid connector {kind} name"]}
    return {}


def check_assignable(values: Values) -> None:
    """Raise `BadRequestError` for values that raise an exception in the server."""
    if "query_type" in values:
        raise BadRequestError("unknown attribute 'query_type' for Connector.")
    kind = values.get("connector_type")
    if kind is not None and kind not in TYPES:
        raise BadRequestError(f"'{kind}' is not a valid connector_type")
    check_storable(values.get(name) for name in ("name", "connector_name", "description"))


def definition_of(
    connector_type: str, name: str, dialect: str, registry: Registry
) -> Definition | None:
    """Return the definition of a connector; None, in the docs dialect only, without one."""
    if dialect == "docs":
        return registry.nearest(connector_type, name)
    if definition := registry.find(connector_type, name):
        return definition
    # Only an update can reach this, with a type or a name alone (text inferred).
    module = f"{connector_type.capitalize()}::{name}"
    raise BadRequestError(f"uninitialized constant Multiwoven::Integrations::{module}")


def check_model(
    action: str, name: str, configuration: object, definition: Definition | None, dialect: str
) -> None:
    """Raise `ApplicationError` with the first message of each invalid field."""
    source = {}
    if not name.strip():
        source["name"] = "can't be blank"
    checked_by = definition if dialect == "server" else None
    if checked_by is not None and not configurations.is_valid(configuration, checked_by):
        source["configuration"] = configurations.invalid_json("connector")
    if source:
        raise ApplicationError(422, f"Connector {action} failed", source)


def categories(
    configuration: Mapping[str, object], definition: Definition | None
) -> tuple[str, str]:
    """Return the category and sub-category to store."""
    category = UNKNOWN_CATEGORY if definition is None else definition.category
    if configuration.get("data_type") == "vector":
        return category, "Vector Database"
    sub_category = None if definition is None else definition.sub_category
    return category, sub_category or "database"

"""The contracts of models.

Sources: docs/vendors/squared.md#10-models; docs/vendors/squared.md#1-contradictions, row 11.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.squared.errors import ApplicationError, BadRequestError
from mockalog.vendors.squared.rules.connectors.connector_configuration import invalid_json
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow
from mockalog.vendors.squared.rules.validation import (
    Errors,
    Key,
    Values,
    check_storable,
    require_no_errors,
    validate,
)

QUERY_TYPES = (
    "raw_sql",
    "dbt",
    "soql",
    "table_selector",
    "ai_ml",
    "dynamic_sql",
    "unstructured",
    "vector_search",
)
# Passes the contract, then raises an exception in the server (measured).
UNSTORABLE_TYPE = "semistructured"

# The keys that a body may have without its wrapper; an update may change these columns.
COLUMNS = (
    "connector_id",
    "name",
    "description",
    "query",
    "query_type",
    "primary_key",
    "configuration",
)
TEXTS = ("name", "description", "query", "primary_key")

AI_MODEL = "AI Model"
NO_CATALOG = "Catalog is not present for the connector"

# The docs' names of sets of types; "dbt soql" is their spelling.
_SETS: Mapping[str, Sequence[str]] = {
    "data": ("raw_sql", "dbt", "soql", "table_selector", "dynamic_sql"),
    "dbt soql": ("dbt", "soql"),
}

_WRITTEN = ("raw_sql", "dbt", "soql")
_QUERIED = (*_WRITTEN, "table_selector")

# Ruby's `\\b(LIMIT|OFFSET)\\b\\s*\\d*\\s*;?\\s*$`, whose `$` is the end of any line. Possessive
# quantifiers keep the time linear in the length of a gap.
_PAGED = re.compile(
    r"\b(?:LIMIT|OFFSET)\b(?:[^\S\n]*+$|\s*+\d*+(?:[^\S\n]*+$|\s*+;[^\S\n]*+$))",
    re.IGNORECASE | re.MULTILINE,
)


class _Config(NamedTuple):
    """The keys that the configuration of a type needs, and the message if one is missing."""

    keys: tuple[str, ...]
    message: str


_CONFIGS: Mapping[str, _Config] = {
    "ai_ml": _Config(("harvesters",), "Config must contain harvester details"),
    "dynamic_sql": _Config(
        ("harvesters", "json_schema"), "Config must contain harvester & json_schema"
    ),
    "unstructured": _Config(
        ("harvesters", "embedding_config", "chunk_config"),
        "Config must contain embedding and chunk config details",
    ),
    "vector_search": _Config(
        ("harvesters", "json_schema", "embedding_config"),
        "Config must contain harvester,json_schema & embedding_config",
    ),
}


def query_types(query: Mapping[str, str], dialect: str) -> frozenset[str] | None:
    """Return the types of a list's filter, None without one. Unknown types match no model."""
    text = query.get("query_type")
    if not text:
        return None
    sets = _SETS if dialect == "docs" else {}
    return frozenset(one for name in text.split(",") for one in sets.get(name, (name,)))


def _contract(*, required: bool) -> dict[str, Key]:
    text = Key("string", required=False, filled=False, nullable=True)
    return {
        "connector_id": Key("integer", required),
        "name": Key("string", required),
        "description": text,
        "query": text,
        "query_type": Key("string", required),
        "primary_key": text,
        "configuration": Key("hash", required=False),
    }


def new_model(body: Mapping[str, object]) -> Values:
    """Return the columns of a new model; raises `ContractError`."""
    values, errors = _checked(body, required=True)
    require_no_errors(errors)
    return {"description": None, "query": None, "primary_key": None, **values}


def changes(body: Mapping[str, object], model_id: str) -> tuple[int, Values]:
    """Return an id and the columns to update; raises `ContractError`."""
    path, path_errors = validate({"id": model_id}, {"id": Key("integer")})
    values, errors = _checked(body, required=False)
    require_no_errors({**path_errors, **errors})
    return path["id"], values


def _checked(body: Mapping[str, object], *, required: bool) -> tuple[Values, Errors]:
    outer, errors = validate(body, {"model": Key(keys=_contract(required=required))})
    inner = errors.get("model", {})
    if isinstance(inner, list):  # the value is no object
        return {}, errors
    values: Values = outer["model"]
    # The rules about a key apply only if its type is right.
    rules = _new_errors(values) if required else _changed_errors(values)
    inner.update({name: text for name, text in rules.items() if name not in inner})
    return values, {"model": inner} if inner else {}


def _new_errors(values: Values) -> Errors:
    kind = values.get("query_type")
    errors = _type_errors(values)
    if kind != "unstructured" and _is_blank(values.get("primary_key")):
        errors["primary_key"] = ["Primary key is required"]
    if kind in _WRITTEN:
        if _is_blank(values.get("query")):
            errors["query"] = ["Query is required for this query type"]
        else:
            errors |= _paging_errors(values)
    return errors | _config_errors(kind, values.get("configuration"))


def _changed_errors(values: Values) -> Errors:
    """Return fewer errors than for a new model: the server does not check a type's needs."""
    return _type_errors(values) | _paging_errors(values)


def _type_errors(values: Values) -> Errors:
    kind = values.get("query_type")
    if kind is None or kind in QUERY_TYPES or kind == UNSTORABLE_TYPE:
        return {}
    return {"query_type": ["invalid query type"]}


def _paging_errors(values: Values) -> Errors:
    query = values.get("query")
    if not isinstance(query, str) or not _PAGED.search(query):
        return {}
    return {"query": ["Query validation failed: Query cannot contain LIMIT or OFFSET"]}


def _config_errors(kind: object, configuration: object) -> Errors:
    """Check only that the keys exist: `check_record` checks their values."""
    config = _CONFIGS.get(kind) if isinstance(kind, str) else None
    if config is None:
        return {}
    if not configuration:
        return {"configuration": ["Configuration is required for this query type"]}
    if not isinstance(configuration, dict) or all(key in configuration for key in config.keys):
        return {}
    return {"configuration": [config.message]}


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def with_schema(configuration: str, connector_name: str, catalog: CatalogRow | None) -> str:
    """Return a stored configuration with the JSON Schema of the connector's catalog.

    The stream must have the registry's name of the connector; without one it is `{}`.
    """
    streams = loads(catalog.catalog)["streams"] if catalog is not None else []
    own = [stream for stream in streams if stream["name"] == connector_name]
    json_schema = own[0]["json_schema"] if own else {}
    return dumps({**loads(configuration), "json_schema": json_schema}).decode()


def check_assignable(values: Values) -> None:
    """Raise `BadRequestError` for values that raise an exception in the server."""
    if values.get("query_type") == UNSTORABLE_TYPE:
        raise BadRequestError(f"'{UNSTORABLE_TYPE}' is not a valid query_type")
    check_storable(values.get(name) for name in TEXTS)


def check_record(action: str, values: Values, *, connected: bool) -> None:
    """Raise `ApplicationError` with the first message of each invalid field."""
    source = {} if connected else {"connector": "must exist"}
    if _is_blank(values["name"]):
        source["name"] = "can't be blank"
    kind, configuration = values["query_type"], values["configuration"]
    if kind in _QUERIED and _is_blank(values["query"]):
        source["query"] = "can't be blank"
    if kind in _CONFIGS and not configuration:
        source["configuration"] = "can't be blank"
    elif kind in _CONFIGS and not _is_sound(configuration, _CONFIGS[kind].keys):
        source["configuration"] = invalid_json("model")
    if source:
        raise ApplicationError(422, f"Model {action} failed", source)


def _is_sound(configuration: Mapping[str, object], names: Sequence[str]) -> bool:
    return all(_SHAPES[name](configuration.get(name)) for name in names)


def _is_embedding(value: object) -> bool:
    texts = (value.get("api_key"), value.get("model")) if isinstance(value, dict) else ("",)
    return all(isinstance(text, str) and text for text in texts)


def _is_chunking(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return _is_from(1, value.get("chunk_size")) and _is_from(0, value.get("chunk_overlap"))


def _is_from(least: int, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


_SHAPES = {
    "harvesters": lambda value: isinstance(value, list),
    "json_schema": lambda value: isinstance(value, dict),
    "embedding_config": _is_embedding,
    "chunk_config": _is_chunking,
}

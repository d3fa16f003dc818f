"""Models on the wire (docs/vendors/squared.md#10-models)."""

from typing import Annotated, Any, Literal

from orjson import Fragment

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.squared.rules import models as rules
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow, ConnectorRow
from mockalog.vendors.squared.rules.rows import ModelRow
from mockalog.vendors.squared.schemas.base import (
    Anything,
    IdText,
    In,
    Integer,
    Name,
    Out,
    Resource,
    Timestamp,
    absent,
    choice,
    exampled,
    one_of,
    resource,
)
from mockalog.vendors.squared.schemas.connectors.connectors import (
    ATTRIBUTES,
    NestedConnectorOut,
    nested_connector_of,
)
from mockalog.vendors.squared.schemas.paging import LINKS, DocsPageIn, LinksOut, ServerPageIn

QueryType = Annotated[str, choice(*rules.QUERY_TYPES)]

_NEW = {
    "connector_id": 6,
    "name": "Active users",
    "description": "",
    "query": "SELECT * FROM users",
    "query_type": "raw_sql",
    "primary_key": "id",
}
_CHANGES = {"query": "SELECT * FROM users WHERE active"}

_QUERY = "Required for raw_sql, dbt, soql and table_selector; it may not end in LIMIT or OFFSET"
_PRIMARY_KEY = "Column that tells rows apart; required unless the type is unstructured"
_CONFIGURATION = (
    "Required for four types. ai_ml: `harvesters`; dynamic_sql: `harvesters`, `json_schema`;"
    " unstructured: `harvesters`, `embedding_config`, `chunk_config`; vector_search:"
    " `harvesters`, `json_schema`, `embedding_config`"
)


class NewModelIn(In):
    """A model to create."""

    model_config = exampled(_NEW)

    connector_id: Integer
    name: Name
    description: str | None = absent()
    query: str | None = absent(description=_QUERY)
    query_type: QueryType
    primary_key: str | None = absent(description=_PRIMARY_KEY)
    configuration: Anything = absent(min_length=1, description=_CONFIGURATION)


class CreateModelIn(In):
    """A model to create."""

    model_config = exampled({"model": _NEW})

    model: NewModelIn


class ModelChangesIn(In):
    """The parts of a model to replace, at least one."""

    model_config = exampled(_CHANGES, **one_of(*rules.COLUMNS))

    connector_id: Integer = absent()
    name: Name = absent()
    description: str | None = absent()
    query: str | None = absent(description=_QUERY)
    query_type: QueryType = absent()
    primary_key: str | None = absent(description=_PRIMARY_KEY)
    configuration: Anything = absent(min_length=1, description=_CONFIGURATION)


class UpdateModelIn(In):
    """Changes of a model."""

    model_config = exampled({"model": _CHANGES})

    model: ModelChangesIn


class ModelsQueryIn(DocsPageIn):
    """The filter and the page of a list of models."""

    query_type: str = absent(
        description="Types of query, separated by commas; `data` stands for raw_sql, dbt, soql,"
        " table_selector and dynamic_sql, `dbt soql` for these two",
        examples=["data"],
    )


class ServerModelsQueryIn(ServerPageIn):
    """The filter and the page of a list of models."""

    query_type: str = absent(
        description="Types of query, separated by commas", examples=["raw_sql,dbt"]
    )


class ServerModelAttributesOut(Out):
    """A model."""

    name: str
    description: str | None
    query: str | None
    query_type: QueryType
    configuration: Anything | None
    primary_key: str | None
    created_at: Timestamp
    updated_at: Timestamp
    connector: NestedConnectorOut


class ModelAttributesOut(ServerModelAttributesOut):
    """A model, with its connector's number as the documentation has it."""

    connector_id: int


class NestedModelOut(ModelAttributesOut):
    """A model within a sync."""

    id: int


class ServerNestedModelOut(ServerModelAttributesOut):
    """A model within a sync."""

    id: int


class ModelResourceOut(Out):
    """A model as a JSON:API object."""

    id: IdText
    type: Literal["models"]
    attributes: ModelAttributesOut


class ServerModelResourceOut(Out):
    """A model as a JSON:API object."""

    id: IdText
    type: Literal["models"]
    attributes: ServerModelAttributesOut


EXAMPLE: dict[str, Any] = {
    **{key: value for key, value in _NEW.items() if key != "connector_id"},
    "configuration": None,
    "created_at": "2026-03-02T10:00:00.000Z",
    "updated_at": "2026-03-02T10:00:00.000Z",
    "connector": {"id": 6, **ATTRIBUTES},
}
_SERVER = {"id": "3", "type": "models", "attributes": EXAMPLE}
_DOCS = {"id": "3", "type": "models", "attributes": {"connector_id": 6, **EXAMPLE}}


class ModelOut(Out):
    """One model."""

    model_config = exampled({"data": _DOCS})

    data: ModelResourceOut


class ServerModelOut(Out):
    """One model."""

    model_config = exampled({"data": _SERVER})

    data: ServerModelResourceOut


class ModelsOut(Out):
    """One page of models, the one that changed last first."""

    model_config = exampled({"data": [_DOCS], "links": LINKS})

    data: list[ModelResourceOut]
    links: LinksOut


class ServerModelsOut(Out):
    """One page of models, the one that changed last first."""

    model_config = exampled({"data": [_SERVER], "links": LINKS})

    data: list[ServerModelResourceOut]
    links: LinksOut


def model_of(
    row: ModelRow, connector: ConnectorRow, dialect: str, catalog: CatalogRow | None = None
) -> Resource:
    """Return a stored model with its connector: docs/vendors/squared.md#1-contradictions, row 12.

    `catalog`: the connector's; an `ai_ml` model shows its JSON Schema.
    """
    configuration = row.configuration
    if row.query_type == "ai_ml" and configuration is not None:
        configuration = rules.with_schema(configuration, connector.connector_name, catalog)
    attributes: dict[str, object] = {
        "name": row.name,
        "description": row.description,
        "query": row.query,
        "query_type": row.query_type,
        "configuration": None if configuration is None else Fragment(configuration),
        "primary_key": row.primary_key,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
        "connector": nested_connector_of(connector),
    }
    documented: dict[str, object] = {"connector_id": row.connector_id} if dialect == "docs" else {}
    return resource("models", row.id, {**documented, **attributes})

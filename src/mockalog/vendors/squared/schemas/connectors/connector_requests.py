"""Requests of connectors (docs/vendors/squared.md#8-connectors)."""

from typing import Annotated

from pydantic import Field

from mockalog.vendors.squared.rules.connectors.connectors import (
    CATEGORIES,
    COLUMNS,
    SUB_CATEGORIES,
    TYPES,
)
from mockalog.vendors.squared.schemas.base import (
    Anything,
    In,
    Name,
    absent,
    choice,
    exampled,
    one_of,
    refusing,
    spelled,
    without,
)
from mockalog.vendors.squared.schemas.paging import DocsLenientPageIn, ServerLenientPageIn

ConnectorType = Annotated[str, choice(*TYPES)]
AnyConnectorType = Annotated[str, spelled(*TYPES)]

SNOWFLAKE = {
    "host": "acme.eu-west-1.snowflakecomputing.com",
    "role": "READER",
    "warehouse": "WH",
    "database": "DB",
    "schema": "PUBLIC",
    "credentials": {"auth_type": "username/password", "username": "svc", "password": "pw"},
}
_NEW = {
    "name": "Events warehouse",
    "connector_type": "source",
    "connector_name": "Snowflake",
    "configuration": SNOWFLAKE,
}

_REGISTRY_NAME = "Name of a definition of the type; case-sensitive"


class NewConnectorIn(In):
    """A connector to create. A name is unique among the connectors of its type."""

    model_config = exampled(_NEW)

    name: Name
    connector_type: ConnectorType
    connector_name: str = Field(min_length=1, description=_REGISTRY_NAME)
    configuration: Anything = Field(
        description="The settings of the connection, as the definition describes them"
    )
    description: str | None = absent()


# The server's record has no such column and fails. Without the wrapper the key is dropped.
_NO_QUERY_TYPE = Field(json_schema_extra=without("query_type"))


class CreateConnectorIn(In):
    """A connector to create."""

    model_config = exampled({"connector": _NEW})

    connector: Annotated[NewConnectorIn, _NO_QUERY_TYPE]


_CHANGES = {"name": "Events warehouse (EU)"}


class ConnectorChangesIn(In):
    """The parts of a connector to replace, at least one. A configuration is replaced whole."""

    model_config = exampled(_CHANGES, **one_of(*COLUMNS))

    name: Name = absent()
    connector_type: ConnectorType = absent()
    connector_name: str = absent(min_length=1, description=_REGISTRY_NAME)
    configuration: Anything = absent(description="Masked values of an answer would be stored")
    description: str | None = absent()


class UpdateConnectorIn(In):
    """Changes of a connector."""

    model_config = exampled({"connector": _CHANGES})

    connector: Annotated[ConnectorChangesIn, _NO_QUERY_TYPE]


# docs/vendors/squared.md#1-contradictions, row 6: the server refuses an empty configuration.
_FILLED = refusing("connector", "configuration", maxProperties=0)
ServerCreateConnectorIn = Annotated[CreateConnectorIn | NewConnectorIn, _FILLED]
ServerUpdateConnectorIn = Annotated[UpdateConnectorIn | ConnectorChangesIn, _FILLED]


class FiltersIn(In):
    """The filters of a list of connectors; they combine."""

    type: AnyConnectorType = absent()
    category: Annotated[str, choice(*CATEGORIES, "")] = absent(
        description="A set of categories; an empty one does not narrow"
    )
    sub_category: Annotated[str, choice(*SUB_CATEGORIES, "")] = absent(
        description="A set of sub-categories; an empty one does not narrow"
    )


class ConnectorsQueryIn(FiltersIn, DocsLenientPageIn):
    """The filters and the page of a list of connectors."""


class ServerConnectorsQueryIn(FiltersIn, ServerLenientPageIn):
    """The filters and the page of a list of connectors."""


class DiscoverQueryIn(In):
    """The way to look at a connector."""

    refresh: str = absent(
        description="`true` looks at the connector again; any other text does nothing",
        examples=["true"],
    )

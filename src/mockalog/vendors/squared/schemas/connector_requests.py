"""Connectors as a client sends them (squared.md, section 8)."""

from typing import Annotated

from pydantic import Field

from mockalog.vendors.squared.rules.connectors import (
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
# The server's record has no such column and fails on it.
_NO_QUERY_TYPE = without("query_type")


class NewConnectorIn(In):
    """A connector to create. A name is unique among the connectors of its type."""

    model_config = exampled(_NEW, **_NO_QUERY_TYPE)

    name: Name
    connector_type: ConnectorType
    connector_name: str = Field(min_length=1, description=_REGISTRY_NAME)
    configuration: Anything = Field(description="The settings of the connection")
    description: str | None = absent()


class StrictNewConnectorIn(NewConnectorIn):
    """A connector to create, whose configuration satisfies the definition's JSON Schema."""

    configuration: Anything = Field(
        min_length=1, description="The settings of the connection, as the definition describes them"
    )


class FlatNewConnectorIn(NewConnectorIn):
    """The same without the wrapper."""

    model_config = exampled(_NEW, **without("connector"))


class FlatStrictNewConnectorIn(StrictNewConnectorIn):
    """The same without the wrapper."""

    model_config = exampled(_NEW, **without("connector"))


class CreateConnectorIn(In):
    """A connector to create."""

    model_config = exampled({"connector": _NEW})

    connector: NewConnectorIn


class StrictCreateConnectorIn(In):
    """A connector to create."""

    model_config = exampled({"connector": _NEW})

    connector: StrictNewConnectorIn


_CHANGES = {"name": "Events warehouse (EU)"}


class ConnectorChangesIn(In):
    """The parts of a connector to replace, at least one. A configuration is replaced whole."""

    model_config = exampled(_CHANGES, **one_of(*COLUMNS), **_NO_QUERY_TYPE)

    name: Name = absent()
    connector_type: ConnectorType = absent()
    connector_name: str = absent(min_length=1, description=_REGISTRY_NAME)
    configuration: Anything = absent(description="Masked values of an answer would be stored")
    description: str | None = absent()


class StrictConnectorChangesIn(ConnectorChangesIn):
    """The parts of a connector to replace, at least one. A configuration is replaced whole."""

    configuration: Anything = absent(
        min_length=1, description="Masked values of an answer would be stored"
    )


_FLAT_CHANGES = exampled(_CHANGES, **one_of(*COLUMNS), **without("connector"))


class FlatConnectorChangesIn(ConnectorChangesIn):
    """The same without the wrapper."""

    model_config = _FLAT_CHANGES


class FlatStrictConnectorChangesIn(StrictConnectorChangesIn):
    """The same without the wrapper."""

    model_config = _FLAT_CHANGES


class UpdateConnectorIn(In):
    """Changes of a connector."""

    model_config = exampled({"connector": _CHANGES})

    connector: ConnectorChangesIn


class StrictUpdateConnectorIn(In):
    """Changes of a connector."""

    model_config = exampled({"connector": _CHANGES})

    connector: StrictConnectorChangesIn


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

"""Answers of connectors (docs/vendors/squared.md#8-connectors)."""

from functools import lru_cache
from typing import Literal

from orjson import Fragment
from pydantic import Field

from mockalog.kernel.clock import iso_millis
from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.schemas.base import (
    Anything,
    IdText,
    Out,
    Resource,
    Timestamp,
    exampled,
    resource,
)
from mockalog.vendors.squared.schemas.connectors.connector_requests import SNOWFLAKE, ConnectorType
from mockalog.vendors.squared.schemas.paging import LINKS, LinksOut

# The largest configuration of a cached answer, in characters.
MAX_CACHED = 4_000

_CREDENTIALS = {"auth_type": "username/password", "username": "svc", "password": "*" * 13}
# The example of a connector without its configuration.
END = {
    "name": "Events warehouse",
    "description": None,
    "connector_type": "source",
    "workspace_id": 2,
    "created_at": "2026-03-02T09:15:04.120Z",
    "updated_at": "2026-03-02T09:15:04.120Z",
    "connector_name": "Snowflake",
    "icon": "https://raw.githubusercontent.com/Multiwoven/multiwoven/main/integrations/lib/"
    "multiwoven/integrations/source/snowflake/icon.svg",
}
ATTRIBUTES = {**END, "configuration": {**SNOWFLAKE, "credentials": _CREDENTIALS}}
_RESOURCE = {"id": "7", "type": "connectors", "attributes": ATTRIBUTES}


class ConnectorFieldsOut(Out):
    """A connector without its configuration."""

    name: str
    description: str | None
    connector_type: ConnectorType
    workspace_id: int
    created_at: Timestamp
    updated_at: Timestamp
    connector_name: str = Field(description="Name of the definition")
    icon: str | None = Field(description="URL of a picture; null for an unknown connector")


class ConnectorAttributesOut(ConnectorFieldsOut):
    """A connector."""

    model_config = exampled(ATTRIBUTES)

    configuration: Anything = Field(
        description="The settings of the connection; each secret is 13 asterisks"
    )


class ConnectorResourceOut(Out):
    """A connector as a JSON:API object."""

    id: IdText
    type: Literal["connectors"]
    attributes: ConnectorAttributesOut


class ConnectorOut(Out):
    """One connector."""

    model_config = exampled({"data": _RESOURCE})

    data: ConnectorResourceOut


class ConnectorsOut(Out):
    """One page of connectors, the one that changed last first."""

    model_config = exampled({"data": [_RESOURCE], "links": LINKS})

    data: list[ConnectorResourceOut]
    links: LinksOut


class ConnectorEndOut(ConnectorFieldsOut):
    """A connector within a sync: without its configuration."""

    id: int


class NestedConnectorOut(ConnectorAttributesOut):
    """A connector within a model."""

    model_config = exampled({"id": 7, **ATTRIBUTES})

    id: int


def connector_of(row: ConnectorRow, sent: str | None = None) -> Resource | Fragment:
    """Return a stored connector with masked secrets.

    `sent`: the masked configuration in the order sent, for the answer to a write.
    """
    if sent is None and len(row.masked) <= MAX_CACHED:
        return _cached(row)
    masked = row.masked if sent is None else sent
    return resource("connectors", row.id, attributes_of(row, masked))


@lru_cache(maxsize=1024)
def _cached(row: ConnectorRow) -> Fragment:
    """Return a connector as JSON text; it depends on the row alone, so it is never stale."""
    return Fragment(dumps(resource("connectors", row.id, attributes_of(row, row.masked))))


def nested_connector_of(row: ConnectorRow) -> dict[str, object]:
    """Return a stored connector as a model shows it."""
    return {"id": row.id, **attributes_of(row, row.masked)}


def end_of(row: ConnectorRow) -> dict[str, object]:
    """Return a stored connector as a sync shows it."""
    connector = nested_connector_of(row)
    del connector["configuration"]
    return connector


def attributes_of(row: ConnectorRow, configuration: str) -> dict[str, object]:
    """Return the attributes of a stored connector; `configuration`: masked, as JSON text."""
    return {
        "name": row.name,
        "description": row.description,
        "connector_type": row.connector_type,
        "workspace_id": row.workspace_id,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
        "configuration": Fragment(configuration),
        "connector_name": row.connector_name,
        # docs/vendors/squared.md#8-connectors
        "icon": row.icon or None,
    }

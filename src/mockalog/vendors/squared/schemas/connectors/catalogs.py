"""Catalogs on the wire.

Sources: docs/vendors/squared.md#9-catalogs and docs/vendors/squared.md#12-discovered-catalogs.
"""

from typing import Annotated, Literal

from orjson import Fragment
from pydantic import Field

from mockalog.kernel.clock import iso_millis
from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow
from mockalog.vendors.squared.schemas.base import (
    Anything,
    IdText,
    In,
    Integer,
    Out,
    Resource,
    Timestamp,
    absent,
    exampled,
    resource,
)

_POSTED = {"json_schema": {"key": "value"}}

SyncMode = Literal["full_refresh", "incremental"]
Unit = Literal["minute", "hour", "day"]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{40}$", description="SHA-1 of the catalog")]


class NewCatalogIn(In):
    """A catalog; the server uses its JSON schema alone."""

    json_schema: Anything = Field(min_length=1, description="The fields of the one stream")


class CatalogIn(In):
    """The catalog of a connector."""

    model_config = exampled({"connector_id": 6, "catalog": _POSTED})

    connector_id: Integer
    catalog: NewCatalogIn


class FlatCatalogOut(Out):
    """A new catalog; `catalog` holds what was sent."""

    model_config = exampled(
        {
            "id": 123,
            "connector_id": 6,
            "workspace_id": 2,
            "catalog": _POSTED,
            "created_at": "2026-03-02T09:15:04.120Z",
            "updated_at": "2026-03-02T09:15:04.120Z",
        }
    )

    id: int
    connector_id: int
    workspace_id: int
    catalog: Anything
    created_at: Timestamp
    updated_at: Timestamp


class StreamOut(Out):
    """One table, or one kind of record, of a connector."""

    name: str
    json_schema: Anything
    action: Literal["fetch", "create", "update", "delete"] = absent()
    url: str | None = absent()
    request_method: str | None = absent()
    batch_support: bool
    batch_size: int
    supported_sync_modes: list[SyncMode] = absent()
    source_defined_cursor: bool = absent()
    default_cursor_field: list[str] = absent(description="The column that a cursor starts with")
    source_defined_primary_key: list[list[str]] = absent(description="The path of each key")
    request_rate_limit: int = absent(description="0: the catalog's")
    request_rate_limit_unit: Unit = absent()
    request_rate_concurrency: int = absent()


class StreamsOut(Out):
    """A catalog: the streams of a connector, and how fast it may be called."""

    streams: list[StreamOut]
    request_rate_limit: int | None = Field(description="Null if the connector cannot be reached")
    request_rate_limit_unit: Unit | None
    request_rate_concurrency: int | None
    schema_mode: Literal["schema", "schemaless"] = absent()
    source_defined_cursor: bool = absent()


class CatalogAttributesOut(Out):
    """The catalog of a connector."""

    connector_id: int
    workspace_id: int
    catalog: StreamsOut
    catalog_hash: Hash


class CatalogResourceOut(Out):
    """A catalog as a JSON:API object."""

    id: IdText
    type: Literal["catalogs"]
    attributes: CatalogAttributesOut


_STREAM = {
    "name": "My Klaviyo",
    "url": "unknown",
    "json_schema": {"key": "value"},
    "batch_support": False,
    "batch_size": 0,
    "request_method": "POST",
}
_CATALOG = {
    "streams": [_STREAM],
    "request_rate_concurrency": 10,
    "request_rate_limit": 600,
    "request_rate_limit_unit": "minute",
}


class CatalogOut(Out):
    """One catalog."""

    model_config = exampled(
        {
            "data": {
                "id": "123",
                "type": "catalogs",
                "attributes": {
                    "connector_id": 6,
                    "workspace_id": 2,
                    "catalog": _CATALOG,
                    "catalog_hash": "d96ccdcd0e32997cafc3da75db0d57e7e1cb0c54",
                },
            }
        }
    )

    data: CatalogResourceOut


def catalog_of(row: CatalogRow) -> Resource:
    """Return a stored catalog."""
    attributes: dict[str, object] = {
        "connector_id": row.connector_id,
        "workspace_id": row.workspace_id,
        "catalog": Fragment(row.catalog),
        "catalog_hash": row.catalog_hash,
    }
    return resource("catalogs", row.id, attributes)


def flat_catalog_of(row: CatalogRow, posted: object) -> dict[str, object]:
    """Return a new catalog as the documentation's flat object; `posted`: its JSON (seed)."""
    return {
        "id": row.id,
        "connector_id": row.connector_id,
        "workspace_id": row.workspace_id,
        "catalog": Fragment(dumps(posted)),
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
    }

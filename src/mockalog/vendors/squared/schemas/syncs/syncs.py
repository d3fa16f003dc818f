"""Answers of syncs.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls.
"""

from collections.abc import Mapping
from typing import Literal

from orjson import Fragment
from pydantic import Field

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow, ConnectorRow
from mockalog.vendors.squared.rules.rows import ModelRow
from mockalog.vendors.squared.rules.syncs import syncs as rules
from mockalog.vendors.squared.rules.syncs.rows import SyncRow
from mockalog.vendors.squared.schemas.base import (
    Anything,
    IdText,
    Out,
    Resource,
    Scalar,
    Timestamp,
    absent,
    exampled,
    resource,
)
from mockalog.vendors.squared.schemas.connectors.connectors import END, ConnectorEndOut, end_of
from mockalog.vendors.squared.schemas.models import (
    EXAMPLE,
    NestedModelOut,
    ServerNestedModelOut,
    model_of,
)
from mockalog.vendors.squared.schemas.paging import LINKS, LinksOut
from mockalog.vendors.squared.schemas.syncs.sync_requests import (
    NEW,
    IntervalUnit,
    ScheduleType,
    SyncMode,
)


class EmbeddingOut(Out):
    """The service that makes an embedding."""

    mode: Scalar = absent()
    model: Scalar = absent()
    api_key: Scalar = absent()


class MappingOut(Out):
    """One field of the destination, as it was sent."""

    from_: Scalar = absent(alias="from")
    to: Scalar = absent()
    mapping_type: Scalar = absent()
    value: Scalar = absent()
    value_type: Scalar = absent()
    template: Scalar = absent()
    field_type: Scalar = absent()
    hide_embedding: Scalar = absent()
    embedding_config: EmbeddingOut = absent()


class SyncFieldsOut(Out):
    """A sync without its model."""

    source_id: int
    destination_id: int
    model_id: int
    configuration: list[MappingOut] | Anything
    schedule_type: ScheduleType
    sync_mode: SyncMode
    sync_interval: int | None
    sync_interval_unit: IntervalUnit | None
    cron_expression: str | None = Field(description="In UTC")
    stream_name: str
    status: Literal["disabled", "healthy", "pending", "failed"]
    cursor_field: str | None
    current_cursor_field: str | None = Field(description="The last value that was sent")
    updated_at: Timestamp
    created_at: Timestamp
    source: ConnectorEndOut
    destination: ConnectorEndOut


class SyncAttributesOut(SyncFieldsOut):
    """A sync."""

    model: NestedModelOut


class ServerSyncAttributesOut(SyncFieldsOut):
    """A sync."""

    model: ServerNestedModelOut


_FIELDS = {
    **NEW,
    "cron_expression": None,
    "status": "pending",
    "current_cursor_field": None,
    "updated_at": "2026-03-02T10:04:59.000Z",
    "created_at": "2026-03-02T10:04:59.000Z",
    "source": {"id": 6, **END},
    "destination": {"id": 7, **END, "connector_type": "destination", "connector_name": "Klaviyo"},
}
_SERVER = {
    "id": "10",
    "type": "syncs",
    "attributes": {**_FIELDS, "model": {"id": 3, **EXAMPLE}},
}
_DOCS = {
    "id": "10",
    "type": "syncs",
    "attributes": {**_FIELDS, "model": {"id": 3, "connector_id": 6, **EXAMPLE}},
}


class SyncResourceOut(Out):
    """A sync as a JSON:API object."""

    model_config = exampled(_DOCS)

    id: IdText
    type: Literal["syncs"]
    attributes: SyncAttributesOut


class ServerSyncResourceOut(Out):
    """A sync as a JSON:API object."""

    id: IdText
    type: Literal["syncs"]
    attributes: ServerSyncAttributesOut


class SyncOut(Out):
    """One sync."""

    model_config = exampled({"data": _DOCS})

    data: SyncResourceOut


class ServerSyncOut(Out):
    """One sync."""

    model_config = exampled({"data": _SERVER})

    data: ServerSyncResourceOut


class UpdatedSyncOut(SyncOut):
    """A sync that changed."""

    model_config = exampled(
        {"success": True, "message": "Sync updated successfully", "data": _DOCS}
    )

    success: Literal[True]
    message: str


class SyncsOut(Out):
    """One page of syncs, the one that changed last first."""

    model_config = exampled({"data": [_DOCS], "links": LINKS})

    data: list[SyncResourceOut]
    links: LinksOut


class ServerSyncsOut(Out):
    """One page of syncs, the one that changed last first."""

    model_config = exampled({"data": [_SERVER], "links": LINKS})

    data: list[ServerSyncResourceOut]
    links: LinksOut


_SYNC = (*rules.COLUMNS[:-1], "status", "cursor_field", "current_cursor_field")


def sync_of(
    row: SyncRow,
    model: ModelRow,
    connectors: Mapping[int, ConnectorRow],
    catalog: CatalogRow | None,
    dialect: str,
) -> Resource:
    """Return a stored sync with its model and its connectors without their configuration.

    `connectors`: at least those of sync and model, by id. `catalog`: of the model's connector.
    """
    nested = model_of(model, connectors[model.connector_id], dialect, catalog)
    attributes: dict[str, object] = {
        **{name: getattr(row, name) for name in _SYNC},
        "configuration": Fragment(row.configuration),
        "updated_at": iso_millis(row.updated_at),
        "created_at": iso_millis(row.created_at),
        "source": end_of(connectors[row.source_id]),
        "destination": end_of(connectors[row.destination_id]),
        "model": {"id": model.id, **nested["attributes"]},
    }
    return resource("syncs", row.id, attributes)


def updated_sync(sync: Resource, dialect: str) -> dict[str, object]:
    """Return the answer to an update.

    Source: docs/vendors/squared.md#1-contradictions, row 17 (the message is inferred).
    """
    if dialect == "server":
        return {"data": sync}
    return {"success": True, "message": "Sync updated successfully", "data": sync}

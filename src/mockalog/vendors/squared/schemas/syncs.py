"""Syncs as the server answers them.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls.
"""

from typing import Any, Literal

from orjson import Fragment
from pydantic import Field

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.squared.schemas.base import (
    Anything,
    IdText,
    Out,
    Scalar,
    Timestamp,
    absent,
    exampled,
)
from mockalog.vendors.squared.schemas.connectors import END, ConnectorEndOut, end_of
from mockalog.vendors.squared.schemas.models import (
    EXAMPLE,
    NestedModelOut,
    ServerNestedModelOut,
    model_of,
)
from mockalog.vendors.squared.schemas.paging import LINKS, LinksOut
from mockalog.vendors.squared.schemas.sync_requests import NEW, IntervalUnit, ScheduleType, SyncMode
from mockalog.vendors.squared.schemas.wire import resource


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


_SYNC = (
    "source_id",
    "destination_id",
    "model_id",
    "configuration",
    "schedule_type",
    "sync_mode",
    "sync_interval",
    "sync_interval_unit",
    "cron_expression",
    "stream_name",
    "status",
    "cursor_field",
    "current_cursor_field",
)


def sync_of(row: Any, page: Any, dialect: str) -> dict[str, Any]:
    """Return a stored sync with its connectors, whose configuration is left out, and its model.

    `page`: the models, connectors and catalogs of all syncs that are shown, by id.
    """
    model = page.models[row.model_id]
    catalog = page.catalogs.get(model.connector_id)
    shown = model_of(model, page.connectors[model.connector_id], dialect, catalog)
    attributes = {
        **{name: getattr(row, name) for name in _SYNC},
        "configuration": Fragment(row.configuration),
        "updated_at": iso_millis(row.updated_at),
        "created_at": iso_millis(row.created_at),
        "source": end_of(page.connectors[row.source_id]),
        "destination": end_of(page.connectors[row.destination_id]),
        "model": {"id": model.id, **shown["attributes"]},
    }
    return resource("syncs", row, attributes)


def shown_sync(sync: dict[str, Any], dialect: str) -> dict[str, Any]:
    """Return what an update answers.

    Source: docs/vendors/squared.md#1-contradictions, row 17 (the message is inferred).
    """
    if dialect == "server":
        return {"data": sync}
    return {"success": True, "message": "Sync updated successfully", "data": sync}

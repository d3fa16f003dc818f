"""Ingestions on the wire.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.formats.json import dumps, loads_stored
from mockalog.vendors.attraqt.json_columns import MAX_SOURCE, Configuration
from mockalog.vendors.attraqt.models import INGESTION_STATUSES
from mockalog.vendors.attraqt.repository.ingestions import IngestionRow
from mockalog.vendors.attraqt.rules.batch_imports import BATCH_NAME
from mockalog.vendors.attraqt.rules.ingestions import RUNNING, status_at
from mockalog.vendors.attraqt.rules.timestamps import DURATION, elapsed_seconds
from mockalog.vendors.attraqt.schemas.base import (
    In,
    InstantOut,
    Number,
    NumberIn,
    Out,
    TenancyIn,
    UuidOut,
    any_case,
    one_of,
    shown,
    whole,
)
from mockalog.vendors.attraqt.schemas.batch_imports import BATCH_ID

_CONFIGURATION: dict[str, Any] = {
    "batchImportId": BATCH_ID,
    "catalogVersion": 2,
    "minItemCount": 0,
    "minSuccessRatePercent": 90,
    "source": "",
    "deleteMissingItems": False,
    "promoteCatalogOnCompletion": False,
}
_INGESTION: dict[str, Any] = {
    "id": "8d1f0c52-6a0e-4f0b-9a35-2f7a1f0f8c21",
    "configuration": _CONFIGURATION,
    "status": "completed",
    "statusReason": "",
    "itemErrorCount": 1,
    "itemErrorsSummary": {"price must be a number": 1},
    "upsertedItemCount": 12,
    "deletedItemCount": 0,
    "duration": "41s",
    "createdAt": "2025-03-01T10:00:00.100000Z",
    "updatedAt": "2025-03-01T10:00:41.200000Z",
}

IngestionId = Annotated[
    str,
    Path(
        description="The id of the ingestion: a UUID.",
        pattern=r"^[0-9a-fA-F-]{36}$",
        examples=[_INGESTION["id"]],
    ),
]

# JSON transcoding of gRPC also takes `true` as a text.
_Flag = bool | Annotated[str, one_of(["true", "false"])] | None
_Percent = (
    Annotated[float, Field(ge=0, le=100)]
    | Annotated[str, Field(pattern=r"^0{0,16}(100(\.0{1,19})?|[0-9]{1,2}(\.[0-9]{1,19})?)$")]
)


class IngestionsQueryIn(TenancyIn):
    """The query of the list of ingestions."""

    lookback_duration: str = Field(
        "",
        alias="lookback_duration",
        pattern=f"^({DURATION.pattern})?$",
        description="The age up to which ingestions are listed, in seconds, minutes, hours or "
        "days; empty: any age.",
        examples=["7d", "24h"],
    )
    status: str = Field(
        "",
        pattern=f"^$|{any_case(*INGESTION_STATUSES)}",
        description=f"One of {', '.join(INGESTION_STATUSES)}, in any case; empty: all.",
        examples=["completed"],
    )


class IngestionIn(In):
    """A batch to take into a catalog."""

    model_config = shown(_CONFIGURATION)

    catalog_version: NumberIn
    batch_import_id: Annotated[str, Field(pattern=f"^$|{whole(BATCH_NAME)}")] | Number | None = (
        Field(None, description="Null or empty: the default batch of the catalog.")
    )
    min_item_count: NumberIn | None = Field(
        None, description="The ingestion fails if fewer items pass the item schema."
    )
    min_success_rate_percent: _Percent | None = Field(
        None, description="The ingestion fails if a smaller part of the items passes."
    )
    source: Annotated[str, Field(max_length=MAX_SOURCE, pattern=r"^[^\x00]*$")] | None = Field(
        None, description="The name of the feed that the items come from."
    )
    delete_missing_items: _Flag = Field(
        None, description="Deletes items of the same source that are not in the batch."
    )
    promote_catalog_on_completion: _Flag = Field(
        None, description="Activates the catalog afterwards."
    )


class ConfigurationOut(Out):
    """The request of an ingestion, defaults filled in."""

    batch_import_id: str
    catalog_version: Number
    min_item_count: Number
    min_success_rate_percent: float = Field(ge=0, le=100)
    source: str
    delete_missing_items: bool
    promote_catalog_on_completion: bool


class IngestionOut(Out):
    """An ingestion at this instant."""

    model_config = shown(_INGESTION)

    id: UuidOut
    configuration: ConfigurationOut
    status: Annotated[str, one_of(INGESTION_STATUSES)]
    status_reason: str = Field(description="Why it failed or did not promote; empty otherwise.")
    item_error_count: Number = Field(description="The sum of the summary.")
    item_errors_summary: dict[str, Number] = Field(
        description="The number of errors by attribute and rule. Feedback has the values."
    )
    upserted_item_count: Number = Field(
        description="The number of valid items, which `minItemCount` counts too."
    )
    deleted_item_count: Number
    duration: str = Field(pattern="^[0-9]+s$", description="Whole seconds.")
    created_at: InstantOut
    updated_at: InstantOut


class IngestionsOut(Out):
    """The ingestions of a tenancy, newest first."""

    model_config = shown({"batchImportIngestions": [_INGESTION]})

    batch_import_ingestions: list[IngestionOut]


def result_out(
    *,
    reason: str = "",
    errors: Mapping[str, int] | None = None,
    upserted: int = 0,
    deleted: int = 0,
) -> str:
    """Return the JSON of an ingestion's result; `errors` are counted by their texts."""
    summary = dict(errors or {})
    result = {
        "statusReason": reason,
        "itemErrorCount": sum(summary.values()),
        "itemErrorsSummary": summary,
        "upsertedItemCount": upserted,
        "deletedItemCount": deleted,
    }
    return dumps(result).decode()


def ingestion_out(row: IngestionRow, now: int) -> dict[str, object]:
    """Return an ingestion at an instant."""
    status = status_at(row.status, row.created_at, row.due_at, now)
    updated_at = row.created_at if row.ended_at is None else row.ended_at
    if status == RUNNING:
        updated_at += (row.due_at - row.created_at + 1) // 2
    until = now if row.ended_at is None else row.ended_at
    return {
        "id": row.name,
        "configuration": _configuration(Configuration(**loads_stored(row.configuration))),
        "status": status,
        **loads_stored(row.result),
        "duration": f"{elapsed_seconds(row.created_at, until)}s",
        "createdAt": iso_micros(row.created_at),
        "updatedAt": iso_micros(updated_at),
    }


def _configuration(configuration: Configuration) -> dict[str, object]:
    return {
        "batchImportId": configuration.batch,
        "catalogVersion": configuration.version,
        "minItemCount": configuration.min_items,
        "minSuccessRatePercent": configuration.min_success_percent,
        "source": configuration.source,
        "deleteMissingItems": configuration.delete_missing,
        "promoteCatalogOnCompletion": configuration.promote,
    }

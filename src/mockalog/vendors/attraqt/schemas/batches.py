"""Ingestions as they were recorded (attraqt.md, section 7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.wire import Answer, answer, dumps, read
from mockalog.vendors.attraqt.rules.batches import RUNNING, Configuration, status_at
from mockalog.vendors.attraqt.rules.instants import seconds


def result_out(
    *,
    reason: str = "",
    errors: Mapping[str, int] | None = None,
    upserted: int = 0,
    deleted: int = 0,
) -> str:
    """Return the JSON of what an ingestion did so far; `errors` are counted by their texts."""
    summary = dict(errors or {})
    result = {
        "statusReason": reason,
        "itemErrorCount": sum(summary.values()),
        "itemErrorsSummary": summary,
        "upsertedItemCount": upserted,
        "deletedItemCount": deleted,
    }
    return dumps(result).decode()


def batches_out(rows: Sequence[Any]) -> Answer:
    """Return the batches under their plural key (recorded; the docs show a bare array)."""
    listed = [{"id": row.name, "createdAt": iso_micros(row.created_at)} for row in rows]
    return answer({"batchImports": listed})


def ingestion_out(row: Any, now: int) -> dict[str, Any]:
    """Return an ingestion at an instant."""
    status = status_at(row.status, row.created_at, row.due_at, now)
    updated_at = row.created_at if row.ended_at is None else row.ended_at
    if status == RUNNING:
        updated_at += (row.due_at - row.created_at + 1) // 2
    until = now if row.ended_at is None else row.ended_at
    return {
        "id": row.name,
        "configuration": _configuration(Configuration(**read(row.configuration))),
        "status": status,
        **read(row.result),
        "duration": f"{seconds(row.created_at, until)}s",
        "createdAt": iso_micros(row.created_at),
        "updatedAt": iso_micros(updated_at),
    }


def _configuration(wanted: Configuration) -> dict[str, Any]:
    return {
        "batchImportId": wanted.batch,
        "catalogVersion": wanted.version,
        "minItemCount": wanted.min_items,
        "minSuccessRatePercent": wanted.min_success_percent,
        "source": wanted.source,
        "deleteMissingItems": wanted.delete_missing,
        "promoteCatalogOnCompletion": wanted.promote,
    }

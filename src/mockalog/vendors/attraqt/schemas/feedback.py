"""Feedback as recorded (attraqt.md, section 9): versions are texts, instants have no zone."""

from collections.abc import Mapping
from typing import Any

from mockalog.vendors.attraqt.rules.feedback import created
from mockalog.vendors.attraqt.rules.instants import local, seconds

NOT_APPLICABLE = "N/A"


def creation_out(ledger: Any) -> dict[str, Any]:
    """Return the record of a catalog's creation, which took no time."""
    at = ledger.created_at
    return {
        "version": str(ledger.version),
        **_times(at, at, at),
        "state": "SUCCESS",
        "message": created(ledger.version, ledger.receipt_id),
        "receiptId": ledger.receipt_id,
        "environment": ledger.environment,
    }


def activation_out(row: Any, ledger: Any, now: int | None = None) -> dict[str, Any]:
    """Return the record of an activation.

    In a list (no `now`) one that still runs ends as it starts; alone it has no end yet, and its
    duration grows.
    """
    ended = row.started_at if row.ended_at is None and now is None else row.ended_at
    return {
        "version": str(ledger.version),
        **_times(row.started_at, ended, now or row.started_at),
        "state": row.state,
        "message": row.message,
        "receiptId": row.receipt_id,
        "environment": ledger.environment,
    }


def signal_out(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a catalog in the form of a single update."""
    times = {key: record[key] for key in ("startTimestamp", "endTimestamp", "duration")}
    update = {
        **times,
        "state": record["state"],
        "message": record["message"],
        "itemId": NOT_APPLICABLE,
        "receiptId": record["receiptId"],
        "catalogId": record["version"],
        "environment": record["environment"],
    }
    return {"update": update, "type": "SIGNAL"}


def item_update_out(row: Any, ledger: Any, now: int) -> dict[str, Any]:
    """Return what became of an item, or that it still waits."""
    return {
        **_times(row.started_at, row.ended_at, now),
        "state": row.state,
        "message": row.message,
        "itemId": row.item_id,
        "receiptId": row.receipt_id,
        "catalogId": str(ledger.version),
        "environment": ledger.environment,
    }


def counts_out(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many updates of each state there are."""
    return {
        "numberOfSuccesses": counts["SUCCESS"],
        "numberOfFailures": counts["FAILURE"],
        "numberOfPendingUpdates": counts["PENDING"],
    }


def _times(began: int, ended: int | None, now: int) -> dict[str, Any]:
    return {
        "startTimestamp": local(began),
        "endTimestamp": NOT_APPLICABLE if ended is None else local(ended),
        "duration": seconds(began, now if ended is None else ended),
    }

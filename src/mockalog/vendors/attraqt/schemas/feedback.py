"""Feedback on the wire: versions are texts, instants have no zone (recorded).

Source: docs/vendors/attraqt.md#9-feedback.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from mockalog.vendors.attraqt.models import UPDATE_STATES
from mockalog.vendors.attraqt.repository.activations import ActivationRow
from mockalog.vendors.attraqt.repository.catalog_history import HistoryRow
from mockalog.vendors.attraqt.repository.feedback import UpdateRow
from mockalog.vendors.attraqt.rules.feedback import RECEIPT, SUCCESS, catalog_created
from mockalog.vendors.attraqt.rules.timestamps import elapsed_seconds, feedback_timestamp
from mockalog.vendors.attraqt.schemas.base import (
    Number,
    Out,
    UuidOut,
    any_case,
    one_of,
    shown,
    whole,
)

NOT_APPLICABLE = "N/A"

_RECEIPT = "3f0c6d4e-9b1a-4d0a-8a53-0e6f1f2a7b11"
_CREATION: dict[str, Any] = {
    "version": "2",
    "startTimestamp": "2025-02-19T14:06:28.632103",
    "endTimestamp": "2025-02-19T14:06:28.632103",
    "duration": 0,
    "state": "SUCCESS",
    "message": f"Creation of the catalog version #2 succeed // receiptId: {_RECEIPT}",
    "receiptId": _RECEIPT,
    "environment": "live1",
}
_ACTIVATION: dict[str, Any] = {
    **_CREATION,
    "endTimestamp": "2025-02-19T14:07:31.102103",
    "duration": 62,
    "message": "Activation of the catalog version #2 succeed",
}
_UPDATE: dict[str, Any] = {
    "startTimestamp": "2025-02-19T14:06:28.632103",
    "endTimestamp": "2025-02-19T14:06:29.632103",
    "duration": 1,
    "state": "SUCCESS",
    "message": "",
    "itemId": "A0001",
    "receiptId": _RECEIPT,
    "catalogId": "2",
    "environment": "live1",
}

AnyVersion = Annotated[
    str,
    Path(
        description="The version of the catalog; one that does not exist has no updates.",
        examples=["2"],
    ),
]
State = Annotated[
    str,
    Path(
        description=f"One of {', '.join(UPDATE_STATES)}, in any case.",
        pattern=any_case(*UPDATE_STATES),
        examples=["SUCCESS"],
    ),
]
ReceiptId = Annotated[
    str,
    Path(
        description="The receipt of an item, or of a catalog's creation or activation.",
        pattern=whole(RECEIPT),
        examples=[_RECEIPT],
    ),
]
_Time = Annotated[str, Field(pattern=rf"^[0-9T:.\-]+$|^{NOT_APPLICABLE}$")]


class RecordOut(Out):
    """What became of a catalog's creation or of one of its activations."""

    model_config = shown(_CREATION)

    version: str = Field(description="The version of the catalog, as a text.")
    start_timestamp: _Time
    end_timestamp: _Time = Field(description="Without zone; the start while it still runs.")
    duration: Number = Field(description="Whole seconds.")
    state: Annotated[str, one_of(UPDATE_STATES)]
    message: str
    receipt_id: UuidOut
    environment: str


class CreationsOut(Out):
    """The creations of catalogs, newest first; those of deleted catalogs too."""

    model_config = shown({"catalogCreations": [_CREATION]})

    catalog_creations: list[RecordOut]


class StatisticsOut(Out):
    """A catalog's creation, and its activations, the last one first."""

    model_config = shown({"catalogCreation": _CREATION, "catalogActivations": [_ACTIVATION]})

    catalog_creation: RecordOut
    catalog_activations: list[RecordOut]


class RecentCountsOut(Out):
    """The numbers of updates by their states."""

    model_config = shown(
        {"numberOfSuccesses": 12, "numberOfFailures": 1, "numberOfPendingUpdates": 0}
    )

    number_of_successes: Number
    number_of_failures: Number
    number_of_pending_updates: Number


class CountsOut(RecentCountsOut):
    """The numbers of updates by their states, and their sum."""

    model_config = shown(
        {
            "numberOfSuccesses": 12,
            "numberOfFailures": 1,
            "numberOfPendingUpdates": 0,
            "numberOfUpdates": 13,
        }
    )

    number_of_updates: Number


class CountOut(Out):
    """The number of updates in one state."""

    model_config = shown({"numberOfUpdates": 12})

    number_of_updates: Number


class UpdateOut(Out):
    """What became of an item, or, with `N/A` for it, of a catalog."""

    model_config = shown(_UPDATE)

    start_timestamp: _Time
    end_timestamp: _Time = Field(description="Without zone; `N/A` while it still runs.")
    duration: Number = Field(description="Whole seconds.")
    state: Annotated[str, one_of(UPDATE_STATES)]
    message: str = Field(description="The reason of a failure; empty if there is nothing to say.")
    item_id: str
    receipt_id: UuidOut
    catalog_id: str = Field(description="The version of the catalog, as a text.")
    environment: str


class UpdatesOut(Out):
    """Updates of one state, newest first."""

    model_config = shown({"updates": [_UPDATE]})

    updates: list[UpdateOut]


class ReceiptUpdateOut(Out):
    """The update of a receipt; `SIGNAL`: of a catalog, `ITEM`: of an item."""

    model_config = shown(
        {"update": {**_UPDATE, "itemId": NOT_APPLICABLE}, "type": "SIGNAL"},
        {"update": _UPDATE, "type": "ITEM"},
    )

    update: UpdateOut
    type: Annotated[str, one_of(["SIGNAL", "ITEM"])]


def creation_out(history: HistoryRow) -> dict[str, object]:
    """Return the record of a catalog's creation, whose duration is 0."""
    at = history.created_at
    return {
        "version": str(history.version),
        **_times(at, at, at),
        "state": SUCCESS,
        "message": catalog_created(history.version, history.receipt_id),
        "receiptId": history.receipt_id,
        "environment": history.environment,
    }


def activation_out(
    activation: ActivationRow, history: HistoryRow, now: int | None = None
) -> dict[str, object]:
    """Return the record of an activation.

    In a list (`now` is None) a running activation ends at its start. As a single update it has
    no end yet, and its duration grows.
    """
    started = activation.started_at
    ended = started if activation.ended_at is None and now is None else activation.ended_at
    return {
        "version": str(history.version),
        **_times(started, ended, now or started),
        "state": activation.state,
        "message": activation.message,
        "receiptId": activation.receipt_id,
        "environment": history.environment,
    }


def signal_out(record: Mapping[str, object]) -> dict[str, object]:
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


def item_update_out(update: UpdateRow, history: HistoryRow, now: int) -> dict[str, object]:
    """Return the update of an item at an instant."""
    return {
        **_times(update.started_at, update.ended_at, now),
        "state": update.state,
        "message": update.message,
        "itemId": update.item_id,
        "receiptId": update.receipt_id,
        "catalogId": str(history.version),
        "environment": history.environment,
    }


def counts_out(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers of updates by their states."""
    return {
        "numberOfSuccesses": counts["SUCCESS"],
        "numberOfFailures": counts["FAILURE"],
        "numberOfPendingUpdates": counts["PENDING"],
    }


def _times(began: int, ended: int | None, now: int) -> dict[str, object]:
    return {
        "startTimestamp": feedback_timestamp(began),
        "endTimestamp": NOT_APPLICABLE if ended is None else feedback_timestamp(ended),
        "duration": elapsed_seconds(began, now if ended is None else ended),
    }

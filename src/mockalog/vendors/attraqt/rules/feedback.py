"""Queries, receipts and messages of feedback.

Source: docs/vendors/attraqt.md#9-feedback.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND
from mockalog.vendors.attraqt.errors import CATALOGUE, INTERNAL, INVALID_ARGUMENT, AttraqtError
from mockalog.vendors.attraqt.models import UPDATE_STATES
from mockalog.vendors.attraqt.rules.primitives import integer
from mockalog.vendors.attraqt.rules.timestamps import UNITS, parse_timestamp

SUCCESS, FAILURE, PENDING = UPDATE_STATES

# The docs say below 100, but a client always sends 100 (inferred).
MAX_SIZE = 100

# The message of an item without a fault begins with it, if its ingestion failed.
INGESTION_FAILED = "The ingestion failed: "

RECEIPT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Period(NamedTuple):
    """A period between two instants in microseconds, both included."""

    begin: int
    end: int


class Page(NamedTuple):
    """A part of a list: `limit` entries after the first `skip` ones."""

    skip: int
    limit: int


def relative_period(query: Mapping[str, str], now: int) -> Period:
    """Return the period of `lastPeriodValue` and `lastPeriodUnit`; raises `AttraqtError`.

    Without them the period has no beginning (inferred).
    """
    value, unit = query.get("lastPeriodValue"), query.get("lastPeriodUnit")
    if value is None and unit is None:
        return Period(EARLIEST, now)
    number, seconds = integer(value), UNITS.get((unit or "").upper().removesuffix("S"))
    if number is None or seconds is None:
        raise AttraqtError(
            INVALID_ARGUMENT,
            f"lastPeriodValue must be an integer, lastPeriodUnit one of {', '.join(UNITS)}",
        )
    return Period(max(EARLIEST, now - number * seconds * SECOND), now)


def absolute_period(query: Mapping[str, str]) -> Period:
    """Return the period of `startTime` and `endTime`; raises `AttraqtError`.

    An absent bound does not limit the period (inferred).
    """
    return Period(
        _instant(query, "startTime", EARLIEST),
        _instant(query, "endTime", LATEST),
    )


def _instant(query: Mapping[str, str], key: str, default: int) -> int:
    if not query.get(key):
        return default
    # An unencoded plus sign arrives as a space.
    at = parse_timestamp(query[key].replace(" ", "+"))
    if at is None:
        raise AttraqtError(INVALID_ARGUMENT, f"{key} must be an ISO 8601 instant")
    return at


def parse_state(text: str) -> str:
    """Return the state that a path names, in any case; raises `AttraqtError`."""
    if text.upper() not in UPDATE_STATES:
        states = ", ".join(UPDATE_STATES)
        raise AttraqtError(INVALID_ARGUMENT, f"The state must be one of {states}")
    return text.upper()


def parse_page(query: Mapping[str, str]) -> Page:
    """Return the page of `from` and `size`; raises `AttraqtError`."""
    skip, limit = integer(query.get("from", 0)), integer(query.get("size", MAX_SIZE))
    if skip is None or limit is None or not 1 <= limit <= MAX_SIZE:
        raise AttraqtError(
            INVALID_ARGUMENT, f"from must be an integer of at least 0, size one of 1 to {MAX_SIZE}"
        )
    return Page(skip, limit)


def new_receipts(first: int, count: int, uuid: str) -> list[str]:
    """Return the receipts of consecutive updates: UUIDs that begin with the update's position."""
    return [f"{first + number:08x}{uuid[8:]}" for number in range(count)]


def position_of(receipt_id: str) -> int | None:
    """Return the position that a receipt begins with, None if the text is no receipt."""
    return int(receipt_id[:8], 16) if RECEIPT.fullmatch(receipt_id) else None


def job_failure_message(error_id: str) -> str:
    """Return the text of a failed job's error (wording inferred).

    It is the text of the category that a test armed. Details of an internal error are not shown.
    """
    return CATALOGUE.get(error_id, INTERNAL).text


def activation_failed(version: int, reason: str) -> str:
    """Return the message of a failed activation; the wording is free."""
    return f"Activation of the catalog version #{version} failed: {reason}"


def activation_started(version: int, receipt_id: str) -> str:
    """Return the message of a running activation (recorded)."""
    return f"Activation of the catalog version #{version} started // receiptId: {receipt_id}"


def activation_succeeded(version: int) -> str:
    """Return the message of a successful activation (recorded)."""
    return f"Activation of the catalog version #{version} succeed"


def catalog_created(version: int, receipt_id: str) -> str:
    """Return the message of a catalog's creation (recorded)."""
    return f"Creation of the catalog version #{version} succeed // receiptId: {receipt_id}"

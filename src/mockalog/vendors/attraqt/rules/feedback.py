"""What feedback can be asked for, and what it tells (docs/vendors/attraqt.md#9-feedback)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND
from mockalog.vendors.attraqt.errors import CATALOGUE, INTERNAL, INVALID_ARGUMENT, Rejected
from mockalog.vendors.attraqt.rules.instants import UNITS, instant
from mockalog.vendors.attraqt.rules.tenancy import integer

STATES = ("SUCCESS", "FAILURE", "PENDING")

# A client always sends 100, so that is allowed though the docs say below.
MAX_SIZE = 100

# Characters of a message that tells what somebody sent.
MAX_MESSAGE = 1000

RECEIPT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Period(NamedTuple):
    """From one instant to another, both included."""

    begin: int
    end: int


def relative(query: Mapping[str, str], now: int) -> Period:
    """Return the period of `lastPeriodValue` and `lastPeriodUnit`; raises `Rejected`.

    Without them it reaches back to the beginning (inferred).
    """
    value, unit = query.get("lastPeriodValue"), query.get("lastPeriodUnit")
    if value is None and unit is None:
        return Period(EARLIEST, now)
    number, seconds = integer(value), UNITS.get((unit or "").upper().removesuffix("S"))
    if number is None or seconds is None:
        raise Rejected(
            INVALID_ARGUMENT,
            f"lastPeriodValue must be an integer, lastPeriodUnit one of {', '.join(UNITS)}",
        )
    return Period(max(EARLIEST, now - number * seconds * SECOND), now)


def absolute(query: Mapping[str, str], now: int) -> Period:
    """Return the period of `startTime` and `endTime`; raises `Rejected`.

    What is left out bounds nothing (inferred). `now` is not asked for.
    """
    return Period(
        _instant(query, "startTime", EARLIEST),
        _instant(query, "endTime", LATEST),
    )


def _instant(query: Mapping[str, str], key: str, default: int) -> int:
    if not query.get(key):
        return default
    # A plus that was not encoded arrives as a space.
    at = instant(query[key].replace(" ", "+"))
    if at is None:
        raise Rejected(INVALID_ARGUMENT, f"{key} must be an ISO 8601 instant")
    return at


def state(text: str) -> str:
    """Return the state that a path names; raises `Rejected`."""
    if text.upper() not in STATES:
        raise Rejected(INVALID_ARGUMENT, f"The state must be one of {', '.join(STATES)}")
    return text.upper()


def page(query: Mapping[str, str]) -> tuple[int, int]:
    """Return `from` and `size`; raises `Rejected`."""
    first, size = integer(query.get("from", 0)), integer(query.get("size", MAX_SIZE))
    if first is None or size is None or not 1 <= size <= MAX_SIZE:
        raise Rejected(
            INVALID_ARGUMENT, f"from must be an integer of at least 0, size one of 1 to {MAX_SIZE}"
        )
    return first, size


def receipt(position: int, uuid: str) -> str:
    """Return the receipt of the update at a position: a UUID that begins with it."""
    return f"{position:08x}{uuid[8:]}"


def receipts(first: int, count: int, uuid: str) -> list[str]:
    """Return the receipts of updates that stand one after the other."""
    return [receipt(first + number, uuid) for number in range(count)]


def position_of(receipt_id: str) -> int | None:
    """Return the position that a receipt begins with, None if it is no receipt."""
    return int(receipt_id[:8], 16) if RECEIPT.fullmatch(receipt_id) else None


def told(text: str) -> str:
    """Return a text as a message can hold it: of bounded length, and without NUL.

    PostgreSQL has no NUL in a text, and a name that was sent may hold one. Of a long one both
    ends are kept: what is wrong stands in the last words.
    """
    if len(text) > MAX_MESSAGE:
        text = f"{text[: MAX_MESSAGE // 2]} … {text[-MAX_MESSAGE // 2 :]}"
    return text.replace("\0", "\\u0000")


def broken(error_id: str) -> str:
    """Return what is told of an effect that failed (wording inferred).

    If a test armed a category, that one's text; nothing of what broke on our side.
    """
    return CATALOGUE.get(error_id, INTERNAL).text


def activation_failed(version: int, why: str) -> str:
    """Return what a failed activation says of itself; the wording is free."""
    return f"Activation of the catalog version #{version} failed: {why}"


def created(version: int, receipt_id: str) -> str:
    """Return what the creation of a catalog says of itself (recorded)."""
    return f"Creation of the catalog version #{version} succeed // receiptId: {receipt_id}"


def started(version: int, receipt_id: str) -> str:
    """Return what a running activation says of itself (recorded)."""
    return f"Activation of the catalog version #{version} started // receiptId: {receipt_id}"

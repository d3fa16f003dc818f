"""Instants and spans of time as texts.

Sources: docs/vendors/attraqt.md#1-conventions, docs/vendors/attraqt.md#61-item,
docs/vendors/attraqt.md#7-batch-imports and docs/vendors/attraqt.md#9-feedback.
"""

import re
from datetime import UTC, datetime

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND, from_datetime, iso_micros

# Seconds of what a span is given in.
UNITS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86_400}

# `7d`, `24h` (client); the smaller units are inferred.
SPAN = re.compile(r"([0-9]{1,9})([smhd])")
_SPAN_UNITS = {"s": "SECOND", "m": "MINUTE", "h": "HOUR", "d": "DAY"}


def instant(text: str) -> int | None:
    """Return the instant of an ISO 8601 text, None if it is none or leaves the calendar in UTC.

    One without offset is taken as UTC (inferred): feedback shows instants so.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return at if EARLIEST <= at < LATEST + SECOND else None


def local(at: int) -> str:
    """Return an instant as feedback shows it: without zone (recorded)."""
    return iso_micros(at)[:-1]


def span(text: str) -> int | None:
    """Return the microseconds of a text such as `24h`, None if it is none."""
    found = SPAN.fullmatch(text)
    return None if found is None else int(found[1]) * UNITS[_SPAN_UNITS[found[2]]] * SECOND


def seconds(begin: int, end: int) -> int:
    """Return the whole seconds between two instants, floored; none if a clock was set back."""
    return max(0, end - begin) // SECOND

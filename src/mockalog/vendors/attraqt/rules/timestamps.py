"""Timestamps and durations as texts.

Sources: docs/vendors/attraqt.md#1-conventions, docs/vendors/attraqt.md#61-item,
docs/vendors/attraqt.md#7-batch-imports and docs/vendors/attraqt.md#9-feedback.
"""

import re
from datetime import UTC, datetime

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND, from_datetime, iso_micros

# Seconds of each unit.
UNITS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86_400}

# `7d`, `24h` (client); the smaller units are inferred.
DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_DURATION_UNITS = {"s": "SECOND", "m": "MINUTE", "h": "HOUR", "d": "DAY"}


def parse_timestamp(text: str) -> int | None:
    """Return the instant of an ISO 8601 text in microseconds.

    None if the text is malformed or the instant leaves the calendar in UTC. A text without offset
    is taken as UTC (inferred): feedback shows instants in this form.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return at if EARLIEST <= at < LATEST + SECOND else None


def feedback_timestamp(at: int) -> str:
    """Return an instant as feedback shows it: without zone (recorded)."""
    return iso_micros(at)[:-1]


def parse_duration(text: str) -> int | None:
    """Return the microseconds of a text such as `24h`, None if it is malformed."""
    match = DURATION.fullmatch(text)
    return None if match is None else int(match[1]) * UNITS[_DURATION_UNITS[match[2]]] * SECOND


def elapsed_seconds(begin: int, end: int) -> int:
    """Return the whole seconds between two instants, rounded down; 0 if a clock was set back."""
    return max(0, end - begin) // SECOND

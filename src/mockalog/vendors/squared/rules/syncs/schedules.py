"""The instants of scheduled runs (docs/vendors/squared.md#111-create-a-sync).

An interval schedule runs at its start plus multiples of the interval; cron expressions are in
UTC. The server's computation is not documented (inferred). Instants are microseconds.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from mockalog.kernel.clock import LATEST, SECOND, from_datetime, to_datetime

MANUAL = "manual"
INTERVAL = "interval"
CRON = "cron_expression"
# The docs' only type: docs/vendors/squared.md#1-contradictions, row 15.
AUTOMATED = "automated"

TYPES = (MANUAL, INTERVAL, CRON)
INTERVALS = (INTERVAL, AUTOMATED)

_MINUTE = 60 * SECOND

UNITS: Mapping[str, int] = {
    "minutes": _MINUTE,
    "hours": 60 * _MINUTE,
    "days": 24 * 60 * _MINUTE,
    "weeks": 7 * 24 * 60 * _MINUTE,
}

_WORDS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@noon": "0 12 * * *",
    "@hourly": "0 * * * *",
}

# Characters of an expression; a list of all sixty minutes is shorter.
_MAX_LENGTH = 250

# Extensions of the library: values by a hash or at random.
_HASHED = re.compile(r"(?:^|[\s,])[hr]", re.IGNORECASE)


class Schedule(NamedTuple):
    """The schedule of a sync; the fields of other types are None."""

    kind: str
    interval: int | None
    unit: str | None
    cron: str | None


def runs_by_hand(schedule: Schedule) -> bool:
    """Return whether runs begin by hand: a manual schedule, or an automated one without interval.

    Source: docs/vendors/squared.md#111-create-a-sync.
    """
    return schedule.kind == MANUAL or (schedule.kind == AUTOMATED and not _step(schedule))


def is_cron(text: str) -> bool:
    """Return whether the text is a cron expression with future instants."""
    return _next_of_cron(text, 0) is not None


def first_run(schedule: Schedule, now: int) -> int | None:
    """Return the first run of a schedule that begins now, None without one."""
    if schedule.kind == CRON:
        return _next_of_cron(schedule.cron or "", now)
    return _next_of_interval(schedule, now)


def next_run(schedule: Schedule, at: int) -> int | None:
    """Return the run after the one at `at`, None without one.

    It is a minute later at the earliest, even for an expression with seconds: the server's
    scheduler has a resolution of minutes.
    """
    if schedule.kind == CRON:
        return _next_of_cron(schedule.cron or "", at + _MINUTE - 1)
    return _next_of_interval(schedule, at)


def latest_run(schedule: Schedule, at: int, now: int) -> int:
    """Return the latest due run; `at` is the first one that is due."""
    if schedule.kind == CRON:
        # A state document may hold an invalid expression: no run follows.
        cron = schedule.cron or ""
        return max(at, _latest_of_cron(cron, now)) if is_cron(cron) else at
    step = _step(schedule)
    return at + (now - at) // step * step if step else at


def _step(schedule: Schedule) -> int:
    """Return the time between two runs, 0 without an interval."""
    if schedule.kind not in INTERVALS or not schedule.interval or not schedule.unit:
        return 0
    return schedule.interval * UNITS[schedule.unit]


def _next_of_interval(schedule: Schedule, at: int) -> int | None:
    step = _step(schedule)
    return at + step if 0 < step <= LATEST - at else None


def _next_of_cron(text: str, after: int) -> int | None:
    fields = _fields(text)
    if fields is None:
        return None
    # Imported here because few syncs have an expression; the import takes 80 ms.
    from croniter import croniter
    from croniter.croniter import CroniterError

    try:
        found = croniter(fields, _second(after), second_at_beginning=True).get_next(datetime)
    except (CroniterError, OverflowError, ValueError):
        return None
    return from_datetime(found)


def _latest_of_cron(text: str, now: int) -> int:
    from croniter import croniter

    beyond = _second(min(now, LATEST - SECOND) + SECOND)  # LATEST is the last instant
    iterator = croniter(_fields(text) or "", beyond, second_at_beginning=True)
    return from_datetime(iterator.get_prev(datetime))


def _fields(text: str) -> str | None:
    """Return the five or six fields of an expression, None for another number of fields."""
    text = _WORDS.get(text.strip(), text)
    if len(text) > _MAX_LENGTH or _HASHED.search(text) or len(text.split()) not in (5, 6):
        return None
    return text


def _second(instant: int) -> datetime:
    return to_datetime(instant - instant % SECOND)

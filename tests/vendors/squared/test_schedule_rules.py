"""Tests of the times of scheduled runs: docs/vendors/squared.md#111-create-a-sync."""

import pytest

from mockalog.kernel.clock import LATEST, SECOND
from mockalog.vendors.squared.rules.syncs.schedules import (
    Schedule,
    first_run,
    is_cron,
    latest_run,
    next_run,
)

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
# Monday 2026-03-02T09:00:00Z.
MONDAY = 1_772_442_000 * SECOND
DAY = 24 * HOUR


def cron(text: str) -> Schedule:
    """Return the schedule of an expression."""
    return Schedule("cron_expression", None, None, text)


@pytest.mark.parametrize(
    "text",
    [
        "*/5 * * * *",
        "0 9 * * 1-5",
        "0 0 1 jan *",
        "0 0 29 2 *",
        "*/10 * * * * *",
        "@daily",
        "@noon",
        " @hourly ",
        ",".join(map(str, range(60))) + " * * * *",
    ],
)
def test_valid_expressions(text: str) -> None:
    """Five fields, six with seconds, or a word."""
    assert is_cron(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "0 0 * * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
        "*/0 * * * *",
        "a b c d e",
        "@reboot",
        "R R * * *",
        "H * * * *",
        "0-59999999999 * * * *",
        "* " * 5000,
        "*" * 5000 + " * * * *",
        "\0 * * * *",
        "٣ * * * *",
    ],
)
def test_invalid_expressions(text: str) -> None:
    """Four fields, minute 60, an impossible date, random fields and other texts."""
    assert not is_cron(text)


@pytest.mark.parametrize(
    ("schedule", "first", "second"),
    [
        (Schedule("manual", None, None, None), None, None),
        (Schedule("interval", 30, "minutes", None), 30 * MINUTE, HOUR),
        (Schedule("automated", 2, "hours", None), 2 * HOUR, 4 * HOUR),
        (Schedule("automated", None, None, None), None, None),
        (Schedule("automated", 2, None, None), None, None),
        (Schedule("automated", None, "hours", None), None, None),
        (Schedule("interval", 1, "days", None), DAY, 2 * DAY),
        (Schedule("interval", 1, "weeks", None), 7 * DAY, 14 * DAY),
        (cron("*/30 * * * *"), 30 * MINUTE, HOUR),
        (cron("0 9 * * *"), DAY, 2 * DAY),
        (cron("@daily"), 15 * HOUR, 39 * HOUR),
        (cron("15 9 * * 1"), 15 * MINUTE, 15 * MINUTE + 7 * DAY),
        # An expression with seconds runs once a minute.
        (cron("*/10 * * * * *"), 10 * SECOND, 70 * SECOND),
    ],
)
def test_the_first_two_runs(schedule: Schedule, first: int | None, second: int | None) -> None:
    """Intervals count from the start of the schedule. Cron expressions are in UTC."""
    begun = first_run(schedule, MONDAY)
    assert (None if begun is None else begun - MONDAY) == first
    if begun is not None and second is not None:
        assert next_run(schedule, begun) == MONDAY + second


@pytest.mark.parametrize(
    ("schedule", "overslept", "latest"),
    [
        (Schedule("interval", 30, "minutes", None), 0, 30 * MINUTE),
        (Schedule("interval", 30, "minutes", None), 29 * MINUTE, 30 * MINUTE),
        (Schedule("interval", 30, "minutes", None), 7 * DAY + 1, 30 * MINUTE + 7 * DAY),
        (Schedule("automated", None, None, None), DAY, 30 * MINUTE),
        (cron("*/30 * * * *"), 0, 30 * MINUTE),
        (cron("*/30 * * * *"), 30 * MINUTE - 1, 30 * MINUTE),
        (cron("*/30 * * * *"), 7 * DAY + 1, 30 * MINUTE + 7 * DAY),
    ],
)
def test_the_latest_run_that_is_due(schedule: Schedule, overslept: int, latest: int) -> None:
    """All runs that became due at once are one run."""
    due_at = MONDAY + 30 * MINUTE
    assert latest_run(schedule, due_at, due_at + overslept) == MONDAY + latest


@pytest.mark.parametrize("schedule", [Schedule("interval", 1, "days", None), cron("0 0 * * *")])
def test_the_latest_run_of_all(schedule: Schedule) -> None:
    """The function works at the end of the calendar too."""
    last_day = LATEST + SECOND - DAY
    assert latest_run(schedule, last_day - 7 * DAY, LATEST) == last_day


@pytest.mark.parametrize(
    "schedule", [Schedule("interval", 2**31 - 1, "weeks", None), cron("*/5 * * * *")]
)
def test_no_run_comes_after_the_calendar(schedule: Schedule) -> None:
    """The year 9999 is the last."""
    assert first_run(schedule, LATEST - 1) is None


def test_an_invalid_expression_has_no_later_run() -> None:
    """Only a state document can hold one."""
    schedule = Schedule("cron_expression", None, None, "every day")

    assert latest_run(schedule, 5, LATEST) == 5

"""Virtual time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mockalog.kernel.clock import (
    LATEST,
    SECOND,
    Clock,
    from_datetime,
    iso_micros,
    iso_millis,
    machine_now,
    to_datetime,
)

INSTANT = from_datetime(datetime(2025, 3, 1, 9, 15, 27, 104552, tzinfo=UTC))


def test_a_frozen_clock_shows_one_instant() -> None:
    """It does not advance by itself."""
    clock = Clock.at("frozen", INSTANT)

    assert clock.now() == clock.now() == INSTANT


def test_a_frozen_clock_without_an_instant_shows_the_current_one() -> None:
    """It reads the machine's clock once."""
    before = machine_now()

    frozen = Clock.at("frozen", None).now()

    assert before <= frozen <= machine_now()


def test_a_real_clock_follows_the_machine() -> None:
    """Without a shift it shows the machine's instant."""
    before = machine_now()

    assert before <= Clock.at("real", None).now() <= machine_now()


def test_a_shifted_clock_runs_from_its_instant_on() -> None:
    """It runs at the speed of the machine's clock."""
    now = Clock.at("real", INSTANT).now()

    assert INSTANT <= now < INSTANT + 60 * SECOND


def test_time_ends_with_the_year_9999() -> None:
    """A later clock shows the last second that the formats can write."""
    assert Clock("real", LATEST).now() == LATEST
    assert iso_micros(Clock.at("real", LATEST - SECOND).advanced(2 * SECOND).now())[:4] == "9999"


@pytest.mark.parametrize("mode", ["real", "frozen"])
def test_advancing_keeps_the_mode(mode: str) -> None:
    """A frozen clock stays frozen, and a real one stays real."""
    clock = Clock("frozen" if mode == "frozen" else "real", INSTANT)

    later = clock.advanced(5 * SECOND)

    assert (later.mode, later.value) == (mode, INSTANT + 5 * SECOND)


@pytest.mark.parametrize(
    ("instant", "micros", "millis"),
    [
        (INSTANT, "2025-03-01T09:15:27.104552Z", "2025-03-01T09:15:27.104Z"),
        (0, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00.000Z"),
        (999, "1970-01-01T00:00:00.000999Z", "1970-01-01T00:00:00.000Z"),
        (LATEST, "9999-12-31T23:59:59.000000Z", "9999-12-31T23:59:59.000Z"),
    ],
)
def test_instants_are_written_in_utc(instant: int, micros: str, millis: str) -> None:
    """Fractions are cut, not rounded."""
    assert iso_micros(instant) == micros
    assert iso_millis(instant) == millis


def test_utc_may_be_spelled_as_an_offset() -> None:
    """Braze writes `+00:00`."""
    assert iso_millis(INSTANT, zone="+00:00") == "2025-03-01T09:15:27.104+00:00"


def test_the_offset_of_a_datetime_does_not_matter() -> None:
    """Conversions in both directions lose nothing."""
    offset = timezone(timedelta(hours=-7))

    assert from_datetime(to_datetime(INSTANT).astimezone(offset)) == INSTANT

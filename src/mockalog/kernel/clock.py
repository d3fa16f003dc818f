"""Virtual time. An instant is an `int`: microseconds since 1970-01-01T00:00:00Z.

Only this module reads the machine's clock.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The limits of the vendors' formats: the first second of year 1, and the last of year 9999.
EARLIEST = -62_135_596_800 * SECOND
LATEST = 253_402_300_799 * SECOND

Mode = Literal["real", "frozen"]


def machine_now() -> int:
    """Return the current instant of the machine."""
    return time.time_ns() // 1000


def delayed(now: int, seconds: float) -> int:
    """Return the instant `seconds` after `now`, at most `LATEST`."""
    return min(now + round(seconds * SECOND), LATEST)


@dataclass(frozen=True, slots=True)
class Clock:
    """A sandbox's clock.

    `value` is in microseconds: the shift of a real clock, or the instant of a frozen clock.
    """

    mode: Mode = "real"
    value: int = 0

    def now(self) -> int:
        """Return the sandbox's current instant, at most `LATEST`."""
        return self.value if self.mode == "frozen" else min(machine_now() + self.value, LATEST)

    def advanced(self, microseconds: int) -> "Clock":
        """Return this clock moved forward; a frozen clock stays frozen."""
        return Clock(self.mode, self.value + microseconds)

    @staticmethod
    def at(mode: Mode, now: int | None) -> "Clock":
        """Return a clock that shows the instant `now` now (None: the machine's instant)."""
        if mode == "frozen":
            return Clock("frozen", machine_now() if now is None else now)
        return Clock("real", 0 if now is None else now - machine_now())


def to_datetime(instant: int) -> datetime:
    """Return the instant as a datetime in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def from_datetime(moment: datetime) -> int:
    """Return the instant of an aware datetime."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def iso_micros(instant: int) -> str:
    """Return the instant in ISO 8601 with microseconds: `2025-03-01T09:15:27.104552Z`."""
    second, fraction = divmod(instant, SECOND)
    return f"{_iso_second(second)}.{fraction:06d}Z"


def iso_millis(instant: int, zone: str = "Z") -> str:
    """Return the instant in ISO 8601 with milliseconds: `2025-03-01T09:15:27.104Z`.

    `zone` replaces the `Z`, for example by `+00:00`.
    """
    second, fraction = divmod(instant, SECOND)
    return f"{_iso_second(second)}.{fraction // 1000:03d}{zone}"


@lru_cache(maxsize=1024)
def _iso_second(second: int) -> str:
    """Return the date and time up to the second. It is cached, because many instants share it."""
    return (EPOCH + timedelta(seconds=second)).isoformat()[:19]

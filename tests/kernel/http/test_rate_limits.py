"""Rate limits: fixed windows, counted in memory or in the database."""

import asyncio
from typing import Any

import pytest

from mockalog.kernel.clock import SECOND
from mockalog.kernel.http.rate_limits import (
    MAX_WINDOWS,
    Limit,
    MemoryLimiter,
    Mode,
    SharedLimiter,
    consume,
)
from tests.emulation import Emulation, emulate

BUCKET = Limit("b", calls=200, seconds=60)
NOON = 1_728_900_000 * SECOND  # a full minute


@pytest.fixture(params=["memory", "shared"])
def limiter(request: pytest.FixtureRequest) -> Any:
    """Both limiters, each new."""
    with emulate() as emulation:
        runtime = emulation.runtime
        yield (
            emulation,
            (runtime.limiter if request.param == "memory" else SharedLimiter(runtime.database)),
        )


def count(limiter: Any, now: int, mode: Mode = "vendor", sandbox_id: int = 1) -> Any:
    """Take one call out of the bucket."""
    emulation: Emulation = limiter[0]
    return emulation.run(lambda: consume(limiter[1], BUCKET, sandbox_id, now, mode))


def test_the_window_is_the_clock_minute(limiter: Any) -> None:
    """It ends at the next full minute, whenever the first call came."""
    quota = count(limiter, NOON + 59 * SECOND)

    assert (quota.limit, quota.remaining, quota.reset) == (200, 199, 1_728_900_060)
    assert quota.retry_after == 1


def test_calls_add_up_within_a_window_and_start_over_in_the_next(limiter: Any) -> None:
    """A later window forgets the one before."""
    assert count(limiter, NOON).used == 1
    assert count(limiter, NOON + 59 * SECOND).used == 2
    assert count(limiter, NOON + 60 * SECOND).used == 1


def test_looking_takes_nothing(limiter: Any) -> None:
    """A refused call shows what is left."""
    emulation, of_kind = limiter

    def look(now: int) -> Any:
        return emulation.run(lambda: consume(of_kind, BUCKET, 1, now, "vendor", 0))

    assert look(NOON).used == 0
    count(limiter, NOON)
    assert (look(NOON).used, look(NOON).used) == (1, 1)
    assert count(limiter, NOON).used == 2
    assert look(NOON + 60 * SECOND).used == 0


def test_sandboxes_do_not_share_windows(limiter: Any) -> None:
    """One cannot use up the other's."""
    count(limiter, NOON, sandbox_id=1)

    assert count(limiter, NOON, sandbox_id=2).used == 1


@pytest.mark.parametrize(("mode", "limit"), [("vendor", 200), ("tiny", 2)])
def test_one_more_than_the_limit_is_exceeded(limiter: Any, mode: Mode, limit: int) -> None:
    """`tiny` is a hundredth."""
    exceeded = [count(limiter, NOON, mode).exceeded for _ in range(limit + 1)]

    assert exceeded == [False] * limit + [True]


def test_under_off_nothing_is_exceeded(limiter: Any) -> None:
    """The figures stay the vendor's and end at zero."""
    quotas = [count(limiter, NOON, "off") for _ in range(201)]

    assert not any(quota.exceeded for quota in quotas)
    assert (quotas[-1].limit, quotas[-1].remaining) == (200, 0)


def test_what_is_counted_in_memory_is_bounded() -> None:
    """A million sandboxes do not fill it."""
    limiter = MemoryLimiter()
    limiter._windows = {(number, "b"): (0, 1) for number in range(MAX_WINDOWS + 1)}

    assert asyncio.run(limiter.count(1, "b", 0)) == 1
    assert len(limiter._windows) == 1


def test_tiny_is_at_least_one() -> None:
    """A hundredth of ten is no limit at all otherwise."""
    with emulate() as emulation:
        small = Limit("s", calls=10, seconds=1)
        quota = emulation.run(lambda: consume(emulation.runtime.limiter, small, 1, NOON, "tiny"))

    assert (quota.limit, quota.exceeded) == (1, False)

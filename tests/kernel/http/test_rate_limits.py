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
NOON = 1_728_900_000 * SECOND  # an instant at a full minute


@pytest.fixture(params=["memory", "shared"])
def limiter(request: pytest.FixtureRequest) -> Any:
    """A new limiter of each kind, with its emulation."""
    with emulate() as emulation:
        runtime = emulation.runtime
        yield (
            emulation,
            (runtime.limiter if request.param == "memory" else SharedLimiter(runtime.database)),
        )


def count(limiter: Any, now: int, mode: Mode = "vendor", sandbox_id: int = 1) -> Any:
    """Count one call, and return the quota."""
    emulation: Emulation = limiter[0]
    return emulation.run(lambda: consume(limiter[1], BUCKET, sandbox_id, now, mode))


def test_the_window_is_the_clock_minute(limiter: Any) -> None:
    """It ends at the next full minute, not a minute after the first call."""
    quota = count(limiter, NOON + 59 * SECOND)

    assert (quota.limit, quota.remaining, quota.reset) == (200, 199, 1_728_900_060)
    assert quota.retry_after == 1


def test_calls_add_up_in_a_window_and_start_over_in_the_next(limiter: Any) -> None:
    """A bucket has one window at a time."""
    assert count(limiter, NOON).used == 1
    assert count(limiter, NOON + 59 * SECOND).used == 2
    assert count(limiter, NOON + 60 * SECOND).used == 1


def test_reading_a_window_counts_no_call(limiter: Any) -> None:
    """A refused call shows the rest of the window."""
    emulation, of_kind = limiter

    def read(now: int) -> Any:
        return emulation.run(lambda: consume(of_kind, BUCKET, 1, now, "vendor", 0))

    assert read(NOON).used == 0
    count(limiter, NOON)
    assert (read(NOON).used, read(NOON).used) == (1, 1)
    assert count(limiter, NOON).used == 2
    assert read(NOON + 60 * SECOND).used == 0


def test_sandboxes_do_not_share_windows(limiter: Any) -> None:
    """A call of one sandbox does not count in another."""
    count(limiter, NOON, sandbox_id=1)

    assert count(limiter, NOON, sandbox_id=2).used == 1


@pytest.mark.parametrize(("mode", "limit"), [("vendor", 200), ("tiny", 2)])
def test_one_more_than_the_limit_is_exceeded(limiter: Any, mode: Mode, limit: int) -> None:
    """`tiny` allows a hundredth of the vendor's limit."""
    exceeded = [count(limiter, NOON, mode).exceeded for _ in range(limit + 1)]

    assert exceeded == [False] * limit + [True]


def test_the_mode_off_exceeds_no_limit(limiter: Any) -> None:
    """The numbers are the vendor's, and the rest ends at 0."""
    quotas = [count(limiter, NOON, "off") for _ in range(201)]

    assert not any(quota.exceeded for quota in quotas)
    assert (quotas[-1].limit, quotas[-1].remaining) == (200, 0)


def test_the_windows_in_memory_are_bounded() -> None:
    """Beyond the bound, all windows start over."""
    limiter = MemoryLimiter()
    limiter._windows = {(number, "b"): (0, 1) for number in range(MAX_WINDOWS + 1)}

    assert asyncio.run(limiter.count(1, "b", 0)) == 1
    assert len(limiter._windows) == 1


def test_the_mode_tiny_allows_at_least_one_call() -> None:
    """A hundredth of ten calls is less than one."""
    with emulate() as emulation:
        small = Limit("s", calls=10, seconds=1)
        quota = emulation.run(lambda: consume(emulation.runtime.limiter, small, 1, NOON, "tiny"))

    assert (quota.limit, quota.exceeded) == (1, False)

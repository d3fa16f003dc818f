"""Turns: long work on a list of exchanges, which gives way to other calls."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

# Seconds of work after which other calls get their turn. A call may need several turns.
TURN_SECONDS = 0.002


async def in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items; whenever a turn of the caller's work on them ends, let other calls run."""
    ends = time.perf_counter() + TURN_SECONDS
    for item in items:
        yield item
        if time.perf_counter() >= ends:
            await asyncio.sleep(0)
            ends = time.perf_counter() + TURN_SECONDS

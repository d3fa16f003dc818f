"""Queries in the background: one at a time in a thread, so that no other call waits for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mockalog.kernel.turns import in_background

T = TypeVar("T")

# Seconds that a query waits for those before it. Each takes half a second at most.
MAX_WAIT = 5.0

_threads = ThreadPoolExecutor(1, "squared-query")


async def run_alone(query: Callable[[], T], refusal: Callable[[], T]) -> T:
    """Run a query after those that came before it; return the refusal if they take too long."""
    running = _threads.submit(_run, query)
    result = asyncio.wrap_future(running)
    await asyncio.wait({result}, timeout=MAX_WAIT)
    return refusal() if running.cancel() else await result


def _run(query: Callable[[], T]) -> T:
    with in_background():
        return query()

"""Turns: long work gives way to other calls."""

import asyncio

import pytest

from mockalog.kernel import turns
from mockalog.kernel.turns import Turns


async def turns_beside(work: asyncio.Task[object]) -> int:
    """Return how often other code runs before the work ends."""
    count = 0
    while not work.done():
        await asyncio.sleep(0)
        count += 1
    return count


def test_other_code_runs_after_each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that takes no time ends with each item."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)

    async def work() -> None:
        async for _ in Turns().each(range(10)):
            pass

    async def scene() -> int:
        return await turns_beside(asyncio.ensure_future(work()))

    assert asyncio.run(scene()) > 10

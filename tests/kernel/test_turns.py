"""Turns: long work gives way, in order, and ends when its client has left."""

import asyncio
import sys
from itertools import pairwise

import pytest

from mockalog.kernel import turns
from mockalog.kernel.turns import SWITCH_SECONDS, ClientLeftError, Turns, run_in_thread


@pytest.fixture
def _no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn is over at once."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)


@pytest.mark.usefixtures("_no_time")
def test_long_works_take_turns_and_others_run_between() -> None:
    """One turn each round of the event loop, however many long works wait."""
    seen: list[str] = []

    async def work(name: str) -> None:
        own = Turns()
        for _ in range(3):
            await own.give_way()
            seen.append(name)

    async def neighbour() -> None:
        while seen.count("c") < 3:
            seen.append("-")
            await asyncio.sleep(0)

    async def scene() -> None:
        await asyncio.gather(neighbour(), *map(work, "abc"))

    asyncio.run(scene())

    assert [one for one in seen if one != "-"] == [*"abc"] * 3
    assert not any(one + other in "abca" for one, other in pairwise(seen))


def test_short_work_gives_way_once_at_its_begin() -> None:
    """Then it goes on until its turn is over."""

    async def scene() -> int:
        rounds = 0

        async def count() -> None:
            nonlocal rounds
            while True:
                rounds += 1
                await asyncio.sleep(0)

        counting = asyncio.create_task(count())
        own = Turns()
        await own.give_way()
        before = rounds
        for _ in range(50):
            await own.give_way()
        counting.cancel()
        return rounds - before

    assert asyncio.run(scene()) == 0


@pytest.mark.usefixtures("_no_time")
def test_work_ends_when_its_client_has_left() -> None:
    """At its next turn."""
    left = iter([False, True])

    async def scene() -> None:
        own = Turns(lambda: next(left))
        await own.give_way()
        with pytest.raises(ClientLeftError):
            await own.give_way()

    asyncio.run(scene())


@pytest.mark.usefixtures("_no_time")
def test_cancelled_work_takes_no_turn() -> None:
    """The next one gets it."""

    async def scene() -> None:
        cancelled = asyncio.create_task(Turns().give_way())
        await asyncio.sleep(0)
        cancelled.cancel()
        await Turns().give_way()
        assert cancelled.cancelled()

    asyncio.run(scene())


def test_a_thread_and_the_event_loop_wait_shortly_for_each_other() -> None:
    """Until the last thread has ended."""
    usual = sys.getswitchinterval()

    async def scene() -> list[float]:
        return await asyncio.gather(*(run_in_thread(sys.getswitchinterval) for _ in range(3)))

    assert max(asyncio.run(scene())) <= SWITCH_SECONDS + 1e-9
    assert sys.getswitchinterval() == usual


async def turns_beside(work: asyncio.Task[object]) -> int:
    """Return how often other code runs before the work ends."""
    count = 0
    while not work.done():
        await asyncio.sleep(0)
        count += 1
    return count


@pytest.mark.usefixtures("_no_time")
def test_work_on_each_item_gives_way() -> None:
    """After each item, if it takes a turn."""

    async def work() -> None:
        async for _ in Turns().each(range(10)):
            pass

    async def scene() -> int:
        return await turns_beside(asyncio.ensure_future(work()))

    assert asyncio.run(scene()) > 10

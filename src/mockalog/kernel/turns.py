"""Turns: long work gives way to other calls, so that no caller waits long for its turn."""

import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from mockalog.kernel.gc_tuning import gc_paused

T = TypeVar("T")

# Seconds of work after which other calls of this process get their turn.
TURN_SECONDS = 0.01


# Python's switch interval while a thread works, in seconds: the thread and the event loop wait so
# long for each other. Python's default of 5 ms adds seconds to an import of some hundred files.
SWITCH_SECONDS = 0.0005


class ClientLeftError(Exception):
    """The client of a call has left, so its response is wanted no more."""


class Turns:
    """The turns of one long call. `has_left` returns whether its client has left."""

    def __init__(self, has_left: Callable[[], bool] = lambda: False) -> None:
        self._has_left = has_left
        self._end = 0.0

    async def give_way(self) -> None:
        """Let other calls run if a turn is over.

        Await it in no transaction on SQLite, whose other callers wait for the transaction. Raises
        `ClientLeftError`.
        """
        loop = asyncio.get_running_loop()
        if loop.time() < self._end:
            return
        await _next_turn(loop)
        if self._has_left():
            raise ClientLeftError
        self._end = loop.time() + TURN_SECONDS

    async def each(self, items: Iterable[T]) -> AsyncIterator[T]:
        """Yield the items, and give way after the caller's work on each."""
        for item in items:
            yield item
            await self.give_way()


Waiting = deque[asyncio.Future[None]]

# The long calls of each event loop that wait for their turn.
_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, Waiting] = WeakKeyDictionary()


async def _next_turn(loop: asyncio.AbstractEventLoop) -> None:
    """Wait for a turn. The event loop has one for each round, however many long calls wait."""
    waiting = _waiting.setdefault(loop, deque())
    turn = loop.create_future()
    waiting.append(turn)
    if len(waiting) == 1:
        loop.call_soon(_give_turn, loop, waiting)
    await turn


def _give_turn(loop: asyncio.AbstractEventLoop, waiting: Waiting) -> None:
    turn = waiting.popleft()
    if not turn.done():  # a cancelled call takes no turn
        turn.set_result(None)
    if waiting:
        loop.call_soon(_give_turn, loop, waiting)


async def run_in_thread(work: Callable[[], T]) -> T:
    """Run Python code in a thread, while the event loop runs other calls."""
    return await asyncio.to_thread(_run, work)


def _run(work: Callable[[], T]) -> T:
    with in_background():
        return work()


@contextmanager
def in_background() -> Iterator[None]:
    """Let the event loop have its turns often, and collect no garbage, until the block ends."""
    with _short_switch_interval(), gc_paused():
        yield


_counting = Lock()
_usual_interval = sys.getswitchinterval()
_background = 0


@contextmanager
def _short_switch_interval() -> Iterator[None]:
    """Shorten the interval until the last of several blocks ends."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _background, _usual_interval
    with _counting:
        if not _background:
            _usual_interval = sys.getswitchinterval()
        _background += change
        usual = _usual_interval
        sys.setswitchinterval(min(usual, SWITCH_SECONDS) if _background else usual)

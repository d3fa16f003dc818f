"""Waiting for exchanges: the present ones are searched once, and new ones are offered."""

import asyncio
from collections.abc import Callable

from mockalog.control.calls.call import ControlCall
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.journal import Following
from mockalog.kernel.turns import ClientLeftError

Matches = Callable[[Exchange], bool]


async def wait_for(
    call: ControlCall, count: int, seconds: float, matches: Matches
) -> list[Exchange]:
    """Return the matching exchanges as soon as there are `count`, or all after `seconds`.

    After a clear of the journal or a reset, only later exchanges count. Raises `ClientLeftError`.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    follow = _follow if call.runtime.journals.is_alone else _poll
    found: list[Exchange] | None = None
    while found is None:
        if call.sandbox is not None:  # it may have been reset during the wait
            call.sandbox = await call.runtime.sandboxes.open(call.sandbox.name)
        found = await follow(call, Following(call.sandbox_id, count, matches), deadline)
    return sorted(found, key=lambda exchange: (exchange.at, exchange.id))


async def _follow(
    call: ControlCall, following: Following, deadline: float
) -> list[Exchange] | None:
    """Wait for exchanges of this process. Return None if the journal was cleared meanwhile."""
    journal, loop = call.runtime.journal, asyncio.get_running_loop()
    present = journal.exchanges(call.sandbox_id)
    journal.follow(following)
    try:
        for exchange in present:
            following.offer(exchange)
            await call.turns.give_way()
        if not following.over.is_set():
            await call.client.left_or(following.over, max(0.0, deadline - loop.time()))
    finally:
        journal.unfollow(following)
    if not following.over.is_set() and call.client.has_left():
        raise ClientLeftError
    return None if following.is_cleared else following.found


async def _poll(call: ControlCall, following: Following, deadline: float) -> list[Exchange] | None:
    """Look at the exchanges of all processes, and wait a moment if some are missing.

    Return None to look again.
    """
    journals, loop = call.runtime.journals, asyncio.get_running_loop()
    number = journals.number
    for exchange in await journals.exchanges(call.sandbox_id):
        following.offer(exchange)
        await call.turns.give_way()
    left = deadline - loop.time()
    if following.is_complete or left <= 0:
        return following.found
    await journals.changed(number, left)
    if call.client.has_left():
        raise ClientLeftError
    return None

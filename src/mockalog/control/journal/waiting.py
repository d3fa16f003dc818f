"""Waiting for exchanges: the present ones are searched once, then only new ones."""

import asyncio
from collections.abc import Callable
from operator import attrgetter

from mockalog.control.calls.call import ControlCall
from mockalog.kernel.http.exchange import PROCESS_SHIFT, Exchange
from mockalog.kernel.journal.journal import Following
from mockalog.kernel.journal.messages import Reply
from mockalog.kernel.turns import ClientLeftError

Matches = Callable[[Exchange], bool]


async def wait_for(call: ControlCall, count: int, seconds: float, matches: Matches) -> Reply:
    """Return the matching exchanges as soon as there are `count`, or all after `seconds`.

    After a clear of the journal or a reset, only later exchanges count. Raises `ClientLeftError`.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    follow = _follow if call.runtime.journals.is_alone else _poll
    found: Reply | None = None
    while found is None:
        if call.sandbox is not None:  # it may have been reset during the wait
            call.sandbox = await call.runtime.sandboxes.open(call.sandbox.name)
        found = await follow(call, Following(call.sandbox_id, count, matches), deadline)
    return found


async def _follow(call: ControlCall, following: Following, deadline: float) -> Reply | None:
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
    # An exchange may be recorded, and offered, before the search has come to older ones.
    in_order = sorted(following.found, key=attrgetter("id"))
    return None if following.is_cleared else Reply(in_order)


async def _poll(call: ControlCall, following: Following, deadline: float) -> Reply | None:
    """Ask all processes for new exchanges, again and again. Return None after a clear."""
    journals, loop = call.runtime.journals, asyncio.get_running_loop()
    newest: dict[int, int] = {}
    clears: int | None = None
    while True:
        number = journals.number
        reply = await journals.exchanges(call.sandbox_id, [*newest.values()])
        if clears not in (None, reply.clears):
            return None
        clears = reply.clears
        for exchange in reply.exchanges:
            process = exchange.id >> PROCESS_SHIFT
            newest[process] = max(exchange.id, newest.get(process, 0))
            following.offer(exchange)
            await call.turns.give_way()
        left = deadline - loop.time()
        if following.is_complete or left <= 0:
            in_order = sorted(following.found, key=lambda exchange: (exchange.at, exchange.id))
            return reply._replace(exchanges=in_order)
        await journals.changed(number, left)
        if call.client.has_left():
            raise ClientLeftError

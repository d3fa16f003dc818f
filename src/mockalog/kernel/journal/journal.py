"""The journal: the exchanges with the vendors, bounded by number and bytes.

The middleware records all vendor traffic and refuses nothing. An exchange keeps the raw bytes.
Secrets are redacted when an exchange is shown, because tests read far fewer exchanges than they
make.
"""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable
from operator import attrgetter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockalog.kernel.http.exchange import PROCESS_SHIFT, Exchange
from mockalog.kernel.journal.ring_buffer import RingBuffer

# The most bytes of a body that the journal keeps, so that one upload does not evict all others.
MAX_BODY = 64 * 1024


CONTROL_PREFIX = "/_mockalog"


class Following:
    """The wait of one caller for exchanges of a sandbox, or (None) of all.

    The journal offers each new exchange once, so a wait costs the same for any number of old ones.
    """

    def __init__(
        self, sandbox_id: int | None, count: int, matches: Callable[[Exchange], bool]
    ) -> None:
        self.sandbox_id = sandbox_id
        self.found: list[Exchange] = []
        # The journal was cleared: the wait must begin again.
        self.is_cleared = False
        # Set when `count` exchanges match, or at a clear.
        self.over = asyncio.Event()
        self._count = count
        self._matches = matches

    @property
    def is_complete(self) -> bool:
        """Return whether `count` exchanges match."""
        return len(self.found) >= self._count

    def offer(self, exchange: Exchange) -> None:
        """Take an exchange if it matches."""
        if self._matches(exchange):
            self.found.append(exchange)
            if self.is_complete:
                self.over.set()

    def clear(self) -> None:
        """End the wait, because the journal does not hold its exchanges any more."""
        self.is_cleared = True
        self.over.set()


class Journal:
    """The exchanges of one worker. Beyond the bounds, the oldest are dropped."""

    def __init__(self, max_exchanges: int, max_bytes: int, first_id: int = 0) -> None:
        self._ring: RingBuffer[Exchange] = RingBuffer(max_exchanges, max_bytes)
        # The id of the latest exchange.
        self.number = first_id
        # The number of clears, of one sandbox or of all.
        self.clears = 0
        # The instant of the latest request that matches no operation, 0 before the first.
        self.unmatched_at = 0
        # Set at the next exchange; None while no caller waits for one.
        self._waiting: asyncio.Event | None = None
        # The waits for exchanges, by sandbox.
        self._following: dict[int | None, list[Following]] = {}

    def record(self, exchange: Exchange) -> None:
        """Record an exchange that has its response."""
        exchange.duration = time.perf_counter() - exchange.started
        self.number += 1
        exchange.id = self.number
        exchange.request_size = len(exchange.request_body)
        exchange.response_size = len(exchange.response_body)
        exchange.request_body = exchange.request_body[:MAX_BODY]
        exchange.response_body = exchange.response_body[:MAX_BODY]
        if exchange.unmatched:
            self.unmatched_at = max(self.unmatched_at, exchange.at)
        self._ring.add(exchange.sandbox_id, exchange, exchange.size)
        if self._waiting is not None:
            self._wake()
        if self._following:
            self._offer(exchange)

    def follow(self, following: Following) -> None:
        """Offer new exchanges to a caller, until `unfollow`."""
        self._following.setdefault(following.sandbox_id, []).append(following)

    def unfollow(self, following: Following) -> None:
        """End a `follow`."""
        listed = self._following[following.sandbox_id]
        listed.remove(following)
        if not listed:
            del self._following[following.sandbox_id]

    def _offer(self, exchange: Exchange) -> None:
        for sandbox_id in {exchange.sandbox_id, None}:
            for following in self._following.get(sandbox_id, ()):
                following.offer(exchange)

    async def changed(self, number: int, seconds: float) -> None:
        """Wait until an exchange after that number is recorded, for at most `seconds`.

        It may return earlier without one, when another caller's time ends.
        """
        if self.number == number:
            waiting = self._waiting = self._waiting or asyncio.Event()
            timer = asyncio.get_running_loop().call_later(seconds, self._wake)
            await waiting.wait()
            timer.cancel()

    def _wake(self) -> None:
        """End the wait of all callers of `changed`."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.set()

    def exchanges(self, sandbox_id: int | None = None) -> list[Exchange]:
        """Return the recorded exchanges of a sandbox (None: of all), oldest first."""
        return self._ring.all() if sandbox_id is None else self._ring.of(sandbox_id)

    def counts(self) -> list[tuple[int, int]]:
        """Return the id of each sandbox with the number of its exchanges."""
        return [(owner, n) for owner, n in self._ring.counts() if owner is not None]

    def exchanges_after(self, sandbox_id: int | None, ids: Iterable[int]) -> list[Exchange]:
        """Return the exchanges of a sandbox after that one of the ids which is of this journal."""
        found, process = self.exchanges(sandbox_id), self.number >> PROCESS_SHIFT
        own = max((one for one in ids if one >> PROCESS_SHIFT == process), default=None)
        return found if own is None else found[bisect_right(found, own, key=attrgetter("id")) :]

    def clear(self, sandbox_id: int | None = None) -> int:
        """Drop the exchanges of a sandbox (None: of all); return their number."""
        self.clears += 1
        for followed, listed in self._following.items():
            if sandbox_id in (None, followed) or followed is None:
                for following in listed:
                    following.clear()
        return self._ring.clear() if sandbox_id is None else self._ring.clear_of(sandbox_id)


class JournalMiddleware:
    """Records vendor traffic, but no calls of the control plane."""

    def __init__(self, app: ASGIApp, lifespan: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._lifespan = lifespan
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the app with an `Exchange` in its scope."""
        if scope["type"] != "http":
            await self._lifespan(scope, receive, send)
            return
        if is_control_path(scope["path"]):
            await self._app(scope, receive, send)
            return
        exchange = scope["exchange"] = Exchange(scope)

        async def observe(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.response_headers = message["headers"]
            else:
                exchange.response_body = message["body"]
                self._journal.record(exchange)
            await send(message)

        await self._app(scope, receive, observe)


def is_control_path(path: str) -> bool:
    """Return whether the path belongs to the control plane."""
    return path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/")

"""The journal: what was asked and what was answered, bounded by number and bytes.

The middleware sees every byte of vendor traffic and refuses nothing. An exchange keeps the raw
bytes; secrets are taken out when one is shown, because tests ask rarely and requests come often.
"""

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.ring_buffer import RingBuffer

# A kept body is cut here, so that one upload cannot push everything else out.
MAX_BODY = 64 * 1024


CONTROL_PREFIX = "/_mockalog"


class Journal:
    """A ring of exchanges: the oldest go when the number or the bytes run over."""

    def __init__(self, max_exchanges: int, max_bytes: int, first_id: int = 0) -> None:
        self._ring: RingBuffer[Exchange] = RingBuffer(max_exchanges, max_bytes)
        # Of the exchange that was recorded last.
        self.number = first_id
        # When the latest came that fits no operation; 0: none did.
        self.unmatched_at = 0
        # Who waits for another exchange.
        self._waiting: asyncio.Event | None = None

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange that was answered."""
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

    async def changed(self, number: int, seconds: float) -> None:
        """Wait until something was recorded after that number, or for so long, or less."""
        if self.number == number:
            waiting = self._waiting = self._waiting or asyncio.Event()
            timer = asyncio.get_running_loop().call_later(seconds, self._wake)
            await waiting.wait()
            timer.cancel()

    def _wake(self) -> None:
        """Let all who wait look again."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.set()

    def exchanges(self, sandbox_id: int | None = None) -> list[Exchange]:
        """Return what is kept, oldest first; of one sandbox, or of all with None."""
        return self._ring.all() if sandbox_id is None else self._ring.of(sandbox_id)

    def clear(self, sandbox_id: int | None = None) -> int:
        """Drop what is kept of one sandbox, or everything; return how many exchanges went."""
        return self._ring.clear() if sandbox_id is None else self._ring.clear_of(sandbox_id)


class JournalMiddleware:
    """Records vendor traffic; control calls pass unrecorded."""

    def __init__(self, app: ASGIApp, lifespan: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._lifespan = lifespan
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with an `Exchange` in its scope."""
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

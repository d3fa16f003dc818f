"""The open connections of a server: their bounds in number, time and memory.

A connection is idle, or its request has not arrived whole, or it is in neither table: then a
request is under way. A request that arrives in one piece enters no table on its way in.
"""

import asyncio
from contextlib import suppress
from typing import Protocol, cast

from uvicorn.server import ServerState

from mockalog.kernel.errors import ApiError, BodyTooLargeError

# Seconds for which answers announce an idle connection as usable (`Keep-Alive: timeout=75`).
KEPT_SECONDS = 75

# It stays open longer than announced. A client that trusts the header finds no closed connection.
IDLE_SECONDS = KEPT_SECONDS + 5

# The most idle connections. Half of the 1,024 files that Linux lets a process open by default.
MAX_IDLE = 500

SWEEP_SECONDS = 1


class Connection(Protocol):
    """The parts of a connection that its bounds need."""

    # Bytes of an unfinished body in memory.
    held: int

    def close(self) -> None:
        """Close the connection at once."""
        ...

    def shutdown(self) -> None:
        """Let the latest answer under way be the last."""
        ...

    def expire(self) -> None:
        """Refuse the request that did not arrive in time."""
        ...

    def refuse(self, refusal: ApiError) -> None:
        """Answer the request that arrives with a refusal."""
        ...


class Connections(ServerState):
    """The connections of one server: uvicorn's state, and the bounds."""

    def __init__(self, max_bytes: int, max_idle: int = MAX_IDLE) -> None:
        super().__init__()
        # Set when the server stops: each answer is then the last on its connection.
        self.is_stopping = False
        # The tasks of requests that wait for other requests.
        self.waiting: set[asyncio.Task[object]] = set()
        # The idle ones with the loop's time at which they became so, the longest-idle first.
        self.idle: dict[Connection, float] = {}
        # Those whose request has not arrived whole, with the loop's time at which they expire.
        self._arriving: dict[Connection, float] = {}
        self._max_bytes, self._max_idle = max_bytes, max_idle
        self._held = 0
        self._is_sweeping = False
        # Set when the server stops and the last connection is closed.
        self._closed = asyncio.Event()

    def open(self, connection: Connection) -> None:
        """Add a new connection; beyond the bound, the longest-idle one is closed."""
        loop = asyncio.get_running_loop()
        self._closed.clear()
        self.idle[connection] = loop.time()
        if len(self.idle) > self._max_idle:
            self._close(next(iter(self.idle)))
        if not self._is_sweeping:
            self._is_sweeping = True
            loop.call_later(SWEEP_SECONDS, self._sweep_again)

    def lose(self, connection: Connection) -> None:
        """Remove a closed connection."""
        self.idle.pop(connection, None)
        self.arrived(connection)
        if self.is_stopping and not self.connections:
            self._closed.set()

    def wait(self, connection: Connection, deadline: float, held: int) -> None:
        """Note a request that has not arrived whole, and the bytes of its body in memory.

        If the bodies of all such requests are too large together, the largest is refused.
        """
        self._arriving[connection] = deadline
        self._held += held - connection.held
        connection.held = held
        if self._held > self._max_bytes:
            largest = max(self._arriving, key=lambda one: one.held)
            largest.refuse(BodyTooLargeError(self._max_bytes))

    def arrived(self, connection: Connection) -> None:
        """Note that a request has arrived, or never will."""
        if self._arriving.pop(connection, None) is not None:
            self._held -= connection.held
            connection.held = 0

    def sweep(self, now: float) -> None:
        """Close connections that were idle for too long, and refuse requests that are late.

        `now` is the loop's time.
        """
        for connection, since in [*self.idle.items()]:
            if now < since + IDLE_SECONDS and len(self.idle) <= self._max_idle:
                break
            self._close(connection)
        for connection in [one for one, deadline in self._arriving.items() if deadline <= now]:
            connection.expire()

    def stop(self) -> None:
        """Make each answer the last on its connection; those that wait for a request stay open."""
        self.is_stopping = True
        for connection in self._all():
            connection.shutdown()
        for task in self.waiting:
            task.cancel()

    async def closed(self, seconds: float) -> None:
        """Wait until all connections are closed, for at most `seconds`."""
        if self.connections:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), seconds)

    def close_idle(self) -> None:
        """Close the connections that wait for a request."""
        for connection in list(self.idle):
            self._close(connection)

    def close_all(self) -> None:
        """Close every connection at once."""
        for connection in list(self._all()):
            connection.close()

    def _all(self) -> set[Connection]:
        return cast(set[Connection], self.connections)

    def _close(self, connection: Connection) -> None:
        del self.idle[connection]
        connection.close()

    def _sweep_again(self) -> None:
        """Sweep once a second while connections are open."""
        loop = asyncio.get_running_loop()
        self.sweep(loop.time())
        self._is_sweeping = bool(self.connections)
        if self._is_sweeping:
            loop.call_later(SWEEP_SECONDS, self._sweep_again)

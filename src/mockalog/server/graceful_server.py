"""A uvicorn server with a stop of its own: answers under way are sent, and nothing is reset."""

import asyncio
import signal
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

import uvicorn

from mockalog.server.connections import Connections
from mockalog.server.http11 import Protocol
from mockalog.settings import Settings

SIGNALS = (signal.SIGINT, signal.SIGTERM)

LOG_FORMAT = "%(levelname)s %(name)s: %(message)s"

# The most bytes of unfinished bodies in memory, besides one control call of the largest size.
BODY_BYTES = 256 * 1024 * 1024

# Seconds after SIGTERM. Idle clients may have sent a request already, so they get some. Requests
# under way get the rest; the contract gives the whole stop 2 s (docs/control-plane.md#1-start).
IDLE_SECONDS = 0.2
GRACE_SECONDS = 0.8

# Seconds for cancelled requests to answer.
CANCEL_SECONDS = 0.2


class GracefulServer(uvicorn.Server):
    """A server whose every answer after SIGTERM ends its connection."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self.server_state: Connections = Connections(settings.control_bytes + BODY_BYTES)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal. A second one changes nothing, up to the end of the process.

        uvicorn would raise the signal once more at the end, but a clean stop must exit with 0.
        """
        before = {number: signal.signal(number, self._note) for number in SIGNALS}
        try:
            yield
        except BaseException:
            for number, handler in before.items():
                signal.signal(number, handler)
            raise

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse new connections, answer the requests under way, cancel those that take long."""
        connections = self.server_state
        connections.stop()
        await self._stop_listening(sockets or ())
        await connections.closed(IDLE_SECONDS)
        connections.close_idle()
        await connections.closed(GRACE_SECONDS - IDLE_SECONDS)
        await self._cancel()
        connections.close_all()
        await self.lifespan.shutdown()

    async def _stop_listening(self, sockets: Iterable[socket.socket]) -> None:
        """Close the sockets. Take the connections that clients have opened by then.

        The system would reset them, although their requests are already sent.
        """
        waiting = [one for listening in sockets for one in _accepted(listening)]
        for server in self.servers:
            server.close()
        for listening in sockets:
            listening.close()
        if waiting:
            takers = [asyncio.ensure_future(self._take(one)) for one in waiting]
            await asyncio.wait(takers, timeout=IDLE_SECONDS)

    async def _take(self, accepted: socket.socket) -> None:
        config = self.config
        protocol = partial(Protocol, config, self.server_state, self.lifespan.state)
        with suppress(OSError):  # the client is gone
            loop = asyncio.get_running_loop()
            await loop.connect_accepted_socket(protocol, accepted, ssl=config.ssl)

    async def _cancel(self) -> None:
        """Cancel the requests under way. Control calls answer 503, vendors' calls are dropped."""
        if tasks := list(self.server_state.tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=CANCEL_SECONDS)


def _accepted(listening: socket.socket) -> Iterator[socket.socket]:
    """Accept the connections that wait on a socket."""
    with suppress(OSError):  # no other waits
        while True:
            yield listening.accept()[0]

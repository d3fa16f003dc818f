"""A connection to an app in this process: its two ends, and a clock that the test moves."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import uvicorn

from mockalog.server.connections import Connections
from mockalog.server.http11 import Protocol
from tests.emulation import PATIENCE

PORTS = {"mockalog": 8000, "squared": 8001, "braze": 8002, "attraqt": 8003}


class Wire:
    """A transport that remembers what was sent with which call."""

    def __init__(self, port: int = 0, *, is_tls: bool = False) -> None:
        self.sent: list[bytes] = []
        self.closed = self.half_closed = self.paused = False
        self._port, self._is_tls = port, is_tls
        self._written = asyncio.Event()

    def write(self, data: bytes) -> None:
        """Remember the bytes."""
        self.sent.append(data)
        self._written.set()

    async def wait(self) -> None:
        """Wait until something is sent."""
        self._written.clear()
        await asyncio.wait_for(self._written.wait(), PATIENCE)

    def close(self) -> None:
        """Remember that no more come."""
        self.closed = True

    def can_write_eof(self) -> bool:
        """Say that one direction can be closed, except of TLS."""
        return not self._is_tls

    def write_eof(self) -> None:
        """Remember that no more is sent."""
        self.half_closed = True

    def is_closing(self) -> bool:
        """Say whether it was closed."""
        return self.closed

    def pause_reading(self) -> None:
        """Remember it."""
        self.paused = True

    def resume_reading(self) -> None:
        """Remember it."""
        self.paused = False

    def get_extra_info(self, name: str) -> Any:
        """Return the address of this end, and the name of all other things."""
        known = {"socket": None, "sslcontext": None, "sockname": ("127.0.0.1", self._port)}
        return known.get(name, name)


class Line:
    """A connection to the app of an emulation, without a socket. Use it in the app's loop."""

    def __init__(
        self,
        app: Any,
        vendor: str = "braze",
        connections: Connections | None = None,
        *,
        is_tls: bool = False,
    ) -> None:
        options: dict[str, Any] = {"lifespan": "off", "log_config": None, "ws": "none"}
        options |= {"interface": "asgi3", "proxy_headers": False}
        config = uvicorn.Config(app, http=Protocol, **options)
        self.connections = connections or Connections(1000)
        self.wire = Wire(PORTS[vendor], is_tls=is_tls)
        self.protocol = Protocol(config, self.connections, {})
        self.protocol.connection_made(cast(Any, self.wire))

    async def send(self, data: bytes, answers: int = 1) -> bytes:
        """Send data; return the bytes that are sent back by the time of so many answers."""
        self.protocol.data_received(data)
        return await self.received(answers)

    async def after(self, seconds: float, answers: int = 1) -> bytes:
        """Let so many seconds go by; return the bytes that are sent back."""
        self.connections.sweep(self.protocol.loop.time() + seconds)
        return await self.received(answers)

    async def received(self, answers: int = 1) -> bytes:
        """Return the bytes that are sent back by the time of so many more answers."""
        while len(statuses(b"".join(self.wire.sent))) < answers:
            await self.wire.wait()
        received = b"".join(self.wire.sent)
        self.wire.sent.clear()
        return received

    def lose(self) -> None:
        """Let the client close."""
        self.protocol.connection_lost(None)


@asynccontextmanager
async def line(app: Any, vendor: str = "braze", **options: Any) -> AsyncIterator[Line]:
    """Connect for the time of the block, in the app's loop."""
    connected = Line(app, vendor, **options)
    yield connected
    connected.lose()
    await asyncio.gather(*connected.connections.tasks)


def statuses(received: bytes) -> list[int]:
    """Return the statuses of the answers."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", received)]

"""The worker processes of one server, and how they ask each other.

Each worker listens on a Unix socket in a folder that only the server's user may enter (mode 0700).
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import NamedTuple

from mockalog.kernel.journal.messages import (
    AbsentError,
    JournalRequest,
    Reply,
    lines_of,
    reply_of,
)

# The longest line of a reply in bytes: an exchange with two bodies of `MAX_BODY`, escaped.
LINE_LIMIT = 2**24

# Returns this worker's own reply to a request.
Respond = Callable[[JournalRequest], Awaitable[Reply]]


class Worker(NamedTuple):
    """Another worker of this server."""

    path: Path

    @property
    def name(self) -> str:
        """Return the name by which an answer tells that the worker was absent."""
        return f"worker {self.path.stem}"

    async def ask(self, request: JournalRequest) -> Reply:
        """Return the reply of the worker, an empty one if it has ended; raises `AbsentError`."""
        try:
            async with aclosing(self._lines(request)) as lines:
                return await reply_of(lines)
        except (ConnectionRefusedError, FileNotFoundError):
            self.path.unlink(missing_ok=True)
            return Reply()
        except (OSError, TimeoutError) as error:
            raise AbsentError(repr(error)) from None

    async def _lines(self, request: JournalRequest) -> AsyncGenerator[bytes]:
        async with asyncio.timeout(request.seconds):
            reader, writer = await asyncio.open_unix_connection(self.path, limit=LINE_LIMIT)
        try:
            writer.write(request.packed() + b"\n")
            while line := await asyncio.wait_for(reader.readline(), request.seconds):
                yield line
        finally:
            writer.close()


class Workers:
    """This worker among the workers of its server."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._socket = self._folder / f"{os.getpid()}.sock"
        self._server: asyncio.Server | None = None

    async def start(self, respond: Respond) -> None:
        """Listen for requests of the other workers."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):  # the other worker has ended
                await _answer(respond, reader, writer)
            writer.close()

        self._server = await asyncio.start_unix_server(answer, self._socket)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._socket.unlink(missing_ok=True)

    def others(self) -> list[Worker]:
        """Return the other workers."""
        return [Worker(path) for path in self._folder.glob("*.sock") if path != self._socket]


async def _answer(
    respond: Respond, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the request of another worker. It may end before it sends one."""
    if not (line := await reader.readline()):
        return
    async for reply in lines_of(await respond(JournalRequest.unpacked(line))):
        writer.write(reply)
        await writer.drain()

"""The journals of all workers of a server, read as one.

Each worker keeps its own journal in memory, so recording costs the same with one worker and with
many. Each listens on a Unix socket in a folder that only the server's user may enter (mode 0700).
A worker that reads, waits or clears sends a request to all others. A response is sent only after
its exchange is recorded, so no worker has to flush.

Reading takes one round trip per worker. Ids of exchanges begin at the worker's number, so they are
unique, but not in the order of time. If a worker is killed, its exchanges are lost.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.journal import Journal

# Seconds after which a worker that does not respond is an error.
TIMEOUT_SECONDS = 10

# Seconds after which a waiting reader asks the other workers again.
POLL_SECONDS = 0.05


class WorkerJournals:
    """The journals of this worker and of the others.

    `folder` has the sockets of the workers. It is None if the server has one process.
    """

    def __init__(self, own: Journal, folder: str | None) -> None:
        self._own = own
        self._folder = None if folder is None else Path(folder)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen for requests of the other workers."""
        if self._folder is not None:
            self._server = await asyncio.start_unix_server(self._respond, self._socket)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            _remove_socket(self._socket)

    async def exchanges(self, sandbox_id: int | None) -> list[Exchange]:
        """Return the exchanges of a sandbox (None: of all) in all workers, oldest first."""
        found = self._own.exchanges(sandbox_id)
        if self._folder is None:
            return found
        for packed in await self._ask_all({"do": "list", "sandbox": sandbox_id}):
            found += map(Exchange.unpacked, packed)
        return sorted(found, key=lambda exchange: (exchange.at, exchange.id))

    async def count(self, sandbox_id: int) -> int:
        """Return the number of a sandbox's exchanges in all workers."""
        return len(await self.exchanges(sandbox_id))

    async def clear(self, sandbox_id: int | None) -> int:
        """Drop the exchanges of a sandbox (None: of all) in all workers; return their number."""
        cleared: list[int] = await self._ask_all({"do": "clear", "sandbox": sandbox_id})
        return self._own.clear(sandbox_id) + sum(cleared)

    @property
    def is_alone(self) -> bool:
        """Whether the server has one process, so that this worker's journal is all."""
        return self._folder is None

    @property
    def number(self) -> int:
        """The id of this worker's latest exchange, to pass to `changed`."""
        return self._own.number

    async def changed(self, number: int, seconds: float) -> None:
        """Wait until this worker records an exchange after that number, for at most `seconds`.

        With several workers it returns after `POLL_SECONDS`, because others may have recorded one.
        """
        seconds = seconds if self._folder is None else min(seconds, POLL_SECONDS)
        await self._own.changed(number, seconds)

    @property
    def _socket(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{os.getpid()}.sock"

    async def _ask_all(self, request: Mapping[str, object]) -> list[Any]:
        """Return the responses of the other workers that run."""
        if self._folder is None:
            return []
        others = [path for path in self._folder.glob("*.sock") if path != self._socket]
        responses = await asyncio.gather(*(self._ask_one(path, request) for path in others))
        return [response for response in responses if response is not None]

    async def _ask_one(self, path: Path, request: Mapping[str, object]) -> Any | None:
        """Return a worker's response, or None if the worker is dead."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            try:
                reader, writer = await asyncio.open_unix_connection(path)
            except (ConnectionRefusedError, FileNotFoundError):
                _remove_socket(path)
                return None
            writer.write(json.dumps(request).encode() + b"\n")
            response = await reader.read()
            writer.close()
            return json.loads(response) if response else None

    async def _respond(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Respond to the request of another worker."""
        request = json.loads(await reader.readline())
        if request["do"] == "clear":
            response: object = self._own.clear(request["sandbox"])
        else:
            response = [exchange.packed() for exchange in self._own.exchanges(request["sandbox"])]
        writer.write(json.dumps(response).encode())
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()


def _remove_socket(path: Path) -> None:
    """Remove the socket of a worker that has ended."""
    path.unlink(missing_ok=True)

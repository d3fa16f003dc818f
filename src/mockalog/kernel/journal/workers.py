"""The journals of all processes of one server, as one.

Each process keeps its own ring in memory, so that recording costs the same with one worker and
with many. Who reads asks the others: every worker listens on a Unix socket in a folder that only
this server's user may enter, and tells what it has. What was answered was recorded before.
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

# How long another process may take to tell what it has.
PATIENCE = 10

# How often a waiting reader asks the others, in seconds.
INTERVAL = 0.05


class WorkerJournals:
    """This process's journal and those of its siblings; `folder` is None if it has none."""

    def __init__(self, own: Journal, folder: str | None) -> None:
        self._own = own
        self._folder = None if folder is None else Path(folder)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen for the other workers."""
        if self._folder is not None:
            self._server = await asyncio.start_unix_server(self._tell, self._socket)

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            _bury(self._socket)

    async def exchanges(self, sandbox_id: int | None) -> list[Exchange]:
        """Return what all processes keep, oldest first; of one sandbox, or of all with None."""
        found = self._own.exchanges(sandbox_id)
        if self._folder is None:
            return found
        for told in await self._ask({"do": "tell", "sandbox": sandbox_id}):
            found += map(Exchange.unpacked, told)
        return sorted(found, key=lambda exchange: (exchange.at, exchange.id))

    async def clear(self, sandbox_id: int | None) -> int:
        """Drop what all processes keep of one sandbox, or everything; return how many went."""
        cleared: list[int] = await self._ask({"do": "clear", "sandbox": sandbox_id})
        return self._own.clear(sandbox_id) + sum(cleared)

    @property
    def number(self) -> int:
        """The number of the exchange that was recorded last: for `changed`."""
        return self._own.number

    async def changed(self, number: int, seconds: float) -> None:
        """Wait until something was recorded after that number, or for so long, or less.

        What another process records is not seen from here: with several, look again soon.
        """
        seconds = seconds if self._folder is None else min(seconds, INTERVAL)
        await self._own.changed(number, seconds)

    @property
    def _socket(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{os.getpid()}.sock"

    async def _ask(self, question: Mapping[str, Any]) -> list[Any]:
        """Return the others' answers."""
        if self._folder is None:
            return []
        others = [path for path in self._folder.glob("*.sock") if path != self._socket]
        answers = await asyncio.gather(*(self._ask_one(path, question) for path in others))
        return [answer for answer in answers if answer is not None]

    async def _ask_one(self, path: Path, question: Mapping[str, Any]) -> Any | None:
        """Return one worker's answer; None if it has died, and its journal with it."""
        async with asyncio.timeout(PATIENCE):
            try:
                reader, writer = await asyncio.open_unix_connection(path)
            except (ConnectionRefusedError, FileNotFoundError):
                _bury(path)
                return None
            writer.write(json.dumps(question).encode() + b"\n")
            answer = await reader.read()
            writer.close()
            return json.loads(answer) if answer else None

    async def _tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer another worker."""
        question = json.loads(await reader.readline())
        if question["do"] == "clear":
            answer: Any = self._own.clear(question["sandbox"])
        else:
            answer = [exchange.packed() for exchange in self._own.exchanges(question["sandbox"])]
        writer.write(json.dumps(answer).encode())
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()


def _bury(path: Path) -> None:
    """Take the socket of a worker away that has died."""
    path.unlink(missing_ok=True)

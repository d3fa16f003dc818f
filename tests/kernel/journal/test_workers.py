"""The journals of several processes as one; that real workers do so is tested with the server."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.journal import Journal
from mockalog.kernel.journal.workers import WorkerJournals


def recorded(*instants: int, sandbox_id: int = 1) -> Journal:
    """Return a journal with an exchange for each instant."""
    journal = Journal(max_exchanges=10, max_bytes=10**6, first_id=instants[0] << 30)
    for at in instants:
        scope = {
            "scheme": "http",
            "method": "POST",
            "path": "/é",
            "query_string": b"\xff",
            "headers": [(b"a", b"\xe9")],
        }
        exchange = Exchange(scope)
        exchange.at, exchange.sandbox_id, exchange.request_body = at, sandbox_id, b"\x00\xff"
        exchange.faults = ({"id": 1, "phase": "after"},)
        journal.record(exchange)
    return journal


def met(scene: Callable[[WorkerJournals, WorkerJournals, Path], Coroutine[Any, Any, None]]) -> None:
    """Play a scene between two processes' journals; the second one's socket has another name."""

    async def play(folder: Path) -> None:
        first, second = recorded(1, 3), recorded(2, 4)
        here, there = WorkerJournals(first, str(folder)), WorkerJournals(second, str(folder))
        await there.start()
        there._socket.rename(folder / "other.sock")
        await here.start()
        try:
            await scene(here, there, folder)
        finally:
            await there.close()
            await here.close()

    with TemporaryDirectory() as folder:  # a socket's path is short
        asyncio.run(play(Path(folder)))


def test_all_are_told_in_the_order_of_time_and_whole() -> None:
    """Bytes that are no text come over as well."""

    async def scene(here: WorkerJournals, there: WorkerJournals, folder: Path) -> None:
        found = await here.exchanges(1)

        assert [exchange.at for exchange in found] == [1, 2, 3, 4]
        assert await here.exchanges(2) == []
        told = found[1]
        assert (told.request_body, told.query_string) == (b"\x00\xff", b"\xff")
        assert told.headers == [(b"a", b"\xe9")]
        assert told.faults == ({"id": 1, "phase": "after"},)

    met(scene)


def test_all_are_cleared() -> None:
    """And counted."""

    async def scene(here: WorkerJournals, there: WorkerJournals, folder: Path) -> None:
        assert await here.clear(2) == 0
        assert await here.clear(None) == 4
        assert await here.exchanges(None) == []

    met(scene)


def test_a_process_that_died_is_forgotten() -> None:
    """Its socket is still there, or is gone by the time it is asked."""

    async def scene(here: WorkerJournals, there: WorkerJournals, folder: Path) -> None:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(folder / "dead.sock"))

        assert len(await here.exchanges(None)) == 4
        assert not (folder / "dead.sock").exists()
        assert await here._ask_one(folder / "dead.sock", {}) is None

    met(scene)

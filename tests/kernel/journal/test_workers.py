"""The journals of several workers, read as one. Tests of the server run real workers."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mockalog.kernel.journal.journal import Journal
from mockalog.kernel.journal.workers import WorkerJournals
from tests.kernel.journal.factories import exchange


def journal_of(*instants: int, sandbox_id: int = 1) -> Journal:
    """Return a journal with an exchange for each instant."""
    journal = Journal(max_exchanges=10, max_bytes=10**6, first_id=instants[0] << 30)
    for at in instants:
        recorded = exchange(
            at=at,
            sandbox_id=sandbox_id,
            path="/é",
            query_string=b"\xff",
            headers=[(b"a", b"\xe9")],
            request_body=b"\x00\xff",
            faults=({"id": 1, "phase": "after"},),
        )
        journal.record(recorded)
    return journal


def with_two_workers(test: Callable[[WorkerJournals, Path], Coroutine[Any, Any, None]]) -> None:
    """Run a test with the journals of the first of two workers, and the folder of their sockets.

    Both are in this process, so the second one's socket gets another name.
    """

    async def run(folder: Path) -> None:
        first = WorkerJournals(journal_of(1, 3), str(folder))
        second = WorkerJournals(journal_of(2, 4), str(folder))
        await second.start()
        second._socket.rename(folder / "other.sock")
        await first.start()
        try:
            await test(first, folder)
        finally:
            await second.close()
            await first.close()

    with TemporaryDirectory() as folder:  # the path of a socket must be short
        asyncio.run(run(Path(folder)))


def test_exchanges_of_all_workers_are_complete_and_in_the_order_of_time() -> None:
    """Bytes that are not UTF-8 are transferred too."""

    async def test(journals: WorkerJournals, folder: Path) -> None:
        found = await journals.exchanges(1)

        assert [entry.at for entry in found] == [1, 2, 3, 4]
        assert await journals.exchanges(2) == []
        other = found[1]
        assert (other.request_body, other.query_string) == (b"\x00\xff", b"\xff")
        assert other.headers == [(b"a", b"\xe9")]
        assert other.faults == ({"id": 1, "phase": "after"},)

    with_two_workers(test)


def test_clearing_drops_and_counts_exchanges_of_all_workers() -> None:
    """Clearing another sandbox drops none."""

    async def test(journals: WorkerJournals, folder: Path) -> None:
        assert await journals.clear(2) == 0
        assert await journals.clear(None) == 4
        assert await journals.exchanges(None) == []

    with_two_workers(test)


def test_the_socket_of_a_dead_worker_is_removed() -> None:
    """It may also be removed before the request is sent."""

    async def test(journals: WorkerJournals, folder: Path) -> None:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(folder / "dead.sock"))

        assert len(await journals.exchanges(None)) == 4
        assert not (folder / "dead.sock").exists()
        assert await journals._ask_one(folder / "dead.sock", {}) is None

    with_two_workers(test)

"""The worker processes of one server ask each other. Tests of the server run real workers."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mockalog.kernel.journal import messages
from mockalog.kernel.journal.messages import AbsentError, JournalRequest, Reply
from mockalog.kernel.journal.workers import Worker, Workers
from tests.kernel.journal.factories import exchange

LIST = JournalRequest("list", 1)

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read a request and never answer it."""
    await reader.read()


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break off in the middle of a reply."""
    await reader.readline()
    writer.write(b'{"end": {"clea')


def asked(answer: Answer, request: JournalRequest = LIST) -> Reply:
    """Return the reply of a worker that answers so."""

    async def ask(path: Path) -> Reply:
        ended = asyncio.Event()

        async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await answer(reader, writer)
            writer.close()
            await writer.wait_closed()
            ended.set()

        server = await asyncio.start_unix_server(respond, path)
        try:
            return await Worker(path).ask(request)
        finally:
            await ended.wait()
            server.close()

    with TemporaryDirectory() as folder:  # the path of a socket must be short
        return asyncio.run(ask(Path(folder) / "7.sock"))


def sockets(folder: Path) -> list[Path]:
    """Return the sockets in a folder."""
    return list(folder.glob("*.sock"))


def with_a_worker(test: Callable[[Worker], Awaitable[None]]) -> list[JournalRequest]:
    """Run a test with a worker that listens; return the requests that it got."""
    requests: list[JournalRequest] = []

    async def respond(request: JournalRequest) -> Reply:
        requests.append(request)
        return Reply([exchange(at=2)])

    async def run(folder: Path) -> None:
        workers = Workers(str(folder))
        await workers.start(respond)
        try:
            assert workers.others() == []
            await test(Worker(sockets(folder)[0]))
        finally:
            await workers.close()
        assert sockets(folder) == []

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))
    return requests


def test_a_worker_replies() -> None:
    """With its exchanges."""

    async def test(worker: Worker) -> None:
        assert [one.at for one in (await worker.ask(LIST)).exchanges] == [2]

    assert with_a_worker(test) == [LIST]


def test_a_worker_survives_one_that_ends_early() -> None:
    """Before its request, and before it has read the reply."""

    async def test(worker: Worker) -> None:
        for sent in (b"", LIST.packed() + b"\n"):
            with socket.socket(socket.AF_UNIX) as early:
                early.connect(str(worker.path))
                early.sendall(sent)
        for _ in range(3):
            assert len((await worker.ask(LIST)).exchanges) == 1

    assert set(with_a_worker(test)) == {LIST}


def test_the_other_workers_are_those_with_a_socket() -> None:
    """A worker that has not begun to listen, or has stopped, is none."""

    async def test(worker: Worker) -> None:
        workers = Workers(str(worker.path.parent))
        (worker.path.parent / "7.sock").touch()
        assert [other.name for other in workers.others()] == ["worker 7"]
        await workers.close()
        (worker.path.parent / "7.sock").unlink()

    with_a_worker(test)


@pytest.mark.parametrize("answer", [hold, cut])
def test_a_worker_that_does_not_reply_to_the_end_is_absent(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silent or cut off."""
    monkeypatch.setattr(messages, "SILENCE_SECONDS", 0.01)
    monkeypatch.setattr(messages, "CLEAR_SECONDS", 0.01)
    for request in (LIST, JournalRequest("clear", None)):
        with pytest.raises(AbsentError):
            asked(answer, request)


def test_a_clear_waits_less_than_a_list() -> None:
    """A reset needs no count."""
    assert JournalRequest("clear", 1).seconds < LIST.seconds < 10


def test_a_worker_that_has_ended_has_an_empty_journal() -> None:
    """Its socket is removed; it may also be gone before the request is sent."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "7.sock"
        with suppress(OSError), socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(path))
        for _ in range(2):
            assert asyncio.run(Worker(path).ask(LIST)) == Reply()
            assert not path.exists()

"""The journals of several processes, read as one."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

from mockalog.kernel.http.exchange import PROCESS_SHIFT
from mockalog.kernel.journal.journal import Journal
from mockalog.kernel.journal.journals import Journals
from mockalog.kernel.journal.messages import AbsentError, JournalRequest, Reply
from mockalog.kernel.journal.workers import Worker, Workers
from tests.kernel.journal.factories import exchange


class Other(NamedTuple):
    """Another process; without a reply it is absent."""

    name: str
    reply: Reply | None

    async def ask(self, request: JournalRequest) -> Reply:
        """Return the reply."""
        if self.reply is None:
            raise AbsentError("silent")
        return self.reply if request.do == "list" else Reply(cleared=len(self.reply.exchanges))


class Others(NamedTuple):
    """The other workers of a server."""

    others_: Sequence[Other]

    def others(self) -> Sequence[Other]:
        """Return them."""
        return self.others_


def journals_of(*others: Other) -> Journals:
    """Return the journals of a process with two exchanges, at 1 and 3, and of others."""
    own = Journal(10, 10**6)
    for at in (1, 3):
        own.record(exchange(at=at, sandbox_id=1))
    return Journals(own, cast(Workers, Others(others)))


def test_exchanges_of_all_processes_are_in_the_order_of_time() -> None:
    """Those of a process that is absent are missing, and the reply names it."""
    other = Other("worker 2", Reply([exchange(at=2), exchange(at=4)]))

    found = asyncio.run(journals_of(other, Other("worker 3", None)).exchanges(1))

    assert [one.at for one in found.exchanges] == [1, 2, 3, 4]
    assert found.incomplete == ["worker 3"]


def test_clearing_drops_and_counts_the_exchanges_of_all_processes() -> None:
    """Clearing another sandbox drops none."""
    journals = journals_of(Other("worker 2", Reply([exchange(at=2)])), Other("worker 3", None))

    assert asyncio.run(journals.clear(2)).cleared == 1
    reply = asyncio.run(journals.clear(None))
    assert (reply.exchanges, reply.cleared, reply.incomplete) == ([], 3, ["worker 3"])


def test_another_server_gets_the_exchanges_of_all_workers() -> None:
    """It asks each server once."""
    journals = journals_of(Other("worker 2", Reply([exchange(at=2)])))

    reply = asyncio.run(journals.of_this_server(JournalRequest("list", None)))

    assert sorted(one.at for one in reply.exchanges) == [1, 2, 3]


def test_workers_read_each_others_journals() -> None:
    """Each listens in the folder of the server until it closes."""

    async def ask(folder: str) -> list[int]:
        own = Journal(10, 10**6)
        own.record(exchange(at=1, sandbox_id=1))
        journals = Journals(own, Workers(folder))
        await journals.start()
        [path] = await asyncio.to_thread(lambda: list(Path(folder).glob("*.sock")))
        found = await Worker(path).ask(JournalRequest("list", 1))
        await journals.close()
        return [one.at for one in found.exchanges]

    with TemporaryDirectory() as folder:  # the path of a socket must be short
        assert asyncio.run(ask(folder)) == [1]
        assert list(Path(folder).iterdir()) == []


def test_ids_of_the_first_process_begin_at_zero() -> None:
    """A server that is alone has no number."""
    journals = Journals(Journal(10, 10**6))
    asyncio.run(journals.start())

    assert journals.number >> PROCESS_SHIFT == 0
    asyncio.run(journals.close())

"""The journals of all processes of one emulator, read as one.

Each process keeps its own journal in memory, so recording costs the same with one process and with
many. A process that reads, waits or clears asks all others: the workers of its server over Unix
sockets, the other servers on its database over HTTP. A response is sent only after its exchange is
recorded, so no process has to flush.

Reading takes one round trip per process. Ids of exchanges begin at the number of their process, so
they are unique, but not in the order of time. The exchanges of a killed process are lost.
"""

import asyncio
import logging
from collections.abc import Sequence

from mockalog.kernel.http.exchange import PROCESS_SHIFT
from mockalog.kernel.journal.journal import Journal
from mockalog.kernel.journal.messages import AbsentError, JournalRequest, Peer, Reply
from mockalog.kernel.journal.servers import Servers
from mockalog.kernel.journal.workers import Workers

logger = logging.getLogger(__name__)

# Seconds after which a waiting reader asks the other processes again.
POLL_SECONDS = 0.05


class Journals:
    """The journals of this process, of its server's other workers, and of the other servers.

    `workers` is None if the server has one process, and `servers` if it has the database alone.
    """

    def __init__(
        self, own: Journal, workers: Workers | None = None, servers: Servers | None = None
    ) -> None:
        self._own = own
        self._workers = workers
        self._servers = servers

    async def start(self) -> None:
        """Listen for the other workers, and register at the other servers."""
        if self._workers is not None:
            await self._workers.start(self._reply)
        if self._servers is not None:
            self._own.number = await self._servers.start() << PROCESS_SHIFT

    async def close(self) -> None:
        """Stop listening and leave the other servers."""
        if self._workers is not None:
            await self._workers.close()
        if self._servers is not None:
            await self._servers.close()

    async def exchanges(self, sandbox_id: int | None, after: Sequence[int] = ()) -> Reply:
        """Return the exchanges of a sandbox (None: of all) in all processes.

        Those of one process come in the order of their responses, those of several in the order of
        their requests.

        With `after` a process returns only those after that one of the ids which is its own.
        """
        request = JournalRequest("list", sandbox_id, tuple(after))
        if self.is_alone:
            return await self._reply(request)
        found = await self._ask_all(request, await self._peers())
        in_order = sorted(found.exchanges, key=lambda exchange: (exchange.at, exchange.id))
        return found._replace(exchanges=in_order)

    async def count(self) -> Reply:
        """Count the exchanges of each sandbox in all processes."""
        return await self._ask_all(JournalRequest("count", None), await self._peers())

    async def clear(self, sandbox_id: int | None) -> Reply:
        """Drop the exchanges of a sandbox (None: of all) in all processes."""
        return await self._ask_all(JournalRequest("clear", sandbox_id), await self._peers())

    async def of_this_server(self, request: JournalRequest) -> Reply:
        """Return the reply of this server's workers to a request of another server."""
        return await self._ask_all(request, self._other_workers())

    @property
    def is_alone(self) -> bool:
        """Whether this process's journal is all."""
        return self._workers is None and self._servers is None

    @property
    def number(self) -> int:
        """The id of this process's latest exchange, to pass to `changed`."""
        return self._own.number

    async def changed(self, number: int, seconds: float) -> None:
        """Wait until this process records an exchange after that number, for at most `seconds`.

        With several processes it returns after `POLL_SECONDS`, because others may have recorded
        one.
        """
        await self._own.changed(number, seconds if self.is_alone else min(seconds, POLL_SECONDS))

    async def _peers(self) -> Sequence[Peer]:
        servers = [] if self._servers is None else await self._servers.others()
        return [*self._other_workers(), *servers]

    def _other_workers(self) -> Sequence[Peer]:
        return [] if self._workers is None else self._workers.others()

    async def _ask_all(self, request: JournalRequest, peers: Sequence[Peer]) -> Reply:
        """Return the replies of this process and of the others as one."""
        found = await asyncio.gather(*(_ask(peer, request) for peer in peers))
        replies = [await self._reply(request), *found]
        return Reply(
            [exchange for reply in replies for exchange in reply.exchanges],
            sum(reply.cleared for reply in replies),
            [name for reply in replies for name in reply.incomplete],
            sum(reply.clears for reply in replies),
            [count for reply in replies for count in reply.counts],
        )

    async def _reply(self, request: JournalRequest) -> Reply:
        """Return this process's own reply."""
        if request.do == "clear":
            return Reply(cleared=self._own.clear(request.sandbox_id))
        if request.do == "count":
            return Reply(counts=self._own.counts())
        found = self._own.exchanges_after(request.sandbox_id, request.after)
        return Reply(found, clears=self._own.clears)


async def _ask(peer: Peer, request: JournalRequest) -> Reply:
    """Return the reply of another process; one that is absent is named in it."""
    try:
        return await peer.ask(request)
    except AbsentError as error:
        logger.info("%s did not reply about its journal: %s", peer.name, error)
        return Reply(incomplete=[peer.name])

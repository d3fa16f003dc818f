"""Connections to a PostgreSQL server, kept for the next request.

psycopg_pool's connections come from workers of its own, which back off while the server is away:
it was back for half a minute before the first request got one. Here who needs one makes it, so
that the first request after an outage is answered, and the end waits for nobody.
"""

import asyncio
import select
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus

from mockalog.kernel.database.interfaces import DatabaseUnavailableError

# More than this many requests at once wait for a connection instead of a query plan.
SIZE = 20

# Connections that stay open when nobody needs them.
KEPT = 10

# After so long something is wrong with those who have them.
WAIT_SECONDS = 10.0


class Pool:
    """At most `SIZE` connections; the one that was used last is used next."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._idle: list[AsyncConnection[Any]] = []
        self._room = asyncio.Semaphore(SIZE)
        self._kept = KEPT

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """Return a connection; what is begun on it is committed, or after an error rolled back.

        Raises `DatabaseUnavailableError` if every connection stays in use, and psycopg's errors if
        the server is away.
        """
        await self._enter()
        try:
            async with self._lent() as raw:
                yield raw
        finally:
            self._room.release()

    async def close(self) -> None:
        """Close what is idle now, and all else when it comes back."""
        self._kept = 0
        while self._idle:
            await self._idle.pop().close()

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._room.acquire()
        except TimeoutError:
            raise DatabaseUnavailableError(
                f"all {SIZE} connections to PostgreSQL are in use"
            ) from None

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[AsyncConnection[Any]]:
        raw = await self._take()
        try:
            yield raw
            await raw.commit()
        except Exception:
            with suppress(psycopg.Error):  # it is closed then
                await raw.rollback()
            raise
        finally:
            await self._give_back(raw)

    async def _take(self) -> AsyncConnection[Any]:
        while self._idle:
            raw = self._idle.pop()
            if not _is_cut(raw):
                return raw
            await raw.close()
        return await AsyncConnection.connect(**self._options)

    async def _give_back(self, raw: AsyncConnection[Any]) -> None:
        """Keep a connection that another can begin with; one that was left in its work cannot."""
        is_free = raw.info.transaction_status == TransactionStatus.IDLE
        if is_free and len(self._idle) < self._kept:
            self._idle.append(raw)
        else:
            await raw.close()


def _is_cut(raw: AsyncConnection[Any]) -> bool:
    """Return whether the server closed the connection, so that its restart costs no error answer.

    Something to read on an idle connection is its end; a look at the socket is no round trip.
    """
    waiting = select.poll()
    waiting.register(raw.fileno(), select.POLLIN)
    return bool(waiting.poll(0))

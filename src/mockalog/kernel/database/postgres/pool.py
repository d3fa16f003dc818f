"""Connections to a PostgreSQL server, kept for later requests.

psycopg_pool 3.3.3 hands out the connection that has been idle longest: after a burst of ten, single
reads cost 7 to 20 % more. A call during an outage waits for its timeout, instead of failing at once
with the cause. Here each request connects for itself if no connection is idle.
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

# The most connections; further requests wait for one.
MAX_CONNECTIONS = 20

# The most connections that stay open while they are idle.
MAX_IDLE = 10

# Seconds that a request waits for a connection.
WAIT_SECONDS = 10.0


class Pool:
    """At most `MAX_CONNECTIONS` connections; the one that was used last is used next."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._idle: list[AsyncConnection[Any]] = []
        self._free = asyncio.Semaphore(MAX_CONNECTIONS)
        self._max_idle = MAX_IDLE

    # Any: psycopg's rows have the class of the query.
    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """Lend a connection: its transaction is committed, or rolled back after an error.

        Raises `DatabaseUnavailableError` if every connection stays in use, and psycopg's errors if
        the server is away.
        """
        await self._wait_for_turn()
        try:
            async with self._borrowed() as raw:
                yield raw
        finally:
            self._free.release()

    async def close(self) -> None:
        """Close the idle connections now, and each other one when it comes back."""
        self._max_idle = 0
        while self._idle:
            await self._idle.pop().close()

    async def _wait_for_turn(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise DatabaseUnavailableError(
                f"all {MAX_CONNECTIONS} connections to PostgreSQL are in use"
            ) from None

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[AsyncConnection[Any]]:
        raw = await self._acquire()
        try:
            yield raw
            await raw.commit()
        except Exception:
            with suppress(psycopg.Error):  # the connection is closed then
                await raw.rollback()
            raise
        finally:
            await self._release(raw)

    async def _acquire(self) -> AsyncConnection[Any]:
        while self._idle:
            raw = self._idle.pop()
            if not _is_closed_by_server(raw):
                return raw
            await raw.close()
        return await AsyncConnection.connect(**self._options)

    async def _release(self, raw: AsyncConnection[Any]) -> None:
        """Keep a connection that is in no transaction; close any other."""
        is_free = raw.info.transaction_status == TransactionStatus.IDLE
        if is_free and len(self._idle) < self._max_idle:
            self._idle.append(raw)
        else:
            await raw.close()


def _is_closed_by_server(raw: AsyncConnection[Any]) -> bool:
    """Return whether the server closed the connection, so that its restart causes no error
    response.

    Readable data on an idle connection is its end. Looking at the socket is no round trip.
    """
    waiting = select.poll()
    waiting.register(raw.fileno(), select.POLLIN)
    return bool(waiting.poll(0))

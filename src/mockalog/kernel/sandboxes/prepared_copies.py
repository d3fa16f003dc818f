"""Spare copies: what the next reset or restore will hand out, made ready between requests.

A sandbox's snapshot, and a template that was seeded, have one spare copy each, from the moment on
in which they are made. It is filled in slices, so that nobody waits for it; who comes before it is
whole copies at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update

from mockalog.kernel.database.interfaces import (
    NO_VALUES,
    Connection,
    Database,
    DatabaseUnavailableError,
    IdRow,
    Query,
)
from mockalog.kernel.database.models import FILLING, PREPARED, SNAPSHOT, TEMPLATE, sandboxes
from mockalog.kernel.database.row_copies import PAUSE_SECONDS, START, CopyCursor, copy_slice
from mockalog.kernel.sandboxes.cleanup import Cleanup, backoff
from mockalog.kernel.sandboxes.generations import create_from

# Seconds for the call that asked for a copy to be answered before the copying begins.
PAUSE = 0.005

# Tables that a transaction goes through if they hold less than a slice.
TABLES = 10

logger = logging.getLogger(__name__)


class _SourceRow(NamedTuple):
    id: int
    name: str | None


class _CopyRow(NamedTuple):
    source_id: int | None


_exists = select(sandboxes.c.id).where(sandboxes.c.source_id == bindparam("source")).limit(1)
_EXISTS = Query(_exists, IdRow)
_sources = select(sandboxes.c.id, sandboxes.c.name).with_for_update()
_is_copied = or_(sandboxes.c.name == TEMPLATE, sandboxes.c.purpose == SNAPSHOT)
_LOCK_SOURCE = Query(_sources.where(sandboxes.c.id == bindparam("source"), _is_copied), _SourceRow)
_LOCK_TEMPLATE = Query(_sources.where(sandboxes.c.name == TEMPLATE, sandboxes.c.seeded), _SourceRow)
_lock = (
    select(sandboxes.c.id)
    .where(sandboxes.c.id == bindparam("target"), sandboxes.c.purpose == FILLING)
    .with_for_update()
)
_LOCK = Query(_lock, IdRow)
_HALF = Query(select(sandboxes.c.source_id).where(sandboxes.c.purpose == FILLING), _CopyRow)
_ABANDON = (
    update(sandboxes).where(sandboxes.c.purpose == FILLING).values(purpose=None, source_id=None)
)
_FINISH = update(sandboxes).where(sandboxes.c.id == bindparam("target")).values(purpose=PREPARED)


class PreparedCopies:
    """Keeps one spare copy of each identity that is copied again and again."""

    def __init__(self, database: Database, sweeper: Cleanup) -> None:
        self._database = database
        self._sweeper = sweeper
        self._tasks: dict[int | None, asyncio.Task[None]] = {}
        self._resuming: asyncio.Task[None] | None = None

    def prepare(self, source_id: int | None = None) -> None:
        """Have a spare copy made, unless there is one or it is being made.

        None: of the template, whichever it is by then, if it is seeded.
        """
        if source_id not in self._tasks:
            self._tasks[source_id] = asyncio.create_task(self._prepare(source_id))

    def resume(self) -> None:
        """Make anew what a process that was killed left half made: nobody else would fill it.

        A sibling that fills one right now finds that out, and that there is one already.
        """
        self._resuming = asyncio.create_task(self._logged(self._resume))

    async def settle(self) -> None:
        """Wait until every copy that was asked for is made."""
        if self._resuming is not None:
            await self._resuming
        await asyncio.gather(*self._tasks.values())

    async def close(self) -> None:
        """Stop; what is half made is swept, as its purpose says that it is not whole."""
        tasks = [*self._tasks.values(), *filter(None, [self._resuming])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _prepare(self, source_id: int | None) -> None:
        try:
            await self._logged(partial(self._fill, source_id))
        finally:  # at once, for the copy may be taken right now, and another one wanted
            self._tasks.pop(source_id)

    async def _logged(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what nothing depends on: without it, the next restore copies at once."""
        try:
            await work()
        except DatabaseUnavailableError as error:
            logger.info("a spare copy could not be made yet: %s", error)
        except Exception:
            logger.exception("a spare copy could not be made")

    async def _resume(self) -> None:
        async with self._database.transaction() as connection:
            half = await connection.all(_HALF, NO_VALUES)
        if half:  # else nothing is written: somebody may have the database for himself
            async with self._database.transaction() as connection:
                await connection.fail_fast_on_locks()
                await connection.run(_ABANDON, NO_VALUES)
            self._sweeper.wake()
        for source_id in (None, *(row.source_id for row in half)):
            self.prepare(source_id)

    async def _fill(self, source_id: int | None) -> None:
        """Copy; once more if the copy was let go meanwhile because its source has changed."""
        await asyncio.sleep(PAUSE)
        while (begun := await self._begin(source_id)) is not None:
            await self._copy(begun)

    async def _begin(self, source_id: int | None) -> "_Filling | None":
        """Begin a copy of a source that is still there and has none."""
        async with self._database.transaction() as connection:
            source: _SourceRow | None = None
            for writes in (False, True):  # mostly a look is enough, and that waits for no writer
                if writes:
                    await connection.begin_writing()
                source = await _wanting(connection, source_id)
                if source is None:
                    return None
            assert source is not None
            target = await create_from(connection, None, source.id, FILLING, spare_of=source.id)
            assert target is not None
            return _Filling(source.id, target, source.name == TEMPLATE)

    async def _copy(self, filling: "_Filling") -> None:
        """Copy slice by slice, till the end or till nobody wants it any more."""
        mark: CopyCursor | None = START
        rest = backoff()
        while mark is not None:
            await asyncio.sleep(PAUSE_SECONDS)
            try:
                async with self._database.transaction() as connection:
                    mark = await _go_on(connection, filling, mark)
            except DatabaseUnavailableError as error:
                logger.info("a spare copy has to wait: %s", error)
                await asyncio.sleep(next(rest))


async def _wanting(connection: Connection, source_id: int | None) -> _SourceRow | None:
    """Return the source if it is there, locked, and has no spare copy; else None."""
    query = _LOCK_TEMPLATE if source_id is None else _LOCK_SOURCE
    source = await connection.first(query, {"source": source_id})
    if source is None or await connection.first(_EXISTS, {"source": source.id}):
        return None
    return source


class _Filling(NamedTuple):
    source: int
    target: int
    inheriting: bool


async def _go_on(connection: Connection, filling: _Filling, mark: CopyCursor) -> CopyCursor | None:
    """Copy a slice; None when all is copied, or nobody wants the copy any more."""
    await connection.begin_writing()
    target = {"target": filling.target}
    if await connection.first(_LOCK, target) is None:
        return None
    following: CopyCursor | None = mark
    for _ in range(TABLES):
        assert following is not None
        following = await copy_slice(
            connection, filling.source, filling.target, following, inheriting=filling.inheriting
        )
        if following is None:
            await connection.run(_FINISH, target)
            break
        if following[1] is not None:  # a whole slice, and there is more in this table
            break
    return following

"""Prepared copies: the generations that the next reset or restore hands out.

A sandbox's snapshot, and a seeded template, have one prepared copy each, from the moment they
exist. It is filled in slices between requests. A reset or restore that comes before it is complete
copies at once (docs/decisions/0008-prepared-copies.md).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple, TypeVar

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
from mockalog.kernel.database.row_copies import (
    PAUSE_SECONDS,
    START,
    CopyCursor,
    LargeCopyError,
    copy_slice,
)
from mockalog.kernel.sandboxes.cleanup import Cleanup, backoff
from mockalog.kernel.sandboxes.generations import create_from

T = TypeVar("T")

# Seconds before the copying begins, so that the call that asked for it is answered first.
START_DELAY_SECONDS = 0.005

# Tables that one transaction copies if each holds less than a slice.
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
_INCOMPLETE = Query(select(sandboxes.c.source_id).where(sandboxes.c.purpose == FILLING), _CopyRow)
_RELEASE_INCOMPLETE = (
    update(sandboxes).where(sandboxes.c.purpose == FILLING).values(purpose=None, source_id=None)
)
_FINISH = update(sandboxes).where(sandboxes.c.id == bindparam("target")).values(purpose=PREPARED)


class PreparedCopies:
    """Keeps one prepared copy of each generation that is copied again and again."""

    def __init__(self, database: Database, cleanup: Cleanup) -> None:
        self._database = database
        self._cleanup = cleanup
        self._tasks: dict[int | None, asyncio.Task[None]] = {}

    def prepare(self, source_id: int | None = None) -> None:
        """Start a copy, if none exists or is being filled.

        With None: a copy of the template, if it is seeded by then.
        """
        if source_id not in self._tasks:
            self._tasks[source_id] = asyncio.create_task(self._prepare(source_id))

    async def after_copies(self, action: Callable[[], Awaitable[T]]) -> T:
        """Run an action, and run it again after each large copy that it needs.

        The action must be one transaction, so that a failed run changes nothing.
        """
        while True:
            try:
                return await action()
            except LargeCopyError as needed:
                await self.make(needed.source_id)

    async def make(self, source_id: int, *, beside_others: bool = True) -> None:
        """Make a prepared copy of a source in slices, without pauses between them.

        Without `beside_others` only if it has none.
        """
        filling = await self._begin(source_id, beside_others=beside_others)
        if filling is not None:
            await self._copy(filling, pause=0)

    async def resume(self) -> None:
        """Start again the copies that a killed process left incomplete.

        A worker that fills one right now notices this, and then that a copy exists. Await it before
        the first import, whose hidden generations look alike.
        """
        await self._logged(self._resume)

    async def settle(self) -> None:
        """Wait until every requested copy is complete."""
        await asyncio.gather(*self._tasks.values())

    async def close(self) -> None:
        """Stop; cleanup deletes incomplete copies, which their purpose marks."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _prepare(self, source_id: int | None) -> None:
        try:
            await self._logged(partial(self._fill, source_id))
        finally:  # at once: the copy may be taken now, and another one requested
            self._tasks.pop(source_id)

    async def _logged(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run work that nothing depends on: without it, the next restore copies at once."""
        try:
            await work()
        except DatabaseUnavailableError as error:
            logger.info("a prepared copy could not be created yet: %s", error)
        except Exception:
            logger.exception("a prepared copy could not be created")

    async def _resume(self) -> None:
        async with self._database.transaction() as connection:
            incomplete = await connection.all(_INCOMPLETE, NO_VALUES)
        if incomplete:  # otherwise nothing is written: another process may hold the write lock
            async with self._database.transaction() as connection:
                await connection.fail_fast_on_locks()
                await connection.run(_RELEASE_INCOMPLETE, NO_VALUES)
            self._cleanup.wake()
        for source_id in (None, *(row.source_id for row in incomplete)):
            self.prepare(source_id)

    async def _fill(self, source_id: int | None) -> None:
        """Copy, and again if the copy was released meanwhile because its source changed."""
        await asyncio.sleep(START_DELAY_SECONDS)
        while (filling := await self._begin(source_id)) is not None:
            await self._copy(filling)

    async def _begin(
        self, source_id: int | None, *, beside_others: bool = False
    ) -> "_Filling | None":
        """Create the copy of a source that still exists and has no copy.

        With `beside_others` it may have one.
        """
        async with self._database.transaction() as connection:
            source: _SourceRow | None = None
            for writes in (False, True):  # a read is mostly enough, and it waits for no writer
                if writes:
                    await connection.begin_writing()
                source = await _source(connection, source_id)
                if source is None or not (beside_others or await _lacks_copy(connection, source)):
                    return None
            assert source is not None
            target = await create_from(connection, None, source.id, FILLING, copy_of=source.id)
            assert target is not None
            return _Filling(source.id, target, source.name == TEMPLATE)

    async def _copy(self, filling: "_Filling", pause: float = PAUSE_SECONDS) -> None:
        """Copy slice by slice until the copy is complete or released."""
        cursor: CopyCursor | None = START
        pauses = backoff()
        while cursor is not None:
            await asyncio.sleep(pause)
            try:
                async with self._database.transaction() as connection:
                    cursor = await _copy_some(connection, filling, cursor)
            except DatabaseUnavailableError as error:
                logger.info("a prepared copy has to wait: %s", error)
                await asyncio.sleep(next(pauses))


async def _source(connection: Connection, source_id: int | None) -> _SourceRow | None:
    """Return the locked source, None if it does not exist any more."""
    query = _LOCK_TEMPLATE if source_id is None else _LOCK_SOURCE
    return await connection.first(query, {"source": source_id})


async def _lacks_copy(connection: Connection, source: _SourceRow) -> bool:
    return await connection.first(_EXISTS, {"source": source.id}) is None


class _Filling(NamedTuple):
    source: int
    target: int
    inheriting: bool


async def _copy_some(
    connection: Connection, filling: _Filling, cursor: CopyCursor
) -> CopyCursor | None:
    """Copy a slice; return None when the copy is complete or released."""
    await connection.begin_writing()
    target = {"target": filling.target}
    if await connection.first(_LOCK, target) is None:
        return None
    following: CopyCursor | None = cursor
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

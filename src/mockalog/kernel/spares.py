"""Spare copies: what the next reset or restore will hand out, made ready between requests.

A sandbox's snapshot, and a template that was seeded, have one spare copy each, from the moment on
in which they are made. It is filled in slices, so that nobody waits for it; who comes before it is
whole copies at once.
"""

import asyncio
import logging
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update

from mockalog.kernel.copies import GAP, START, Mark, copy_slice
from mockalog.kernel.database import NOTHING, Connection, Database
from mockalog.kernel.identity import FILLING, SNAPSHOT, SPARE, TEMPLATE, begin_like, sandboxes

# Seconds for the call that asked for a copy to be answered before the copying begins.
PAUSE = 0.005

# Tables that a transaction goes through if they hold less than a slice.
TABLES = 10

logger = logging.getLogger(__name__)

_EXISTS = select(sandboxes.c.id).where(sandboxes.c.source_id == bindparam("source")).limit(1)
_LOCK_SOURCE = (
    select(sandboxes.c.id, sandboxes.c.name)
    .where(
        sandboxes.c.id == bindparam("source"),
        or_(sandboxes.c.name == TEMPLATE, sandboxes.c.purpose == SNAPSHOT),
    )
    .with_for_update()
)
_LOCK = (
    select(sandboxes.c.id)
    .where(sandboxes.c.id == bindparam("target"), sandboxes.c.purpose == FILLING)
    .with_for_update()
)
_ABANDON = (
    update(sandboxes).where(sandboxes.c.purpose == FILLING).values(purpose=None, source_id=None)
)
_FINISH = update(sandboxes).where(sandboxes.c.id == bindparam("target")).values(purpose=SPARE)


class Spares:
    """Keeps one spare copy of each identity that is copied again and again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def resume(self) -> None:
        """Let go what a process that was killed left half made: nobody else would fill it.

        A sibling that fills one right now finds that out with the next slice.
        """
        async with self._database.transaction() as connection:
            await connection.run(_ABANDON, NOTHING)

    def prepare(self, source_id: int) -> None:
        """Have a spare copy made, unless there is one or it is being made."""
        if source_id not in self._tasks:
            self._tasks[source_id] = asyncio.create_task(self._prepare(source_id))

    async def settle(self) -> None:
        """Wait until every copy that was asked for is made."""
        await asyncio.gather(*self._tasks.values())

    async def close(self) -> None:
        """Stop; what is half made is swept, as its purpose says that it is not whole."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _prepare(self, source_id: int) -> None:
        try:
            await self._fill(source_id)
        except Exception:
            # Nothing depends on it: the next restore copies at once.
            logger.exception("a spare copy could not be made")
        finally:  # at once, for the copy may be taken right now, and another one wanted
            self._tasks.pop(source_id)

    async def _fill(self, source_id: int) -> None:
        await asyncio.sleep(PAUSE)
        begun = await self._begin(source_id)
        mark: Mark | None = START
        while begun is not None and mark is not None:
            await asyncio.sleep(GAP)
            async with self._database.transaction() as connection:
                mark = await _go_on(connection, begun, mark)

    async def _begin(self, source_id: int) -> "_Filling | None":
        """Begin a copy of a source that is still there and has none."""
        async with self._database.transaction() as connection:
            await connection.begin_writing()
            source = await connection.first(_LOCK_SOURCE, {"source": source_id})
            if source is None or await connection.first(_EXISTS, {"source": source_id}):
                return None
            target = await begin_like(connection, None, source_id, FILLING, spare_of=source_id)
            assert target is not None
            return _Filling(source_id, target, source.name == TEMPLATE)


class _Filling(NamedTuple):
    source: int
    target: int
    inheriting: bool


async def _go_on(connection: Connection, filling: _Filling, mark: Mark) -> Mark | None:
    """Copy a slice; None when all is copied, or nobody wants the copy any more."""
    await connection.begin_writing()
    target = {"target": filling.target}
    if await connection.first(_LOCK, target) is None:
        return None
    following: Mark | None = mark
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

"""Cleanup: the rows of retired generations are deleted in slices between requests.

A reset only takes a sandbox's name away, so it costs the same for one row and for a million
(docs/decisions/0004-reset-is-a-new-generation.md).
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Delete,
    Table,
    bindparam,
    delete,
    exists,
    or_,
    select,
    tuple_,
    update,
)

from mockalog.kernel.database.interfaces import (
    NO_VALUES,
    Database,
    DatabaseUnavailableError,
    IdRow,
    Query,
)
from mockalog.kernel.database.models import SNAPSHOT, TEMPLATE, sandboxes
from mockalog.kernel.database.row_copies import PAUSE_SECONDS, SLICE, owned_tables

logger = logging.getLogger(__name__)

# The pauses after a failure, in seconds: the first and the longest.
BACKOFF_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 60.0

_source = sandboxes.alias("source")
# Prepared copies of generations that no call can restore any more.
_ORPHANED = (
    update(sandboxes)
    .where(
        sandboxes.c.source_id.is_not(None),
        ~exists().where(
            _source.c.id == sandboxes.c.source_id,
            or_(_source.c.name == TEMPLATE, _source.c.purpose == SNAPSHOT),
        ),
    )
    .values(purpose=None, source_id=None)
)
_retired = select(sandboxes.c.id).where(sandboxes.c.name.is_(None), sandboxes.c.purpose.is_(None))
_RETIRED = Query(_retired.limit(1), IdRow)
_FORGET = delete(sandboxes).where(sandboxes.c.id == bindparam("sandbox_id"))


class Cleanup:
    """Deletes the rows of retired generations in the background."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = False

    def wake(self) -> None:
        """Delete everything that was retired until now.

        The work begins after the response, so that the next caller does not wait for it.
        """
        self._is_wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def settle(self) -> None:
        """Wait until all retired rows are deleted."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop; a later wake deletes the rest."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        pauses = backoff()
        while self._is_wanted:
            self._is_wanted = False
            try:
                await delete_retired(self._database)
            except DatabaseUnavailableError as error:  # no other code would retry it
                logger.info("retired rows could not be deleted yet: %s", error)
                self._is_wanted = True
                await asyncio.sleep(next(pauses))


def backoff() -> Iterator[float]:
    """Yield the pause after each failure in a row, in seconds: twice as long each time."""
    pause = BACKOFF_SECONDS
    while True:
        yield pause
        pause = min(2 * pause, MAX_BACKOFF_SECONDS)


async def delete_retired(database: Database) -> int:
    """Delete all rows of retired generations; return the number of transactions."""
    slices = 0
    async with database.transaction() as connection:
        await connection.fail_fast_on_locks()
        await connection.run(_ORPHANED, NO_VALUES)
    while await _delete_slice(database):
        slices += 1
        await asyncio.sleep(PAUSE_SECONDS)
    return slices


async def _delete_slice(database: Database) -> bool:
    """Delete one slice of one retired generation; return False if nothing is left."""
    async with database.transaction() as connection:
        await connection.fail_fast_on_locks()
        retired = await connection.first(_RETIRED, NO_VALUES)
        if retired is None:
            return False
        values = {"sandbox_id": retired.id}
        for statement in _deletions():
            # One table at a time: a call that still runs there may hold locks in another order.
            if await connection.run(statement, values):
                return True
        await connection.run(_FORGET, values)
        return True


@cache
def _deletions() -> Sequence[Delete]:
    return [_delete_some(table) for table in owned_tables()]


def _delete_some(table: Table) -> Delete:
    """Return the statement that deletes one slice of a sandbox's rows from a table."""
    keys: list[Column[Any]] = list(table.primary_key)
    some = select(*keys).where(table.c.sandbox_id == bindparam("sandbox_id")).limit(SLICE)
    return delete(table).where(tuple_(*keys).in_(some))

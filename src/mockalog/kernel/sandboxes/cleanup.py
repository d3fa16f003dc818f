"""Sweeping: deleting what retired sandboxes left behind, in slices that hold nobody up.

A reset only takes a sandbox's name away, so that it costs the same for one row and for a
million. The rows go afterwards, between requests.
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

# After work that failed; twice as long after another, but never longer than the last.
REST_SECONDS = 1.0
LONGEST_REST = 60.0

_source = sandboxes.alias("source")
# Spare copies of what is gone, or of what nobody can restore any more.
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
    """Sweeps between requests, whenever somebody left something behind."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = False

    def wake(self) -> None:
        """Have everything swept that was retired until now.

        Not before the answer, nor as a part of it: whoever asked next would wait.
        """
        self._is_wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def settle(self) -> None:
        """Wait until nothing is left to sweep."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop; what is left is swept another time."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        rest = backoff()
        while self._is_wanted:
            self._is_wanted = False
            try:
                await delete_retired(self._database)
            except (
                DatabaseUnavailableError
            ) as error:  # nothing depends on it, but nobody else would do it
                logger.info("what was reset could not be swept yet: %s", error)
                self._is_wanted = True
                await asyncio.sleep(next(rest))


def backoff() -> Iterator[float]:
    """Yield how long work behind the scenes rests after an outage, and after each that follows."""
    rest = REST_SECONDS
    while True:
        yield rest
        rest = min(2 * rest, LONGEST_REST)


async def delete_retired(database: Database) -> int:
    """Delete all rows of retired sandboxes; return how many transactions it took."""
    slices = 0
    async with database.transaction() as connection:
        await connection.fail_fast_on_locks()
        await connection.run(_ORPHANED, NO_VALUES)
    while await _sweep_slice(database):
        slices += 1
        await asyncio.sleep(PAUSE_SECONDS)
    return slices


async def _sweep_slice(database: Database) -> bool:
    """Delete one slice of one retired sandbox; say whether there may be more."""
    async with database.transaction() as connection:
        await connection.fail_fast_on_locks()
        retired = await connection.first(_RETIRED, NO_VALUES)
        if retired is None:
            return False
        values = {"sandbox_id": retired.id}
        for statement in _deletions():
            # One table at a time: who is still at work in there may hold locks in another order.
            if await connection.run(statement, values):
                return True
        await connection.run(_FORGET, values)
        return True


@cache
def _deletions() -> Sequence[Delete]:
    return [_delete_some(table) for table in owned_tables()]


def _delete_some(table: Table) -> Delete:
    """Return what deletes one slice of a sandbox's rows from a table."""
    keys: list[Column[Any]] = list(table.primary_key)
    some = select(*keys).where(table.c.sandbox_id == bindparam("sandbox_id")).limit(SLICE)
    return delete(table).where(tuple_(*keys).in_(some))

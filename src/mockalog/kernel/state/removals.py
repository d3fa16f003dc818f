"""Removals: sandboxes that are deleted, on request or because no caller has used them for long.

Their rows, faults, jobs, limits, issued tokens and journal go, and all that is cached.
"""

import asyncio
import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, func, select, update

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.interfaces import Connection, DatabaseUnavailableError, Query
from mockalog.kernel.database.models import (
    TEMPLATE,
    credentials,
    sandbox_uses,
    sandboxes,
    snapshots,
)
from mockalog.kernel.sandboxes import generations, uses
from mockalog.kernel.sandboxes.snapshot_rows import BASELINE, delete_all
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.runtime import Runtime

logger = logging.getLogger(__name__)

# Sandboxes that one transaction removes.
SLICE = 100

# Seconds between two writes of the uses at most, and the part of the time to live at most.
WRITE_SECONDS, WRITES_PER_LIFE = 30.0, 8


class _SandboxRow(NamedTuple):
    id: int
    name: str


_is_used = sandbox_uses.c.name == sandboxes.c.name
_last_use = func.coalesce(sandbox_uses.c.used_at, sandboxes.c.created_at)
_is_registered = exists().where(
    credentials.c.sandbox == sandboxes.c.name, credentials.c.issued.is_(False)
)
_is_of_baseline = exists().where(
    snapshots.c.owner == TEMPLATE,
    snapshots.c.name == BASELINE,
    snapshots.c.member == sandboxes.c.name,
)
_idle = (
    select(sandboxes.c.id, sandboxes.c.name)
    .outerjoin(sandbox_uses, _is_used)
    .where(
        sandboxes.c.name.is_not(None),
        sandboxes.c.name != TEMPLATE,
        sandboxes.c.id > bindparam("last"),
        _last_use < bindparam("since"),
        ~_is_registered,
        ~_is_of_baseline,
    )
    .order_by(sandboxes.c.id)
    .limit(SLICE)
)
_IDLE = Query(_idle, _SandboxRow)
_RETIRE = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("removed"), sandboxes.c.name == bindparam("called"))
    .values(name=None)
)
_FORGET_ISSUED = delete(credentials).where(
    credentials.c.sandbox == bindparam("called"), credentials.c.issued.is_(True)
)


async def remove(runtime: Runtime, name: str) -> bool:
    """Delete a sandbox with its snapshots. Return False if it does not exist."""
    async with runtime.database.transaction() as connection:
        await generations.lock_template(connection)
        row = await generations.find(connection, name)
        if row is not None:
            await _remove(connection, [_SandboxRow(row.id, name)])
            await delete_all(connection, name)
        runtime.sandboxes.uses.drop(name)
        runtime.sandboxes.forget()
    if row is not None:
        await _clean_up(runtime, [row.id])
    return row is not None


async def remove_idle(runtime: Runtime, since: int) -> int:
    """Delete the sandboxes that were used last before an instant; return their number.

    The template, the baseline and the sandboxes of registered credentials stay. So do snapshots:
    a sandbox of the same name can be restored from them.
    """
    turns, last, count = Turns(), 0, 0
    while True:
        async with runtime.database.transaction() as connection:
            await generations.lock_template(connection)
            rows = await connection.all(_IDLE, {"last": last, "since": since})
            idle = [row for row in rows if not runtime.sandboxes.uses.has(row.name)]
            await _remove(connection, idle)
            runtime.sandboxes.forget()
        if idle:
            await _clean_up(runtime, [row.id for row in idle])
        count += len(idle)
        if len(rows) < SLICE:
            return count
        last = rows[-1].id
        await turns.give_way()


async def _remove(connection: Connection, rows: Sequence[_SandboxRow]) -> None:
    values = [{"removed": row.id, "called": row.name} for row in rows]
    await connection.many(_RETIRE, values)
    await connection.many(_FORGET_ISSUED, values)
    await uses.forget(connection, [row.name for row in rows])


async def _clean_up(runtime: Runtime, sandbox_ids: Sequence[int]) -> None:
    """Drop what memory holds of removed sandboxes; the rows are deleted in the background."""
    runtime.sandboxes.cleanup.wake()
    runtime.limiter.forget(frozenset(sandbox_ids))
    await asyncio.gather(*map(runtime.journals.clear, sandbox_ids))


class Caretaker:
    """Writes the uses of sandboxes now and then, and removes idle ones.

    `life` is the time to live in seconds, None for ever. A use may be written late, also by another
    worker, so a sandbox lives up to a quarter of that time longer.
    """

    def __init__(self, runtime: Runtime, life: float | None) -> None:
        self._runtime = runtime
        self._life = life
        self._task: asyncio.Task[None] | None = None
        self._pause = min(WRITE_SECONDS, math.inf if life is None else life / WRITES_PER_LIFE)

    def start(self) -> None:
        """Begin to take care."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Stop, after a last write."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        with suppress(DatabaseUnavailableError):
            await self._runtime.sandboxes.uses.write()

    async def look(self) -> int:
        """Write the uses, and remove idle sandboxes; return their number."""
        noted = self._runtime.sandboxes.uses
        await noted.write()
        if self._life is None:
            return 0
        late = self._life + 2 * self._pause
        return await remove_idle(self._runtime, noted.now() - round(late * SECOND))

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            try:
                await self.look()
            except DatabaseUnavailableError as error:
                logger.info("the uses of sandboxes could not be written yet: %s", error)
            except Exception:
                logger.exception("idle sandboxes could not be removed")

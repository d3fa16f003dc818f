"""Hidden generations: rows that are collected in many transactions before any call sees them.

Imports and snapshots fill a hidden generation in slices. Then one transaction gives it a sandbox's
name, or keeps it as a snapshot. Until then it is `filling`, so the start of a server releases what
a killed one left.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import bindparam, null, update
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.clock import machine_now
from mockalog.kernel.database.interfaces import Connection, Database, IdRow, Query, Reader
from mockalog.kernel.database.models import (
    FILLING,
    IDENTITY,
    NOT_INHERITED,
    SNAPSHOT,
    STATE,
    sandboxes,
)
from mockalog.kernel.database.row_slices import filled_tables, read_slices, store
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.generations import SandboxRow
from mockalog.kernel.turns import Turns

_given: dict[str, Any] = {
    name: bindparam(name) for name in (*IDENTITY, *(column.name for column in STATE))
}
_CREATE = Query(upsert(sandboxes).values(_given).returning(sandboxes.c.id), IdRow)
_hidden = sandboxes.c.purpose == FILLING
_KEEP = (
    update(sandboxes).where(sandboxes.c.id == bindparam("kept"), _hidden).values(purpose=SNAPSHOT)
)
_RELEASE = (
    update(sandboxes).where(sandboxes.c.id == bindparam("hidden"), _hidden).values(purpose=None)
)
_TAKE_OVER = (
    update(sandboxes)
    .where(sandboxes.c.id == bindparam("hidden"), _hidden)
    .values(name=bindparam("new_name"), purpose=null(), created_at=bindparam("now"))
)


class ReleasedError(Exception):
    """Another server started and released a hidden generation: the work must begin again."""


@asynccontextmanager
async def releasing(database: Database) -> AsyncIterator[list[int]]:
    """Yield a list of hidden generations. After an error they are released to cleanup.

    Those that a snapshot keeps or that have a name by then stay.
    """
    hidden: list[int] = []
    try:
        yield hidden
    except BaseException:
        async with database.transaction() as connection:
            await connection.many(_RELEASE, [{"hidden": sandbox_id} for sandbox_id in hidden])
        raise


async def copy_hidden(
    database: Database,
    reader: Reader,
    row: SandboxRow,
    hidden: list[int],
    turns: Turns,
    *,
    inheriting: bool = False,
) -> int:
    """Copy a held generation to a hidden one, add this to `hidden`, and return its id.

    `inheriting`: copy no faults. Raises `ClientLeftError`.
    """
    async with database.transaction() as connection:
        target = await create_hidden(connection, row)
    hidden.append(target)
    for table in await filled_tables(reader, row.id):
        if inheriting and NOT_INHERITED in table.info:
            continue
        async for rows in read_slices(reader, table, row.id):
            async with database.transaction() as connection:
                await store(connection, table, target, rows)
            await turns.give_way()
    return target


async def create_hidden(connection: Connection, row: SandboxRow) -> int:
    """Create a generation without a name and without rows, whose own row is like the given one.

    It is `filling`, so cleanup leaves it alone until it is kept, named or released.
    """
    state = {column.name: getattr(row, column.name) for column in STATE}
    created = await connection.first(
        _CREATE,
        {**generations.identity(None), **state, "purpose": FILLING, "seeded": bool(row.seeded)},
    )
    assert created is not None
    return created.id


async def keep(connection: Connection, sandbox_ids: Sequence[int]) -> None:
    """Make hidden generations those of a snapshot; raises `ReleasedError`."""
    rows = [{"kept": sandbox_id} for sandbox_id in sandbox_ids]
    if await connection.many(_KEEP, rows) < len(rows):
        raise ReleasedError


async def take_over(connection: Connection, name: str, sandbox_id: int) -> None:
    """Give a sandbox's name to a hidden generation; raises `ReleasedError`."""
    await generations.retire(connection, name)
    values = {"new_name": name, "hidden": sandbox_id, "now": machine_now()}
    if await connection.run(_TAKE_OVER, values) == 0:
        raise ReleasedError

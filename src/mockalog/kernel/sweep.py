"""Sweeping: deleting what retired sandboxes left behind, in slices that hold nobody up.

A reset only takes a sandbox's name away, so that it costs the same for one row and for a
million. The rows go afterwards, between requests.
"""

import asyncio
from collections.abc import Sequence
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

from mockalog.kernel.copies import owned_tables
from mockalog.kernel.database import NOTHING, Database
from mockalog.kernel.identity import SNAPSHOT, TEMPLATE, sandboxes

# Rows a slice deletes: about a millisecond on SQLite.
SLICE = 500

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
_RETIRED = (
    select(sandboxes.c.id).where(sandboxes.c.name.is_(None), sandboxes.c.purpose.is_(None)).limit(1)
)
_FORGET = delete(sandboxes).where(sandboxes.c.id == bindparam("sandbox_id"))


async def sweep(database: Database) -> int:
    """Delete all rows of retired sandboxes; return how many transactions it took."""
    slices, statements = 0, [_delete_some(table) for table in owned_tables()]
    async with database.transaction() as connection:
        await connection.run(_ORPHANED, NOTHING)
    while await _sweep_slice(database, statements):
        slices += 1
        await asyncio.sleep(0)  # whoever waits for the database goes first
    return slices


async def _sweep_slice(database: Database, statements: Sequence[Delete]) -> bool:
    """Delete one slice of one retired sandbox; say whether there may be more."""
    async with database.transaction() as connection:
        retired = await connection.first(_RETIRED, NOTHING)
        if retired is None:
            return False
        values = {"sandbox_id": retired.id}
        for statement in statements:
            if await connection.run(statement, values):
                return True
        await connection.run(_FORGET, values)
        return True


def _delete_some(table: Table) -> Delete:
    """Return what deletes one slice of a sandbox's rows from a table."""
    keys: list[Column[Any]] = list(table.primary_key)
    some = select(*keys).where(table.c.sandbox_id == bindparam("sandbox_id")).limit(SLICE)
    return delete(table).where(tuple_(*keys).in_(some))

"""Handovers: sandboxes get other generations, the template first.

Up to `PART` sandboxes change in one transaction. More of them change in several, between which
other calls run: each sandbox changes at one instant, and its callers never see a mixture.
"""

from collections.abc import Awaitable, Callable, Container, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from mockalog.kernel.database.interfaces import NO_VALUES, Connection, Database, Query
from mockalog.kernel.database.models import TEMPLATE, sandboxes
from mockalog.kernel.sandboxes import generations, uses
from mockalog.kernel.sandboxes.sandboxes import Sandboxes
from mockalog.kernel.turns import Turns

# Sandboxes that change in one transaction. It takes some 10 ms on SQLite.
PART = 50


class Successor(NamedTuple):
    """The next generation of a sandbox: `take_over` gives it the sandbox's name."""

    name: str
    take_over: Callable[[Connection], Awaitable[None]]


class _MaxRow(NamedTuple):
    id: int | None


class _NameRow(NamedTuple):
    id: int
    name: str


_RETIRE = update(sandboxes).where(sandboxes.c.id == bindparam("retired")).values(name=None)
_NEWEST = Query(select(func.max(sandboxes.c.id).label("id")), _MaxRow)
_names = select(sandboxes.c.id, sandboxes.c.name).where(
    sandboxes.c.name.is_not(None),
    sandboxes.c.id > bindparam("last"),
    sandboxes.c.id <= bindparam("newest"),
)
_NAMES = Query(_names.order_by(sandboxes.c.id).limit(PART), _NameRow)


async def hand_over(
    database: Database,
    cache: Sandboxes,
    successors: Sequence[Successor],
    *,
    retires_others: bool = False,
) -> None:
    """Let the successors take over.

    With `retires_others` all other sandboxes of now are retired. The client may leave meanwhile:
    the handover is completed in any case.
    """
    ordered = sorted(successors, key=lambda one: one.name != TEMPLATE)
    parts = [ordered[first : first + PART] for first in range(0, len(ordered), PART)] or [[]]
    kept, turns = {one.name for one in successors}, Turns()
    last: int | None = 0 if retires_others else None
    newest = 0
    while parts or last is not None:
        async with database.transaction() as connection:
            await generations.lock_template(connection)
            newest = newest or await _newest_id(connection)
            for one in parts.pop(0) if parts else ():
                await one.take_over(connection)
            if last is not None and not parts:
                last = await _retire_part(connection, kept, last, newest)
            cache.forget()
        await turns.give_way()


async def _newest_id(connection: Connection) -> int:
    row = await connection.first(_NEWEST, NO_VALUES)
    assert row is not None
    assert row.id is not None  # the template exists
    return row.id


async def _retire_part(
    connection: Connection, kept: Container[str], last: int, newest: int
) -> int | None:
    """Retire the sandboxes after the id `last`, at most `PART`, except those to keep.

    Return the id to go on from, None at the end.
    """
    rows = await connection.all(_NAMES, {"last": last, "newest": newest})
    retired = [row for row in rows if row.name not in kept]
    await connection.many(_RETIRE, [{"retired": row.id} for row in retired])
    await uses.forget(connection, [row.name for row in retired])
    return rows[-1].id if len(rows) == PART else None

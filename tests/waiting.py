"""Waiting for another transaction, without a clock."""

from typing import NamedTuple

from sqlalchemy import text

from mockalog.kernel.database.interfaces import Database, Query


class CountRow(NamedTuple):
    """The number of locks that transactions wait for."""

    number: int


_BLOCKED = Query(text("SELECT count(*) AS number FROM pg_locks WHERE NOT granted"), CountRow)


async def until_one_waits(database: Database) -> None:
    """Return when a transaction waits for another's lock (PostgreSQL)."""
    blocked: CountRow | None = None
    while blocked is None or not blocked.number:
        async with database.transaction() as connection:
            blocked = await connection.first(_BLOCKED, {})

"""Waiting for what another transaction does, without a clock."""

from typing import Any

from sqlalchemy import text

from mockalog.kernel.database.interfaces import Database

_BLOCKED = text("SELECT count(*) AS number FROM pg_locks WHERE NOT granted")


async def until_one_waits(database: Database) -> None:
    """Return when a transaction waits for another's lock (PostgreSQL)."""
    blocked: Any = None
    while blocked is None or not blocked.number:
        async with database.transaction() as connection:
            blocked = await connection.first(_BLOCKED, {})

"""The pool of PostgreSQL connections: limits, cancelled requests, restarts of the server."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import psycopg
import pytest
from sqlalchemy import text

from mockalog.kernel.database.interfaces import Database, DatabaseUnavailableError, Query
from mockalog.kernel.database.repository import Repository
from tests.emulation import Emulation, emulate


class NumberRow(NamedTuple):
    """A row with a number."""

    number: int


SLEEP = Query(text("SELECT pg_sleep(60)"), tuple)
ONE = Query(text("SELECT 1 AS number"), NumberRow)
# The connections of the database, except the one of the query.
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
ASLEEP = "AND wait_event = 'PgSleep'"


@pytest.fixture
def url(new_postgres_url: Callable[[], str]) -> str:
    """The URL of a new database."""
    return new_postgres_url()


@pytest.fixture
def emulation(url: str) -> Iterator[Emulation]:
    """An emulator with that database."""
    with emulate(database_url=url, migrate=True) as emulation:
        yield emulation


def aggregate(url: str, function: str, condition: str = "") -> Any:
    """Return an aggregate over the other connections that meet a condition."""
    with psycopg.connect(url, autocommit=True) as connection:
        statement = f"SELECT {function} {OTHERS} {condition}".encode()
        row: Any = connection.execute(statement).fetchone()
    return row[0]


def becomes(url: str, number: int, condition: str = "") -> bool:
    """Return whether the number of other connections becomes `number` within 500 queries."""
    return any(aggregate(url, "count(*)", condition) == number for _ in range(500))


async def one(database: Database) -> int:
    """Return 1, read from the database."""
    async with database.transaction() as connection:
        row = await connection.first(ONE, {})
    assert row is not None
    return row.number


async def number(database: Database, begun: asyncio.Event | None = None) -> int:
    """Return the next number of a series. With `begun`, set it and never commit."""
    async with database.transaction() as connection:
        found = await Repository(connection, 7).next_number("pool")
        if begun is not None:
            begun.set()
            await asyncio.Event().wait()
    return found


def test_a_request_without_a_connection_in_time_fails(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next request gets the free connection."""
    monkeypatch.setattr("mockalog.kernel.database.postgres.pool.MAX_CONNECTIONS", 1)
    monkeypatch.setattr("mockalog.kernel.database.postgres.pool.WAIT_SECONDS", 0.01)
    with emulate(database_url=url, migrate=True) as emulation:
        database = emulation.runtime.database

        async def act() -> int:
            async with database.transaction():
                with pytest.raises(DatabaseUnavailableError, match="in use"):
                    await one(database)
            return await one(database)

        assert emulation.run(act) == 1


def test_the_statement_of_a_cancelled_request_ends(url: str, emulation: Emulation) -> None:
    """The server ends it, and the connection is closed."""
    database = emulation.runtime.database

    async def sleep() -> None:
        async with database.transaction() as connection:
            await connection.all(SLEEP, {})

    async def act() -> int:
        sleeping = asyncio.create_task(sleep())
        while not await asyncio.to_thread(aggregate, url, "count(*)", ASLEEP):
            pass
        sleeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeping
        return await one(database)

    assert emulation.run(act) == 1
    assert becomes(url, 0, "AND state <> 'idle'")


def test_a_transaction_cancelled_before_its_commit_changes_nothing(emulation: Emulation) -> None:
    """It keeps no lock either."""
    database = emulation.runtime.database

    async def act() -> int:
        begun = asyncio.Event()
        numbering = asyncio.create_task(number(database, begun))
        await begun.wait()
        numbering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await numbering
        return await number(database)

    assert emulation.run(act) == 1


def test_connections_that_close_in_a_transaction_are_unavailable(
    url: str, emulation: Emulation
) -> None:
    """The first request after it succeeds."""
    database = emulation.runtime.database

    async def number_twice() -> None:
        async with database.transaction() as connection:
            await Repository(connection, 7).next_number("pool")
            await asyncio.to_thread(aggregate, url, "count(pg_terminate_backend(pid, 5000))")
            await Repository(connection, 7).next_number("pool")

    async def act() -> int:
        with pytest.raises(DatabaseUnavailableError):
            await number_twice()
        return await number(database)

    assert emulation.run(act) == 1


def test_idle_connections_are_kept_up_to_a_limit(
    url: str, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing the database closes all of them, and those in use after their transaction."""
    database = emulation.runtime.database

    async def act() -> list[bool]:
        found = []
        async with database.transaction() as first, database.transaction() as second:
            for connection in (first, second):
                await connection.all(ONE, {})
            database._pool._max_idle = 1  # type: ignore[attr-defined]
        found.append(await asyncio.to_thread(becomes, url, 1))
        async with database.transaction() as connection:
            await connection.all(ONE, {})
            await database.close()
        found.append(await asyncio.to_thread(becomes, url, 0))
        return found

    assert emulation.run(act) == [True, True]

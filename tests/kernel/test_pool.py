"""PostgreSQL's connections: borrowed, released, given up."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from mockalog.kernel.database.interfaces import Database, DatabaseUnavailableError
from mockalog.kernel.database.repository import Repository
from tests.emulation import Emulation, emulate

SLEEP = text("SELECT pg_sleep(60)")
ONE = text("SELECT 1 AS number")
# Everybody's but the one who asks.
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
ASLEEP = "AND wait_event = 'PgSleep'"


@pytest.fixture
def url(new_postgres_url: Callable[[], str]) -> str:
    """A database of its own."""
    return new_postgres_url()


@pytest.fixture
def emulation(url: str) -> Iterator[Emulation]:
    """An emulator on it."""
    with emulate(database_url=url, migrate=True) as emulation:
        yield emulation


def ask(url: str, what: str, which: str = "") -> Any:
    """Return what the server says of its other connections: a figure over some of them."""
    with psycopg.connect(url, autocommit=True) as connection:
        row: Any = connection.execute(f"SELECT {what} {OTHERS} {which}".encode()).fetchone()
    return row[0]


def becomes(url: str, wanted: int, which: str = "") -> bool:
    """Return whether there are soon so many other connections; the server takes its time."""
    return any(ask(url, "count(*)", which) == wanted for _ in range(500))


async def one(database: Database) -> int:
    """Return 1, from the database."""
    async with database.transaction() as connection:
        row: Any = await connection.first(ONE, {})
    return int(row.number)


async def number(database: Database, at_work: asyncio.Event | None = None) -> int:
    """Return the next number of a series; with an event, set that and wait before the commit."""
    async with database.transaction() as connection:
        found = await Repository(connection, 7).next_number("pool")
        if at_work is not None:
            at_work.set()
            await asyncio.Event().wait()
    return found


def test_who_gets_no_connection_in_time_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever comes when one is free gets it."""
    monkeypatch.setattr("mockalog.kernel.database.pool.MAX_CONNECTIONS", 1)
    monkeypatch.setattr("mockalog.kernel.database.pool.WAIT_SECONDS", 0.01)
    with emulate(database_url=url, migrate=True) as emulation:
        database = emulation.runtime.database

        async def act() -> int:
            async with database.transaction():
                with pytest.raises(DatabaseUnavailableError, match="in use"):
                    await one(database)
            return await one(database)

        assert emulation.run(act) == 1


def test_a_statement_that_nobody_waits_for_ends(url: str, emulation: Emulation) -> None:
    """The client went away."""
    database = emulation.runtime.database

    async def sleep() -> None:
        async with database.transaction() as connection:
            await connection.all(SLEEP, {})

    async def act() -> int:
        sleeping = asyncio.create_task(sleep())
        while not await asyncio.to_thread(ask, url, "count(*)", ASLEEP):
            pass
        sleeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeping
        return await one(database)

    assert emulation.run(act) == 1
    assert becomes(url, 0, "AND state <> 'idle'")


def test_what_is_given_up_before_its_commit_leaves_nothing(emulation: Emulation) -> None:
    """Nor does it hold anybody up."""
    database = emulation.runtime.database

    async def act() -> int:
        at_work = asyncio.Event()
        numbering = asyncio.create_task(number(database, at_work))
        await at_work.wait()
        numbering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await numbering
        return await number(database)

    assert emulation.run(act) == 1


def test_a_server_that_goes_in_mid_work_is_an_outage_and_back_at_once(
    url: str, emulation: Emulation
) -> None:
    """The first call after it is answered."""
    database = emulation.runtime.database

    async def number_twice() -> None:
        async with database.transaction() as connection:
            await Repository(connection, 7).next_number("pool")
            await asyncio.to_thread(ask, url, "count(pg_terminate_backend(pid, 5000))")
            await Repository(connection, 7).next_number("pool")

    async def act() -> int:
        with pytest.raises(DatabaseUnavailableError):
            await number_twice()
        return await number(database)

    assert emulation.run(act) == 1


def test_idle_connections_are_kept_up_to_a_number(
    url: str, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is the server's again; at the end all are, those that come back later too."""
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

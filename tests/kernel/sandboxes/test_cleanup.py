"""Sweeping: what retired sandboxes leave behind goes, slice by slice."""

import asyncio
from functools import partial
from typing import Any

import pytest

from mockalog.kernel.database.interfaces import Connection, DatabaseUnavailableError
from mockalog.kernel.database.models import sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.database.row_copies import SLICE, owned_tables
from mockalog.kernel.sandboxes import cleanup as sweeping
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.cleanup import delete_retired
from mockalog.kernel.state.resets import reset
from mockalog.schema import metadata
from tests.emulation import Emulation, emulate
from tests.queries import query_of
from tests.waiting import until_one_waits


def fill(emulation: Emulation, name: str, rows: int) -> None:
    """Give a sandbox some rows."""

    async def write() -> None:
        sandbox = await emulation.runtime.sandboxes.open(name)
        async with emulation.runtime.database.transaction() as connection:
            repository = Repository(connection, sandbox.id)
            for number in range(rows):
                await repository.next_number(f"series-{number}")

    emulation.run(write)


def count(emulation: Emulation, sandbox_id: int | None = None) -> int:
    """Return how many of `fill`'s rows there are in the database, or in a sandbox of it."""
    runtime = emulation.runtime

    async def read() -> int:
        async with runtime.database.transaction() as connection:
            rows = await connection.all(query_of(metadata.tables["series"].select()), {})
        ours = [row.sandbox_id for row in rows if row.name.startswith("series-")]
        return len([owner for owner in ours if sandbox_id in (None, owner)])

    number: int = emulation.run(read)
    return number


def test_all_rows_of_retired_sandboxes_go_and_no_others() -> None:
    """However many slices it takes."""
    with emulate() as emulation:
        runtime = emulation.runtime
        fill(emulation, "old", SLICE + 1)
        fill(emulation, "new", 3)

        async def retire_and_sweep() -> int:
            await reset(runtime, await runtime.sandboxes.open("old"))
            return await delete_retired(runtime.database)

        assert emulation.run(retire_and_sweep) == 3  # two slices of rows, one of the sandbox
        assert count(emulation) == 3


def test_a_reset_sweeps_after_its_answer(emulation: Emulation) -> None:
    """On every database."""
    name = "swept-by-reset"
    fill(emulation, name, 5)
    old = emulation.run(partial(emulation.runtime.sandboxes.open, name)).id
    assert count(emulation, old) == 5

    emulation.control(headers={"X-Mockalog-Sandbox": name}).post("/reset")
    emulation.settle()

    assert count(emulation, old) == 0


def test_every_table_but_the_servers_own_belongs_to_sandboxes() -> None:
    """A new table cannot be forgotten."""
    own = {"credentials", "servers", "snapshots", "sandbox_uses", sandboxes.name}
    own.add("attraqt_signing_keys")

    assert {table.name for table in owned_tables()} == set(metadata.tables) - own


def test_an_outage_is_logged_and_the_sweep_tries_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that was asked for depends on it; and it can be closed at any time."""
    deletions, outages = sweeping._deletions, [DatabaseUnavailableError("disk I/O error")] * 2

    def out_of_order() -> Any:
        if outages:
            raise outages.pop()
        return deletions()

    caplog.set_level("INFO")
    monkeypatch.setattr(sweeping, "BACKOFF_SECONDS", 0)
    monkeypatch.setattr(sweeping, "_deletions", out_of_order)
    with emulate() as emulation:
        runtime = emulation.runtime
        fill(emulation, "old", 3)

        async def sweep_until_it_is_done() -> None:
            sweeper = runtime.sandboxes.cleanup
            await sweeper.settle()  # nothing to do yet
            await reset(runtime, await runtime.sandboxes.open("old"))
            sweeper.wake()
            sweeper.wake()
            await sweeper.settle()

        emulation.run(sweep_until_it_is_done)

        assert caplog.text.count("could not be deleted yet: disk I/O error") == 2
        assert count(emulation) == 0


def test_who_is_still_at_work_in_there_is_no_victim_of_a_deadlock(new_postgres_url: Any) -> None:
    """Each wants what the other has: the sweep gives way, and tries again with the next reset."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime
        database = runtime.database
        fill(emulation, "old", 3)

        async def work_on(connection: Connection, sandbox_id: int) -> asyncio.Task[int]:
            await Repository(connection, sandbox_id).next_number("series-2")
            sweeping = asyncio.create_task(delete_retired(database))
            await until_one_waits(database)
            assert await Repository(connection, sandbox_id).next_number("series-0") == 2
            return sweeping

        async def act() -> None:
            old = await runtime.sandboxes.open("old")
            async with database.transaction() as connection:
                await generations.retire(connection, "old")
            async with database.transaction() as connection:
                sweeping = await work_on(connection, old.id)
            with pytest.raises(DatabaseUnavailableError):
                await sweeping
            await delete_retired(database)

        emulation.run(act)
        assert count(emulation) == 0

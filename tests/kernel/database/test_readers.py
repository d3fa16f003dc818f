"""Readers: one state of a sandbox in many reads, while other calls run."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mockalog.kernel.database import row_slices
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.database.models import series_table
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.database.row_slices import SliceSize, filled_tables, read_slices
from tests.emulation import Emulation, emulate


@pytest.fixture(params=["memory", "file", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("new_postgres_url")())
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/a.db"


async def count(emulation: Emulation, sandbox_id: int, name: str) -> None:
    """Write a row of a sandbox, in a transaction that names it."""
    async with emulation.runtime.database.transaction(sandbox_id) as connection:
        await Repository(connection, sandbox_id).next_number(name)


def test_a_reader_sees_one_state_of_a_held_sandbox(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another sandbox is written meanwhile; the held one is written during or after it."""
    monkeypatch.setattr(row_slices, "FIRST_SLICE", 1)
    monkeypatch.setattr(row_slices, "MAX_SLICE", 1)
    with emulate(database_url=url, migrate=True) as emulation:
        database = emulation.runtime.database

        async def scene() -> list[Any]:
            for name in "abc":
                await count(emulation, 7, name)
            async with database.reading() as reader, reader.hold(7):
                slices = read_slices(reader, series_table, 7)
                found: list[Any] = [await anext(slices)]
                writing = asyncio.create_task(count(emulation, 7, "d"))
                await count(emulation, 8, "other")
                await asyncio.sleep(0)
                found += [rows async for rows in slices]
            await writing
            async with database.reading() as reader:
                found.append([rows async for rows in read_slices(reader, series_table, 7)])
                assert await filled_tables(reader, 7) == [series_table]
            return found

        *during, after = emulation.run(scene)

    assert during == [[("a", 1)], [("b", 1)], [("c", 1)]]
    assert len(after) == 4


def test_a_second_hold_waits_for_the_first() -> None:
    """Two calls never work on one sandbox at once."""
    with emulate() as emulation:
        database = emulation.runtime.database
        seen: list[str] = []

        async def hold(name: str) -> None:
            async with database.hold(7):
                seen.append(f"{name} begins")
                await asyncio.sleep(0)
                seen.append(f"{name} ends")

        async def scene() -> None:
            await asyncio.gather(hold("one"), hold("two"))

        emulation.run(scene)

    assert seen == ["one begins", "one ends", "two begins", "two ends"]


def test_a_file_that_cannot_be_read_is_an_outage(tmp_path: Path) -> None:
    """As in a transaction."""
    with emulate(database_url=f"sqlite:///{tmp_path}/a.db") as emulation:
        database: Any = emulation.runtime.database
        database._path = str(tmp_path / "missing" / "a.db")

        async def scene() -> None:
            async with database.reading():
                ...

        with pytest.raises(DatabaseUnavailableError):
            emulation.run(scene)


def test_slices_grow_and_shrink_with_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows may have ten bytes or a megabyte."""
    times = iter([0, 0.001, 1, 1.003, 2, 2.5, 3, 3.5])
    monkeypatch.setattr("time.perf_counter", lambda: next(times))
    size, seen = SliceSize(), []
    for _ in range(4):
        size.begin()
        size.end()
        seen.append(size.rows)

    assert seen == [128, 128, 64, 32]

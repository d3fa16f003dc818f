"""SQLite: locks between processes, failed commits, limits of values and statements."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import bindparam, text

from mockalog.kernel.database.interfaces import DatabaseUnavailableError, Query
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.database.sqlite.connection import MAX_STATEMENTS
from mockalog.kernel.errors import UnstorableValueError
from tests.emulation import Emulation, emulate


class LastRow(NamedTuple):
    """The last number of a series."""

    last: int


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30])
def test_an_integer_beyond_64_bits_is_unstorable(emulation: Emulation, value: int) -> None:
    """PostgreSQL compares it as a numeric value, and finds no row."""
    statement = text("SELECT last FROM series WHERE last = :n").bindparams(bindparam("n"))

    async def work() -> Any:
        async with emulation.runtime.database.transaction() as connection:
            return await connection.all(Query(statement, LastRow), {"n": value})

    if emulation.runtime.database.shared:
        assert emulation.run(work) == []
    else:
        with pytest.raises(UnstorableValueError):
            emulation.run(work)


def test_a_failed_commit_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    """The next transaction reads the state before it."""
    with emulate(database_url=f"sqlite:///{tmp_path}/a.db") as emulation:
        database: Any = emulation.runtime.database

        class Broken:
            def __init__(self, raw: Any) -> None:
                self._raw = raw

            def __getattr__(self, name: str) -> Any:
                return getattr(self._raw, name)

            def commit(self) -> None:
                raise sqlite3.OperationalError("disk full")

        async def work() -> int:
            whole, database.raw = database.raw, Broken(database.raw)
            with pytest.raises(DatabaseUnavailableError):
                async with database.transaction() as connection:
                    await Repository(connection, 1_000_001).next_number("s")
            database.raw = whole
            async with database.transaction() as connection:
                return await Repository(connection, 1_000_001).next_number("s")

        assert emulation.run(work) == 1


def test_a_file_that_another_process_has_locked_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later transaction succeeds."""
    monkeypatch.setattr("mockalog.kernel.database.sqlite.database.BUSY_SECONDS", 0)
    with emulate(database_url=f"sqlite:///{tmp_path}/a.db") as emulation:
        database = emulation.runtime.database

        async def number() -> int:
            async with database.transaction() as connection:
                return await Repository(connection, 1_000_001).next_number("s")

        with closing(sqlite3.connect(tmp_path / "a.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnavailableError):
                emulation.run(number)

        assert emulation.run(number) == 1


def test_an_unavailable_database_is_the_vendors_500_and_one_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The next call succeeds."""
    monkeypatch.setattr("mockalog.kernel.database.sqlite.database.BUSY_SECONDS", 0)
    catalog = {"name": "shop", "fields": [{"name": "id", "type": "string"}]}
    with emulate(database_url=f"sqlite:///{tmp_path}/a.db") as emulation:
        client = emulation.client("/braze")
        client.get("/catalogs")

        with closing(sqlite3.connect(tmp_path / "a.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            failed = client.post("/catalogs", json={"catalogs": [catalog]})
        after = client.post("/catalogs", json={"catalogs": [catalog]})

    assert (failed.status_code, failed.json()) == (500, {"message": "Internal Server Error"})
    assert after.status_code == 201
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "POST /braze/catalogs failed: database is locked"
    assert record.exc_info in (None, (None, None, None))


def test_begin_writing_locks_a_file_but_no_memory(tmp_path: Path) -> None:
    """No other process can write to a database in memory."""
    locked = {}

    async def begin(emulation: Emulation) -> bool:
        async with emulation.runtime.database.transaction() as connection:
            await connection.begin_writing()
            await connection.begin_writing()
            return bool(connection._raw.in_transaction)  # type: ignore[attr-defined]

    for url in ("sqlite://", f"sqlite:///{tmp_path}/a.db"):
        with emulate(database_url=url) as emulation:
            locked[url[:10]] = emulation.run(partial(begin, emulation))

    assert locked == {"sqlite://": False, "sqlite:///": True}


def test_the_number_of_compiled_statements_is_bounded() -> None:
    """Statements that are built per call do not fill the memory."""
    with emulate() as emulation:

        async def run_many() -> int:
            async with emulation.runtime.database.transaction() as connection:
                for number in range(MAX_STATEMENTS + 1):
                    await connection.all(Query(text(f"SELECT {number} AS n"), tuple), {})
                return len(connection._compiled)  # type: ignore[attr-defined]

        assert emulation.run(run_many) <= MAX_STATEMENTS


def test_a_snapshot_of_a_file_takes_the_write_lock(tmp_path: Path) -> None:
    """So no other process changes a row."""
    with emulate(database_url=f"sqlite:///{tmp_path}/a.db", migrate=True) as emulation:
        database: Any = emulation.runtime.database

        async def work() -> bool:
            async with database.transaction() as connection:
                await connection.snapshot_isolation()
                return bool(database.raw.in_transaction)

        assert emulation.run(work)

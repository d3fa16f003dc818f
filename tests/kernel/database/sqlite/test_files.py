"""Files of SQLite: a start on one that cannot be written, and one that is lost meanwhile."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mockalog.kernel.database.interfaces import (
    DatabaseConfigurationError,
    DatabaseUnavailableError,
)
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.database.sqlite.files import is_outage
from tests.emulation import Emulation, emulate


def number(emulation: Emulation) -> int:
    """Return the next number of a series."""

    async def work() -> int:
        async with emulation.runtime.database.transaction() as connection:
            return await Repository(connection, 1_000_001).next_number("s")

    found: int = emulation.run(work)
    return found


def test_a_start_needs_a_file_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here each connection to it is read-only, as on a disk that is."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}"):
        pass
    connect = sqlite3.connect

    def connect_read_only(database: Any, **options: Any) -> sqlite3.Connection:
        raw: sqlite3.Connection = connect(database, **options)
        raw.execute("PRAGMA query_only = 1")
        return raw

    monkeypatch.setattr("mockalog.kernel.database.sqlite.files.sqlite3.connect", connect_read_only)

    with (
        pytest.raises(DatabaseConfigurationError, match="attempt to write a readonly database"),
        emulate(database_url=f"sqlite:///{file}"),
    ):
        pass


def test_a_start_does_not_wait_for_the_lock_of_another_process(tmp_path: Path) -> None:
    """The file can be written later."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}"):
        pass

    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with emulate(database_url=f"sqlite:///{file}") as emulation:
            other.rollback()
            assert number(emulation) == 1


def test_no_transaction_uses_a_lost_file(tmp_path: Path) -> None:
    """The next one uses the file that has the path now; what was cached is dropped."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}") as emulation:
        assert number(emulation) == 1
        database = emulation.runtime.database

        async def copy() -> int | None:
            with closing(sqlite3.connect(file)) as other:
                other.execute("VACUUM INTO ?", (f"{file}.copy",))
            return database.version()

        before = emulation.run(copy)
        for one in tmp_path.glob("a.db[-]*"):  # they belong to the lost file
            one.unlink()
        file.unlink()
        shutil.move(f"{file}.copy", file)
        with pytest.raises(DatabaseUnavailableError, match="call again"):
            number(emulation)

        assert number(emulation) == 2

        async def version() -> int | None:
            return database.version()

        assert emulation.run(version) != before


def test_a_lost_file_without_another_is_an_outage(tmp_path: Path) -> None:
    """SQLite itself would confirm the writes."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}") as emulation:
        file.rename(f"{file}.away")
        for _ in range(2):
            with pytest.raises(DatabaseUnavailableError, match="deleted, emptied or damaged"):
                number(emulation)
        Path(f"{file}.away").rename(file)

        assert number(emulation) == 1


def test_a_database_in_memory_is_always_ready() -> None:
    """It has no file."""
    with emulate() as emulation:
        assert emulation.control().get("/ready").status_code == 200


@pytest.mark.parametrize(
    ("error", "is_file"),
    [
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.DatabaseError("database disk image is malformed"), True),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), False),
        (sqlite3.ProgrammingError("Incorrect number of bindings"), False),
        (LookupError(), False),
        (None, False),
    ],
)
def test_bugs_are_no_outages(error: BaseException | None, is_file: bool) -> None:
    """Their tracebacks tell something."""
    assert is_outage(error) is is_file


def test_a_cache_is_not_refreshed_during_a_transaction_on_a_lost_file(tmp_path: Path) -> None:
    """The transaction under way keeps its connection."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}") as emulation:
        database, away = emulation.runtime.database, tmp_path / "away.db"

        async def act() -> None:
            async with database.transaction():
                file.rename(away)
                with pytest.raises(DatabaseUnavailableError):
                    database.version()
                away.rename(file)

        emulation.run(act)

        assert emulation.control().get("/state").status_code == 200


def test_a_file_that_is_damaged_while_versions_are_read_is_an_outage(tmp_path: Path) -> None:
    """`version` reads the file, too."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}") as emulation:
        database: Any = emulation.runtime.database

        class Broken:
            def execute(self, _: str) -> None:
                raise sqlite3.OperationalError("disk I/O error")

        async def act() -> None:
            whole, database.raw = database.raw, Broken()
            with pytest.raises(DatabaseUnavailableError, match="disk I/O error"):
                database.version()
            database.raw = whole

        emulation.run(act)


def test_a_full_disk_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start on one is refused."""
    monkeypatch.setattr("mockalog.kernel.database.sqlite.database.CHECK_PAUSES", ())
    url = f"sqlite:///{tmp_path}/a.db"
    with emulate(database_url=url) as emulation:
        monkeypatch.setattr("mockalog.kernel.database.sqlite.files.MIN_FREE", 2**62)
        ready = emulation.control().get("/ready")

    assert ready.json()["detail"] == "the database is unavailable: database or disk is full"
    with pytest.raises(DatabaseConfigurationError, match="disk is full"), emulate(database_url=url):
        pass

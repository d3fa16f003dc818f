"""The database: URLs, transactions, and what is said when it cannot be used."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, text

from mockalog.kernel.database import (
    DatabaseProblem,
    is_ephemeral,
    migration_url,
    open_database,
    parse_url,
)
from mockalog.kernel.errors import Unstorable
from mockalog.kernel.migration import prepare
from mockalog.kernel.repository import Repository, series
from tests.emulation import Emulation, emulate


@pytest.mark.parametrize(
    ("url", "ephemeral"),
    [
        ("sqlite://", True),
        ("sqlite:///:memory:", True),
        ("sqlite:////data/mockalog.db", False),
        ("postgresql://user:pw@host/db", False),
    ],
)
def test_plain_urls_are_read(url: str, ephemeral: bool) -> None:
    """No driver in them; what lives in memory is ephemeral."""
    assert is_ephemeral(parse_url(url)) is ephemeral


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u:s3cret@h/d", "postgresql+asyncpg://u:s3cret@h/d"]
)
def test_another_url_is_one_clear_line_without_its_password(url: str) -> None:
    """The text says what would do."""
    with pytest.raises(DatabaseProblem) as problem:
        parse_url(url)

    assert "database URL" in str(problem.value)
    assert "s3cret" not in str(problem.value)


def test_migrations_use_the_synchronous_driver() -> None:
    """Alembic needs no event loop."""
    assert migration_url("postgresql://u@h/d").drivername == "postgresql+psycopg"
    assert migration_url("sqlite://").drivername == "sqlite"


def test_an_error_rolls_the_transaction_back(emulation: Emulation) -> None:
    """Nothing of it stays."""
    name = series("rolled", "back")

    database = emulation.runtime.database

    async def number_and_fail() -> None:
        async with database.transaction() as connection:
            await Repository(connection, 1).next_number(name)
            raise ZeroDivisionError

    async def work() -> int:
        with pytest.raises(ZeroDivisionError):
            await number_and_fail()
        async with database.transaction() as connection:
            return await Repository(connection, 1).next_number(name)

    assert emulation.run(work) == 1


def test_a_series_counts_from_one_and_a_lock_uses_no_number_up(emulation: Emulation) -> None:
    """Numbers never come twice."""

    async def work() -> list[int]:
        async with emulation.runtime.database.transaction() as connection:
            repository = Repository(connection, 2)
            await repository.lock("s")
            first = await repository.next_number("s")
            await repository.lock("s")
            return [first, await repository.next_number("s")]

    assert emulation.run(work) == [1, 2]


def test_series_of_different_parts_do_not_collide() -> None:
    """Whatever the parts hold."""
    assert len({series("a", "b"), series("ab"), series('a", "b'), series("a b")}) == 4


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30])
def test_an_integer_beyond_64_bits_is_unstorable(emulation: Emulation, value: int) -> None:
    """It is the caller's value, not our fault."""
    statement = text("SELECT last FROM series WHERE last = :n").bindparams(bindparam("n"))

    async def work() -> Any:
        async with emulation.runtime.database.transaction() as connection:
            return await connection.all(statement, {"n": value})

    if emulation.runtime.database.shared:  # PostgreSQL compares as numeric
        assert emulation.run(work) == []
    else:
        with pytest.raises(Unstorable):
            emulation.run(work)


def test_a_nul_in_a_text_is_unstorable_on_postgresql(new_postgres_url: Any) -> None:
    """PostgreSQL keeps none."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:

        async def work() -> None:
            async with emulation.runtime.database.transaction() as connection:
                await Repository(connection, 1).lock("a\x00b")

        with pytest.raises(Unstorable):
            emulation.run(work)


def test_a_commit_that_fails_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    """What was not committed was not acknowledged."""
    with emulate(database_url=f"sqlite:///{tmp_path}/a.db") as emulation:
        database: Any = emulation.runtime.database
        transaction = database.transaction()

        class Broken:
            def __init__(self, raw: Any) -> None:
                self._raw = raw

            def __getattr__(self, name: str) -> Any:
                return getattr(self._raw, name)

            def commit(self) -> None:
                raise OSError("disk full")

        transaction._raw = Broken(database._raw)

        async def work() -> int:
            with pytest.raises(OSError, match="disk full"):
                async with transaction as connection:
                    await Repository(connection, 1).next_number("s")
            async with database.transaction() as connection:
                return await Repository(connection, 1).next_number("s")

        assert emulation.run(work) == 1


def problem_of(url: str, *, migrates: bool = True) -> str:
    """Return the line that a start on that database ends with."""
    with pytest.raises(DatabaseProblem) as problem:
        prepare(url, migrates=migrates)
    return str(problem.value)


def test_a_file_that_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    """The folder is not there."""
    assert "unable to open database file" in problem_of(f"sqlite:///{tmp_path}/none/a.db")


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    """It is left as it is."""
    file = tmp_path / "a.db"
    file.write_text("no database " * 100)

    assert "not a database" in problem_of(f"sqlite:///{file}")
    assert "no database" in file.read_text()


def test_a_server_that_is_not_there_is_one_clear_line() -> None:
    """Without the password."""
    line = problem_of("postgresql://u:s3cret@127.0.0.1:1/db")

    assert "database cannot be used" in line
    assert "\n" not in line
    assert "s3cret" not in line


def test_a_database_without_the_schema_is_named_with_its_cure(new_postgres_url: Any) -> None:
    """PostgreSQL is not migrated unasked."""
    assert "mockalog migrate" in problem_of(new_postgres_url(), migrates=False)


@pytest.mark.parametrize("url", ["sqlite:////none/none/a.db", "postgresql://u@127.0.0.1:1/db"])
def test_starting_on_an_unusable_database_is_a_problem_too(emulation: Emulation, url: str) -> None:
    """Should it go between the check and the start."""
    with pytest.raises(DatabaseProblem, match="cannot be"):
        emulation.run(open_database(url).start)

"""The database: URLs, transactions, and what is said when it cannot be used."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, delete, text

from mockalog.kernel.database.interfaces import DatabaseConfigurationError, DatabaseUnavailableError
from mockalog.kernel.database.migrations import migration_url, prepare
from mockalog.kernel.database.models import series_table
from mockalog.kernel.database.open import open_database
from mockalog.kernel.database.repository import Repository, series, upsert
from mockalog.kernel.database.sqlite import MAX_STATEMENTS
from mockalog.kernel.database.urls import is_ephemeral, parse_url
from mockalog.kernel.errors import UnstorableValueError
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
    "url",
    [
        "",
        "nonsense",
        "mysql://u:s3cret@h/d",
        "postgresql+asyncpg://u:s3cret@h/d",
        "postgresql://u:p@ss:s3cret@h/d",
        "postgresql://u:p@s3cret@h/d",
        "postgresql://u:p@h:s3cret/d",
        "postgresql://u:s3cret@h\udc80/d",
        "sqlite:///a.db?timeout=s3cret",
        "sqlite://s3cret.db",
    ],
)
def test_another_url_is_one_clear_line_without_its_password(url: str) -> None:
    """The text says what would do."""
    with pytest.raises(DatabaseConfigurationError) as problem:
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
            await Repository(connection, 1_000_001).next_number(name)
            raise ZeroDivisionError

    async def work() -> int:
        with pytest.raises(ZeroDivisionError):
            await number_and_fail()
        async with database.transaction() as connection:
            return await Repository(connection, 1_000_001).next_number(name)

    assert emulation.run(work) == 1


def test_a_series_counts_from_one_and_a_lock_uses_no_number_up(emulation: Emulation) -> None:
    """Numbers never come twice."""

    async def work() -> list[int]:
        async with emulation.runtime.database.transaction() as connection:
            repository = Repository(connection, 1_000_002)
            await repository.lock("s")
            first = await repository.next_number("s")
            await repository.lock("s")
            return [first, await repository.next_number("s")]

    assert emulation.run(work) == [1, 2]


def test_series_of_different_parts_do_not_collide() -> None:
    """Whatever the parts hold."""
    assert len({series("a", "b"), series("ab"), series('a", "b'), series("a b")}) == 4


class TestMany:
    """A statement for many rows at once; the sandboxes are none that another test may have."""

    INSERT = (
        upsert(series_table)
        .values(sandbox_id=bindparam("sandbox_id"), name=bindparam("name"), last=bindparam("last"))
        .on_conflict_do_nothing(index_elements=["sandbox_id", "name"])
    )
    DELETE = delete(series_table).where(
        series_table.c.sandbox_id == bindparam("sandbox_id"),
        series_table.c.name == bindparam("old_name"),
    )
    READ = (
        series_table.select()
        .where(series_table.c.sandbox_id == bindparam("sandbox_id"))
        .order_by(series_table.c.name)
    )

    def do(self, emulation: Emulation, sandbox_id: int, statement: Any, rows: Any) -> int:
        """Run a statement for these rows in a transaction of its own."""

        async def work() -> int:
            async with emulation.runtime.database.transaction() as connection:
                return await Repository(connection, sandbox_id).many(statement, rows)

        count: int = emulation.run(work)
        return count

    def stored(self, emulation: Emulation, sandbox_id: int) -> list[tuple[str, int]]:
        """Return the rows of a sandbox."""

        async def work() -> Any:
            async with emulation.runtime.database.transaction() as connection:
                return await Repository(connection, sandbox_id).all(self.READ)

        return [(row.name, row.last) for row in emulation.run(work)]

    def test_it_runs_for_each_row_and_counts_what_it_touched(self, emulation: Emulation) -> None:
        """Each row has its own values, and the sandbox of the repository."""
        rows = [{"name": name, "last": last} for last, name in enumerate("abc")]

        assert self.do(emulation, 1_000_011, self.INSERT, rows) == 3

        assert self.stored(emulation, 1_000_011) == [("a", 0), ("b", 1), ("c", 2)]
        assert self.do(emulation, 1_000_011, self.DELETE, [{"old_name": n} for n in "acz"]) == 2
        assert self.stored(emulation, 1_000_011) == [("b", 1)]

    def test_a_row_that_the_database_has_is_not_counted(self, emulation: Emulation) -> None:
        """So that whoever inserts knows that one was there, or came twice."""
        self.do(emulation, 1_000_012, self.INSERT, [{"name": "a", "last": 1}])

        rows = [{"name": name, "last": 2} for name in ("a", "b", "b")]

        assert self.do(emulation, 1_000_012, self.INSERT, rows) == 1
        assert self.stored(emulation, 1_000_012) == [("a", 1), ("b", 2)]

    @pytest.mark.parametrize("statement", ["INSERT", "DELETE"])
    def test_without_rows_it_does_nothing(self, emulation: Emulation, statement: str) -> None:
        """Not even once without values."""
        assert self.do(emulation, 1_000_013, getattr(self, statement), []) == 0
        assert self.do(emulation, 1_000_013, getattr(self, statement), iter(())) == 0

        assert self.stored(emulation, 1_000_013) == []

    def test_more_rows_than_a_statement_has_parameters_for(self, emulation: Emulation) -> None:
        """There is no limit to them."""
        rows = [{"name": f"{number:05}", "last": number} for number in range(5000)]

        assert self.do(emulation, 1_000_014, self.INSERT, rows) == 5000
        assert (
            self.do(emulation, 1_000_014, self.DELETE, [{"old_name": r["name"]} for r in rows])
            == 5000
        )

    def test_an_error_rolls_all_rows_back(self, emulation: Emulation) -> None:
        """They belong to the transaction like any other write."""

        async def insert_and_fail() -> None:
            async with emulation.runtime.database.transaction() as connection:
                rows = [{"name": name, "last": 1} for name in "abc"]
                assert await Repository(connection, 1_000_015).many(self.INSERT, rows) == 3
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            emulation.run(insert_and_fail)

        assert self.stored(emulation, 1_000_015) == []

    def test_a_row_that_fails_takes_the_others_with_it(self, emulation: Emulation) -> None:
        """The one before it is not kept."""
        rows = [{"name": "a", "last": 1}, {"name": "b", "last": None}]

        with pytest.raises(Exception, match=r"(?i)not.null"):
            self.do(emulation, 1_000_016, self.INSERT, rows)

        assert self.stored(emulation, 1_000_016) == []

    def test_an_integer_beyond_64_bits_is_unstorable(self, emulation: Emulation) -> None:
        """As in a statement for one row; those before it are not kept."""
        rows = [{"name": "a", "last": 1}, {"name": "b", "last": 2**63}]

        with pytest.raises(UnstorableValueError):
            self.do(emulation, 1_000_017, self.INSERT, rows)

        assert self.stored(emulation, 1_000_017) == []


def test_an_integer_beyond_64_bits_is_unstorable_among_many_too(emulation: Emulation) -> None:
    """Of whichever row."""
    with pytest.raises(UnstorableValueError):
        TestMany().do(
            emulation, 1_000_017, TestMany.INSERT, [{"name": "a", "last": n} for n in (1, 2**63)]
        )


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
        with pytest.raises(UnstorableValueError):
            emulation.run(work)


def test_a_nul_in_a_text_is_unstorable_on_postgresql(new_postgres_url: Any) -> None:
    """PostgreSQL keeps none."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:

        async def work() -> None:
            async with emulation.runtime.database.transaction() as connection:
                await Repository(connection, 1_000_001).lock("a\x00b")

        with pytest.raises(UnstorableValueError):
            emulation.run(work)


def test_a_postgresql_that_was_restarted_costs_no_error_answer(new_postgres_url: Any) -> None:
    """Connections that the server closed meanwhile are made anew."""
    url = new_postgres_url()
    with emulate(database_url=url, migrate=True) as emulation:
        client = emulation.client("/braze")
        before = client.get("/catalogs")
        with psycopg.connect(url, autocommit=True) as other:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            ended = other.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"
            ).fetchall()
        after = client.get("/catalogs")

    assert ended
    assert (before.status_code, after.status_code) == (200, 200)


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
                raise sqlite3.OperationalError("disk full")

        transaction._raw = Broken(database._raw)

        async def work() -> int:
            with pytest.raises(DatabaseUnavailableError):
                async with transaction as connection:
                    await Repository(connection, 1_000_001).next_number("s")
            async with database.transaction() as connection:
                return await Repository(connection, 1_000_001).next_number("s")

        assert emulation.run(work) == 1


def test_a_file_that_another_process_holds_is_an_outage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked may ask again."""
    monkeypatch.setattr("mockalog.kernel.database.sqlite.BUSY_SECONDS", 0)
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


def test_an_outage_is_the_vendors_500_and_one_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And the next call is answered."""
    monkeypatch.setattr("mockalog.kernel.database.sqlite.BUSY_SECONDS", 0)
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


def problem_of(url: str, *, migrates: bool = True) -> str:
    """Return the line that a start on that database ends with."""
    with pytest.raises(DatabaseConfigurationError) as problem:
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


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("connect_timeout", "application_name=x&connect_timeout=s3cret"),
        ("sslmode", "sslmode=require&sslmode=s3cret"),
        ("keepalives", "keepalives=s3cret&application_name=x"),
    ],
)
def test_a_parameter_that_the_driver_refuses_is_named_without_its_value(
    name: str, parameters: str
) -> None:
    """It may be a secret that slipped there."""
    line = problem_of(f"postgresql://u:s3cret@127.0.0.1:1/db?{parameters}")

    assert f"the value of the URL's parameter {name} is invalid" in line
    assert "s3cret" not in line


def test_a_host_that_is_no_name_is_one_clear_line() -> None:
    """Python's resolver has no error of the database's for it."""
    assert "host is not a valid name" in problem_of(f"postgresql://u:s3cret@{'a' * 64}.test/db")


def test_a_database_without_the_schema_is_named_with_its_cure(new_postgres_url: Any) -> None:
    """PostgreSQL is not migrated unasked."""
    assert "mockalog migrate" in problem_of(new_postgres_url(), migrates=False)


@pytest.mark.parametrize("url", ["sqlite:////none/none/a.db", "postgresql://u@127.0.0.1:1/db"])
def test_starting_on_an_unusable_database_is_a_problem_too(emulation: Emulation, url: str) -> None:
    """Should it go between the check and the start."""
    with pytest.raises(DatabaseConfigurationError, match="cannot be"):
        emulation.run(open_database(url).start)


def test_starting_on_a_file_that_is_no_database_leaves_nothing_open(
    emulation: Emulation, tmp_path: Path
) -> None:
    """Python 3.13 would say so."""
    file = tmp_path / "a.db"
    file.write_text("no database " * 100)

    with pytest.raises(DatabaseConfigurationError, match="not a database"):
        emulation.run(open_database(f"sqlite:///{file}").start)


def test_a_file_is_locked_before_what_is_written_is_read(tmp_path: Path) -> None:
    """Another process cannot write in between; a database in memory has no other process."""
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


def test_statements_made_on_the_way_do_not_fill_the_memory() -> None:
    """What is prepared is bounded."""
    with emulate() as emulation:

        async def run_many() -> int:
            async with emulation.runtime.database.transaction() as connection:
                for number in range(MAX_STATEMENTS + 1):
                    await connection.all(text(f"SELECT {number} AS n"), {})
                return len(connection._compiled)  # type: ignore[attr-defined]

        assert emulation.run(run_many) <= MAX_STATEMENTS

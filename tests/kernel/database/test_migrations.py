"""Preparing a persistent database: URLs of Alembic, and one clear line for each problem."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.kernel.database.migrations import migration_url, prepare


def problem_of(url: str, *, migrates: bool = True) -> str:
    """Return the error of a start on a database."""
    with pytest.raises(DatabaseConfigurationError) as problem:
        prepare(url, migrates=migrates)
    return str(problem.value)


def test_migrations_use_the_synchronous_driver() -> None:
    """Alembic needs no event loop."""
    assert migration_url("postgresql://u@h/d").drivername == "postgresql+psycopg"
    assert migration_url("sqlite://").drivername == "sqlite"


def test_a_file_in_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """SQLite creates files, but no folders."""
    assert "unable to open database file" in problem_of(f"sqlite:///{tmp_path}/none/a.db")


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    """The file is unchanged."""
    file = tmp_path / "a.db"
    file.write_text("no database " * 100)

    assert "not a database" in problem_of(f"sqlite:///{file}")
    assert "no database" in file.read_text()


def test_an_unreachable_server_is_one_line_without_the_password() -> None:
    """Port 1 of this machine refuses connections."""
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
def test_an_invalid_parameter_is_named_without_its_value(name: str, parameters: str) -> None:
    """The value may be a misplaced secret."""
    line = problem_of(f"postgresql://u:s3cret@127.0.0.1:1/db?{parameters}")

    assert f"the value of the URL's parameter {name} is invalid" in line
    assert "s3cret" not in line


def test_an_invalid_host_is_an_error() -> None:
    """Python's resolver raises a `UnicodeError` for it, not an error of the database."""
    line = problem_of(f"postgresql://u:s3cret@{'a' * 64}.test/db")

    assert "host is not a valid name" in line


def test_a_database_without_the_schema_is_an_error_with_the_command(new_postgres_url: Any) -> None:
    """PostgreSQL is migrated only on request."""
    assert "mockalog migrate" in problem_of(new_postgres_url(), migrates=False)


@pytest.mark.parametrize("migrates", [True, False])
def test_a_file_with_another_encoding_is_an_error(tmp_path: Path, migrates: bool) -> None:
    """SQLite would sort its texts in another order."""
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        other.execute("PRAGMA encoding = 'UTF-16le'")
        other.execute("CREATE TABLE other (id)")

    line = problem_of(f"sqlite:///{tmp_path}/a.db", migrates=migrates)

    assert line == "the SQLite file has the encoding UTF-16le: use a new file"


@pytest.mark.parametrize("migrates", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE alembic_version SET version_num = '00'",
        "UPDATE alembic_version SET version_num = ''",
        "INSERT INTO alembic_version VALUES ('0001')",
    ],
)
def test_a_schema_of_another_release_is_an_error(
    tmp_path: Path, change: str, migrates: bool
) -> None:
    """Or of another program that uses Alembic."""
    url = f"sqlite:///{tmp_path}/a.db"
    prepare(url, migrates=True)
    with closing(sqlite3.connect(tmp_path / "a.db")) as other, other:
        other.execute(change)

    line = problem_of(url, migrates=migrates)

    assert line.startswith("the database has the schema of a newer release or of another program")

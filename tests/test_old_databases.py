"""Databases of earlier releases open and work; `fixtures/README.md` says how they were made."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from tests.emulation import Emulation, emulate

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
DATABASES = sorted(path.stem for path in FIXTURES.glob("*.jsonl"))


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The name of a database's files: a commit and a kind of database."""
    return str(request.param)


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a copy of the database, as its release left it."""
    if database.endswith("sqlite"):
        path = tmp_path / "old.db"
        path.write_bytes(gzip.decompress((FIXTURES / f"{database}.gz").read_bytes()))
        return f"sqlite:///{path}"
    url = str(request.getfixturevalue("new_postgres_url")())
    with psycopg.connect(url) as connection:
        connection.execute(gzip.decompress((FIXTURES / f"{database}.sql.gz").read_bytes()))
    return url


@pytest.fixture
def emulation(url: str) -> Iterator[Emulation]:
    """Today's emulator on the copy."""
    with emulate(database_url=url, migrate=True) as emulation:
        yield emulation


def recorded(database: str) -> list[dict[str, Any]]:
    """Return the calls in their order, each with the status and the text of the release's answer.

    The text is None where it holds new random ids.
    """
    lines = (FIXTURES / f"{database}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_call_is_answered_as_by_the_release(database: str, emulation: Emulation) -> None:
    """Stored data, writes, jobs that waited, snapshots and resets, byte by byte."""
    with emulation.client() as client:
        del client.headers["Authorization"]
        for call in recorded(database):
            answer = client.request(**call["request"])
            assert answer.status_code == call["status"], (call["request"], answer.text)
            if call["text"] is not None:
                assert answer.text == call["text"], call["request"]


def test_the_schema_is_at_head(
    url: str, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every migration is applied, and none is missing: Alembic finds nothing to generate."""
    monkeypatch.setenv("MOCKALOG_DATABASE_URL", url)

    command.check(Config(ROOT / "alembic.ini"))

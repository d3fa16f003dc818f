"""The query process as the server uses it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockalog.vendors.squared.rules.connectors.source_tables import Row
from mockalog.vendors.squared.sql.process import client, processor_time
from mockalog.vendors.squared.sql.process.client import QueryProcess, Tables
from mockalog.vendors.squared.sql.process.processor_time import processor_seconds
from tests.vendors.squared.sql.process.attacks import EXHAUSTING, FILE, FORBIDDEN

NOW = 1_743_424_245_000_000
COLUMNS = {"id": "integer", "email": "string"}
ROWS = [{"id": 1, "email": "a@x.io"}, {"id": 2, "email": "b@x.io"}, {"id": 3, "email": "c@x.io"}]
USERS = Tables({"users": {"primary_key": "id", "columns": COLUMNS}}, {"users": json.dumps(ROWS)})
ENDLESS = EXHAUSTING["endless"]


@pytest.fixture(scope="module")
def process() -> Iterator[QueryProcess]:
    """A query process."""
    process = QueryProcess()
    yield process
    process.stop()


def run(process: QueryProcess, query: str, connector: str = "Postgresql") -> list[Row] | str:
    """Run a query on the users."""
    return process.run(query, connector, NOW, USERS)


def test_rows_come_back(process: QueryProcess) -> None:
    """Also those of another kind of source, which has its own database."""
    assert run(process, "SELECT id FROM users ORDER BY 1") == [
        {"id": "1"},
        {"id": "2"},
        {"id": "3"},
    ]
    assert run(process, "SELECT id FROM users LIMIT 1", "Snowflake") == [{"ID": 1}]


def test_an_error_is_the_sources(process: QueryProcess) -> None:
    """Its whole text comes back."""
    assert "Object 'NOPE' does not exist" in str(run(process, "SELECT 1 FROM nope", "Snowflake"))


def test_changed_tables_are_loaded_again(process: QueryProcess) -> None:
    """Tables are known by their contents."""
    changed = Tables(USERS.described, {"users": json.dumps(ROWS[:1])})

    before = run(process, "SELECT count(*) AS n FROM users")
    after = process.run("SELECT count(*) AS n FROM users", "Postgresql", NOW, changed)

    assert (before, after) == ([{"n": "3"}], [{"n": "1"}])


@pytest.mark.parametrize("query", FORBIDDEN.values(), ids=FORBIDDEN.keys())
@pytest.mark.parametrize("connector", ["Postgresql", "Snowflake", "AmazonS3"])
def test_forbidden_queries(process: QueryProcess, query: str, connector: str) -> None:
    """A query only reads the tables of its connector."""
    assert isinstance(run(process, query, connector), str)
    assert not Path(FILE).exists()


@pytest.mark.parametrize("schema", ["c1", "c2", "public", "memory.c2", "shop.public"])
def test_a_schema_names_no_other_connector(process: QueryProcess, schema: str) -> None:
    """Whatever the schema, a query sees its own tables, or none."""
    other = Tables(USERS.described, {"users": json.dumps(ROWS[:1])})
    for connector in ("Postgresql", "Snowflake"):
        process.run("SELECT 1", connector, NOW, other)

    own = [{"ID": 1}, {"ID": 2}, {"ID": 3}]
    assert run(process, f"SELECT id FROM {schema}.users", "Snowflake") == own
    given = run(process, f"SELECT id FROM {schema}.users")
    assert isinstance(given, str) or len(given) == len(ROWS)


@pytest.mark.parametrize("query", EXHAUSTING.values(), ids=EXHAUSTING.keys())
def test_exhausting_queries(process: QueryProcess, query: str) -> None:
    """Each is refused, and the next query is answered."""
    assert isinstance(run(process, query), str)
    assert run(process, "SELECT count(*) AS n FROM users") == [{"n": "3"}]


def test_a_slow_query_has_the_text_of_a_timeout(process: QueryProcess) -> None:
    """As has one that waits for the processor too long, where its time is unknown."""
    assert run(process, ENDLESS) == "ERROR:  canceling statement due to statement timeout\n"


def test_a_query_ends_by_the_wall_where_the_processor_time_is_unknown(
    process: QueryProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every platform tells the processor time of a process."""
    monkeypatch.setattr(client, "processor_seconds", lambda pid: None)
    assert "statement timeout" in str(run(process, ENDLESS))


def test_a_query_that_ends_the_process_has_the_text_of_a_timeout(process: QueryProcess) -> None:
    """The next query starts another process."""
    run(process, "SELECT 1")
    running = process._process
    assert running is not None
    os.kill(running.pid, signal.SIGSTOP)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()

    assert run(process, "SELECT 1 AS n") == [{"n": "1"}]


def test_the_process_has_no_environment(process: QueryProcess) -> None:
    """No variable of the server reaches it, so none can leak."""
    run(process, "SELECT 1")
    assert process._process is not None
    variables = Path(f"/proc/{process._process.pid}/environ")
    assert not variables.exists() or variables.read_bytes() == b""


def test_a_fork_of_the_server_leaves_the_process_to_the_server(
    process: QueryProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It starts its own with its first query."""
    run(process, "SELECT 1")
    servers = process._process
    assert servers is not None
    with monkeypatch.context() as fork:
        fork.setattr(process, "_owner", -1)

        assert run(process, "SELECT 1 AS n") == [{"n": "1"}]

        assert process._process is not servers
        assert servers.poll() is None
        process.stop()
    servers.kill()
    servers.communicate()


SERVER = """
import sys
from tests.vendors.squared.sql.process.test_client import QueryProcess, run
process = QueryProcess()
run(process, "SELECT 1")
print(process._process.pid, flush=True)
sys.stdin.read()
"""


def test_the_process_ends_with_a_killed_server() -> None:
    """It notices the end of its input."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=Path(__file__).parents[5],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    pid = int(server.stdout.readline())

    server.kill()
    server.communicate()

    while processor_seconds(pid) is not None and _is_alive(pid):
        pass


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_the_processor_time_of_a_process_that_is_gone_is_unknown() -> None:
    """Or of every process, where there is no `/proc`."""
    assert processor_time.processor_seconds(2**22 + 1) is None
    assert processor_time.processor_seconds(os.getpid()) is not None

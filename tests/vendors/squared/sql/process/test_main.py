"""The query process's own side, in this process."""

import io
import json
import os
import sys
from importlib.machinery import ModuleSpec
from queue import SimpleQueue
from typing import Any

import pytest

from mockalog.vendors.squared.sql.process import desk, main
from mockalog.vendors.squared.sql.process.desk import Desk
from mockalog.vendors.squared.sql.process.frames import receive, send

COLUMNS = {"id": "integer"}
LOAD = {
    "connector": "Postgresql",
    "key": "k",
    "tables": {"users": {"primary_key": "id", "columns": COLUMNS}},
    "rows": {"users": json.dumps([{"id": 1}, {"id": 2}])},
}


def asked(query: str, key: str = "k") -> dict[str, Any]:
    """Return the message of a query."""
    return {"connector": "Postgresql", "key": key, "query": query, "now": 0}


@pytest.fixture
def loaded() -> Desk:
    """A desk with two users."""
    desk = Desk()
    assert desk.reply(LOAD) == {}
    return desk


def test_replies(loaded: Desk) -> None:
    """Rows, an error, or that the tables are missing."""
    assert loaded.reply(asked("SELECT id FROM users LIMIT 1")) == {"rows": [{"id": "1"}]}
    assert loaded.reply(asked("SELECT 1 / 0")) == {"error": "ERROR:  division by zero\n"}
    assert "does not exist" in loaded.reply(asked("SELECT nope FROM users"))["error"]
    assert loaded.reply(asked("SELECT 1", "other")) == {"missing": True}


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_a_query_without_memory_is_too_complex(
    loaded: Desk, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """It has an error text too."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(desk, "answer", fail)

    assert loaded.reply(asked("SELECT 1")) == {"error": "ERROR:  stack depth limit exceeded\n"}


def test_a_large_result_is_refused(loaded: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In rows and in bytes."""
    rows = "SELECT 1 FROM generate_series(1, 20001)"
    assert "the result is too large" in loaded.reply(asked(rows))["error"]

    monkeypatch.setattr(desk, "MAX_RESULT", 10)
    assert "the result is too large" in loaded.reply(asked("SELECT id FROM users"))["error"]


def test_the_oldest_tables_go(loaded: Desk) -> None:
    """Tables of eight connectors stay loaded; a query keeps its own."""
    for number in range(7):
        loaded.reply({**LOAD, "key": str(number)})
    loaded.reply(asked("SELECT 1"))
    loaded.reply({**LOAD, "key": "one more"})

    assert "rows" in loaded.reply(asked("SELECT 1"))
    assert loaded.reply(asked("SELECT 1", "0")) == {"missing": True}


def test_messages_are_framed() -> None:
    """A message that is cut off is none."""
    stream = io.BytesIO()
    send(stream, {"a": "ä"})
    whole = stream.getvalue()

    assert receive(io.BytesIO(whole)) == {"a": "ä"}
    assert receive(io.BytesIO(whole[:-1])) is None
    assert receive(io.BytesIO(b"")) is None


def test_main_answers_until_its_input_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that it is ready, replies to each message, and ends with its input."""

    def end(status: int) -> None:
        messages.put(None)

    messages: SimpleQueue[Any] = SimpleQueue()
    sent, received = io.BytesIO(), io.BytesIO()
    send(sent, LOAD)
    send(sent, asked("SELECT count(*) AS n FROM users"))
    sent.seek(0)
    monkeypatch.setattr(main, "limit_memory", lambda: None)
    monkeypatch.setattr(main, "SimpleQueue", lambda: messages)
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(sent))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(received))

    main.main()

    received.seek(0)
    assert [receive(received) for _ in range(3)] == [{}, {}, {"rows": [{"n": "2"}]}]


class Limits:
    """The module `resource`, which limits nothing here."""

    RLIMIT_AS, RLIM_INFINITY = 9, -1

    def __init__(self, hard: int) -> None:
        self.hard = hard
        self.soft = 0

    def getrlimit(self, kind: int) -> tuple[int, int]:
        """Return the limits."""
        return self.soft, self.hard

    def setrlimit(self, kind: int, limits: tuple[int, int]) -> None:
        """Keep the limit."""
        self.soft = limits[0]


@pytest.mark.parametrize(("hard", "soft"), [(-1, main.MAX_MEMORY), (1000, 1000)])
def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch, hard: int, soft: int) -> None:
    """Below the platform's own limit."""
    limits = Limits(hard)
    monkeypatch.setitem(sys.modules, "resource", limits)
    monkeypatch.setattr(main, "find_spec", lambda name: ModuleSpec(name, None))

    main.limit_memory()

    assert limits.soft == soft


def test_memory_is_not_limited_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as on Windows."""
    limits = Limits(-1)
    monkeypatch.setitem(sys.modules, "resource", limits)
    monkeypatch.setattr(main, "find_spec", lambda name: None)

    main.limit_memory()

    assert limits.soft == 0


def test_without_duckdb_queries_are_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The start is as ever: some platforms have no package of DuckDB."""
    monkeypatch.setitem(sys.modules, "mockalog.vendors.squared.sql.process.desk", None)
    messages: SimpleQueue[Any] = SimpleQueue()
    messages.put(asked("SELECT 1"))
    messages.put(None)
    received = io.BytesIO()

    main.serve(messages, received)

    received.seek(0)
    assert [receive(received) for _ in range(2)] == [{}, {"error": main.NO_DUCKDB}]

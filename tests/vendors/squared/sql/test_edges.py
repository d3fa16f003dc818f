"""Queries and values at the edges: sources without rules of their own, odd texts, hostile names."""

from typing import Any

import pytest
from sqlglot import exp

from mockalog.vendors.squared.sql.process import client
from mockalog.vendors.squared.sql.process.client import QueryProcess, Tables
from mockalog.vendors.squared.sql.translation import translate
from tests.vendors.squared.sql.emulated import Emulated

ROWS = [{"id": 1, "day": "2026-02-30", "text": "{x"}, {"id": 0, "day": "2026-03-01", "text": "a"}]


@pytest.fixture(scope="module")
def sources() -> Emulated:
    """Every kind of source, with one table."""
    return Emulated({"t": ROWS})


@pytest.mark.parametrize(
    ("connector", "query", "row"),
    [
        ("AmazonS3", "SELECT 7 / id AS a FROM t WHERE id = 1", {"a": 7.0}),
        ("Clickhouse", "SELECT count() AS n FROM t FINAL", {"n": 2}),
        ("Postgresql", "SELECT day FROM t WHERE id = 1", {"day": "2026-02-30"}),
        ("Postgresql", "SELECT ROW(1, text) AS r FROM t WHERE id = 1", {"r": "(1,{x)"}),
        ("Postgresql", "SELECT 'NaN'::float8 AS n", {"n": "NaN"}),
        ("Postgresql", "SELECT INTERVAL '1 day'", {"interval": "1 day"}),
        ("Postgresql", "SELECT ARRAY[1, 2]", {"array": "{1,2}"}),
        ("AmazonS3", "SELECT INTERVAL 1 DAY AS i", {"i": "1 day"}),
        (
            "AmazonS3",
            "SELECT timestamp '2026-01-03 10:00:00' - timestamp '2026-01-01' AS i",
            {"i": "2 days 10:00:00"},
        ),
        (
            "AmazonS3",
            "SELECT timestamp '2026-01-01' - timestamp '2026-01-01' AS i",
            {"i": "00:00:00"},
        ),
        ("AmazonS3", "SELECT {'a': 1} AS o", {"o": {"a": 1}}),
        ("Redshift", "SELECT true", {"bool": "t"}),
        ("Postgresql", "SELECT exists(SELECT 1)", {"exists": "t"}),
        (
            "AwsAthena",
            "SELECT infinity() AS a, -infinity() AS b",
            {"a": "Infinity", "b": "-Infinity"},
        ),
        (
            "Bigquery",
            "SELECT * EXCEPT (v) FROM (SELECT 1 AS a) UNPIVOT (v FOR n IN (a))",
            {"n": "a"},
        ),
        ("MariaDB", "SELECT TIMEDIFF('10:00:00', '09:30:00') AS d", {"d": "00:30:00"}),
    ],
)
def test_rows(sources: Emulated, connector: str, query: str, row: dict[str, Any]) -> None:
    """Each source answers."""
    assert sources.rows(query, connector) == [row]


@pytest.mark.parametrize(
    ("connector", "query", "text"),
    [
        ("AmazonS3", "SELECT 7 / id FROM t", "Division by zero"),
        ("AmazonS3", 'SELECT "nope" FROM t', 'Referenced column "nope" not found'),
        ("Postgresql", "SELECT _nonzero(1)", "function _nonzero"),
        ("AmazonS3", "SELECT system.main.now()", "system.main.now does not exist"),
        ("Postgresql", "SELECT 1 LIMIT [1]", 'syntax error at or near "["'),
        ("Postgresql", "SELECT " + "1 + " * 5000 + "1", "stack depth limit exceeded"),
        ("Postgresql", "SELECT " + "(" * 3000 + "1" + ")" * 3000, "stack depth limit exceeded"),
        ("AmazonS3", "TABLE", "Parser Error"),
    ],
)
def test_errors(sources: Emulated, connector: str, query: str, text: str) -> None:
    """Each source refuses in its words."""
    assert text in sources.failure(query, connector)


@pytest.mark.parametrize(
    ("error", "text"),
    [(RecursionError, "stack depth limit exceeded"), (KeyError, "the query cannot be read")],
)
def test_a_query_that_breaks_the_translation_is_refused(
    sources: Emulated, monkeypatch: pytest.MonkeyPatch, error: type[Exception], text: str
) -> None:
    """sqlglot has bugs in its dialects."""

    def fail(*_: object) -> exp.Query:
        raise error

    monkeypatch.setattr(translate, "parse_query", fail)

    assert text in sources.failure("SELECT 1")


def test_a_process_that_ends_before_a_query_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its input is closed."""

    def fail(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(client, "send", fail)
    process = QueryProcess()

    assert "statement timeout" in str(process.run("SELECT 1", "Postgresql", 0, Tables({}, {})))
    process.stop()

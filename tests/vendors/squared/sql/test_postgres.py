"""PostgreSQL's answers: what a real server gave to each query of `postgres.json`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.vendors.squared.sql.comparison import Answers

_MEASURED = json.loads((Path(__file__).parent / "postgres.json").read_text())
_TABLES = ("users", "orders")


@pytest.fixture(scope="module")
def answers() -> Answers:
    """The answers on the tables of `queries.json`."""
    return Answers()


@pytest.mark.parametrize(
    ("query", "expect"), [(one["query"], one["expect"]) for one in _MEASURED["queries"]]
)
def test_a_query_gives_the_servers_answer(
    answers: Answers, query: str, expect: dict[str, Any]
) -> None:
    """The rows, their texts and their names are the server's, and so is the error."""
    given = answers.answer("Postgresql", query, _TABLES)
    if "error" in expect:
        assert isinstance(given, str)
        assert given.split("\n")[0] == expect["error"]
    else:
        assert isinstance(given, list), given
        assert [list(row.items()) for row in given] == [list(row.items()) for row in expect["rows"]]


@pytest.mark.parametrize("query", _MEASURED["refused"])
def test_a_query_without_the_right_answer_is_refused(answers: Answers, query: str) -> None:
    """A refusal is better than a wrong row."""
    assert isinstance(answers.answer("Postgresql", query, _TABLES), str)

"""Queries with the answers that the manual of a source gives, on the tables of the comparison."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.vendors.squared.sql.comparison import DOCUMENT, Answers


class Documented(NamedTuple):
    """A query with its rows, or a part of its error; `why` names the manual's section."""

    query: str
    why: str
    rows: Sequence[Sequence[Any]] | None = None
    error: str | None = None


def documented(source: str) -> Sequence[Documented]:
    """Return the queries of a source."""
    path = Path(__file__).parent / f"{source.lower()}.json"
    return [Documented(**one) for one in json.loads(path.read_text())]


def check(answers: Answers, source: str, case: Documented) -> None:
    """Fail if a source answers a query in another way."""
    given = answers.answer(source, case.query, list(DOCUMENT["tables"]))
    if case.error is not None:
        assert isinstance(given, str)
        assert case.error in given
    else:
        assert not isinstance(given, str), given
        assert [_values(row) for row in given] == case.rows


def _values(row: Mapping[str, Any]) -> Sequence[Any]:
    return list(row.values())

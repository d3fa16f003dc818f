"""`python -m tests.vendors.squared.sql.comparison`: the emulator's answers beside the right ones.

The right ones were measured on real servers, or follow the vendors' documented rules; `why` says
which. An answer is right, an error with other words, refused or silently wrong.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb

from mockalog.vendors.squared.rules.connectors.source_tables import Row, parse_tables
from mockalog.vendors.squared.sql.answers import answer
from mockalog.vendors.squared.sql.engine.database import Database
from mockalog.vendors.squared.sql.errors.duckdb_errors import problem_of
from mockalog.vendors.squared.sql.errors.error_text import error_text
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source, source_of

Verdict = Literal["right", "other error", "refused", "wrong"]

DOCUMENT = json.loads((Path(__file__).parent / "queries.json").read_text())
NOW = datetime.fromisoformat(DOCUMENT["clock"])


class Case(NamedTuple):
    """A query with its right answer."""

    id: str
    source: str
    tables: Sequence[str]
    query: str
    expect: Mapping[str, Any]
    why: str


CASES = [Case(**one) for one in DOCUMENT["queries"]]


class Answers:
    """Answers of every kind of source, on the tables of the document."""

    def __init__(self) -> None:
        self._databases: dict[Source, Database] = {}

    def answer(self, connector: str, query: str, tables: Sequence[str]) -> list[Row] | str:
        """Return the rows of a query, or the source's error text."""
        source = source_of(connector)
        if source not in self._databases:
            self._databases[source] = Database(source)
        database, key = self._databases[source], ",".join(tables)
        described = {name: DOCUMENT["tables"][name] for name in tables}
        loaded = database.find(key) or database.load(key, parse_tables(described))
        try:
            return answer(query, source, database, loaded, NOW)
        except QueryError as error:
            return error_text(error, query, source)
        except duckdb.Error as error:
            return error_text(problem_of(error), query, source)

    def verdict(self, case: Case) -> tuple[Verdict, list[Row] | str]:
        """Return how the answer to a case compares with the right one."""
        given = self.answer(case.source, case.query, case.tables)
        return _verdict(case.expect, given), given


def _verdict(expected: Mapping[str, Any], given: list[Row] | str) -> Verdict:
    if "error" in expected:
        if not isinstance(given, str):
            return "wrong"
        return "right" if expected["error"] in given else "other error"
    if isinstance(given, str):
        return "refused"
    rows = [list(row.items()) for row in given]
    return "right" if rows == [list(row.items()) for row in expected["rows"]] else "wrong"


def _selected(prefixes: Sequence[str]) -> Iterator[Case]:
    for case in CASES:
        if not prefixes or case.id.startswith(tuple(prefixes)):
            yield case


def main(prefixes: Sequence[str]) -> None:
    """Print the cases that are not right, then the counts; prefixes of ids select cases."""
    answers, counts = Answers(), Counter[Verdict]()
    for case in _selected(prefixes):
        verdict, given = answers.verdict(case)
        counts[verdict] += 1
        if verdict != "right":
            print(f"{verdict}: {case.id}: {case.query}")
            print(f"  expected {json.dumps(case.expect, ensure_ascii=False)}")
            print(f"  given    {json.dumps(given, ensure_ascii=False)}")
    print(dict(counts))


if __name__ == "__main__":
    main(sys.argv[1:])

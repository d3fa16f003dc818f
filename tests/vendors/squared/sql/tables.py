"""Tables of queries with right answers, and the source that gives the emulator's."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mockalog.vendors.squared.rules.connectors.source_tables import Row
from tests.vendors.squared.sql.comparison import Answers

TABLES = ("users", "orders")


@cache
def _answers() -> Answers:
    return Answers()


def answer_of(connector: str, query: str) -> list[Row] | str:
    """Return the rows of a query, or the source's error text."""
    return _answers().answer(connector, query, TABLES)


# Any: rows of JSON.
def table(name: str, part: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a table of queries: each has a query, and rows or an error."""
    document = json.loads((Path(__file__).parent / f"{name}.json").read_text())
    return [dict(row) for row in document[part]]


def in_order(rows: list[Row] | str) -> Sequence[object]:
    """Return rows with the order of their columns, and an error as it is."""
    return rows if isinstance(rows, str) else [list(row.items()) for row in rows]

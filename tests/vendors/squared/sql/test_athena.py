"""Queries of AwsAthena with the answers of the real one.

Source: Trino's documentation (Athena engine 3).
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.vendors.squared.sql.tables import answer_of, in_order, table


@pytest.mark.parametrize("row", table("athena", "right"), ids=lambda row: row["query"][:60])
def test_a_query_has_the_right_answer(row: Mapping[str, Any]) -> None:
    """The rows, their names and their order are the source's, and so are errors."""
    expected = row.get("rows", row.get("error"))
    assert in_order(answer_of("AwsAthena", row["query"])) == in_order(expected)


@pytest.mark.parametrize("row", table("athena", "refused"), ids=lambda row: row["query"][:60])
def test_a_query_without_the_right_answer_is_refused(row: Mapping[str, Any]) -> None:
    """No rows are better than wrong rows."""
    assert answer_of("AwsAthena", row["query"]) == row["error"]


def test_presto_gives_the_types_of_json() -> None:
    """Presto's rows come as JSON: numbers, booleans, arrays and maps are no texts."""
    query = "SELECT 7 / 2 AS a, true AS b, ARRAY[1, NULL] AS c, map(ARRAY['k'], ARRAY[1.5]) AS d"
    expected = [{"a": 3, "b": True, "c": [1, None], "d": {"k": 1.5}}]
    assert answer_of("WatsonxData", query) == expected

"""Queries of Databricks with the answers of the real one.

Source: Spark 4.3 in ANSI mode, measured.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.vendors.squared.sql.tables import answer_of, in_order, table


@pytest.mark.parametrize("row", table("databricks", "right"), ids=lambda row: row["query"][:60])
def test_a_query_has_the_right_answer(row: Mapping[str, Any]) -> None:
    """The rows, their names and their order are the source's, and so are errors."""
    expected = row.get("rows", row.get("error"))
    assert in_order(answer_of("Databricks", row["query"])) == in_order(expected)


@pytest.mark.parametrize("row", table("databricks", "refused"), ids=lambda row: row["query"][:60])
def test_a_query_without_the_right_answer_is_refused(row: Mapping[str, Any]) -> None:
    """No rows are better than wrong rows."""
    assert answer_of("Databricks", row["query"]) == row["error"]

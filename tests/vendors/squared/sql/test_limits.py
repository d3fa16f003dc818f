"""The limit that Squared adds to a query."""

from typing import Any

import pytest

from mockalog.vendors.squared.sql.limits import add_limit


@pytest.mark.parametrize(
    ("query", "limit", "limited"),
    [
        ("SELECT 1", 50, "SELECT 1 LIMIT 50"),
        ("SELECT 1;", 5, "SELECT 1 LIMIT 5"),
        ("SELECT 1 limit 7", 5, "SELECT 1 limit 7"),
        ("SELECT 1 LIMIT 7 ;", 5, "SELECT 1 LIMIT 7 "),
        ("SELECT 1 LIMIT 7 OFFSET 2", 5, "SELECT 1 LIMIT 7 OFFSET 2 LIMIT 5"),
        ("SELECT 1 LIMIT x", "y", "SELECT 1 LIMIT x LIMIT y"),
        ("SELECT 1", 0, "SELECT 1 LIMIT 0"),
        ("SELECT 1", True, "SELECT 1 LIMIT true"),
        ("SELECT 1", 2**70, f"SELECT 1 LIMIT {2**70}"),
        ("SELECT 1", "", "SELECT 1 LIMIT "),
        ("VALUES (1)", 1.5, "VALUES (1) LIMIT 1.5"),
    ],
)
def test_a_limit_is_appended(query: str, limit: Any, limited: str) -> None:
    """A query that ends in a limit keeps its own (8.7)."""
    assert add_limit(query, limit) == limited

"""Redshift's answers, by the pages of its Database Developer Guide."""

from typing import Any

import pytest

from tests.vendors.squared.sql.comparison import Answers

_TABLES = ("users", "orders")

# The page of the guide, a query, and the only row of its result.
ROWS: list[tuple[str, str, dict[str, Any]]] = [
    ("AVG", "SELECT AVG(qty) AS a FROM orders", {"a": "2"}),
    ("AVG", "SELECT AVG(amount) AS a FROM orders WHERE id < 103", {"a": "75.125"}),
    (
        "AVG",
        "SELECT AVG(qty) OVER () AS a FROM orders WHERE id = 101",
        {"a": "1"},
    ),
    ("MEDIAN", "SELECT MEDIAN(amount) AS m FROM orders", {"m": "35.125"}),
    (
        "PERCENTILE_CONT",
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount) AS m FROM orders",
        {"m": "35.125"},
    ),
    (
        "PERCENTILE_DISC",
        "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY amount) AS m FROM orders",
        {"m": "20"},
    ),
    (
        "GETDATE",
        "SELECT GETDATE() AS g, SYSDATE AS s, TRUNC(GETDATE()) AS t",
        {"g": "2025-03-31 12:30:45", "s": "2025-03-31 12:30:45", "t": "2025-03-31"},
    ),
    (
        "DATEADD",
        "SELECT DATEADD(month, -1, '2025-03-31'::timestamp) AS a",
        {"a": "2025-02-28 00:00:00"},
    ),
    (
        "DATEDIFF",
        "SELECT DATEDIFF(month, '2025-01-31'::date, '2025-02-01'::date) AS m,"
        " DATEDIFF(qtr, '2025-03-31'::date, '2025-04-01'::date) AS q",
        {"m": "1", "q": "1"},
    ),
    ("LAST_DAY", "SELECT LAST_DAY('2025-02-10'::date) AS l", {"l": "2025-02-28"}),
    (
        "Datetime format strings",
        "SELECT TO_CHAR(created_at, 'Mon DD, YYYY') AS a, TO_CHAR(created_at, 'FMDay HH12 AM') AS b"
        " FROM users WHERE id = 1",
        {"a": "Mar 30, 2025", "b": "Sunday 08 AM"},
    ),
    (
        "Numeric format strings",
        "SELECT TO_CHAR(1234.5, '9,999.99') AS a, TO_CHAR(12, 'FM000') AS b",
        {"a": " 1,234.50", "b": "012"},
    ),
    (
        "TO_DATE",
        "SELECT TO_DATE('31/03/2025', 'DD/MM/YYYY') AS d",
        {"d": "2025-03-31"},
    ),
    ("TRUNC", "SELECT TRUNC(1.987, 2) AS a, TRUNC(-1.9) AS b", {"a": "1.98", "b": "-1"}),
    (
        "CONCAT",
        "SELECT CONCAT('a', NULL) AS a, CONCAT('a', 'b') AS b",
        {"a": None, "b": "ab"},
    ),
    (
        "REGEXP_REPLACE",
        "SELECT REGEXP_REPLACE('a1b22', '[0-9]+', '#') AS a, REGEXP_REPLACE('a1', '[0-9]') AS b",
        {"a": "a#b#", "b": "a"},
    ),
    (
        "SIMILAR TO",
        "SELECT email SIMILAR TO '%@x.io' AS s FROM users WHERE id = 1",
        {"s": "t"},
    ),
    ("LIKE", r"SELECT 'a_b' LIKE 'a\\_b' AS a, 'axb' LIKE 'a\\_b' AS b", {"a": "t", "b": "f"}),
    ("SUBSTRING", "SELECT SUBSTRING('abcdef', -1, 4) AS s", {"s": "ab"}),
    (
        "OCTET_LENGTH",
        "SELECT OCTET_LENGTH('Zoë') AS o, INITCAP('ada l') AS i, REPLICATE('a', 2) AS r",
        {"o": "4", "i": "Ada L", "r": "aa"},
    ),
    (
        "JSON functions",
        "SELECT JSON_EXTRACT_ARRAY_ELEMENT_TEXT('[10,20]', 1) AS e, IS_VALID_JSON('{x') AS v",
        {"e": "20", "v": "f"},
    ),
]


@pytest.fixture(scope="module")
def answers() -> Answers:
    """The answers on the tables of `queries.json`."""
    return Answers()


@pytest.mark.parametrize(("page", "query", "row"), ROWS)
def test_a_query_gives_the_documented_row(
    answers: Answers, page: str, query: str, row: dict[str, Any]
) -> None:
    """The row is the one of the guide's page."""
    assert answers.answer("Redshift", query, _TABLES) == [row], page


def test_a_column_without_a_group_is_refused(answers: Answers) -> None:
    """The column is named with its table."""
    given = answers.answer("Redshift", "SELECT email FROM users GROUP BY country", _TABLES)
    assert str(given).startswith('ERROR:  column "users.email" must appear in the GROUP BY')

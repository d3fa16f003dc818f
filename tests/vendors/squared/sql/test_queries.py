"""Queries on tables of every type: results of PostgreSQL, and one row of each other source."""

from decimal import Decimal
from typing import Any

import pytest

from tests.vendors.squared.sql.emulated import Emulated

USERS = [
    {"id": 1, "email": "a@x.io", "score": 3.0, "active": True, "tags": ["x"], "note": None},
    {"id": 2, "email": "ß@x.io", "score": 2.5, "active": False, "tags": {}, "note": "100% A"},
    {"id": 3, "email": "C@x.io", "score": 1e20, "active": True, "tags": [], "note": "a_c"},
]
ODD = {"Select": 1, "ünï": 2, 'q"q': 3}
EXACT = {"amount": Decimal("0.1000000000000000055")}
TABLES = {"users": USERS, "Odd names": [ODD], "exact": [EXACT], "bare": []}


@pytest.fixture(scope="module")
def sources() -> Emulated:
    """Every kind of source, with the tables."""
    return Emulated(TABLES)


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("SELECT id, email FROM users", {"id": "1", "email": "a@x.io"}),
        ("select ID from public.users;", {"id": "1"}),
        ('SELECT "id" FROM "shop"."public"."users" u', {"id": "1"}),
        ("SELECT score FROM users", {"score": "3"}),
        ("SELECT active, tags, note FROM users", {"active": "t", "tags": '["x"]', "note": None}),
        ("SELECT active FROM users WHERE NOT active", {"active": "f"}),
        ("SELECT score FROM users WHERE id > 1", {"score": "2.5"}),
        ("SELECT score FROM users WHERE id = 3", {"score": "100000000000000000000"}),
        ("SELECT count(*), max(id) FROM users", {"count": "3", "max": "3"}),
        ('SELECT id AS UserId, email AS "Mail" FROM users', {"userid": "1", "Mail": "a@x.io"}),
        ("SELECT id::text, 1::int, 1 FROM users", {"id": "1", "int4": "1", "?column?": "1"}),
        ("SELECT upper(email), id + 1 FROM users", {"upper": "A@X.IO", "?column?": "2"}),
        ("SELECT x'6162'", {"?column?": "\\x6162"}),
        ("SELECT email FROM users WHERE email LIKE 'c%'", None),
        ("SELECT email FROM users WHERE email ILIKE 'c%'", {"email": "C@x.io"}),
        (
            "SELECT now(), current_date",
            {"now": "2026-03-02 09:15:04+00"} | {"current_date": "2026-03-02"},
        ),
        (
            "SELECT current_time AS t, localtimestamp AS l",
            {"t": "09:15:04"} | {"l": "2026-03-02 09:15:04"},
        ),
        (
            "SELECT now() - interval '1 day' AS a, now() + interval '2 hours' AS b",
            {"a": "2026-03-01 09:15:04+00", "b": "2026-03-02 11:15:04+00"},
        ),
        (
            "SELECT date_trunc('month', '2026-03-02 09:15:04'::timestamp)",
            {"date_trunc": "2026-03-01 00:00:00"},
        ),
        (
            "SELECT date_trunc('hour', '2026-03-02T09:15:04Z'::timestamp)",
            {"date_trunc": "2026-03-02 09:00:00"},
        ),
        (
            "SELECT extract(year from '2026-03-02'::date) AS y",
            {"y": "2026"},
        ),
        (
            "SELECT left('abc', 2), right('abc', 2), right('abc', -1) AS r, right('abc', 0) AS n",
            {"left": "ab", "right": "bc", "r": "bc", "n": ""},
        ),
        (
            "SELECT split_part('a', ',', 3) AS n, split_part('a', '', 1)",
            {"split_part": "a", "n": ""},
        ),
        (
            "SELECT concat('a', NULL, 1), initcap('ab cd'), reverse('ab'), md5('a')",
            {"concat": "a1", "initcap": "Ab Cd", "reverse": "ba"}
            | {"md5": "0cc175b9c0f1b6a831c399e269772661"},
        ),
        (
            "SELECT replace('aa', 'a', 'b'), replace('a', '', 'b') AS e, trim('  x ')",
            {"replace": "bb", "e": "a", "btrim": "x"},
        ),
        (
            "SELECT position('b' in 'ab') AS p, trim(both 'x' from 'xax') AS t, upper(NULL) AS n",
            {"p": "2", "t": "a", "n": None},
        ),
        (
            "SELECT DISTINCT ON (active) active, id FROM users ORDER BY active, id",
            {"active": "f", "id": "2"},
        ),
        (
            "WITH a AS (SELECT * FROM users), b AS (SELECT id FROM a LIMIT 2) SELECT sum(1) FROM b",
            {"sum": "2"},
        ),
        (
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5)"
            " SELECT max(n) FROM r",
            {"max": "5"},
        ),
        (
            "SELECT a.id FROM users a JOIN (SELECT id FROM users OFFSET 1) b ON a.id = b.id",
            {"id": "2"},
        ),
        ("(SELECT id FROM users) UNION ALL SELECT 9 ORDER BY 1 DESC", {"id": "9"}),
        ("(SELECT id FROM users ORDER BY 1) LIMIT 1", {"id": "1"}),
        ("((SELECT id FROM users LIMIT 2))", {"id": "1"}),
        ("SELECT u.id FROM (users u JOIN users v ON u.id = v.id) WHERE v.id > 1", {"id": "2"}),
        ("SELECT column1 FROM (VALUES (7), (8)) AS v", {"column1": "7"}),
        ("SELECT amount FROM exact", {"amount": "0.1"}),
        (
            "SELECT 'today'::date AS d, 'now'::timestamp AS t, upper('now') AS n",
            {"d": "2026-03-02", "t": "2026-03-02 09:15:04", "n": "NOW"},
        ),
        ("VALUES (1, 'x')", {"column1": "1", "column2": "x"}),
        ("SELECT count(*) FROM users WHERE active", {"count": "2"}),
        (
            'SELECT "Select", "ünï", "q""q" FROM "Odd names"',
            {"Select": "1", "ünï": "2", 'q"q': "3"},
        ),
        ("-- c\n/* c */ SELECT id FROM users -- end", {"id": "1"}),
        ("SELECT row_number() OVER (ORDER BY id DESC) AS n, id FROM users", {"n": "1", "id": "3"}),
        ("SELECT string_agg(email, ',') FROM users WHERE id < 3", {"string_agg": "a@x.io,ß@x.io"}),
        ("SELECT * FROM users WHERE id > 9", None),
        # Booleans of any origin (names and values measured).
        (
            "SELECT id > 1 AS a, NOT active AS b, true AS c, false AS d, id IN (1) AS e,"
            " note IS NULL AS f, (active AND id = 1) AS g, exists(SELECT 1) AS h,"
            " coalesce(active, false) AS i, CASE WHEN id = 1 THEN true END AS j,"
            " 'yes'::boolean AS k, NULL > 1 AS l, active::text AS m, 1 AS n, bool_and(active)"
            " OVER () AS o FROM users",
            dict(
                zip(
                    "abcdefghijklmno",
                    ["f", "f", "t", "f", "t", "t", "t", "t", "t", "t", "t", "!", "true", "1", "f"],
                    strict=True,
                )
            )
            | {"l": None},
        ),
        ("SELECT q.past FROM (SELECT id < 9 AS past FROM users) q", {"past": "t"}),
        ("WITH c AS (SELECT active FROM users) SELECT active FROM c", {"active": "t"}),
        ("SELECT id > 1, true FROM users", {"?column?": "t"}),
        ("SELECT id FROM users WHERE active = 'f'", {"id": "2"}),
        ("SELECT id FROM users WHERE 'FAL' = active", {"id": "2"}),
        ("SELECT id FROM users WHERE (active) <> ' true '", {"id": "2"}),
        ("SELECT id FROM users WHERE active IN ('off', 'no', '0')", {"id": "2"}),
        ("SELECT id FROM users WHERE active = 'on' AND email = 't'", None),
        ("SELECT id FROM users WHERE active = false AND email <> 't'", {"id": "2"}),
        # Names of columns of functions, and numbers.
        (
            "SELECT count(*) FILTER (WHERE active), -sum(id) FROM users",
            {"count": "2"} | {"?column?": "-6"},
        ),
        ("SELECT row_number() OVER (ORDER BY id) FROM users", {"row_number": "1"}),
        (
            "SELECT 7 / 2 AS a, 7 % 4 AS b, 7.0 / 2 AS c, 1 / 0.5 AS d",
            {"a": "3", "b": "3"} | {"c": "3.5000000000000000", "d": "2.0000000000000000"},
        ),
        ("SELECT 7 / id AS a FROM users", {"a": "7"}),
        ("SELECT repeat('ab', 2), repeat('a', -1) AS n", {"repeat": "abab", "n": ""}),
        (
            "SELECT split_part('a,b', ',', -1) AS a, split_part('a,b', ',', 2) AS b",
            {"a": "b"} | {"b": "b"},
        ),
        (
            "SELECT trim('\nx ') AS t",
            {"t": "\nx"},
        ),
        ("SELECT id FROM users ORDER BY random()", {"id": "3"}),
        ("VALUES (1), (2) LIMIT 1", {"column1": "1"}),
        ("values (1, ')'), (2, '') ORDER BY 1 DESC", {"column1": "2", "column2": ""}),
        ("SELECT id FROM users LIMIT 0", None),
        ("SELECT id FROM users ORDER BY id LIMIT 0.5 OFFSET 1.5", {"id": "3"}),
        ("SELECT id FROM users LIMIT NULL", {"id": "1"}),
        ("SELECT id FROM users LIMIT 1 + 1", {"id": "1"}),
        ("SELECT * FROM bare", None),
    ],
)
def test_results(sources: Emulated, query: str, row: Any) -> None:
    """Values are texts, nulls stay null, and columns have the names of the source (8.7)."""
    found = sources.rows(query)
    assert (found[0] if found else None) == row


@pytest.mark.parametrize(
    ("name", "query", "row"),
    [
        (
            "Snowflake",
            "SELECT ID, ACTIVE, SCORE FROM DB.PUBLIC.USERS QUALIFY row_number() OVER"
            " (ORDER BY ID DESC) = 1",
            {"ID": 3, "ACTIVE": True, "SCORE": 1e20},
        ),
        ("Bigquery", "SELECT id FROM `proj.ds.users` WHERE SAFE_CAST(id AS INT64) = 2", {"id": 2}),
        ("MariaDB", 'SELECT `id`, "x" AS t FROM `db`.`users` LIMIT 1, 1', {"id": 2, "t": "x"}),
        ("MariaDB", "SELECT id FROM users WHERE email LIKE 'c%'", {"id": 3}),
        ("MariaDB", "SELECT id > 1 AS a, 1 / 0 AS b FROM users", {"a": 0, "b": None}),
        ("Snowflake", "SELECT id > 1 AS a FROM users", {"A": False}),
        ("Databricks", "SELECT id, active FROM users", {"id": "1", "active": "true"}),
        ("AwsAthena", "SELECT active FROM users WHERE NOT active", {"active": "false"}),
        ("Redshift", "SELECT active FROM users", {"active": "t"}),
        ("Clickhouse", "SELECT id, active FROM users FINAL", {"id": 1, "active": True}),
        ("Oracle", "SELECT id FROM users FETCH FIRST 1 ROWS ONLY", {"ID": 1}),
        ("SalesforceConsumerGoodsCloud", "SELECT Id FROM Users LIMIT 1", {"Id": 1}),
        ("Odoo", "SELECT id FROM users", {"id": "1"}),
    ],
)
def test_each_source_has_its_own_sql(sources: Emulated, name: str, query: str, row: Any) -> None:
    """Each source presents values in its own way (inferred but for PostgreSQL)."""
    assert sources.rows(query, name)[0] == row


@pytest.mark.parametrize(
    ("pattern", "exact", "loose"),
    [
        ("'%'", 2, 2),
        ("'100%'", 1, 1),
        ("'a\\_c' ESCAPE '\\'", 1, 1),
        ("'A_C'", 0, 1),
        ("'%a%'", 1, 2),
        ("'%_a'", 0, 1),
        ("'1%0%A'", 1, 1),
        ("'1%1%A'", 0, 0),
        ("'100% A%A'", 0, 0),
        ("'x%'", 0, 0),
        ("NULL", 0, 0),
    ],
)
def test_like(sources: Emulated, pattern: str, exact: int, loose: int) -> None:
    """LIKE is case-sensitive in PostgreSQL and not in MariaDB. Null matches nothing."""
    query = f"SELECT id FROM users WHERE note LIKE {pattern}"
    assert len(sources.rows(query)) == exact
    query = query.replace("'\\'", "'\\\\'").replace("a\\_c", "a\\\\_c")
    assert len(sources.rows(query, "MariaDB")) == loose

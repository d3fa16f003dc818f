"""Tests of SQL on source tables: dialects, results, errors and limits."""

import sqlite3
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from mockalog.vendors.squared.sql.queries import QueryError
from mockalog.vendors.squared.sql.sql_errors import FAILURES, error_text

from mockalog.vendors.squared.rules.connectors import demo_tables
from mockalog.vendors.squared.rules.connectors.source_tables import Row, parse_tables
from mockalog.vendors.squared.sql import engine, queries, rewriting
from mockalog.vendors.squared.sql.sources import driver_value, source_of

NOW = datetime(2026, 3, 2, 9, 15, 4)  # noqa: DTZ001 - the sandbox's clock in UTC
USERS = [
    {"id": 1, "email": "a@x.io", "score": 3.0, "active": True, "tags": ["x"], "note": None},
    {"id": 2, "email": "ß@x.io", "score": 2.5, "active": False, "tags": {}, "note": "100% A"},
    {"id": 3, "email": "C@x.io", "score": 1e20, "active": True, "tags": [], "note": "a_c"},
]
ODD = {"Select": 1, "ünï": 2, 'q"q': 3}
EXACT = {"amount": Decimal("0.1000000000000000055")}
TABLES = parse_tables({"users": USERS, "Odd names": [ODD], "exact": [EXACT], "bare": []})


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the time limit, so that a slow machine ends no query."""
    monkeypatch.setattr(engine, "MAX_SECONDS", 60)


def run_query(query: str, name: str = "Postgresql") -> list[Row]:
    """Return the rows of a query, or raise the source's error."""
    source = source_of(name)
    tree = queries.parse_query(query, source)
    sql, truths = rewriting.rewrite(tree, source, NOW, [one.table for one in TABLES])
    found = engine.run_query(TABLES, sql, truths, exact_like=source.exact_like)
    return [{key: driver_value(value, source) for key, value in row.items()} for row in found]


def failure(query: str, name: str = "Postgresql") -> str:
    """Return the source's error text."""
    with pytest.raises(FAILURES) as failed:
        run_query(query, name)
    return error_text(failed.value, query, source_of(name))


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
        ("SELECT score FROM users WHERE id = 3", {"score": "1e+20"}),
        ("SELECT count(*), max(id) FROM users", {"count": "3", "max": "3"}),
        ('SELECT id AS UserId, email AS "Mail" FROM users', {"userid": "1", "Mail": "a@x.io"}),
        ("SELECT id::text, 1::int, 1 FROM users", {"id": "1", "int": "1", "?column?": "1"}),
        ("SELECT upper(email), id + 1 FROM users", {"upper": "A@X.IO", "?column?": "2"}),
        ("SELECT x'6162'", {"?column?": "\\x6162"}),
        ("SELECT email FROM users WHERE email LIKE 'c%'", None),
        ("SELECT email FROM users WHERE email ILIKE 'c%'", {"email": "C@x.io"}),
        (
            "SELECT now(), current_date",
            {"current_timestamp": "2026-03-02 09:15:04"} | {"current_date": "2026-03-02"},
        ),
        (
            "SELECT current_time AS t, localtimestamp AS l",
            {"t": "09:15:04"} | {"l": "2026-03-02 09:15:04"},
        ),
        (
            "SELECT now() - interval '1 day' AS a, now() + interval '2 hours' AS b",
            {"a": "2026-03-01 09:15:04", "b": "2026-03-02 11:15:04"},
        ),
        (
            "SELECT date_trunc('month', '2026-03-02 09:15:04')",
            {"date_trunc": "2026-03-01 00:00:00"},
        ),
        (
            "SELECT date_trunc('hour', '2026-03-02T09:15:04Z')",
            {"date_trunc": "2026-03-02 09:00:00"},
        ),
        (
            "SELECT date_trunc('day', 'never'), date_trunc('age', now()) AS b",
            {"date_trunc": None, "b": None},
        ),
        (
            "SELECT extract(year from '2026-03-02'::date) AS y, extract(day from 'x') AS d",
            {"y": "2026", "d": None},
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
            {"replace": "bb", "e": "a", "trim": "x"},
        ),
        (
            "SELECT position('b' in 'ab') AS p, trim(both 'x' from 'xax') AS t, upper(NULL) AS n",
            {"p": "2", "t": "a", "n": None},
        ),
        ("SELECT initcap(x'6162')", {"initcap": "Ab"}),
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
            "SELECT date('now') AS d, 'now'::timestamp AS t, upper('now') AS n",
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
            "SELECT count(*) FILTER (WHERE active), (id), -id FROM users",
            {"count": "2"} | {"id": "1", "?column?": "-1"},
        ),
        ("SELECT row_number() OVER (ORDER BY id) FROM users", {"row_number": "1"}),
        (
            "SELECT 7 / 2 AS a, 7 % 4 AS b, 7.0 / 2 AS c, 1 / 0.5 AS d",
            {"a": "3", "b": "3"} | {"c": "3.5", "d": "2"},
        ),
        ("SELECT 7 / id AS a FROM users", {"a": "7"}),
        ("SELECT repeat('ab', 2), repeat('a', -1) AS n", {"repeat": "abab", "n": ""}),
        (
            "SELECT split_part('a,b', ',', -1) AS a, split_part('a,b', ',', 2) AS b",
            {"a": "b"} | {"b": "b"},
        ),
        (
            "SELECT extract(fortnight from '2026-03-02') AS n, trim('\nx ') AS t",
            {"n": None} | {"t": "\nx"},
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
def test_results(query: str, row: Any) -> None:
    """Values are texts, nulls stay null, and columns have the names of the source (8.7)."""
    found = run_query(query)
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
        ("Snowflake", "SELECT id > 1 AS a FROM users", {"a": False}),
        ("Databricks", "SELECT id, active FROM users", {"id": "1", "active": "true"}),
        ("AwsAthena", "SELECT active FROM users WHERE NOT active", {"active": "false"}),
        ("Redshift", "SELECT active FROM users", {"active": "t"}),
        ("Clickhouse", "SELECT id, count(*) FROM users FINAL", {"id": 1, "count(*)": 3}),
        ("Oracle", "SELECT id FROM users FETCH FIRST 1 ROWS ONLY", {"id": 1}),
        ("SalesforceConsumerGoodsCloud", "SELECT Id FROM Users LIMIT 1", {"id": 1}),
        ("Odoo", "SELECT id FROM users", {"id": "1"}),
    ],
)
def test_each_source_has_its_own_sql(name: str, query: str, row: Any) -> None:
    """Each source presents values in its own way (inferred but for PostgreSQL)."""
    assert run_query(query, name)[0] == row


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
def test_like(pattern: str, exact: int, loose: int) -> None:
    """LIKE is case-sensitive in PostgreSQL and not in MariaDB. Null matches nothing."""
    query = f"SELECT id FROM users WHERE note LIKE {pattern}"
    assert len(run_query(query)) == exact
    query = query.replace("'\\'", "'\\\\'").replace("a\\_c", "a\\\\_c")
    assert len(run_query(query, "MariaDB")) == loose


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (
            "SELECT nope FROM users LIMIT 50",
            'ERROR:  column "nope" does not exist\n'
            "LINE 1: SELECT nope FROM users LIMIT 50\n"
            "               ^\n",
        ),
        (
            "SELECT id,\n  u.nope\nFROM users u",
            "ERROR:  column u.nope does not exist\nLINE 2:   u.nope\n          ^\n",
        ),
        (
            'SELECT "nope" FROM users',
            'ERROR:  column "nope" does not exist\n'
            'LINE 1: SELECT "nope" FROM users\n'
            "               ^\n",
        ),
        (
            "SELECT * FROM shop.nope",
            'ERROR:  relation "shop.nope" does not exist\n'
            "LINE 1: SELECT * FROM shop.nope\n"
            "                      ^\n",
        ),
        (
            "SELECT * FROM information_schema.tables",
            'ERROR:  relation "information_schema.tables" does not exist\n'
            "LINE 1: SELECT * FROM information_schema.tables\n"
            "                      ^\n",
        ),
        (
            "SELECT * FORM users",
            'ERROR:  syntax error at or near "users"\nLINE 1: SELECT * FORM users\n'
            "                      ^\n",
        ),
        (
            "SELEC 1",
            'ERROR:  syntax error at or near "SELEC"\nLINE 1: SELEC 1\n        ^\n',
        ),
        (
            "SELECT id FROM",
            "ERROR:  syntax error at end of input\nLINE 1: SELECT id FROM\n"
            "                      ^\n",
        ),
        ("SELECT", "ERROR:  syntax error at end of input\nLINE 1: SELECT\n              ^\n"),
        ("", "ERROR:  syntax error at end of input\nLINE 1: \n        ^\n"),
        (
            "SELECT 'x",
            "ERROR:  syntax error at end of input\nLINE 1: SELECT 'x\n                 ^\n",
        ),
        (
            "SELECT nope(1)",
            "ERROR:  function nope(unknown) does not exist\nLINE 1: SELECT nope(1)\n"
            "               ^\nHINT:  No function matches the given name and argument types. You"
            " might need to add explicit type casts.\n",
        ),
        (
            "SELECT id FROM users a, users b",
            'ERROR:  column reference "id" is ambiguous\n'
            "LINE 1: SELECT id FROM users a, users b\n"
            "               ^\n",
        ),
        ("DROP TABLE users", "ERROR:  cannot execute DROP in a read-only transaction\n"),
        (
            "SELECT 1; SELECT 2",
            "ERROR:  cannot execute multiple commands in a read-only transaction\n",
        ),
        ("SELECT ?", "ERROR:  too many SQL variables\n"),
        # Measured.
        ("SELECT 1 LIMIT -1", "ERROR:  LIMIT must not be negative\n"),
        ("SELECT 1 OFFSET -1", "ERROR:  OFFSET must not be negative\n"),
        ("SELECT 1 LIMIT 9223372036854775808", "ERROR:  bigint out of range\n"),
        (
            "SELECT 1 LIMIT true",
            "ERROR:  argument of LIMIT must be type bigint, not type boolean\n",
        ),
        ("SELECT id / (id - 1) FROM users", "ERROR:  division by zero\n"),
        ("SELECT 1 % 0", "ERROR:  division by zero\n"),
        (
            "SELECT id FROM users WHERE active = 'o'",
            'ERROR:  invalid input syntax for type boolean: "o"\n',
        ),
        ("SELECT left('a', 'x')", 'ERROR:  invalid input syntax for type integer: "x"\n'),
        ("SELECT split_part('a', 'b', 0)", "ERROR:  field position must not be zero\n"),
        ("SELECT repeat('a', 2000000000)", "ERROR:  requested length too large\n"),
        (
            "SELECT initcap(char(55296))",
            'ERROR:  invalid byte sequence for encoding "UTF8"\n',
        ),
        # Functions and tables that SQLite has of its own, or under other names.
        (
            "SELECT 1, to_timestamp('x')",
            "ERROR:  function to_timestamp(unknown) does not exist\n"
            "LINE 1: SELECT 1, to_timestamp('x')\n                  ^\n"
            "HINT:  No function matches the given name and argument types. You might need to add"
            " explicit type casts.\n",
        ),
        (
            "SELECT * FROM json_each('[1]')",
            'ERROR:  relation "json_each" does not exist\n'
            "LINE 1: SELECT * FROM json_each('[1]')\n                      ^\n",
        ),
        ("SELECT quote('a', 1)", "ERROR:  wrong number of arguments to function QUOTE()\n"),
    ],
)
def test_error_texts(query: str, text: str) -> None:
    """The texts are the source's own, with the line and a mark below the place (8.7)."""
    assert failure(query) == text


def test_every_source_has_a_text_for_every_failure() -> None:
    """No text is empty, and none has a gap."""
    names = [record["name"] for record in _sources()]
    for name in names:
        for query in (
            "SELECT nope FROM users",
            "SELECT * FROM nope",
            "SELECT * FORM users",
            "SELECT nope(1)",
            "SELECT id FROM users a, users b",
            "DROP TABLE users",
            "SELECT quote(1, 2, 3)",
        ):
            text = failure(query, name)
            assert text
            assert "{" not in text
        assert error_text(QueryError("time"), "SELECT 1", source_of(name))


def _sources() -> list[dict[str, Any]]:
    from mockalog.vendors.squared.rules.connectors.registry import load_registry

    return [dict(definition.record) for definition in load_registry().of_type("source")]


def nested(count: int, step: str) -> str:
    """Return a chain of WITH clauses, each built on the one before."""
    clauses = ["c0 AS (SELECT id AS x FROM users)"]
    clauses += [f"c{n} AS ({step.format(before=f'c{n - 1}')})" for n in range(1, count)]
    return f"WITH {', '.join(clauses)} SELECT count(*) FROM c{count - 1}"


def balanced(leaf: str, leaves: int) -> str:
    """Return a sum as a balanced tree."""
    return leaf if leaves == 1 else f"({balanced(leaf, leaves // 2)}+{balanced(leaf, leaves // 2)})"


LARGE = "(SELECT repeat('1', 200000) AS s) q"
ENDLESS = "WITH RECURSIVE r(n, s) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, s || '' FROM r)"
ATTACKS = {
    # Files, other databases, SQLite's own tables and settings.
    "attach": "ATTACH DATABASE '/tmp/mockalog-attack.db' AS x",
    "attach behind a query": "SELECT 1; ATTACH DATABASE '/tmp/mockalog-attack.db' AS x",
    "attach behind a comment": "/* SELECT */ ATTACH DATABASE '/tmp/mockalog-attack.db' AS x",
    "vacuum into": "VACUUM INTO '/tmp/mockalog-attack.db'",
    "pragma": "PRAGMA database_list",
    "pragma as a table": "SELECT * FROM pragma_database_list",
    "pragma counted": "SELECT count(*) FROM pragma_table_list",
    "schema": "SELECT * FROM sqlite_master",
    "schema counted": "SELECT count(*) FROM sqlite_schema",
    "schema of temp": "SELECT sql FROM temp.sqlite_temp_master",
    "the emulator's tables": "SELECT * FROM squared_connectors",
    "pages": "SELECT * FROM sqlite_dbpage",
    "statements": "SELECT * FROM sqlite_stmt",
    "load_extension": "SELECT load_extension('/tmp/x.so')",
    "readfile": "SELECT readfile('/etc/passwd')",
    "writefile": "SELECT writefile('/tmp/mockalog-attack.db', 'x')",
    "fts3_tokenizer": "SELECT fts3_tokenizer('simple')",
    "version": "SELECT sqlite_version()",
    "compile options": "SELECT sqlite_compileoption_get(1)",
    # Writing.
    "insert": "INSERT INTO users VALUES (1)",
    "with insert": "WITH x AS (SELECT 1) INSERT INTO users SELECT * FROM x",
    "with delete": "WITH x AS (DELETE FROM users RETURNING *) SELECT * FROM x",
    "into": "SELECT * INTO copy FROM users",
    "create": "CREATE TABLE copy AS SELECT * FROM users",
    "explain": "EXPLAIN SELECT 1",
    "begin": "BEGIN",
    # Queries that exhaust time or memory.
    "endless": f"{ENDLESS} SELECT count(*) FROM r",
    "endless rows": f"{ENDLESS} SELECT n FROM r",
    "endless sort": f"{ENDLESS} SELECT n FROM r ORDER BY n DESC",
    "endless memory": "WITH RECURSIVE r(n, s) AS (SELECT 1, repeat(' ', 200000) UNION ALL SELECT"
    " n + 1, s || '' FROM r) SELECT count(*) FROM (SELECT DISTINCT n, s FROM r) q",
    "cross join": "SELECT count(*) FROM " + ", ".join(f"users u{n}" for n in range(20)),
    "too many tables": "SELECT * FROM " + ", ".join(f"users u{n}" for n in range(70)),
    "with, doubling": nested(25, "SELECT a.x FROM {before} a, {before} b"),
    "with, doubling rows": nested(25, "SELECT x FROM {before} UNION ALL SELECT x FROM {before}"),
    "two of one name": "WITH a AS (SELECT 1 AS x), b AS (" + nested(
        20, "SELECT a.x FROM {before} a, {before} b"
    ) + ") SELECT * FROM (WITH c19 AS (SELECT 1 AS x) SELECT * FROM c19) q, b",
    "alias, multiplied": f"SELECT {balanced('id', 512)} AS x FROM users"
    f" ORDER BY {balanced('x', 1024)}",
    "alias, often": f"SELECT {balanced('id', 32)} AS x FROM users"
    f" ORDER BY {balanced('x', 128)}",
    # Queries with one step that takes too long.
    "sort": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 2000000)"
    " SELECT n FROM (SELECT n FROM r ORDER BY n * 7919 % 300007) q LIMIT 1",
    "printf": "SELECT printf('%.2000000000c', 'x')",
    "format": "SELECT format('%.2000000000c', 'x')",
    "printf, width of an argument": "SELECT printf('%*d', 2000000000, 1)",
    "replace": f"SELECT replace(s, '1', s) FROM {LARGE}",
    "repeat": "SELECT repeat('a', 9999999999)",
    "json_each": f"SELECT count(*) FROM {LARGE}, json_each('[1]')",
    "zeroblob": "SELECT zeroblob(1000000000)",
    "randomblob": "SELECT hex(randomblob(100000000))",
    "group_concat": f"SELECT string_agg(s, ',') FROM {LARGE}, users",
    "doubling texts": nested(24, "SELECT x || x || x AS x FROM {before}").replace("count(*)", "x"),
    "long": "SELECT " + "1 + " * 5000 + "1",
    "deep": "SELECT " + "(" * 2000 + "1" + ")" * 2000,
    "many terms": "SELECT * FROM users WHERE " + " OR ".join(f"id = {n}" for n in range(900)),
    "wide": "SELECT " + ", ".join(["*"] * 90) + " FROM users",
    "long pattern": f"SELECT 'x' LIKE '{'_' * 300}'",
    "many columns of long texts": "SELECT "
    + ", ".join(f"length(upper(s || {n}))" for n in range(350))
    + f" FROM {LARGE}, users a, users b, users c",
}  # fmt: skip


@pytest.mark.parametrize("query", ATTACKS.values(), ids=ATTACKS.keys())
def test_forbidden_queries(query: str) -> None:
    """A query only reads its own tables, within a second."""
    began = thread_time()
    assert failure(query)
    assert thread_time() - began < 3  # half a second here
    assert not Path("/tmp/mockalog-attack.db").exists()
    assert len(run_query("SELECT * FROM users")) == 3


HEAVY = {
    "flattening": nested(25, "SELECT x+x+x+x AS x FROM {before}"),
    "pushing down": nested(25, "SELECT x FROM {before} WHERE x+x+x+x IN (x+x+x, x)"),
    "counting clauses": nested(5, "SELECT x FROM {before}"),
    "instr": "SELECT " + ", ".join(
        f"instr(s, substr(s, 1, 100000) || {n})" for n in range(20)
    ) + f" FROM {LARGE}",
    "like": "SELECT " + ", ".join(["s LIKE '%_1_%1_%1%2'"] * 50) + f" FROM {LARGE}",
    "trim": "SELECT " + ", ".join(["trim(s, s)"] * 50) + f" FROM {LARGE}",
    "trim, last of all": f"SELECT trim(s, repeat('2', 200000) || '1') FROM {LARGE}",
    "strftime": f"SELECT length(strftime(repeat('%J', 9000), '2026-03-02')) FROM {LARGE}, users a",
    "replace": "SELECT " + ", ".join(["length(replace(s, s, 'x'))"] * 50) + f" FROM {LARGE}",
}  # fmt: skip


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("query", HEAVY.values(), ids=HEAVY.keys())
def test_the_cost_of_queries(query: str) -> None:
    """SQLite would copy terms repeatedly, or compare texts character by character."""
    began = thread_time()
    assert run_query(query)
    assert thread_time() - began < 3


def test_functions_end_at_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds within one row too, where SQLite itself does not check it."""
    monkeypatch.setattr(engine, "MAX_SECONDS", 0)
    with pytest.raises(QueryError, match="time"):
        run_query("SELECT initcap('a')")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that adds too much memory to the process ends, if the memory is measurable."""
    with monkeypatch.context() as windows:
        windows.setattr(engine, "_resource", None)
        assert run_query("SELECT count(*) FROM users") == [{"count": "3"}]
    monkeypatch.setattr(engine, "MAX_MEMORY", -1)
    with pytest.raises(QueryError, match="time"):
        run_query(
            "SELECT count(*) FROM users a, users b, users c, users d, users e, users f, users g"
        )


@pytest.mark.usefixtures("unhurried")
def test_results_are_bounded() -> None:
    """The limits are rows and bytes."""
    many = ", ".join(f"users u{n}" for n in range(10))
    assert "result is too large" in failure(f"SELECT 1 FROM {many}")
    wide = ", ".join(f"s AS s{n}" for n in range(10))
    assert "result is too large" in failure(
        f"SELECT {wide} FROM {LARGE}, users a, users b, users c"
    )


def test_a_query_closes_its_connection() -> None:
    """A failed query closes its connection too."""
    opened: list[Any] = []
    connect = sqlite3.connect

    class Kept(sqlite3.Connection):
        def close(self) -> None:
            opened.remove(self)
            super().close()

    def counted(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, factory=Kept, **options)
        opened.append(connection)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", counted)
        run_query("SELECT 1")
        failure("SELECT nope")
    assert opened == []


def test_the_demo_tables_are_consistent() -> None:
    """Every order refers to an existing customer and product."""
    loads = demo_tables.demo_tables()
    query = (
        "SELECT count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id"
        " JOIN products p ON p.id = o.product_id"
    )
    assert engine.run_query(loads, query, exact_like=True) == [{"n": demo_tables.ORDERS}]


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
    assert queries.add_limit(query, limit) == limited

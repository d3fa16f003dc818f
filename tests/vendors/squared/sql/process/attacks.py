"""Queries that reach for more than their tables, or that exhaust time or memory."""


def nested(count: int, step: str) -> str:
    """Return a chain of WITH clauses, each built on the one before."""
    clauses = ["c0 AS (SELECT id AS x FROM users)"]
    clauses += [f"c{n} AS ({step.format(before=f'c{n - 1}')})" for n in range(1, count)]
    return f"WITH {', '.join(clauses)} SELECT count(*) FROM c{count - 1}"


def balanced(leaf: str, leaves: int) -> str:
    """Return a sum as a balanced tree."""
    return leaf if leaves == 1 else f"({balanced(leaf, leaves // 2)}+{balanced(leaf, leaves // 2)})"


FILE = "/tmp/mockalog-attack.db"

FORBIDDEN = {
    # Files, other databases, DuckDB's own tables, settings and variables.
    "attach": f"ATTACH '{FILE}' AS x",
    "attach in memory": "ATTACH ':memory:' AS x",
    "attach behind a query": f"SELECT 1; ATTACH '{FILE}' AS x",
    "attach behind a comment": f"/* SELECT */ ATTACH '{FILE}' AS x",
    "copy": f"COPY users TO '{FILE}'",
    "copy of a query": f"COPY (SELECT 1) TO '{FILE}'",
    "export": "EXPORT DATABASE '/tmp/mockalog-attack'",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "pragma": "PRAGMA database_list",
    "pragma as a function": "SELECT * FROM pragma_database_list()",
    "settings": "SELECT * FROM duckdb_settings()",
    "one setting": "SELECT current_setting('memory_limit')",
    "set": "SET threads = 8",
    "set a variable": "SET VARIABLE now = '2020-01-01'",
    "get a variable": "SELECT getvariable('now')",
    "the catalog": "SELECT * FROM information_schema.tables",
    "the catalog of PostgreSQL": "SELECT * FROM pg_catalog.pg_class",
    "tables": "SELECT * FROM duckdb_tables()",
    "variables": "SELECT * FROM duckdb_variables()",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "logs": "SELECT write_log('x')",
    "files by name": "SELECT * FROM '/etc/passwd'",
    "files by quoted name": 'SELECT * FROM "/etc/passwd"',
    "files by csv": "SELECT * FROM read_csv('/etc/passwd')",
    "files by text": "SELECT * FROM read_text('/etc/passwd')",
    "files by blob": "SELECT * FROM read_blob('/etc/passwd')",
    "files by json": "SELECT * FROM read_json_auto('/etc/passwd')",
    "files by parquet": "SELECT * FROM read_parquet('/tmp/x.parquet')",
    "files by scan": "SELECT * FROM parquet_scan('/tmp/x.parquet')",
    "files by sniffing": "SELECT * FROM sniff_csv('/etc/passwd')",
    "folders": "SELECT * FROM glob('/*')",
    "network": "SELECT * FROM read_csv('http://127.0.0.1:1/x')",
    "environment": "SELECT getenv('PATH')",
    "a query in a text": "SELECT * FROM query('SELECT 1')",
    "a table in a text": "SELECT * FROM query_table('users')",
    "a serialized query": "SELECT * FROM json_execute_serialized_sql('{}')",
    "a qualified function": "SELECT system.main.now()",
    "a qualified table function": "SELECT * FROM system.main.duckdb_tables()",
    "a macro of ours": "SELECT _nonzero(1)",
    "the emulator's tables": "SELECT * FROM squared_connectors",
    "sqlite": "SELECT * FROM sqlite_master",
    "sleep": "SELECT sleep_ms(10000)",
    "sleep of PostgreSQL": "SELECT pg_sleep(10)",
    "sequences": "SELECT nextval('s')",
    # Writing.
    "insert": "INSERT INTO users VALUES (1)",
    "with insert": "WITH x AS (SELECT 1) INSERT INTO users SELECT * FROM x",
    "with delete": "WITH x AS (DELETE FROM users RETURNING *) SELECT * FROM x",
    "with update": "WITH x AS (UPDATE users SET id = 1 RETURNING *) SELECT * FROM x",
    "into": "SELECT * INTO copy FROM users",
    "create": "CREATE TABLE copy AS SELECT * FROM users",
    "macro": "CREATE MACRO now() AS 1",
    "drop": "DROP TABLE users",
    "explain": "EXPLAIN SELECT 1",
    "begin": "BEGIN",
    "call": "CALL pragma_version()",
    "prepare": "PREPARE p AS SELECT 1",
    "describe": "DESCRIBE users",
    "from first": "FROM duckdb_tables()",
}

EXHAUSTING = {
    "endless": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
    " SELECT count(*) FROM r",
    "endless rows": "SELECT * FROM generate_series(1, 10000000000)",
    "cross join": "SELECT count(*) FROM " + ", ".join(f"users u{n}" for n in range(25)),
    "with, doubling": nested(25, "SELECT a.x FROM {before} a, {before} b"),
    "one long text": "SELECT length(repeat('a', 2000000000))",
    "padding": "SELECT length(lpad('a', 2000000000, 'b'))",
    "a long list": "SELECT array_length(array_agg(n)) FROM generate_series(1, 500000000) t(n)",
    "doubling texts": nested(40, "SELECT x || x || x AS x FROM {before}").replace("count(*)", "x"),
    "many terms": "SELECT " + "1 + " * 3000 + "1",
    "deep": "SELECT " + "(" * 2000 + "1" + ")" * 2000,
    "long": "SELECT " + "1 + " * 5000 + "1",
    "alias, multiplied": f"SELECT {balanced('id', 256)} AS x FROM users"
    f" ORDER BY {balanced('x', 512)}",
    "wide": "SELECT " + ", ".join(["*"] * 900) + " FROM users",
}

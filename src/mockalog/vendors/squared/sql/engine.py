"""SQLite as the engine of every source: it runs one query on one connector's tables.

Each query has its own connection in memory with these tables only. An allow list restricts the
statement, and limits restrict sizes. Budgets of steps, time and memory stop the query, because it
runs in the event loop. Budgets are checked between steps only, so SQLite's slow functions are
forbidden or replaced (`functions.py`).
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from importlib import import_module
from importlib.util import find_spec
from time import thread_time
from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.connectors.source_tables import LoadedTable, Row, Table
from mockalog.vendors.squared.sql import functions
from mockalog.vendors.squared.sql.queries import QueryError

# Steps of SQLite's virtual machine: the same query stops at the same step on every machine. A
# short step takes some 10 ns, so the budget lasts a fifth of a second.
MAX_STEPS = 20_000_000
# Seconds of processor time, for queries with long steps. The load of the machine does not count.
MAX_SECONDS = 0.5
# Rows and bytes of a result, and the bytes by which a query may increase the process.
MAX_RESULT_ROWS = 20_000
MAX_RESULT_BYTES = 16 * 1024 * 1024
MAX_MEMORY = 256 * 1024 * 1024

_LIMITS = {
    # Bytes of a text and of a row: the maximum of a loaded one.
    sqlite3.SQLITE_LIMIT_LENGTH: functions.MAX_TEXT,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 40_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 500,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 10_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: functions.MAX_PATTERN,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

# Functions that only read and compute. Missing are `load_extension`, `randomblob`, `zeroblob`,
# functions that describe the machine, and `printf`: one step of it can write 2 GB.
_NAMES = """
    abs avg ceil ceiling char coalesce concat count cume_dist date date_part date_trunc datetime
    dense_rank exp first_value floor group_concat hex ifnull iif initcap instr
    json json_array json_array_length json_extract json_object json_type json_valid -> ->>
    julianday lag last_value lead length like likelihood likely ln log log10 log2 lower ltrim
    max md5 min mod nonzero nth_value ntile nullif percent_rank pi pow power quote radians random
    rank repeat replace reverse round row_number rtrim sign split_part sqrt str_left str_right
    strftime substr substring sum time total trim trunc typeof unicode unlikely upper
"""
_FUNCTIONS = frozenset(_NAMES.split())

_TYPES = {"integer": "INTEGER", "number": "REAL"}
# The type name of boolean columns. It is unique because converters belong to the process.
_BOOLEAN = "SQUARED_BOOLEAN"

# Steps between two checks of the budgets. A step calls at most one function, which takes a few
# milliseconds for the longest text.
_STEP = 100

# Missing on Windows: only steps and time stop a query there.
_resource: Any = import_module("resource") if find_spec("resource") else None
# Bytes of `ru_maxrss`'s unit: Linux counts kilobytes, macOS bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


class Guard:
    """Stops one query that exceeds its budgets, and keeps the reason."""

    def __init__(self) -> None:
        # The reason: "time", or the error text of a function.
        self.stopped = ""
        self._steps = 0
        self._end = thread_time() + MAX_SECONDS
        self._memory = _memory() + MAX_MEMORY

    def progress(self) -> bool:
        """Return whether SQLite must stop; SQLite calls it every `_STEP` steps."""
        self._steps += _STEP
        if self._steps > MAX_STEPS or thread_time() > self._end or _memory() > self._memory:
            self.stopped = "time"
        return bool(self.stopped)

    def check(self) -> None:
        """Raise `QueryError` if the query's time is over."""
        if thread_time() > self._end:
            self.stopped = "time"
            raise QueryError("time")

    def refuse(self, text: str) -> None:
        """Keep the error text of a function: SQLite's own error has none."""
        self.stopped = text


def _memory() -> int:
    """Return the maximum memory of the process so far in bytes, 0 on Windows."""
    return int(_resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss) * _UNIT if _resource else 0


def run_query(
    loads: Sequence[LoadedTable], sql: str, booleans: Set[str] = frozenset(), *, exact_like: bool
) -> list[Row]:
    """Return the rows of a query; raises `sqlite3.Error` and `QueryError`.

    `booleans`: the columns of the result in which 0 and 1 mean false and true.
    `exact_like`: whether `LIKE` distinguishes upper and lower case.
    """
    sqlite3.register_converter(_BOOLEAN, _to_boolean)
    connection = sqlite3.connect(
        ":memory:", isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
    )
    try:
        _create_tables(connection, loads)
        guard = Guard()
        _restrict(connection, guard, [loaded.table.name for loaded in loads], exact_like)
        return [_with_booleans(row, booleans) for row in _fetch(connection, sql, guard)]
    finally:
        connection.close()


def _to_boolean(stored: bytes) -> bool:
    return stored != b"0"


def _with_booleans(row: Row, booleans: Set[str]) -> Row:
    for name in booleans & row.keys():
        if isinstance(row[name], int):
            row[name] = bool(row[name])
    return row


def _create_tables(connection: sqlite3.Connection, loads: Sequence[LoadedTable]) -> None:
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("BEGIN")
    for table, rows in loads:
        names = ", ".join(f"{_quoted(n)} {_type(c.type)}" for n, c in table.columns.items())
        # SQLite needs a column, even if the table has none.
        connection.execute(f"CREATE TABLE {_quoted(table.name)} ({names or '_'})")
        marks = ", ".join("?" * len(table.columns))
        into = f"INSERT INTO {_quoted(table.name)} VALUES ({marks or '?'})"  # noqa: S608 - quoted
        connection.executemany(into, (_cells(table, row) for row in rows))
    connection.execute("COMMIT")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _type(type_: str) -> str:
    return _BOOLEAN if type_ == "boolean" else _TYPES.get(type_, "TEXT")


def _cells(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple([_cell(row.get(name)) for name in table.columns])


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict | list):
        return dumps(value).decode()
    return float(value)  # a Decimal


def _restrict(
    connection: sqlite3.Connection, guard: Guard, tables: Sequence[str], exact_like: bool
) -> None:
    """Restrict the connection to reading these tables."""
    functions.register(connection, guard, exact=exact_like)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    connection.set_progress_handler(guard.progress, _STEP)
    connection.set_authorizer(_authorizer(frozenset(tables)))


def _authorizer(tables: frozenset[str]) -> Callable[..., int]:
    def allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first in tables or _is_clause(first, second)):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and str(second).lower() in _FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return allow


def _is_clause(table: str | None, column: str | None) -> bool:
    """Return whether a read only counts rows, as of a WITH clause, and not of SQLite's tables."""
    return column == "" and not str(table).lower().startswith(("sqlite_", "pragma_"))


def _fetch(connection: sqlite3.Connection, sql: str, guard: Guard) -> list[Row]:
    try:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in _bounded(cursor)]
    except MemoryError:  # the statement has more steps than SQLITE_LIMIT_VDBE_OP
        raise QueryError("the query is too complex") from None
    except sqlite3.Error:
        if guard.stopped:
            raise QueryError(guard.stopped) from None
        raise


def _bounded(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    size = 0
    for number, values in enumerate(cursor, 1):
        size += sum([len(value) for value in values if value.__class__ in (str, bytes)])
        if number > MAX_RESULT_ROWS or size > MAX_RESULT_BYTES:
            raise QueryError("the result is too large")
        yield values

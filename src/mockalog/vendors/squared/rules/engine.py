"""SQLite as the engine of every source: one query on one connector's tables, and nothing else.

Each query gets a connection in memory of its own that holds those tables only. An allow list
says what a statement may do, limits say how large anything may become, and budgets of steps,
time and memory end what would go on: a query runs in the event loop. Budgets are looked at between
steps only, so a function that could work long within one is missing or is ours (`functions.py`).
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from importlib import import_module
from importlib.util import find_spec
from time import thread_time
from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules import functions
from mockalog.vendors.squared.rules.queries import TooMuch
from mockalog.vendors.squared.rules.worlds import Load, Row, Table

# Steps of SQLite's virtual machine: the same query ends at the same step everywhere. A small
# step takes some 10 ns, so that the budget is used up in a fifth of a second.
MAX_STEPS = 20_000_000
# What single steps may take too long for: seconds of the processor, so that a busy machine does
# not count.
MAX_SECONDS = 0.5
# Rows and bytes of a result, and the bytes that a query may add to the process.
MAX_RESULT_ROWS = 20_000
MAX_RESULT_BYTES = 16 * 1024 * 1024
MAX_MEMORY = 256 * 1024 * 1024

_LIMITS = {
    # Of a text, and of a row: as large as one that may be loaded.
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

# What only reads and computes. Not among them: `load_extension`, `randomblob`, `zeroblob`, what
# tells of the machine, and `printf`, which writes two thousand million characters in one step.
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
# A type name of its own, because converters are the process's: SQLite has no truth values.
_BOOLEAN = "SQUARED_TRUTH"

# How often a query is asked whether it may go on. One step is one call of a function at most, which
# takes some milliseconds for the longest text.
_STEP = 100

# What Windows lacks: there only steps and time end a query.
_resource: Any = import_module("resource") if find_spec("resource") else None
# Linux counts kilobytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


class Guard:
    """Watches one query, and remembers that it stopped it."""

    def __init__(self) -> None:
        # Why: "time", or what a function said.
        self.stopped = ""
        self._steps = 0
        self._end = thread_time() + MAX_SECONDS
        self._memory = _memory() + MAX_MEMORY

    def progress(self) -> bool:
        """Say whether SQLite has to stop; called every hundred steps."""
        self._steps += _STEP
        if self._steps > MAX_STEPS or thread_time() > self._end or _memory() > self._memory:
            self.stopped = "time"
        return bool(self.stopped)

    def check(self) -> None:
        """Raise `TooMuch` if a function may not begin any more."""
        if thread_time() > self._end:
            self.stopped = "time"
            raise TooMuch("time")

    def refuse(self, text: str) -> None:
        """Keep what a function said: SQLite only says that one failed."""
        self.stopped = text


def _memory() -> int:
    """Return the most memory that the process had so far, in bytes; 0 if nobody knows."""
    return int(_resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss) * _UNIT if _resource else 0


def answer(
    loads: Sequence[Load], sql: str, truths: Set[str] = frozenset(), *, exact_like: bool
) -> list[Row]:
    """Return what a query finds; raises `sqlite3.Error` and `TooMuch`.

    `truths`: the columns of the result whose 0 and 1 mean false and true.
    """
    sqlite3.register_converter(_BOOLEAN, _truth)
    connection = sqlite3.connect(
        ":memory:", isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
    )
    try:
        _fill(connection, loads)
        guard = Guard()
        _close_off(connection, guard, [loaded.table.name for loaded in loads], exact_like)
        return [_true(row, truths) for row in _fetched(connection, sql, guard)]
    finally:
        connection.close()


def _truth(stored: bytes) -> bool:
    return stored != b"0"


def _true(row: Row, truths: Set[str]) -> Row:
    for name in truths & row.keys():
        if isinstance(row[name], int):
            row[name] = bool(row[name])
    return row


def _fill(connection: sqlite3.Connection, loads: Sequence[Load]) -> None:
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("BEGIN")
    for table, rows in loads:
        names = ", ".join(f"{_quoted(n)} {_type(c.type)}" for n, c in table.columns.items())
        # SQLite wants a column, where nobody said which there are.
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


def _close_off(
    connection: sqlite3.Connection, guard: Guard, tables: Sequence[str], exact_like: bool
) -> None:
    """Let the connection read these tables and do nothing else, from here on."""
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
    """Say whether rows are counted only, as of a WITH clause, and not SQLite's own."""
    return column == "" and not str(table).lower().startswith(("sqlite_", "pragma_"))


def _fetched(connection: sqlite3.Connection, sql: str, guard: Guard) -> list[Row]:
    try:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in _bounded(cursor)]
    except MemoryError:  # the statement would have more steps than it may
        raise TooMuch("the query is too complex") from None
    except sqlite3.Error:
        if guard.stopped:
            raise TooMuch(guard.stopped) from None
        raise


def _bounded(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    size = 0
    for number, values in enumerate(cursor, 1):
        size += sum([len(value) for value in values if value.__class__ in (str, bytes)])
        if number > MAX_RESULT_ROWS or size > MAX_RESULT_BYTES:
            raise TooMuch("the result is too large")
        yield values

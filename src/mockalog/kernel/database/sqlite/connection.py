"""A connection to SQLite, which runs statements in the event loop."""

import sqlite3
from collections.abc import Sequence

from sqlalchemy import Executable

from mockalog.kernel.database.interfaces import (
    ConstraintViolationError,
    Query,
    Row,
    Statement,
    Values,
)
from mockalog.kernel.database.sqlite.statements import CompiledStatement
from mockalog.kernel.errors import UnstorableValueError

# More than the number of mockalog's statements, so that SQLite parses each of them once.
MAX_STATEMENTS = 2000


class SQLiteConnection:
    """Runs statements on the connection that all transactions of the process use in turn.

    `is_exclusive` says that no other process can write to the database.
    """

    __slots__ = ("_compiled", "_is_exclusive", "_raw")

    def __init__(self, raw: sqlite3.Connection, *, is_exclusive: bool) -> None:
        self._raw = raw
        self._is_exclusive = is_exclusive
        self._compiled: dict[Statement, CompiledStatement] = {}

    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]:
        """Return every row."""
        compiled, cursor = self._execute(query, values)
        return compiled.rows(cursor, cursor.fetchall())

    async def first(self, query: Query[Row], values: Values) -> Row | None:
        """Return the first row, or None if no row exists.

        It reads all rows, because an open cursor keeps its locks.
        """
        compiled, cursor = self._execute(query, values)
        found = cursor.fetchall()
        return compiled.rows(cursor, found[:1])[0] if found else None

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return the number of rows that it changed."""
        return self._execute(statement, values)[1].rowcount

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`; return the number of rows that it changed."""
        compiled = self._compile(statement)
        try:
            return self._raw.executemany(compiled.sql, map(compiled.values, rows)).rowcount
        except sqlite3.IntegrityError as error:
            raise ConstraintViolationError(str(error)) from None
        except OverflowError:
            raise UnstorableValueError from None

    async def begin_writing(self) -> None:
        """Take the write lock, if another process can write and the transaction has not begun."""
        if not self._is_exclusive and not self._raw.in_transaction:
            self._raw.execute("BEGIN IMMEDIATE")

    async def fail_fast_on_locks(self) -> None:
        """Do nothing: SQLite has one write lock, so no deadlock is possible."""

    async def snapshot_isolation(self) -> None:
        """Take the write lock, so that no other process changes a row."""
        await self.begin_writing()

    def _execute(
        self, statement: Statement, values: Values
    ) -> tuple[CompiledStatement, sqlite3.Cursor]:
        compiled = self._compile(statement)
        try:
            return compiled, self._raw.execute(compiled.sql, compiled.values(values))
        except OverflowError:  # an integer beyond 64 bits
            raise UnstorableValueError from None

    def _compile(self, statement: Statement) -> CompiledStatement:
        compiled = self._compiled.get(statement)
        if compiled is None:
            # Statements that are built per call would otherwise fill the memory.
            if len(self._compiled) >= MAX_STATEMENTS:
                self._compiled.clear()
            compiled = self._compiled[statement] = CompiledStatement(statement)
        return compiled

"""Statements of SQLite: compiled once by SQLAlchemy, and run by the driver."""

import sqlite3
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from mockalog.kernel.database.interfaces import Query, Statement, Values
from mockalog.kernel.database.models import metadata
from mockalog.kernel.database.rows import RowMaker, row_maker

_DIALECT = SQLiteDialect_pysqlite(paramstyle="qmark")


class CompiledStatement:
    """A statement's SQL and its parameters. SQLAlchemy compiles it once, and the driver runs it.

    Execution by SQLAlchemy itself costs five times as much as the statement does in SQLite.
    """

    __slots__ = ("_defaults", "_make_row", "_names", "_pick", "_row_class", "sql")

    def __init__(self, query: Statement) -> None:
        statement = query.statement if isinstance(query, Query) else query
        compiled = cast(SQLCompiler, cast(ClauseElement, statement).compile(dialect=_DIALECT))
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._defaults = {k: v for k, v in compiled.params.items() if v is not None}
        # Only for two names or more: with one name `itemgetter` returns no tuple.
        self._pick = itemgetter(*self._names) if len(self._names) > 1 else None
        self._row_class = query.row if isinstance(query, Query) else None
        self._make_row: RowMaker | None = None

    def values(self, values: Values) -> tuple[object, ...]:
        """Return the values in the order of the SQL's question marks."""
        if self._pick is not None:
            try:
                picked: tuple[object, ...] = self._pick(values)
            except KeyError:  # a value is missing: its default applies below
                pass
            else:
                return picked
        defaults = self._defaults
        return tuple([values[n] if n in values else defaults.get(n) for n in self._names])

    # Any: the query decides the class of its rows.
    def rows(self, cursor: sqlite3.Cursor, tuples: Sequence[tuple[object, ...]]) -> list[Any]:
        """Return the tuples as rows with attributes."""
        if self._make_row is None:
            names = [column[0] for column in cursor.description]
            self._make_row = row_maker(self._row_class, names)
        return [self._make_row(values) for values in tuples]


def create_tables(raw: sqlite3.Connection) -> None:
    """Create every table, without the queries for existing ones of `metadata.create_all`."""
    for table in metadata.sorted_tables:
        raw.execute(str(CreateTable(table).compile(dialect=_DIALECT)))
        for index in table.indexes:
            raw.execute(str(CreateIndex(index).compile(dialect=_DIALECT)))

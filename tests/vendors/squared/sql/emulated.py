"""Emulated sources of every kind, in this process."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import duckdb

from mockalog.vendors.squared.rules.connectors.source_tables import Row, parse_tables
from mockalog.vendors.squared.sql.answers import answer
from mockalog.vendors.squared.sql.engine.database import Database
from mockalog.vendors.squared.sql.errors.duckdb_errors import problem_of
from mockalog.vendors.squared.sql.errors.error_text import error_text
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source, source_of

NOW = datetime.fromisoformat("2026-03-02T09:15:04")


class Emulated:
    """Sources with the same tables, which are those of a test's request."""

    def __init__(self, tables: Mapping[str, Any], now: datetime = NOW) -> None:
        self._tables = tables
        self._now = now
        self._databases: dict[Source, Database] = {}

    def rows(self, query: str, connector: str = "Postgresql") -> list[Row]:
        """Return the rows of a query; a query that fails raises `AssertionError` with its text."""
        given = self.answer(query, connector)
        assert not isinstance(given, str), given
        return given

    def failure(self, query: str, connector: str = "Postgresql") -> str:
        """Return the source's error text for a query."""
        given = self.answer(query, connector)
        assert isinstance(given, str), given
        return given

    def answer(self, query: str, connector: str = "Postgresql") -> list[Row] | str:
        """Return the rows of a query, or the source's error text."""
        source = source_of(connector)
        if source not in self._databases:
            self._databases[source] = Database(source)
        database = self._databases[source]
        tables = database.find("") or database.load("", parse_tables(self._tables))
        try:
            return answer(query, source, database, tables, self._now)
        except QueryError as error:
            return error_text(error, query, source)
        except duckdb.Error as error:
            return error_text(problem_of(error), query, source)

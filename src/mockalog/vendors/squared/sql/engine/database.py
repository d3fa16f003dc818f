"""A DuckDB in memory for one kind of source: closed, with its macros, and tables by connector.

Sources: DuckDB's "Securing DuckDB" page for the settings.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.connectors.source_tables import LoadedTable, Row
from mockalog.vendors.squared.sql.engine.columns import column_types
from mockalog.vendors.squared.sql.engine.macros import macros_of
from mockalog.vendors.squared.sql.jsonb import ordered
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.result import Result
from mockalog.vendors.squared.sql.sources import Source
from mockalog.vendors.squared.sql.tables import Tables
from mockalog.vendors.squared.sql.translation.allowed import allowed_functions, check_translated

# Connectors whose tables stay loaded.
MAX_LOADED = 8
# Rows of a result.
MAX_ROWS = 20_000

_CONFIG: Mapping[str, Any] = {
    "threads": 1,
    "memory_limit": "1GB",
    "temp_directory": "",
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_CLOSE = """
    SET TimeZone = 'UTC';
    SET enable_external_access = false;
    SET lock_configuration = true;
"""


class Database:
    """The tables of the connectors of one kind of source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._connection = duckdb.connect(":memory:", config=dict(_CONFIG))
        self._connection.execute(macros_of(source))
        if source.ignores_case:
            self._connection.execute("SET default_collation = 'NOCASE.NOACCENT'")
        self._connection.execute(_CLOSE)
        self.forbidden = self._all_functions() - allowed_functions()
        self._loaded: OrderedDict[str, Tables] = OrderedDict()
        self._number = 0

    def _all_functions(self) -> frozenset[str]:
        """Return the names of DuckDB's own functions."""
        query = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal"
        names = self._connection.execute(query).fetchall()
        return frozenset(name.lower() for (name,) in names if name.isidentifier())

    def find(self, key: str) -> Tables | None:
        """Return the tables that were loaded with a key."""
        if key in self._loaded:
            self._loaded.move_to_end(key)
        return self._loaded.get(key)

    def load(self, key: str, tables: Sequence[LoadedTable]) -> Tables:
        """Load the tables of a connector; the oldest loaded ones may go."""
        while len(self._loaded) >= MAX_LOADED:
            _, oldest = self._loaded.popitem(last=False)
            self._connection.execute(f"DROP SCHEMA {oldest.schema} CASCADE")
        self._number += 1
        loaded = Tables(
            f"c{self._number}", {one.table.name: column_types(one, self._source) for one in tables}
        )
        self._connection.execute(f"CREATE SCHEMA {loaded.schema}")
        for one in tables:
            self._fill(loaded, one)
        self._loaded[key] = loaded
        return loaded

    def _fill(self, loaded: Tables, one: LoadedTable) -> None:
        columns = loaded.columns[one.table.name]
        name = f"{loaded.schema}.{quoted(one.table.name)}"
        declared = ", ".join(f"{quoted(column)} {type_}" for column, type_ in columns.items())
        self._connection.execute(f"CREATE TABLE {name} ({declared})")
        if one.rows:
            read = "SELECT unnest(from_json(?, ?), recursive := true)"
            structure = json.dumps([dict(columns)])
            rows = dumps([self._stored(row) for row in self._ordered(one.rows)]).decode()
            self._connection.execute(f"INSERT INTO {name} {read}", [rows, structure])

    def _ordered(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows; jsonb keeps the members of an object in an order of its own."""
        return ordered(rows) if self._source.dialect == "postgres" else rows

    def _stored(self, row: Row) -> Row:
        if not self._source.empty_is_null:
            return row
        return {name: None if value == "" else value for name, value in row.items()}

    def run(self, sql: str, now: datetime) -> Result:
        """Run a translated query; raises `duckdb.Error` and `QueryError`."""
        check_translated(sql, self.forbidden)
        self._connection.execute("SET VARIABLE now = ?", [now])
        self._connection.execute("SELECT setseed(0.5)")
        self._connection.execute(sql)
        description = self._connection.description or []
        rows = self._connection.fetchmany(MAX_ROWS + 1)
        if len(rows) > MAX_ROWS:
            raise QueryError("other", name="the result is too large")
        return Result([one[0] for one in description], [str(one[1]) for one in description], rows)


def quoted(name: str) -> str:
    """Return a name in quotes."""
    return '"' + name.replace('"', '""') + '"'

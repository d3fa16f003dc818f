"""The work of the query process: it keeps the databases, and replies to messages."""

from collections.abc import Mapping
from typing import Any

import duckdb

from mockalog.kernel.clock import to_datetime
from mockalog.kernel.formats.json import dumps, loads_stored
from mockalog.vendors.squared.rules.connectors.source_tables import LoadedTable, unpack_tables
from mockalog.vendors.squared.sql.answers import answer
from mockalog.vendors.squared.sql.engine.database import Database
from mockalog.vendors.squared.sql.errors.duckdb_errors import problem_of
from mockalog.vendors.squared.sql.errors.error_text import error_text
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source, source_of
from mockalog.vendors.squared.sql.tables import Tables

# Bytes of a result as JSON.
MAX_RESULT = 16 * 1024 * 1024

# Any: JSON of this program's other side.
Message = Mapping[str, Any]


class Desk:
    """Replies to messages.

    `{"load": …, "tables": …, "rows": …}` loads tables by a key; the reply is `{}`. `{"query": …,
    "connector": …, "now": …, "key": …}` runs a query on the tables of a key. Its reply is
    `{"rows": …}`, `{"error": …}`, or `{"missing": true}` if the tables are not loaded.
    """

    def __init__(self) -> None:
        self._databases: dict[Source, Database] = {}

    def reply(self, message: Message) -> Message:
        """Return the reply to a message."""
        source = source_of(message["connector"])
        database = self._database(source)
        if "tables" in message:
            database.load(message["key"], _tables(message))
            return {}
        tables = database.find(message["key"])
        if tables is None:
            return {"missing": True}
        return self._answer(message, source, database, tables)

    def _database(self, source: Source) -> Database:
        if source not in self._databases:
            self._databases[source] = Database(source)
        return self._databases[source]

    def _answer(
        self, message: Message, source: Source, database: Database, tables: Tables
    ) -> Message:
        query = message["query"]
        try:
            rows = answer(query, source, database, tables, to_datetime(message["now"]))
            if len(dumps(rows)) > MAX_RESULT:
                raise QueryError("other", name="the result is too large")
        except QueryError as error:
            return {"error": error_text(error, query, source)}
        except duckdb.Error as error:
            return {"error": error_text(problem_of(error), query, source)}
        except (MemoryError, RecursionError):
            return {"error": error_text(QueryError("complex"), query, source)}
        return {"rows": rows}


def _tables(message: Message) -> list[LoadedTable]:
    tables = unpack_tables(message["tables"])
    rows = message["rows"]
    return [LoadedTable(table, loads_stored(rows[name])) for name, table in tables.items()]

"""The answer to a query: its rows as the source's driver gives them, or the source's error."""

from datetime import datetime

from mockalog.vendors.squared.rules.connectors.source_tables import Row
from mockalog.vendors.squared.sql.engine.database import Database
from mockalog.vendors.squared.sql.results.values import rows_of
from mockalog.vendors.squared.sql.sources import Source
from mockalog.vendors.squared.sql.tables import Tables
from mockalog.vendors.squared.sql.translation.translate import translate


def answer(
    query: str, source: Source, database: Database, tables: Tables, now: datetime
) -> list[Row]:
    """Return the rows of a query; raises `QueryError` and `duckdb.Error`."""
    result = database.run(translate(query, source, tables, now), now)
    return rows_of(result, source)

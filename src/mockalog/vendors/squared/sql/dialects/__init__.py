"""The meanings of each source's SQL that DuckDB does not share, and sqlglot does not translate."""

from collections.abc import Mapping
from functools import cache

from sqlglot.dialects.dialect import DialectType

from mockalog.vendors.squared.sql.dialects import (
    athena,
    bigquery,
    clickhouse,
    databricks,
    every_source,
    mariadb,
    oracle,
    postgres,
    redshift,
    snowflake,
)
from mockalog.vendors.squared.sql.dialects.databricks.reader import Reader as SparkReader
from mockalog.vendors.squared.sql.dialects.postgres.reader import Reader
from mockalog.vendors.squared.sql.dialects.rules import Rules
from mockalog.vendors.squared.sql.sources import Source

_RULES: Mapping[str, Rules] = {
    "athena": athena.RULES,
    "bigquery": bigquery.RULES,
    "clickhouse": clickhouse.RULES,
    "databricks": databricks.RULES,
    "mysql": mariadb.RULES,
    "oracle": oracle.RULES,
    "postgres": postgres.RULES,
    "presto": athena.RULES,
    "redshift": redshift.RULES,
    "snowflake": snowflake.RULES,
}


@cache
def rules_of(source: Source) -> Rules:
    """Return the rules of a source, with those of all sources. Each query asks for them."""
    return every_source.RULES | _RULES.get(source.dialect, Rules())


def reader_of(source: Source) -> DialectType:
    """Return the dialect in which a source's queries are read."""
    readers: Mapping[str, DialectType] = {
        "databricks": SparkReader,
        "postgres": Reader,
        "redshift": redshift.Reader,
    }
    return readers.get(source.dialect, source.dialect or None)

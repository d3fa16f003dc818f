"""From a source's query to DuckDB's: names, types, time, then the source's own meanings."""

from datetime import datetime
from typing import Any

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, DialectType
from sqlglot.errors import ErrorLevel, SqlglotError, UnsupportedError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from mockalog.vendors.squared.sql.dialects import rules_of
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source
from mockalog.vendors.squared.sql.tables import Schema, Tables
from mockalog.vendors.squared.sql.translation import allowed, clock, names
from mockalog.vendors.squared.sql.translation.row_limits import round_limits
from mockalog.vendors.squared.sql.translation.statements import parse_query
from mockalog.vendors.squared.sql.translation.tables import resolve_tables


def translate(query: str, source: Source, tables: Tables, now: datetime) -> str:
    """Return DuckDB's text of a query; raises `QueryError`."""
    try:
        return _translate(query, source, tables, now)
    except QueryError:
        raise
    except RecursionError:
        raise QueryError("complex") from None
    except Exception:  # noqa: BLE001 - sqlglot has bugs in its dialects
        raise QueryError("other", name="the query cannot be read") from None


def _translate(query: str, source: Source, tables: Tables, now: datetime) -> str:
    tree = parse_query(query, source)
    allowed.check_source(tree)
    round_limits(tree)
    names.check_quoted(tree, source, tables.columns)
    shown = names.result_names(tree, source, query)
    rules = rules_of(source)
    for change in rules.sources:
        tree = change(tree)
    tree = _typed(tree, source, tables.columns)
    tree = rules.prepare(tree, tables.columns)
    clock.set_time(tree, now)
    tree = rules.apply(tree)
    allowed.check_functions(tree)
    resolve_tables(tree, source, tables)
    names.set_names(tree, shown, source)
    return _generate(tree)


def _typed(tree: exp.Query, source: Source, columns: Schema) -> exp.Query:
    """Return the tree with the table of each column, and the type of each node."""
    dialect: DialectType = source.dialect or None
    schema: dict[str, object] = {table: dict(types) for table, types in columns.items()}
    # Any: sqlglot's own type of a description of types.
    metadata: Any = {
        **Dialect.get_or_raise(dialect).EXPRESSION_METADATA,
        **rules_of(source).annotators(),
    }
    try:
        qualified = qualify(
            tree.copy(),
            schema=schema,
            dialect=dialect,
            expand_alias_refs=False,
            identify=False,
            quote_identifiers=False,
            validate_qualify_columns=False,
        )
        return annotate_types(
            qualified, schema=schema, expression_metadata=metadata, dialect=dialect
        )
    except (SqlglotError, RecursionError):
        return annotate_types(tree, schema=schema, expression_metadata=metadata, dialect=dialect)


def _generate(tree: exp.Query) -> str:
    try:
        return tree.sql("duckdb", unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise QueryError("other", name=str(error).splitlines()[0]) from None

"""Rewriting of a query for SQLite. sqlglot translates the dialects; this adds the rest."""

import re
from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from mockalog.vendors.squared.rules.connectors.source_tables import Table
from mockalog.vendors.squared.sql.booleans import (
    boolean_columns,
    boolean_names,
    convert_boolean_texts,
)
from mockalog.vendors.squared.sql.queries import QueryError, SqlSyntaxError, convert_library_errors
from mockalog.vendors.squared.sql.sources import Source

if TYPE_CHECKING:
    from sqlglot.expressions import Expr


_LARGEST = 2**63 - 1
# A number with a limited number of digits.
_NUMBER = re.compile(r"[0-9.]{1,400}(?:[eE][+-]?[0-9]{1,3})?")


class SqliteQuery(NamedTuple):
    """A query for SQLite, and the boolean columns of its result."""

    sql: str
    booleans: frozenset[str]


def rewrite(tree: "Expr", source: Source, now: datetime, tables: Iterable[Table]) -> SqliteQuery:
    """Rewrite a query's tree, which is changed, for SQLite.

    `now`: the sandbox's time. `tables`: the tables that the query may read. Raises `QueryError`
    and `SqlSyntaxError`.
    """
    with convert_library_errors():
        return _rewritten(tree, source, now, boolean_columns(tables))


def _rewritten(tree: "Expr", source: Source, now: datetime, columns: Set[str]) -> SqliteQuery:
    tree = _remove_parentheses(tree)
    _name_columns(tree, source)
    convert_boolean_texts(tree, columns)
    _round_limits(tree)
    # In MySQL true is another name of 1.
    booleans = frozenset(columns) if source.dialect == "mysql" else boolean_names(tree, columns)
    _limit_subqueries(tree)
    for node in reversed(list(tree.walk())):  # inner nodes first
        if (adapted := _adapt(node, now)) is not node:
            node.replace(adapted)
        if source.dialect in _STRICT:
            _check_divisor(node)
    return SqliteQuery(_generate(tree), booleans)


def _generate(tree: "Expr") -> str:
    from sqlglot.dialects.sqlite import SQLite
    from sqlglot.errors import ErrorLevel

    generator = SQLite().generator(unsupported_level=ErrorLevel.IGNORE)
    # In SQLite an unknown name in double quotes is a text, one in backticks is an error.
    generator._identifier_start = generator._identifier_end = "`"
    return str(generator.generate(tree))


def _remove_parentheses(tree: "Expr") -> Any:
    """Remove the parentheses around a query and its parts, which SQLite does not allow."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.Subquery)):
        if not isinstance(node.parent, exp.SetOperation | None):
            continue
        whole = exp.select("*").from_(exp.Subquery(this=node.this))
        for part in ("order", "limit", "offset"):
            whole.set(part, node.args.get(part))
        if node is tree:
            tree = whole
        else:
            node.replace(whole)
    return tree


def _name_columns(tree: "Expr", source: Source) -> None:
    """Give each column of the result the name that the source gives it."""
    from sqlglot import exp
    from sqlglot.errors import ErrorLevel

    while isinstance(tree, exp.SetOperation):
        tree = tree.this
    shown: list[Any] = tree.expressions if isinstance(tree, exp.Select) else []
    for node in shown:
        if isinstance(node, exp.Alias):
            if source.has_text_values and not node.args["alias"].args.get("quoted"):
                node.set("alias", exp.to_identifier(node.alias.lower(), quoted=True))
        elif not (node.is_star or isinstance(node, exp.Column)):
            text = node.sql(source.dialect or None, unsupported_level=ErrorLevel.IGNORE)
            name = _postgres_name(node, text) if source.has_text_values else text
            node.replace(exp.alias_(node.copy(), name, quoted=True))


def _postgres_name(node: Any, text: str) -> str:
    """Return the name of a function or of a cast column, otherwise `?column?`."""
    from sqlglot import exp

    while isinstance(node, exp.Paren | exp.Filter | exp.Window):
        node = node.this
    if isinstance(node, exp.Column):
        return str(node.name)
    if isinstance(node, exp.Cast):
        return node.this.name if isinstance(node.this, exp.Column) else node.to.sql().lower()
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        return text.lstrip("(").split("(")[0].split(" ")[0].lower()
    return "?column?"


def _round_limits(tree: "Expr") -> None:
    """Round limits and offsets; raises `QueryError` or `SqlSyntaxError` for others (measured)."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.Limit, exp.Offset)):
        name, number = node.key.upper(), node.expression
        if isinstance(number, exp.Null):
            node.pop()
        elif isinstance(number, exp.Boolean):
            raise QueryError(f"argument of {name} must be type bigint, not type boolean")
        elif isinstance(number, exp.Array | exp.Struct):  # JSON values
            raise SqlSyntaxError("[" if isinstance(number, exp.Array) else "{")
        elif (count := _rounded(number)) is not None:
            if count < 0:
                raise QueryError(f"{name} must not be negative")
            node.set("expression", exp.Literal.number(count))


def _rounded(node: Any) -> int | None:
    """Return a number rounded half away from zero, None if the node is no number."""
    from sqlglot import exp

    sign, literal = (-1, node.this) if isinstance(node, exp.Neg) else (1, node)
    if not isinstance(literal, exp.Literal) or not _NUMBER.fullmatch(literal.name):
        return None
    value = Decimal(literal.name)
    if value > _LARGEST:
        raise QueryError("bigint out of range")
    return sign * int(value.to_integral_value(ROUND_HALF_UP))


# In these dialects a division by zero is an error; in others it is null (inferred).
_STRICT = ("postgres", "redshift")


def _is_nonzero(node: Any) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Literal) and bool(_rounded(node))


def _check_divisor(node: Any) -> None:
    from sqlglot import exp

    if isinstance(node, exp.Div | exp.Mod) and not _is_nonzero(node.expression):
        divisor = exp.Anonymous(this="NONZERO", expressions=[node.expression.copy()])
        node.set("expression", divisor)


def _limit_subqueries(tree: "Expr") -> None:
    """Give each subquery a limit of -1, which means none.

    Without it SQLite merges a subquery into the outer query, and computes its expressions again
    for each use of a column.
    """
    from sqlglot import exp

    for query in _subqueries(tree):
        if query.args.get("limit") is None:
            query.set("limit", exp.Limit(expression=exp.Literal.number(-1)))
        if query.args.get("offset") is None:
            query.set("offset", exp.Offset(expression=exp.Literal.number(0)))


def _subqueries(tree: "Expr") -> Iterator[Any]:
    from sqlglot import exp

    nodes: Iterator[Any] = tree.find_all(exp.CTE, exp.Subquery)
    for node in nodes:
        if isinstance(node.this, exp.Select | exp.SetOperation):
            yield node.this


_CATALOGS = ("information_schema", "pg_catalog")


def _adapt(node: Any, now: datetime) -> Any:
    """Return a node for SQLite: times of the sandbox's clock, dates, tables without schema."""
    from sqlglot import exp

    match node:
        case exp.Table():
            return _remove_schema(node)
        case exp.Left() | exp.Right():  # keywords of SQLite
            name = f"STR_{node.key.upper()}"
            return exp.Anonymous(this=name, expressions=[node.this, node.expression])
        case exp.Final():  # ClickHouse's: all rows are merged already
            return node.this
        case exp.CurrentDate():
            return exp.Literal.string(f"{now:%Y-%m-%d}")
        case exp.CurrentTime() | exp.Localtime():
            return exp.Literal.string(f"{now:%H:%M:%S}")
        case exp.Literal() if node.name.lower() != "now" or not _is_date(node.parent):
            return node
        case (
            exp.CurrentTimestamp()
            | exp.Localtimestamp()
            | exp.CurrentDatetime()
            | exp.Literal()  # 'now': SQLite takes the machine's time
        ):
            return exp.Literal.string(f"{now:%Y-%m-%d %H:%M:%S}")
        case exp.TimestampTrunc() | exp.DateTrunc() | exp.DatetimeTrunc():
            return exp.Anonymous(
                this="DATE_TRUNC", expressions=[exp.Literal.string(node.text("unit")), node.this]
            )
        case exp.Extract():
            unit = exp.Literal.string(node.this.name)
            return exp.Anonymous(this="DATE_PART", expressions=[unit, node.expression])
        case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
            sign = "+" if isinstance(node, exp.Add) else "-"
            step = f"{sign}{node.expression.name} {node.expression.text('unit').lower()}"
            return exp.Anonymous(this="DATETIME", expressions=[node.this, exp.Literal.string(step)])
    return node


def _is_date(parent: Any) -> bool:
    from sqlglot import exp

    return isinstance(parent, exp.Cast | exp.Date)


def _remove_schema(table: Any) -> Any:
    """Remove a table's schema; tables of a system catalog do not exist."""
    if table.db.lower() in _CATALOGS:
        table.this.set("this", f"{table.db}.{table.name}")
        table.this.set("quoted", True)
    table.set("db", None)
    table.set("catalog", None)
    return table

"""The kinds of values that nodes give, also behind replaced nodes and columns of subqueries."""

from collections.abc import Iterator
from typing import Literal

from sqlglot import exp

Kind = Literal[
    "array",
    "boolean",
    "date",
    "double",
    "integer",
    "interval",
    "json",
    "number",
    "text",
    "time",
    "timestamp",
    "unknown",
    "zoned",
]

_T = exp.DType
_KINDS: dict[exp.DType, Kind] = {
    **dict.fromkeys(exp.DataType.INTEGER_TYPES, "integer"),
    **dict.fromkeys(exp.DataType.TEXT_TYPES, "text"),
    **dict.fromkeys((_T.DECIMAL, _T.BIGDECIMAL), "number"),
    **dict.fromkeys((_T.DOUBLE, _T.FLOAT), "double"),
    **dict.fromkeys((_T.TIMESTAMP, _T.DATETIME, _T.TIMESTAMPNTZ), "timestamp"),
    **dict.fromkeys((_T.TIMESTAMPTZ, _T.TIMESTAMPLTZ), "zoned"),
    **dict.fromkeys((_T.JSON, _T.VARIANT, _T.OBJECT), "json"),
    **dict.fromkeys((_T.ARRAY, _T.LIST), "array"),
    _T.BOOLEAN: "boolean",
    _T.DATE: "date",
    _T.INTERVAL: "interval",
    _T.TIME: "time",
}

DAYS: tuple[Kind, ...] = ("date", "timestamp", "zoned")
"""Kinds of days and instants."""
NUMBERS: tuple[Kind, ...] = ("double", "integer", "number")

_SAME = (exp.Paren, exp.Alias, exp.Neg, exp.Abs)


def kind_of(node: exp.Expr) -> Kind:
    """Return the kind of the values of a node."""
    if isinstance(node, _SAME):  # their own type may be that before a replacement
        return kind_of(node.this)
    if node.type is not None and (kind := _KINDS.get(node.type.this)) is not None:
        return kind
    if isinstance(node, exp.Min | exp.Max | exp.Window):
        return kind_of(node.this)
    if isinstance(node, exp.Dot) and kind_of(node.this) == "json":
        return "json"
    if isinstance(node, exp.Column):
        return next(map(kind_of, _origins(node)), "unknown")
    return "unknown"


def has_kind(node: exp.Expr, *kinds: Kind) -> bool:
    """Return whether the values of a node are known to be of one of the kinds."""
    return kind_of(node) in kinds


def _origins(column: exp.Column) -> Iterator[exp.Expr]:
    """Yield the expression of the subquery or WITH clause from which a column comes."""
    select = column.find_ancestor(exp.Select)
    while select is not None:
        for source in select.find_all(exp.Subquery, exp.Table):
            is_around = any(parent is source for parent in _ancestors(column))
            if source.alias_or_name.lower() == column.table.lower() and not is_around:
                yield from _named(_query(source), column.name)
        select = select.find_ancestor(exp.Select)


def _ancestors(node: exp.Expr) -> Iterator[exp.Expr]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _query(source: exp.Expr) -> exp.Expr | None:
    """Return the query of a subquery, or of the WITH clause that a table names."""
    if isinstance(source, exp.Subquery):
        inner: exp.Expr = source.this
        return inner
    clauses = source.root().find_all(exp.CTE)
    return next((one.this for one in clauses if one.alias.lower() == source.name.lower()), None)


def _named(query: exp.Expr | None, name: str) -> Iterator[exp.Expr]:
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    nodes = query.expressions if isinstance(query, exp.Select) else []
    yield from (node for node in nodes if node.alias_or_name.lower() == name.lower())

"""Kinds of values, decimal places and casts, for the rules of all dialects."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlglot import exp

Kind = Literal[
    "array",
    "binary",
    "date",
    "decimal",
    "double",
    "instant",
    "integer",
    "interval",
    "json",
    "map",
    "null",
    "struct",
    "text",
    "time",
    "truth",
    "unknown",
]

_D = exp.DType
_KINDS: Mapping[exp.DType, Kind] = {
    **dict.fromkeys(exp.DataType.INTEGER_TYPES, "integer"),
    **dict.fromkeys(exp.DataType.TEXT_TYPES, "text"),
    **dict.fromkeys((_D.LONGTEXT, _D.MEDIUMTEXT, _D.TINYTEXT), "text"),
    **dict.fromkeys((_D.DOUBLE, _D.FLOAT), "double"),
    **dict.fromkeys((_D.DATETIME, _D.TIMESTAMP, _D.TIMESTAMPTZ, _D.TIMESTAMPNTZ), "instant"),
    _D.ARRAY: "array",
    _D.LIST: "array",
    _D.BINARY: "binary",
    _D.BOOLEAN: "truth",
    _D.DATE: "date",
    _D.DECIMAL: "decimal",
    _D.INTERVAL: "interval",
    _D.JSON: "json",
    _D.MAP: "map",
    _D.NULL: "null",
    _D.STRUCT: "struct",
    _D.TIME: "time",
}
NUMBERS: tuple[Kind, ...] = ("integer", "decimal", "double", "truth")


def kind(node: exp.Expr) -> Kind:
    """Return the kind of a node's value."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Null):
        return "null"
    type_ = node.type
    return _KINDS.get(type_.this, "unknown") if isinstance(type_, exp.DataType) else "unknown"


def scale(node: exp.Expr) -> int | None:
    """Return the decimal places of a number, None if it is a double or unknown."""
    if kind(node) in ("integer", "truth"):
        return 0
    if kind(node) != "decimal" or node.type is None or len(node.type.expressions) != 2:
        return None
    return int(node.type.expressions[1].name)


def cast_to(node: exp.Expr, type_: str) -> exp.Expr:
    """Return a cast: `exp.cast` leaves decimals of other places as they are."""
    cast = exp.Cast(this=node, to=exp.DataType.build(type_, dialect="duckdb"))
    cast.type = exp.DataType.build(type_, dialect="duckdb")
    return cast


def typed(node: exp.Expr, type_: str) -> exp.Expr:
    """Return a node with a type."""
    node.type = exp.DataType.build(type_, dialect="duckdb")
    return node


# Any: sqlglot's annotator of types.
def annotated(type_: str) -> Any:
    """Return an annotator: nodes of a kind have this type."""

    # Any: sqlglot's annotator of types.
    def annotate(annotator: Any, node: exp.Expr) -> exp.Expr:
        annotator._set_type(node, exp.DataType.build(type_, dialect="duckdb"))
        return node

    return annotate

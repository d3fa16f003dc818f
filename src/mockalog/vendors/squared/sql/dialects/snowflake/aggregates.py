"""Aggregates of texts and arrays: of no rows they are empty, not null."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.dialects.snowflake.variants import as_text

_AROUND = (exp.WithinGroup, exp.Filter, exp.Window, exp.IgnoreNulls)


def outer(node: exp.Expr) -> exp.Expr:
    """Replace the outermost node of an aggregate."""
    inner = node
    while isinstance(inner, _AROUND):
        inner = inner.this
    if isinstance(node.parent, _AROUND):
        return node
    if isinstance(inner, exp.ArrayAgg | exp.ArrayUniqueAgg):
        return _or(call("to_json", node.copy()), exp.cast(text("[]"), "JSON"), "JSON")
    if isinstance(inner, exp.GroupConcat):
        inner.set("this", as_text(inner.this.copy()))
        return _or(node.copy(), text(""), "TEXT")
    return node


def _or(node: exp.Expr, empty: exp.Expr, type_: str) -> exp.Expr:
    shown = exp.Coalesce(this=node, expressions=[empty])
    shown.type = exp.DataType.build(type_)
    return shown


_NODES = (exp.ArrayAgg, exp.ArrayUniqueAgg, exp.Filter, exp.GroupConcat, exp.WithinGroup)

RULES = Rules(nodes=dict.fromkeys(_NODES, outer))

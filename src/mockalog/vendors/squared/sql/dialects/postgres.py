"""PostgreSQL."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, is_type, text

_MACROS = (
    # PostgreSQL's words of an interval are shorter.
    "CREATE MACRO _pg_interval(x) AS"
    " regexp_replace(replace(x::VARCHAR, 'months', 'mons'), '\\bmonth\\b', 'mon')",
    "CREATE MACRO _pg_has_key(j, k) AS json_exists(j, '$.\"' || k || '\"')",
    "CREATE MACRO _pg_numeric_text(x) AS"
    " CASE WHEN x::VARCHAR LIKE '%.%' THEN rtrim(rtrim(x::VARCHAR, '0'), '.') ELSE x::VARCHAR END",
    "CREATE MACRO _pg_similar(x, p) AS regexp_full_match(x, p)",
)


def _cast(node: exp.Cast) -> exp.Expr:
    """Casts to text print as PostgreSQL prints."""
    value: Any = node.this
    if not node.to.is_type(*exp.DataType.TEXT_TYPES) or node.to.expressions:
        return node
    if is_type(value, exp.DType.INTERVAL):
        return call("_pg_interval", value, type_="TEXT")
    if is_type(value, exp.DType.DECIMAL):
        return call("_pg_numeric_text", value, type_="TEXT")
    return node


def _upper(node: exp.Upper) -> exp.Expr:
    """A sharp s has no upper case in PostgreSQL."""
    replaced = call("replace", node.copy(), text("ẞ"), text("ß"), type_="TEXT")
    replaced.meta["done"] = True
    return replaced


RULES = Rules(
    nodes={exp.Cast: _cast, exp.Upper: _upper},
    functions={
        "jsonb_array_length": "json_array_length",
        "jsonb_build_object": "json_object",
    },
    macros=_MACROS,
)

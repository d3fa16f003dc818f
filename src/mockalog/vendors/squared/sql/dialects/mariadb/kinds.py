"""MariaDB's implicit casts from one kind of value to another.

Source: MariaDB's Knowledge Base, "Type Conversion".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import NUMBERS, Kind, cast_to, kind, scale
from mockalog.vendors.squared.sql.dialects.rules import call

__all__ = ["MACROS", "NUMBERS", "Kind", "cast_to", "kind", "scale"]


def number(node: exp.Expr) -> exp.Expr:
    """Return a value as a number: a text counts by its leading digits."""
    match kind(node):
        case "integer" | "decimal" | "double" | "null":
            return node
        case "truth":
            return exp.cast(node, "BIGINT")
        case "text" | "json" | "binary":
            return call("_my_number", text(node), type_="DOUBLE")
        case "date":
            return call("_my_date_number", node, type_="BIGINT")
        case "instant":
            return call("_my_instant_number", node, type_="BIGINT")
        case _:
            return call("_my_any_number", node, type_="DOUBLE")


def text(node: exp.Expr) -> exp.Expr:
    """Return a value as MariaDB prints it."""
    match kind(node):
        case "text" | "null" | "binary":
            return node
        case "truth":
            return exp.cast(exp.cast(node, "BIGINT"), "TEXT")
        case "double":
            return call("_my_double_text", node, type_="TEXT")
        case "decimal":
            return exp.cast(rounded(node), "TEXT")
        case "json":
            return call("_my_json_text", node, type_="TEXT")
        case "unknown":
            return call("_my_any_text", node, type_="TEXT")
        case _:
            return exp.cast(node, "TEXT")


def rounded(node: exp.Expr) -> exp.Expr:
    """Return a decimal with its places: a quotient is a double within DuckDB."""
    places = scale(node)
    return node if places is None else cast_to(decimal(node), f"DECIMAL(38, {places})")


def decimal(node: exp.Expr) -> exp.Expr:
    """Return a number with more places than any decimal prints."""
    return cast_to(node, "DECIMAL(38, 12)")


def instant(node: exp.Expr) -> exp.Expr:
    """Return a value as a timestamp; null if it is none."""
    match kind(node):
        case "instant" | "null":
            return node
        case "date":
            return exp.cast(node, "TIMESTAMP")
        case _:
            return call("_my_instant", exp.cast(node, "TEXT"), type_="TIMESTAMP")


def truth(node: exp.Expr) -> exp.Expr:
    """Return a value as a condition."""
    if kind(node) in ("truth", "null", "unknown"):
        return node
    condition = exp.NEQ(this=number(node).copy(), expression=exp.Literal.number(0))
    condition.type = exp.DataType.build("BOOLEAN")
    return exp.paren(condition, copy=False)


MACROS = (
    "CREATE MACRO _my_lead(x) AS"
    " regexp_extract(x, '^\\s*([-+]?(\\d+\\.?\\d*|\\.\\d+)(e[-+]?\\d+)?)', 1, 'i')",
    "CREATE MACRO _my_number(x) AS CASE WHEN x IS NULL THEN NULL"
    " ELSE coalesce(TRY_CAST(_my_lead(x) AS DOUBLE), 0) END",
    "CREATE MACRO _my_date_number(x) AS year(x) * 10000 + month(x) * 100 + day(x)",
    "CREATE MACRO _my_instant_number(x) AS _my_date_number(x) * 1000000"
    " + hour(x) * 10000 + minute(x) * 100 + second(x)",
    "CREATE MACRO _my_double_text(x) AS"
    " replace(regexp_replace(CAST(x AS VARCHAR), '\\.0$', ''), 'e+', 'e')",
    "CREATE MACRO _my_truth_digit(x) AS CASE CAST(x AS VARCHAR) WHEN 'true' THEN '1' ELSE '0' END",
    "CREATE MACRO _my_any_text(x) AS CASE WHEN x IS NULL THEN NULL ELSE CASE typeof(x)"
    " WHEN 'DOUBLE' THEN _my_double_text(x) WHEN 'BOOLEAN' THEN _my_truth_digit(x)"
    " ELSE CAST(x AS VARCHAR) END END",
    "CREATE MACRO _my_any_number(x) AS _my_number(CASE"
    " WHEN typeof(x) IN ('DATE', 'TIMESTAMP')"
    " THEN regexp_replace(CAST(x AS VARCHAR), '\\D', '', 'g')"
    " ELSE _my_any_text(x) END)",
    # The dates that MariaDB reads are more than those that DuckDB casts.
    "CREATE MACRO _my_instant(x) AS coalesce(TRY_CAST(x AS TIMESTAMP),"
    " try_strptime(x, ['%Y%m%d', '%Y%m%d%H%M%S', '%Y-%m-%d %H:%M', '%Y-%m-%d %H']))",
    "CREATE MACRO _my_json_text(x) AS CAST(x AS VARCHAR)",
)

"""Casts: a text must be a whole value of the type, a number is cut, TRY_CAST gives null.

Source: Databricks' "ANSI compliance" and "cast function", and Spark 4.3, measured.
"""

from collections.abc import Mapping

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import NUMBERS, cast_to, kind, scale, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_D = exp.DType
_WHOLE: Mapping[exp.DType, str] = {
    _D.TINYINT: "TINYINT",
    _D.SMALLINT: "SMALLINT",
    _D.INT: "INT",
    _D.BIGINT: "BIGINT",
}
_INSTANTS = (_D.TIMESTAMP, _D.TIMESTAMPTZ, _D.TIMESTAMPNTZ, _D.DATETIME, _D.TIMESTAMPLTZ)


def _cast(node: exp.Cast) -> exp.Expr:
    value, target = node.this, node.to
    safe = isinstance(node, exp.TryCast)
    if target.this in _WHOLE:
        return _whole(value, _WHOLE[target.this], safe=safe)
    if target.is_type(*exp.DataType.TEXT_TYPES):
        return text(value)
    if target.is_type(_D.DATE):
        return _safe(value, "DATE") if safe else date(value)
    if target.is_type(*_INSTANTS):
        return _safe(value, "TIMESTAMP") if safe else instant(value)
    if target.is_type(_D.DECIMAL) and not target.expressions:
        node.set("to", exp.DataType.build("DECIMAL(10, 0)"))
    return node


def _whole(value: exp.Expr, type_: str, *, safe: bool) -> exp.Expr:
    kind_of, found = kind(value), value
    if kind_of == "text":
        found = call("_spark_try_whole" if safe else "_spark_whole", value)
    elif kind_of in ("double", "decimal", "unknown"):
        found = call("trunc", value) if kind_of != "unknown" else value
    elif kind_of == "instant":
        found = call("epoch", value)
    cast: type[exp.Cast] = exp.TryCast if safe else exp.Cast
    return typed(cast(this=found, to=exp.DataType.build(type_)), type_)


def _safe(value: exp.Expr, type_: str) -> exp.Expr:
    if kind(value) != "text":
        return typed(exp.TryCast(this=value, to=exp.DataType.build(type_)), type_)
    return call("_spark_try_date" if type_ == "DATE" else "_spark_try_instant", value, type_=type_)


def date(value: exp.Expr) -> exp.Expr:
    """Return a value as a date."""
    if kind(value) == "text":
        return call("_spark_date", value, type_="DATE")
    return value if kind(value) == "date" else cast_to(value, "DATE")


def instant(value: exp.Expr) -> exp.Expr:
    """Return a value as a timestamp."""
    match kind(value):
        case "instant":
            return cast_to(value, "TIMESTAMP")
        case "text":
            return call("_spark_instant", value, type_="TIMESTAMP")
        case "integer" | "double" | "decimal":
            return call("_spark_from_seconds", value, type_="TIMESTAMP")
        case _:
            return cast_to(value, "TIMESTAMP")


def text(value: exp.Expr) -> exp.Expr:
    """Return a value as Spark prints it."""
    match kind(value):
        case "text" | "null":
            return value
        case "double":
            return call("_spark_double_text", value, type_="TEXT")
        case _:
            return cast_to(value, "TEXT")


def mismatch(left: exp.Expr, right: exp.Expr, operator: str) -> QueryError:
    """Return the problem of an operation on values of types that do not mix."""
    types = (_type_name(left), _type_name(right))
    text_of = f"{_written(left)} {operator} {_written(right)}"
    return QueryError(
        "mismatch", left=types[0], right=types[1], operator=operator, expression=text_of
    )


def _type_name(node: exp.Expr) -> str:
    if kind(node) == "instant":
        return "TIMESTAMP"
    return "BOOLEAN" if kind(node) == "truth" else str(node.type).upper()


def _written(node: exp.Expr) -> str:
    if isinstance(node, exp.Column | exp.Literal):
        return str(node.name)
    return str(node.this).lower() if isinstance(node, exp.Boolean) else node.sql("databricks")


def comparable(left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Return two values of the type as which Spark compares them."""
    kinds = (kind(left), kind(right))
    if "truth" in kinds and set(kinds) & {"integer", "decimal", "double"}:
        raise mismatch(left, right, "=")
    if kinds[0] == "text" and kinds[1] != "text":
        return _like(left, right), right
    if kinds[1] == "text" and kinds[0] != "text":
        return left, _like(right, left)
    if set(kinds) == {"date", "instant"}:
        return instant(left), instant(right)
    return left, right


def _like(value: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Return a text as a value of the other's type."""
    match kind(other):
        case "integer":
            return _whole(value, "BIGINT", safe=False)
        case "double" | "decimal":
            return cast_to(value, "DOUBLE")
        case "date":
            return date(value)
        case "instant":
            return instant(value)
        case _:
            return value


def _compare(node: exp.Binary) -> exp.Expr:
    if isinstance(node.expression, exp.All | exp.Any | exp.Tuple):
        return node
    left, right = comparable(node.this, node.expression)
    node.set("this", left)
    node.set("expression", right)
    return node


def _between(node: exp.Between) -> exp.Expr:
    for key in ("low", "high"):
        node.set(key, comparable(node.this, node.args[key])[1])
    return node


def _in(node: exp.In) -> exp.Expr:
    node.set("expressions", [comparable(node.this, one)[1] for one in node.expressions])
    return node


def is_number(node: exp.Expr) -> bool:
    """Return whether a value is known to be a number."""
    return kind(node) in NUMBERS and kind(node) != "truth"


def places(node: exp.Expr) -> int | None:
    """Return the places of a decimal, None for other numbers."""
    return scale(node) if kind(node) == "decimal" else None


_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ)
RULES = Rules(
    nodes={
        **dict.fromkeys((exp.Cast, exp.TryCast), _cast),
        **dict.fromkeys(_COMPARISONS, _compare),
        exp.Between: _between,
        exp.In: _in,
    },
    macros=(
        "CREATE MACRO _spark_malformed(x, t) AS"
        " error('Could not convert string ''' || x || ''' to ' || t)",
        "CREATE MACRO _spark_is_whole(x) AS regexp_full_match(trim(x), '[-+]?\\d+')",
        "CREATE MACRO _spark_whole(x) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN _spark_is_whole(x) THEN CAST(trim(x) AS HUGEINT)"
        " ELSE _spark_malformed(x, 'INT32') END",
        "CREATE MACRO _spark_try_whole(x) AS CASE WHEN _spark_is_whole(x)"
        " THEN TRY_CAST(trim(x) AS HUGEINT) END",
        "CREATE MACRO _spark_try_instant(x) AS coalesce(TRY_CAST(trim(x) AS TIMESTAMP),"
        " try_strptime(trim(x), ['%Y-%m', '%Y', '%Y-%m-%d %H:%M', '%Y-%m-%dT%H:%M']))",
        "CREATE MACRO _spark_try_date(x) AS CAST(_spark_try_instant(x) AS DATE)",
        "CREATE MACRO _spark_instant(x) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN _spark_try_instant(x) IS NULL THEN _spark_malformed(x, 'TIMESTAMP')"
        " ELSE _spark_try_instant(x) END",
        "CREATE MACRO _spark_date(x) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN _spark_try_instant(x) IS NULL THEN _spark_malformed(x, 'DATE')"
        " ELSE CAST(_spark_try_instant(x) AS DATE) END",
        "CREATE MACRO _spark_from_seconds(n) AS"
        " make_timestamp(CAST(CAST(n AS DOUBLE) * 1000000 AS BIGINT))",
        # Java writes numbers from 10^7 and below 10^-3 with an exponent.
        "CREATE MACRO _spark_sign(t) AS CASE WHEN t LIKE '-%' THEN '-' ELSE '' END",
        "CREATE MACRO _spark_fraction(t) AS CASE WHEN t = '' THEN '0' ELSE t END",
        "CREATE MACRO _spark_small_digits(t) AS ltrim(substr(ltrim(t, '-'), 3), '0')",
        "CREATE MACRO _spark_small(t) AS _spark_sign(t) || left(_spark_small_digits(t), 1) || '.'"
        " || _spark_fraction(substr(_spark_small_digits(t), 2)) || 'E-' ||"
        " CAST(length(ltrim(t, '-')) - 1 - length(_spark_small_digits(t)) AS VARCHAR)",
        "CREATE MACRO _spark_large(t) AS _spark_sign(t) || left(ltrim(t, '-'), 1) || '.' ||"
        " _spark_fraction(rtrim(substr(replace(ltrim(t, '-'), '.', ''), 2), '0')) || 'E' ||"
        " CAST(length(split_part(ltrim(t, '-'), '.', 1)) - 1 AS VARCHAR)",
        "CREATE MACRO _spark_power(t) AS split_part(t, 'e', 1) ||"
        " CASE WHEN split_part(t, 'e', 1) LIKE '%.%' THEN '' ELSE '.0' END || 'E' ||"
        " CAST(CAST(split_part(t, 'e', 2) AS INTEGER) AS VARCHAR)",
        "CREATE MACRO _spark_exponent(t) AS CASE WHEN t LIKE '%e%' THEN _spark_power(t)"
        " WHEN ltrim(t, '-') LIKE '0.%' THEN _spark_small(t) ELSE _spark_large(t) END",
        "CREATE MACRO _spark_double_text(x) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN x = 0 OR (abs(x) >= 0.001 AND abs(x) < 10000000) THEN CAST(x AS VARCHAR)"
        " WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity'"
        " ELSE '-Infinity' END ELSE _spark_exponent(CAST(x AS VARCHAR)) END",
    ),
)

"""Explicit casts: they never fail, and give null for a date that is none.

Source: MariaDB's Knowledge Base, "CAST", and a MariaDB 10.11, measured.
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.kinds import (
    cast_to,
    decimal,
    instant,
    kind,
    number,
    scale,
    text,
)
from mockalog.vendors.squared.sql.dialects.rules import Rules, call

_D = exp.DType
_DEFAULT_DECIMAL = "DECIMAL(10, 0)"


def cast(node: exp.Cast) -> exp.Expr:
    """Return a cast by MariaDB's rules."""
    value, target = node.this, node.to
    if target.is_type(*exp.DataType.INTEGER_TYPES):
        return whole(value, is_unsigned=target.is_type(_D.UBIGINT))
    if target.is_type(_D.CHARACTER_SET) or target.is_type(*exp.DataType.TEXT_TYPES):
        return _characters(value, target)
    if target.is_type(_D.BINARY, _D.VARBINARY):
        return call("_my_plain", text(value), type_="BINARY")
    if target.is_type(_D.DECIMAL):
        return _exact(value, target)
    if target.is_type(_D.DOUBLE, _D.FLOAT):
        return exp.cast(number(value), "DOUBLE")
    return _time(value, target)


def whole(value: exp.Expr, *, is_unsigned: bool = False) -> exp.Expr:
    """Return a value as a whole number: a text counts by its leading digits."""
    if kind(value) == "text":
        result: exp.Expr = call("_my_whole", value, type_="BIGINT")
    elif scale(number(value)) is None:
        result = exp.cast(call("round_even", number(value), exp.Literal.number(0)), "BIGINT")
    else:
        result = exp.cast(call("round", decimal(number(value))), "BIGINT")
    return call("_my_unsigned", result, type_="BIGINT") if is_unsigned else result


def _characters(value: exp.Expr, target: exp.DataType) -> exp.Expr:
    sizes = target.expressions
    return call("left", text(value), sizes[0].this, type_="TEXT") if sizes else text(value)


def _exact(value: exp.Expr, target: exp.DataType) -> exp.Expr:
    type_: exp.DataType = target if target.expressions else exp.DataType.build(_DEFAULT_DECIMAL)
    if len(type_.expressions) == 1:
        type_ = exp.DataType.build(f"DECIMAL({type_.expressions[0].name}, 0)")
    exact = call("_my_decimal", value) if kind(value) == "text" else decimal(number(value))
    return cast_to(exact, type_.sql())


def _time(value: exp.Expr, target: exp.DataType) -> exp.Expr:
    if target.is_type(_D.DATE):
        return exp.cast(instant(value), "DATE")
    if target.is_type(_D.TIME):
        return clock(value)
    return instant(value)


def clock(value: exp.Expr) -> exp.Expr:
    """Return the time of day of a value."""
    if kind(value) in ("date", "instant"):
        return exp.cast(instant(value), "TIME")
    return value if kind(value) == "time" else call("_my_clock", text(value), type_="TIME")


RULES = Rules(
    nodes={exp.Cast: cast, exp.TryCast: cast},
    macros=(
        "CREATE MACRO _my_whole(x) AS CASE WHEN x IS NULL THEN NULL ELSE"
        " coalesce(TRY_CAST(regexp_extract(x, '^\\s*([-+]?\\d+)', 1) AS BIGINT), 0) END",
        "CREATE MACRO _my_decimal(x) AS CASE WHEN x IS NULL THEN NULL ELSE"
        " coalesce(TRY_CAST(_my_lead(x) AS DECIMAL(38, 12)), 0) END",
        "CREATE MACRO _my_clock(x) AS coalesce(TRY_CAST(x AS TIME), CAST(_my_instant(x) AS TIME))",
    ),
)

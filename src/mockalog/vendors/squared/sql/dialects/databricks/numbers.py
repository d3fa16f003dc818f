"""Numbers: division, remainders, rounding, overflow.

Source: Databricks' "/ (slash sign) operator", and Spark 4.3, measured.
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.casts import is_number, mismatch, text
from mockalog.vendors.squared.sql.dialects.databricks.decimals import TYPES
from mockalog.vendors.squared.sql.dialects.kinds import cast_to, kind, scale
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_INT_MAX = 2**31 - 1


def _division(node: exp.Div) -> exp.Expr:
    left, right = _number(node.this), call("_nonzero", _number(node.expression))
    quotient = exp.Div(this=cast_to(left, "DOUBLE"), expression=right)
    quotient.type = node.type
    after = scale(node) if kind(node) == "decimal" else None
    return exp.paren(quotient) if after is None else cast_to(quotient, f"DECIMAL(38, {after})")


def _number(node: exp.Expr) -> exp.Expr:
    return cast_to(node, "DOUBLE") if kind(node) == "text" else node


def _remainder(node: exp.Mod) -> exp.Expr:
    return call("_spark_remainder", node.this, node.expression)


def _whole_division(node: exp.IntDiv) -> exp.Expr:
    return call("_spark_whole_divide", node.this, node.expression, type_="BIGINT")


def _arithmetic(node: exp.Binary) -> exp.Expr:
    """A text among numbers is a number; whole literals have 32 or 64 bits."""
    left, right = node.this, node.expression
    kinds = {kind(left), kind(right)}
    if kinds in ({"truth", "integer"}, {"truth", "decimal"}, {"truth", "double"}):
        raise mismatch(left, right, _sign(node))
    for key, one, other in (("this", left, right), ("expression", right, left)):
        if kind(one) == "text" and is_number(other):
            type_ = "BIGINT" if kind(other) == "integer" else "DOUBLE"
            whole = call("_spark_whole", one) if type_ == "BIGINT" else one
            node.set(key, cast_to(whole, type_))
        elif isinstance(one, exp.Literal) and one.is_int:
            node.set(key, cast_to(one, "INT" if int(one.name) <= _INT_MAX else "BIGINT"))
    return node


def _sign(node: exp.Binary) -> str:
    return {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}[type(node)]


def _safely(operator: type[exp.Binary]) -> Any:
    """Return a rule: an operation that gives null in place of an error."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        operation = _arithmetic(operator(this=node.this, expression=node.expression))
        return exp.Try(this=operation)

    return rule


def _average(node: exp.Avg) -> exp.Expr:
    after = scale(node) if kind(node) == "decimal" else None
    return node if after is None else cast_to(node.copy(), f"DECIMAL(38, {after})")


def _whole(node: exp.Ceil | exp.Floor) -> exp.Expr:
    """A rounded double is a whole number, a rounded decimal is a decimal."""
    if node.args.get("decimals") is not None or kind(node.this) in ("decimal", "integer"):
        return node
    return cast_to(node.copy(), "BIGINT")


def _round(node: exp.Round) -> exp.Expr:
    """A double rounds by its digits, half up."""
    if kind(node.this) != "double":
        return node
    places_of = node.args.get("decimals") or exp.Literal.number(0)
    return call("_spark_round", node.this, places_of, type_="DOUBLE")


def _even(node: exp.Anonymous) -> exp.Expr:
    value, *more = node.expressions
    places_of = more[0] if more else exp.Literal.number(0)
    rounded = call("round_even", value, places_of)
    if kind(value) == "decimal":
        return cast_to(rounded, f"DECIMAL(38, {places_of.name})")
    return rounded


def _format(node: exp.Anonymous) -> exp.Expr:
    value, digits = node.expressions
    if not isinstance(digits, exp.Literal) or not digits.is_int:
        raise QueryError("function", name="format_number")
    return call(
        "_spark_format",
        cast_to(value, "DOUBLE"),
        exp.Literal.string(f"{{:,.{digits.name}f}}"),
        digits,
        type_="TEXT",
    )


def _refused(node: exp.Func) -> exp.Expr:
    """DuckDB computes this of a sample, Spark of a population."""
    raise QueryError("function", name=node.sql_name().lower())


def _as(name: str, type_: str) -> Any:
    """Return a rule: a function of the same arguments, of this type."""
    return lambda node: call(name, *node.expressions, type_=type_)


def _double(name: str) -> Any:
    """Return a rule: a function of one number that gives a double."""
    return lambda node: call(name, cast_to(node.this, "DOUBLE"), type_="DOUBLE")


def _logarithm(node: exp.Log) -> exp.Expr:
    return call("_spark_log", node.this, node.expression, type_="DOUBLE")


def _printf(node: exp.Format) -> exp.Expr:
    return call("printf", node.this, *node.expressions, type_="TEXT")


def _xor(node: exp.BitwiseXor) -> exp.Expr:
    return call("xor", node.this, node.expression)


arithmetic = _arithmetic
RULES = Rules(
    nodes={
        exp.Div: _division,
        exp.Mod: _remainder,
        exp.IntDiv: _whole_division,
        exp.Mul: _arithmetic,
        exp.Avg: _average,
        exp.Round: _round,
        exp.Ceil: _whole,
        exp.Floor: _whole,
        exp.SafeAdd: _safely(exp.Add),
        exp.SafeSubtract: _safely(exp.Sub),
        exp.SafeMultiply: _safely(exp.Mul),
        exp.Sign: lambda node: cast_to(call("sign", cast_to(node.this, "DOUBLE")), "DOUBLE"),
        exp.Cbrt: _double("_spark_cbrt"),
        exp.Ln: _double("_spark_ln"),
        exp.Log: _logarithm,
        exp.Rint: lambda node: call(
            "round_even", cast_to(node.this, "DOUBLE"), exp.Literal.number(0), type_="DOUBLE"
        ),
        exp.Format: _printf,
        exp.BitwiseXor: _xor,
        **dict.fromkeys((exp.Skewness, exp.Kurtosis), _refused),
        exp.Quantile: lambda node: call("quantile_cont", node.this, node.args["quantile"]),
    },
    functions={
        "bround": _even,
        "pmod": "_spark_pmod",
        "log10": lambda node: call(
            "_spark_log", exp.Literal.number(10), node.expressions[0], type_="DOUBLE"
        ),
        "log2": lambda node: call(
            "_spark_log", exp.Literal.number(2), node.expressions[0], type_="DOUBLE"
        ),
        "format_number": _format,
        "printf": _as("printf", "TEXT"),
        "mean": lambda node: exp.Avg(this=node.expressions[0]),
        "zeroifnull": lambda node: exp.Coalesce(
            this=node.expressions[0], expressions=[exp.Literal.number(0)]
        ),
        "nullifzero": lambda node: exp.Nullif(
            this=node.expressions[0], expression=exp.Literal.number(0)
        ),
        "isnull": lambda node: exp.paren(exp.Is(this=node.expressions[0], expression=exp.null())),
        "isnotnull": lambda node: exp.Not(
            this=exp.paren(exp.Is(this=node.expressions[0], expression=exp.null()))
        ),
        "every": "bool_and",
        "some": "bool_or",
        "any": "bool_or",
        "hypot": "_spark_hypot",
        "e": lambda _: call("exp", exp.Literal.number(1)),
        "positive": lambda node: exp.paren(node.expressions[0]),
        "negative": lambda node: exp.paren(exp.Neg(this=node.expressions[0])),
        "shiftleft": lambda node: exp.BitwiseLeftShift(
            this=cast_to(node.expressions[0], "BIGINT"), expression=node.expressions[1]
        ),
        "shiftright": lambda node: exp.BitwiseRightShift(
            this=cast_to(node.expressions[0], "BIGINT"), expression=node.expressions[1]
        ),
        "raise_error": lambda node: call(
            "error",
            exp.DPipe(this=exp.Literal.string("raised: "), expression=text(node.expressions[0])),
        ),
    },
    types=TYPES,
    function_types={
        "format_number": "TEXT",
        "printf": "TEXT",
        "log10": "DOUBLE",
        "mean": "DOUBLE",
    },
    macros=(
        "CREATE MACRO _spark_round(x, n) AS CASE WHEN abs(x) < 1000000000000 THEN"
        " CAST(round(CAST(CAST(x AS VARCHAR) AS DECIMAL(38, 18)), n) AS DOUBLE)"
        " ELSE round(x, n) END",
        "CREATE MACRO _spark_remainder(a, b) AS CASE WHEN b = 0 THEN error('Remainder by zero')"
        " ELSE a % b END",
        "CREATE MACRO _spark_whole_divide(a, b) AS"
        " CAST((a - a % _nonzero(b)) // _nonzero(b) AS BIGINT)",
        "CREATE MACRO _spark_pmod(a, b) AS _spark_remainder(_spark_remainder(a, b) + b, b)",
        "CREATE MACRO _spark_cbrt(x) AS CASE WHEN power(round(cbrt(x)), 3) = x"
        " THEN round(cbrt(x)) ELSE cbrt(x) END",
        "CREATE MACRO _spark_ln(x) AS CASE WHEN x <= 0 THEN NULL ELSE ln(x) END",
        "CREATE MACRO _spark_log(b, x) AS CASE WHEN x <= 0 OR b <= 0 THEN NULL ELSE log(b, x) END",
        "CREATE MACRO _spark_hypot(a, b) AS sqrt(a * a + b * b)",
        "CREATE MACRO _spark_format(x, f, n) AS format(f, round_even(x, n))",
    ),
)

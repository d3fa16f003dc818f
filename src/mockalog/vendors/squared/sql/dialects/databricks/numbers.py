"""Numbers: types of results, division, rounding.

A quotient of decimals has at least six places. Source: Databricks' "DECIMAL type" and
"/ (slash sign) operator", and Spark 4.3, measured.
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.casts import is_number, places, text
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, scale
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_MIN_PLACES = 6
_MORE_PLACES = 4
_INT_MAX = 2**31 - 1
# The digits of whole numbers of 32 bits as decimals.
_INT_DIGITS = 10
_BIG_DIGITS = 20
_MAX_DIGITS = 38
# A sum of decimals may have this many more digits.
_SUM_DIGITS = 10


# Any: sqlglot's annotator of types.
def _decimal(annotator: Any, node: exp.Expr, digits: int, after: int) -> exp.Expr:
    """Set a decimal type: of more than 38 digits the places give way, down to six."""
    if digits > _MAX_DIGITS:
        after = max(_MAX_DIGITS - (digits - after), min(after, _MIN_PLACES))
    type_ = f"DECIMAL({min(max(digits, after), _MAX_DIGITS)}, {after})"
    annotator._set_type(node, exp.DataType.build(type_))
    return node


def _annotate_literal(annotator: Any, node: exp.Literal) -> exp.Expr:
    name = node.name.lower()
    if node.is_string or "e" in name or "." not in name:
        return annotator._annotate_literal(node)
    before, _, after = name.partition(".")
    return _decimal(annotator, node, len(before.lstrip("0")) + len(after), len(after))


def _digits(node: exp.Expr) -> int:
    if isinstance(node, exp.Literal) and node.is_int:
        return len(node.name)
    if kind(node) == "decimal" and node.type is not None and node.type.expressions:
        return int(node.type.expressions[0].name)
    return _BIG_DIGITS if node.is_type(exp.DType.BIGINT) else _INT_DIGITS


def _annotate_arithmetic(annotator: Any, node: exp.Binary) -> exp.Expr:
    left, right = node.this, node.expression
    kinds = {kind(left), kind(right)}
    if "decimal" not in kinds or not kinds <= {"decimal", "integer"}:
        return annotator._annotate_binary(node)
    places_of = (scale(left) or 0, scale(right) or 0)
    if isinstance(node, exp.Mul):
        return _decimal(annotator, node, _digits(left) + _digits(right) + 1, sum(places_of))
    whole = max(_digits(left) - places_of[0], _digits(right) - places_of[1])
    return _decimal(annotator, node, whole + max(places_of) + 1, max(places_of))


def _annotate_division(annotator: Any, node: exp.Div) -> exp.Expr:
    left, right = node.this, node.expression
    kinds = {kind(left), kind(right)}
    if "decimal" not in kinds or not kinds <= {"decimal", "integer"}:
        annotator._set_type(node, exp.DType.DOUBLE)
        return node
    before = _digits(left) - (scale(left) or 0) + (scale(right) or 0)
    after = max(_MIN_PLACES, (scale(left) or 0) + _digits(right) + 1)
    return _decimal(annotator, node, before + after, after)


def _annotate_average(annotator: Any, node: exp.Avg) -> exp.Expr:
    if (after := places(node.this)) is None:
        annotator._set_type(node, exp.DType.DOUBLE)
        return node
    return _decimal(annotator, node, _digits(node.this) + _MORE_PLACES, after + _MORE_PLACES)


def _annotate_sum(annotator: Any, node: exp.Sum) -> exp.Expr:
    value = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if (after := places(value)) is not None:
        return _decimal(annotator, node, _digits(value) + _SUM_DIGITS, after)
    annotator._set_type(node, exp.DType.DOUBLE if kind(value) == "double" else exp.DType.BIGINT)
    return node


def _annotate_rounding(annotator: Any, node: exp.Expr) -> exp.Expr:
    decimals = node.args.get("decimals")
    if (after := places(node.this)) is None:
        is_whole = isinstance(node, exp.Ceil | exp.Floor)
        annotator._set_type(node, exp.DType.BIGINT if is_whole else node.this.type)
        return node
    wanted = int(decimals.name) if isinstance(decimals, exp.Literal) else 0
    return _decimal(annotator, node, 38, max(min(after, wanted), 0))


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
        raise QueryError("mismatch", left=_name(left), right=_name(right), operator=_sign(node))
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


def _name(node: exp.Expr) -> str:
    return "BOOLEAN" if kind(node) == "truth" else str(node.type)


def _safely(operator: type[exp.Binary]) -> Any:
    """Return a rule: an operation that gives null in place of an error."""

    def rule(node: Any) -> exp.Expr:
        operation = _arithmetic(operator(this=node.this, expression=node.expression))
        return call("try", operation)

    return rule


def _average(node: exp.Avg) -> exp.Expr:
    after = scale(node) if kind(node) == "decimal" else None
    return node if after is None else cast_to(node.copy(), f"DECIMAL(38, {after})")


def _whole(node: Any) -> exp.Expr:
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
    return call("_spark_format", cast_to(value, "DOUBLE"), exp.Literal.string(f"{{:,.{digits.name}f}}"), digits, type_="TEXT")


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


_ARITHMETIC = (exp.Mul, exp.Mod)
annotate_arithmetic = _annotate_arithmetic
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
        exp.Format: _printf,
        exp.BitwiseXor: _xor,
        **dict.fromkeys((exp.Skewness, exp.Kurtosis), _refused),
        exp.Quantile: lambda node: call("quantile_cont", node.this, node.args["quantile"]),
    },
    functions={
        "bround": _even,
        "pmod": "_spark_pmod",
        "rint": lambda node: call("round_even", cast_to(node.expressions[0], "DOUBLE"), exp.Literal.number(0)),
        "log10": lambda node: call("_spark_log", exp.Literal.number(10), node.expressions[0], type_="DOUBLE"),
        "log2": lambda node: call("_spark_log", exp.Literal.number(2), node.expressions[0], type_="DOUBLE"),
        "format_number": _format,
        "printf": _as("printf", "TEXT"),
        "mean": lambda node: exp.Avg(this=node.expressions[0]),
        "zeroifnull": lambda node: exp.Coalesce(this=node.expressions[0], expressions=[exp.Literal.number(0)]),
        "nullifzero": lambda node: exp.Nullif(this=node.expressions[0], expression=exp.Literal.number(0)),
        "isnull": lambda node: exp.paren(exp.Is(this=node.expressions[0], expression=exp.null())),
        "isnotnull": lambda node: exp.Not(this=exp.paren(exp.Is(this=node.expressions[0], expression=exp.null()))),
        "every": "bool_and",
        "some": "bool_or",
        "any": "bool_or",
        "hypot": "_spark_hypot",
        "e": lambda _: call("exp", exp.Literal.number(1)),
        "positive": lambda node: exp.paren(node.expressions[0]),
        "negative": lambda node: exp.paren(exp.Neg(this=node.expressions[0])),
        "shiftleft": lambda node: exp.BitwiseLeftShift(this=cast_to(node.expressions[0], "BIGINT"), expression=node.expressions[1]),
        "shiftright": lambda node: exp.BitwiseRightShift(this=cast_to(node.expressions[0], "BIGINT"), expression=node.expressions[1]),
        "raise_error": lambda node: call("error", exp.DPipe(this=exp.Literal.string("raised: "), expression=text(node.expressions[0]))),
    },
    types={
        exp.Literal: _annotate_literal,
        exp.Div: _annotate_division,
        **dict.fromkeys(_ARITHMETIC, _annotate_arithmetic),
        exp.Avg: _annotate_average,
        exp.Sum: _annotate_sum,
        exp.IntDiv: annotated("BIGINT"),
        **dict.fromkeys((exp.Round, exp.Ceil, exp.Floor), _annotate_rounding),
    },
    function_types={
        "format_number": "TEXT",
        "printf": "TEXT",
        "log10": "DOUBLE",
        "mean": "DOUBLE",
        "rint": "DOUBLE",
    },
    macros=(
        "CREATE MACRO _spark_round(x, n) AS CASE WHEN abs(x) < 1000000000000 THEN"
        " CAST(round(CAST(CAST(x AS VARCHAR) AS DECIMAL(38, 18)), n) AS DOUBLE)"
        " ELSE round(x, n) END",
        "CREATE MACRO _spark_remainder(a, b) AS CASE WHEN b = 0 THEN error('Remainder by zero')"
        " ELSE a % b END",
        "CREATE MACRO _spark_whole_divide(a, b) AS"
        " CAST((a - a % _nonzero(b)) // _nonzero(b) AS BIGINT)",
        "CREATE MACRO _spark_pmod(a, b) AS"
        " _spark_remainder(_spark_remainder(a, b) + b, b)",
        "CREATE MACRO _spark_cbrt(x) AS CASE WHEN power(round(cbrt(x)), 3) = x"
        " THEN round(cbrt(x)) ELSE cbrt(x) END",
        "CREATE MACRO _spark_ln(x) AS CASE WHEN x <= 0 THEN NULL ELSE ln(x) END",
        "CREATE MACRO _spark_log(b, x) AS CASE WHEN x <= 0 OR b <= 0 THEN NULL ELSE log(b, x) END",
        "CREATE MACRO _spark_hypot(a, b) AS sqrt(a * a + b * b)",
        "CREATE MACRO _spark_format(x, f, n) AS format(f, round_even(x, n))",
    ),
)

"""Numbers: arithmetic, types of results, rounding.

A division has four more decimal places than its dividend (`div_precision_increment`), and so has
an average. Decimals round half away from zero, doubles half to even. Source: MariaDB's Knowledge
Base, "Division Operator", and a MariaDB 10.11, measured.
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.kinds import (
    MACROS,
    decimal,
    kind,
    number,
    rounded,
    scale,
    text,
)
from mockalog.vendors.squared.sql.dialects.rules import Rules, call

_MORE_PLACES = 4


# Any: sqlglot's annotator of types.
def _decimal(annotator: Any, node: exp.Expr, places: int | None) -> exp.Expr:
    type_ = "DOUBLE" if places is None else f"DECIMAL(38, {min(places, 30)})"
    annotator._set_type(node, exp.DataType.build(type_))
    return node


def _annotate_literal(annotator: Any, node: exp.Literal) -> exp.Expr:
    name = node.name.lower()
    if node.is_string or "e" in name or "." not in name:
        annotator._annotate_literal(node)
        return node
    return _decimal(annotator, node, len(name.split(".")[1]))


def _annotate_arithmetic(annotator: Any, node: exp.Binary) -> exp.Expr:
    """Return the type of a sum, a product or a remainder."""
    kinds = {kind(node.this), kind(node.expression)}
    if kinds <= {"integer", "truth", "date", "instant", "null"}:
        annotator._set_type(node, exp.DType.BIGINT)
        return node
    left, right = scale(node.this), scale(node.expression)
    if left is None or right is None:
        return _decimal(annotator, node, None)
    return _decimal(
        annotator, node, left + right if isinstance(node, exp.Mul) else max(left, right)
    )


def _annotate_division(annotator: Any, node: exp.Div) -> exp.Expr:
    places = scale(node.this)
    is_exact = places is not None and scale(node.expression) is not None
    return _decimal(annotator, node, (places or 0) + _MORE_PLACES if is_exact else None)


def _annotate_average(annotator: Any, node: exp.Avg) -> exp.Expr:
    places = scale(node.this)
    return _decimal(annotator, node, None if places is None else places + _MORE_PLACES)


def _annotate_sum(annotator: Any, node: exp.Sum) -> exp.Expr:
    value = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    return _decimal(annotator, node, scale(value))


def _annotate_rounding(annotator: Any, node: exp.Expr) -> exp.Expr:
    if kind(node.this) == "integer":
        annotator._set_type(node, exp.DType.BIGINT)
        return node
    decimals = node.args.get("decimals")
    if decimals is None:
        return _decimal(annotator, node, None if scale(node.this) is None else 0)
    places = scale(node.this)
    if places is not None and isinstance(decimals, exp.Literal):
        places = min(places, int(decimals.name))
    return _decimal(annotator, node, places)


def _annotate_same(annotator: Any, node: exp.Expr) -> exp.Expr:
    annotator._set_type(node, node.this.type)
    return node


def _big(node: exp.Expr) -> exp.Expr:
    """Whole numbers are of 64 bits: DuckDB's literals are smaller."""
    node = number(node)
    return exp.cast(node, "BIGINT") if kind(node) == "integer" else node


def _arithmetic(node: exp.Binary) -> exp.Expr:
    node.set("this", _big(node.this))
    node.set("expression", _big(node.expression))
    return node


def _division(node: exp.Div) -> exp.Expr:
    return call("_my_divide", number(node.this), number(node.expression))


def _remainder(node: exp.Mod) -> exp.Expr:
    return call("_my_remainder", _big(node.this), _big(node.expression))


def _whole_division(node: exp.IntDiv) -> exp.Expr:
    return call("_my_whole_divide", number(node.this), number(node.expression), type_="BIGINT")


def _negative(node: exp.Neg) -> exp.Expr:
    node.set("this", number(node.this))
    return node


def _argument(node: exp.Func) -> exp.Expr:
    """A sum or an average counts a text by its leading digits."""
    if isinstance(node.this, exp.Distinct):
        node.this.set("expressions", [number(one) for one in node.this.expressions])
    else:
        node.set("this", number(node.this))
    return node


def _round(node: exp.Round) -> exp.Expr:
    value, decimals = number(node.this), node.args.get("decimals") or exp.Literal.number(0)
    if scale(value) is None:
        return call("round_even", value, decimals)
    return call("round", decimal(value), decimals)


def _truncate(node: exp.Trunc) -> exp.Expr:
    value, decimals = number(node.this), node.args.get("decimals") or exp.Literal.number(0)
    exact = decimal(value) if scale(value) is not None else value
    return call("_my_truncate", exact, decimals)


def _logarithm(node: exp.Log) -> exp.Expr:
    return call("_my_log", number(node.this), number(node.expression))


def _no_number(name: str) -> Any:
    """Return a rule: a result that is no number is null."""
    return lambda node: call(name, number(node.this))


def _format(node: exp.NumberToStr) -> exp.Expr:
    if not isinstance(node.args["format"], exp.Literal):
        return node
    places = node.args["format"].name
    exact = exp.cast(
        call("round", decimal(number(node.this)), exp.Literal.number(places)), "DOUBLE"
    )
    return call("format", exp.Literal.string(f"{{:,.{places}f}}"), exact, type_="TEXT")


def _bits(node: exp.Binary) -> exp.Expr:
    node.set("this", _whole(node.this))
    node.set("expression", _whole(node.expression))
    return node


def _whole(node: exp.Expr) -> exp.Expr:
    return exp.cast(call("round", number(node)), "BIGINT")


def _inverted(node: exp.BitwiseNot) -> exp.Expr:
    return call("_my_unsigned", exp.BitwiseNot(this=_whole(node.this)), type_="BIGINT")


def _xor(node: exp.BitwiseXor) -> exp.Expr:
    return call("xor", _whole(node.this), _whole(node.expression), type_="BIGINT")


def _hex(node: exp.Hex) -> exp.Expr:
    is_text = kind(node.this) in ("text", "binary", "unknown")
    return call("hex", text(node.this) if is_text else _whole(node.this), type_="TEXT")


_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Mod)
RULES = Rules(
    nodes={
        exp.Mul: _arithmetic,
        exp.Div: _division,
        exp.Mod: _remainder,
        exp.IntDiv: _whole_division,
        exp.Neg: _negative,
        exp.Sum: _argument,
        exp.Avg: _argument,
        exp.Abs: _argument,
        exp.Ceil: _argument,
        exp.Floor: _argument,
        exp.Sign: _argument,
        exp.StddevPop: _argument,
        exp.StddevSamp: _argument,
        exp.Variance: _argument,
        exp.VariancePop: _argument,
        exp.Round: _round,
        exp.Trunc: _truncate,
        exp.Log: _logarithm,
        exp.Ln: _no_number("_my_ln"),
        exp.Sqrt: _no_number("_my_sqrt"),
        exp.NumberToStr: _format,
        exp.BitwiseAnd: _bits,
        exp.BitwiseOr: _bits,
        exp.BitwiseLeftShift: _bits,
        exp.BitwiseRightShift: _bits,
        exp.BitwiseXor: _xor,
        exp.BitwiseNot: _inverted,
        exp.Hex: _hex,
    },
    functions={
        "log10": lambda node: call("_my_log", exp.Literal.number(10), number(node.expressions[0])),
        "log2": lambda node: call("_my_log", exp.Literal.number(2), number(node.expressions[0])),
        "bin": lambda node: call("to_base", _whole(node.expressions[0]), exp.Literal.number(2)),
        "oct": lambda node: call("to_base", _whole(node.expressions[0]), exp.Literal.number(8)),
    },
    types={
        exp.Literal: _annotate_literal,
        **dict.fromkeys((exp.Mul, exp.Mod), _annotate_arithmetic),
        exp.Div: _annotate_division,
        **dict.fromkeys(
            (exp.Avg, exp.Variance, exp.VariancePop, exp.StddevPop, exp.StddevSamp),
            _annotate_average,
        ),
        exp.Sum: _annotate_sum,
        **dict.fromkeys((exp.Round, exp.Trunc, exp.Ceil, exp.Floor), _annotate_rounding),
        **dict.fromkeys((exp.Neg, exp.Abs, exp.Max, exp.Min), _annotate_same),
    },
    function_types={"log10": "DOUBLE", "log2": "DOUBLE", "bin": "TEXT", "oct": "TEXT"},
    macros=(
        *MACROS,
        "CREATE MACRO _my_divide(a, b) AS CASE WHEN b = 0 THEN NULL"
        " ELSE CAST(a AS DOUBLE) / CAST(b AS DOUBLE) END",
        "CREATE MACRO _my_remainder(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a % b END",
        "CREATE MACRO _my_whole_divide(a, b) AS CASE WHEN b = 0 THEN NULL"
        " ELSE CAST(trunc(CAST(a AS DECIMAL(38, 6)) / CAST(b AS DECIMAL(38, 6))) AS BIGINT) END",
        "CREATE MACRO _my_truncate(x, n) AS trunc(x * power(10, n)) / power(10, n)",
        "CREATE MACRO _my_log(b, x) AS CASE WHEN x <= 0 OR b <= 0 OR b = 1 THEN NULL"
        " ELSE log(b, x) END",
        "CREATE MACRO _my_ln(x) AS CASE WHEN x <= 0 THEN NULL ELSE ln(x) END",
        "CREATE MACRO _my_sqrt(x) AS CASE WHEN x < 0 THEN NULL ELSE sqrt(x) END",
        "CREATE MACRO _my_unsigned(x) AS CASE WHEN x < 0"
        " THEN CAST(x AS HUGEINT) + 18446744073709551616::HUGEINT ELSE CAST(x AS HUGEINT) END",
    ),
)
"""Sums and differences are in `dates`, because they also take intervals."""

annotate_arithmetic = _annotate_arithmetic
arithmetic = _arithmetic
__all__ = ["RULES", "annotate_arithmetic", "arithmetic", "rounded"]

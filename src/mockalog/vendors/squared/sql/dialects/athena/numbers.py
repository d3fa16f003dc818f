"""Numbers: whole division cuts, a quotient of decimals has the places of the longer one.

Source: Trino's documentation, "Decimal functions and operators".
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.athena.casts import is_number, name_of
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, scale
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_INT_MAX = 2**31 - 1


# Any: sqlglot's annotator of types.
def _annotate_literal(annotator: Any, node: exp.Literal) -> exp.Expr:
    name = node.name.lower()
    if node.is_string or "e" in name or "." not in name:
        annotator._annotate_literal(node)
        return node
    places = len(name.split(".")[1])
    annotator._set_type(node, exp.DataType.build(f"DECIMAL(38, {places})"))
    return node


def _annotate_arithmetic(annotator: Any, node: exp.Binary) -> exp.Expr:
    left, right = node.this, node.expression
    kinds = {kind(left), kind(right)}
    if "double" in kinds:
        annotator._set_type(node, exp.DType.DOUBLE)
    elif kinds == {"integer"}:
        annotator._set_type(node, exp.DType.BIGINT)
    elif kinds <= {"integer", "decimal"}:
        places = _places(node, scale(left) or 0, scale(right) or 0)
        annotator._set_type(node, exp.DataType.build(f"DECIMAL(38, {places})"))
    else:
        annotator._annotate_binary(node)
    return node


def _places(node: exp.Binary, left: int, right: int) -> int:
    return min(left + right if isinstance(node, exp.Mul) else max(left, right), 37)


def _divide(node: exp.Div) -> exp.Expr:
    left, right = node.this, node.expression
    check(node, "/")
    if kind(left) == kind(right) == "integer":
        return call("_trino_whole_divide", left, right, type_="BIGINT")
    quotient = exp.Div(this=cast_to(left, "DOUBLE"), expression=call("_nonzero", right))
    places = scale(node)
    if kind(node) == "decimal" and places is not None:
        return cast_to(quotient, f"DECIMAL(38, {places})")
    return exp.paren(quotient)


def check(node: exp.Binary, sign: str) -> None:
    """Raise `QueryError` for arithmetic with a value that is no number."""
    left, right = node.this, node.expression
    wrong = ("text", "truth")
    if (kind(left) in wrong and is_number(right)) or (kind(right) in wrong and is_number(left)):
        raise QueryError("mismatch", left=name_of(left), right=name_of(right), operator=sign)
    if kind(left) == kind(right) == "text":
        raise QueryError("mismatch", left=name_of(left), right=name_of(right), operator=sign)


def _remainder(node: exp.Mod) -> exp.Expr:
    check(node, "%")
    return call("_trino_remainder", node.this, node.expression)


def arithmetic(node: exp.Binary) -> exp.Expr:
    """Return a sum or a product; whole literals have 32 or 64 bits."""
    check(node, {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}[type(node)])
    for key in ("this", "expression"):
        one = node.args[key]
        if isinstance(one, exp.Literal) and one.is_int:
            node.set(key, cast_to(one, "INT" if int(one.name) <= _INT_MAX else "BIGINT"))
    return node


def _format(node: exp.Format) -> exp.Expr:
    return call("printf", node.this, *node.expressions, type_="TEXT")


def _of_two(name: str) -> Any:
    """Return a rule: a function of bits."""
    return lambda node: call(name, node.this, node.expression, type_="BIGINT")


annotate_arithmetic = _annotate_arithmetic
RULES = Rules(
    nodes={
        exp.Div: _divide,
        exp.Mod: _remainder,
        exp.Mul: arithmetic,
        exp.Format: _format,
        exp.BitwiseXor: _of_two("xor"),
        exp.Cbrt: lambda node: call("_trino_cbrt", node.this, type_="DOUBLE"),
    },
    functions={
        "every": "bool_and",
        "geometric_mean": "geomean",
        "e": lambda _: call("exp", exp.Literal.number(1)),
        "infinity": lambda _: cast_to(exp.Literal.string("Infinity"), "DOUBLE"),
        "nan": lambda _: cast_to(exp.Literal.string("NaN"), "DOUBLE"),
        "is_nan": lambda node: call("isnan", *node.expressions, type_="BOOLEAN"),
    },
    types={
        exp.Literal: _annotate_literal,
        **dict.fromkeys((exp.Mul, exp.Mod, exp.Div), _annotate_arithmetic),
        exp.Cbrt: annotated("DOUBLE"),
    },
    macros=(
        "CREATE MACRO _trino_whole_divide(a, b) AS (a - a % _nonzero(b)) // _nonzero(b)",
        "CREATE MACRO _trino_remainder(a, b) AS a % _nonzero(b)",
        "CREATE MACRO _trino_cbrt(x) AS CASE WHEN power(round(cbrt(x)), 3) = x"
        " THEN round(cbrt(x)) ELSE cbrt(x) END",
    ),
)

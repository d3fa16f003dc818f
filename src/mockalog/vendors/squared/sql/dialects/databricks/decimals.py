"""The types of numbers: digits and places of decimals.

A quotient of decimals has at least six places. Source: Databricks' "DECIMAL type", Spark's
`DecimalPrecision`, and Spark 4.3, measured.
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.casts import places
from mockalog.vendors.squared.sql.dialects.kinds import annotated, kind, scale
from mockalog.vendors.squared.sql.dialects.rules import Annotate

_MIN_PLACES = 6
_MORE_PLACES = 4
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
        annotator._annotate_literal(node)
        return node
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
        annotator._annotate_binary(node)
        return node
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


annotate_arithmetic = _annotate_arithmetic
# Any: the key is a type of node, the value an annotator of it.
TYPES: dict[type[exp.Expr], Annotate] = {
    exp.Literal: _annotate_literal,
    exp.Div: _annotate_division,
    **dict.fromkeys((exp.Mul, exp.Mod), _annotate_arithmetic),
    exp.Avg: _annotate_average,
    exp.Sum: _annotate_sum,
    exp.IntDiv: annotated("BIGINT"),
    **dict.fromkeys((exp.Round, exp.Ceil, exp.Floor), _annotate_rounding),
}

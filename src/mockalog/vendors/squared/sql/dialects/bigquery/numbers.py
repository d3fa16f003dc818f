"""Numbers: 64 bits, binary fractions, division.

Source: GoogleSQL reference, "Mathematical functions" and "Operators".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.bigquery.casts import are_mixed, mismatch
from mockalog.vendors.squared.sql.dialects.bigquery.dates import RULES as DATES
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind

_MACROS = (
    "CREATE MACRO _divisor(a, b) AS CASE WHEN b = 0 AND a IS NOT NULL"
    " THEN error('=invalidQuery: division by zero: ' || a || ' / ' || b) ELSE b END",
    "CREATE MACRO _modulus(a, b) AS CASE WHEN b = 0 AND a IS NOT NULL"
    " THEN error('=invalidQuery: division by zero: MOD(' || a || ', ' || b || ')') ELSE b END",
    "CREATE MACRO _ieee_divide(a, b) AS CASE WHEN b <> 0 THEN a::DOUBLE / b::DOUBLE"
    " WHEN a > 0 THEN 'Infinity'::DOUBLE WHEN a < 0 THEN '-Infinity'::DOUBLE"
    " WHEN a = 0 THEN 'NaN'::DOUBLE END",
    "CREATE MACRO _safe_add(a, b) AS TRY(a::BIGINT + b::BIGINT)",
    "CREATE MACRO _safe_subtract(a, b) AS TRY(a::BIGINT - b::BIGINT)",
    "CREATE MACRO _safe_multiply(a, b) AS TRY(a::BIGINT * b::BIGINT)",
    "CREATE MACRO _safe_negate(a) AS TRY(-(a::BIGINT))",
)


def _arithmetic(node: exp.Binary) -> exp.Expr:
    """Integers have 64 bits; a literal with a point is a binary fraction, except by a NUMERIC."""
    changed = DATES.nodes[type(node)](node) if type(node) in DATES.nodes else node
    if changed is not node or has_kind(node.this, "date", "timestamp", "zoned"):
        return changed
    left, right = node.this, node.expression
    if are_mixed(left, right):
        raise mismatch({exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}[type(node)], left, right)
    if has_kind(left, "integer") and has_kind(right, "integer"):
        node.set("this", exp.cast(left.copy(), "BIGINT"))
    elif not has_kind(left, "number") and not has_kind(right, "number"):
        for name in ("this", "expression"):
            value = node.args[name]
            if isinstance(value, exp.Literal) and "." in value.name and value.is_number:
                node.set(name, exp.cast(value.copy(), "DOUBLE"))
    return node


def _round(node: exp.Round) -> exp.Expr:
    """A literal with a point is a binary fraction."""
    if isinstance(node.this, exp.Literal):
        node.set("this", exp.cast(node.this.copy(), "DOUBLE"))
    return node


def _divide(node: exp.Div) -> exp.Expr:
    left, right = node.this, node.expression
    if not (isinstance(right, exp.Literal) and float(right.name)):
        right = call("_divisor", left.copy(), right)
    quotient = exp.Div(this=left, expression=right, typed=False, safe=False)
    quotient.type = exp.DataType.build("DOUBLE")
    return quotient


def _whole(node: exp.IntDiv) -> exp.Expr:
    """DIV drops the rest toward 0."""
    divisor = call("_divisor", node.this.copy(), node.expression)
    return exp.IntDiv(this=node.this, expression=divisor)


def _modulo(node: exp.Mod) -> exp.Expr:
    divisor = call("_modulus", node.this.copy(), node.expression)
    return exp.Mod(this=node.this, expression=divisor)


def _safe(macro: str) -> Rewrite:
    return lambda node: call(macro, node.this, node.expression, type_="BIGINT")


RULES = Rules(
    nodes={
        exp.Add: _arithmetic,
        exp.Sub: _arithmetic,
        exp.Mul: _arithmetic,
        exp.Div: _divide,
        exp.IntDiv: _whole,
        exp.Mod: _modulo,
        exp.Round: _round,
        exp.SafeAdd: _safe("_safe_add"),
        exp.SafeMultiply: _safe("_safe_multiply"),
        exp.SafeNegate: lambda node: call("_safe_negate", node.this, type_="BIGINT"),
        exp.SafeSubtract: _safe("_safe_subtract"),
    },
    functions={"ieee_divide": "_ieee_divide"},
    macros=_MACROS,
)

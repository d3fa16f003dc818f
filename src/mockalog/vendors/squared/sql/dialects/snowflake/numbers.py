"""Numbers: the scale of quotients and means.

Source: Snowflake's SQL reference, "Arithmetic operators": a quotient has six places more than its
dividend, at most twelve; a mean likewise.
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind
from mockalog.vendors.squared.sql.dialects.snowflake.aggregates import outer
from mockalog.vendors.squared.sql.dialects.snowflake.variants import as_number

_MORE, _MOST = 6, 12
_MACROS = (
    "CREATE MACRO _width_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0"
    " WHEN x >= high THEN n + 1 ELSE floor((x - low) * n / (high - low))::BIGINT + 1 END",
)


def scale_of(node: exp.Expr) -> int | None:
    """Return the decimal places of a fixed-point number, None for another value."""
    if isinstance(node, exp.Literal):
        return len(node.name.partition(".")[2]) if node.is_number else None
    if isinstance(node, exp.Paren | exp.Neg | exp.Sum | exp.Min | exp.Max | exp.Abs | exp.Window):
        return scale_of(node.this)
    if isinstance(node, exp.Count) or has_kind(node, "integer"):
        return 0
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _scale_of_both(node)
    if isinstance(node, exp.Round) and node.args.get("decimals") is not None:
        return int(node.args["decimals"].name) if node.args["decimals"].is_int else None
    sizes = node.type.expressions if has_kind(node, "number") and node.type else ()
    return int(sizes[1].name) if len(sizes) == 2 else None


def _scale_of_both(node: exp.Binary) -> int | None:
    left, right = scale_of(node.this), scale_of(node.expression)
    if left is None or right is None:
        return None
    if isinstance(node, exp.Mul):
        return min(left + right, max(left, right, _MOST))
    return max(left, right)


def _quotient_scale(scale: int) -> int:
    return max(scale, min(scale + _MORE, _MOST))


def _divide(node: exp.Div) -> exp.Expr:
    left, right = as_number(node.this), as_number(node.expression)
    scale = scale_of(left)
    is_fixed = scale is not None and scale_of(right) is not None
    if not (isinstance(right, exp.Literal) and right.is_number and float(right.name)):
        right = call("_nonzero", right)
    quotient = exp.Div(this=left, expression=right, typed=False, safe=False)
    return (
        _rounded(quotient, _quotient_scale(scale)) if is_fixed and scale is not None else quotient
    )


def _multiply(node: exp.Mul) -> exp.Expr:
    """Return a product: whole numbers have 38 digits."""
    left, right = as_number(node.this), as_number(node.expression)
    if has_kind(left, "integer") and has_kind(right, "integer"):
        left = exp.cast(left, "HUGEINT")
    product = exp.Mul(this=left, expression=right)
    product.type = node.type
    return product


def _rounded(node: exp.Expr, scale: int) -> exp.Expr:
    return call("round", node, exp.Literal.number(scale), type_=f"DECIMAL(38, {scale})")


def _average(node: exp.Avg) -> exp.Expr:
    scale = scale_of(node.this)
    if has_kind(node.this, "json"):
        return exp.Avg(this=as_number(node.this))
    if scale is None or isinstance(node.parent, exp.Window | exp.Filter):
        return node
    return _rounded(node.copy(), _quotient_scale(scale))


def _window(node: exp.Window) -> exp.Expr:
    """Return a share of a sum, or a mean with its scale."""
    function = node.this
    if isinstance(function, exp.ArrayAgg | exp.ArrayUniqueAgg | exp.GroupConcat | exp.WithinGroup):
        return outer(node)
    if isinstance(function, exp.Avg) and (scale := scale_of(function.this)) is not None:
        return _rounded(node.copy(), _quotient_scale(scale))
    if isinstance(function, exp.Anonymous) and function.name.lower() == "ratio_to_report":
        [value] = function.expressions
        total = node.copy()
        total.set("this", exp.Sum(this=value.copy()))
        quotient = exp.Div(this=value.copy(), expression=exp.func("NULLIF", total, "0"))
        return _rounded(quotient, _quotient_scale(scale_of(value) or 0))
    return node


def _ceiling(node: exp.Ceil | exp.Floor) -> exp.Expr:
    """Return a number rounded up or down to some places."""
    decimals = node.args.get("decimals")
    value = as_number(node.this)
    if decimals is None:
        return type(node)(this=value)
    factor = exp.Pow(this=exp.Literal.number(10), expression=decimals)
    scaled = type(node)(this=exp.Mul(this=exp.Paren(this=value), expression=factor))
    return exp.Div(this=scaled, expression=factor.copy(), typed=False, safe=False)


RULES = Rules(
    nodes={
        exp.Avg: _average,
        exp.Ceil: _ceiling,
        exp.Div: _divide,
        exp.Floor: _ceiling,
        exp.Mul: _multiply,
        exp.Window: _window,
        exp.WidthBucket: lambda node: call(
            "_width_bucket",
            node.this,
            node.args["min_value"],
            node.args["max_value"],
            node.args["num_buckets"],
            type_="BIGINT",
        ),
        exp.Hll: lambda node: exp.ApproxDistinct(this=node.this),
    },
    macros=_MACROS,
)

"""Numbers: of 38 digits; the rest of a division by zero is the dividend.

Source: Oracle's SQL language reference, "Numeric functions".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.oracle.casts import as_number
from mockalog.vendors.squared.sql.dialects.oracle.dates import RULES as DATES
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind

_MACROS = (
    "CREATE MACRO _mod(a, b) AS CASE WHEN b = 0 THEN a ELSE a % b END",
    "CREATE MACRO _remainder(a, b) AS a - b * round_even(a / b, 0)",
    "CREATE MACRO _bitand(a, b) AS a::BIGINT & b::BIGINT",
    "CREATE MACRO _width_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0"
    " WHEN x >= high THEN n + 1 ELSE floor((x - low) * n / (high - low))::BIGINT + 1 END",
    "CREATE MACRO _lnnvl(x) AS NOT coalesce(x, false)",
)


def _arithmetic(node: exp.Binary) -> exp.Expr:
    rule = DATES.nodes.get(type(node))
    changed = (
        rule(node)
        if rule
        else type(node)(this=as_number(node.this), expression=as_number(node.expression))
    )
    sides = changed.args.get("this"), changed.args.get("expression")
    is_whole = all(isinstance(side, exp.Expr) and has_kind(side, "integer") for side in sides)
    if type(changed) is type(node) and is_whole:
        width = "HUGEINT" if isinstance(node, exp.Mul) else "BIGINT"
        changed.set("this", exp.cast(changed.this.copy(), width))
    if isinstance(node, exp.Mul):
        changed.type = exp.DataType.build("BIGINT" if is_whole else "DOUBLE")
    return changed


def _divide(node: exp.Div) -> exp.Expr:
    right = as_number(node.expression)
    if not (isinstance(right, exp.Literal) and float(right.name)):
        right = call("_nonzero", right)
    shown = exp.Div(this=as_number(node.this), expression=right, typed=False, safe=False)
    shown.type = exp.DataType.build("DOUBLE")
    return shown


def _numeric(node: exp.Expr) -> exp.Expr:
    node.set("this", as_number(node.this.copy()))
    return node


def _macro(name: str, type_: str | None = None) -> Rewrite:
    return lambda node: call(name, *map(as_number, node.iter_expressions()), type_=type_)


RULES = Rules(
    nodes={
        exp.Add: _arithmetic,
        exp.Sub: _arithmetic,
        exp.Mul: _arithmetic,
        exp.Div: _divide,
        exp.Mod: _macro("_mod", "DOUBLE"),
        exp.Neg: _numeric,
        exp.Sum: _numeric,
        exp.Avg: _numeric,
        exp.Abs: _numeric,
        exp.Ceil: _numeric,
        exp.Floor: _numeric,
        exp.WidthBucket: lambda node: call(
            "_width_bucket",
            node.this,
            node.args["min_value"],
            node.args["max_value"],
            node.args["num_buckets"],
            type_="BIGINT",
        ),
    },
    functions={
        "remainder": _macro("_remainder"),
        "bitand": _macro("_bitand"),
        "lnnvl": "_lnnvl",
    },
    macros=_MACROS,
)

"""Arithmetic, mathematical functions and aggregates (manual, 9.3 and 9.21)."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import shown
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import INTEGERS, pg, typed
from mockalog.vendors.squared.sql.dialects.postgres.types.wrapped import is_aggregate
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

MACROS = (
    # The value of a double as a number, where it has no more digits than a double keeps.
    "CREATE MACRO _pg_exact(x) AS CASE WHEN length(regexp_replace(x::VARCHAR, '[^0-9]', '', 'g'))"
    " > 16 THEN error('numeric results of this precision are not supported')"
    " ELSE x::VARCHAR::DECIMAL(38, 16) END",
    "CREATE MACRO _pg_power_scale(x) AS CASE WHEN x = 0 THEN 16"
    " ELSE greatest(16 - trunc(log10(abs(x::DOUBLE)))::INTEGER, 0) END",
    "CREATE MACRO _pg_root_scale(x) AS CASE WHEN _pg_weight(x) >= 0 THEN"
    " 15 - 2 * _pg_weight(x) ELSE 15 + (1 - _pg_weight(x) * 4) // 2 END",
    "CREATE MACRO _pg_square_root(x) AS CASE WHEN x < 0"
    " THEN error('cannot take square root of a negative number')"
    " ELSE _pg_root(x, _pg_root_scale(x)) END",
    "CREATE MACRO _pg_width_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0"
    " WHEN x >= high THEN n + 1 ELSE floor((x - low)::DOUBLE * n / (high - low))::INTEGER + 1 END",
)


def _divide(node: exp.Div) -> exp.Expr:
    """Return a division of the types that it has; by zero it is an error."""
    left, right, type_ = node.this, node.expression, pg(node)
    if type_ == "interval":
        return typed(call("_pg_interval_divided", left, right), "interval")  # type: ignore[no-any-return]
    divisor = call("_nonzero", right)
    if type_ in INTEGERS:
        return typed(exp.IntDiv(this=left, expression=divisor), type_)  # type: ignore[no-any-return]
    return typed(  # type: ignore[no-any-return]
        exp.Div(this=exp.cast(left, "DOUBLE"), expression=exp.cast(divisor, "DOUBLE")), type_
    )


def _round(node: exp.Anonymous) -> exp.Expr:
    if pg(node) == "float8":
        return call("round_even", node.expressions[0], exp.Literal.number(0))
    return node


def _power(node: Any) -> exp.Expr:
    base, exponent = (
        node.expressions if isinstance(node, exp.Anonymous) else (node.this, node.expression)
    )
    power = call("pow", base, exponent)
    return typed(call("_pg_exact", power), "numeric") if pg(node) == "numeric" else power


def _transcendent(node: exp.Anonymous) -> exp.Expr:
    """Return a root, a logarithm or a power of e: numbers have more digits than doubles."""
    name = {"log10": "log10", "log": "log10"}.get(node.name.lower(), node.name.lower())
    if len(node.expressions) == 2:
        base, value = node.expressions
        made: exp.Expr = exp.Div(this=call("ln", value), expression=call("ln", base))
        return typed(call("_pg_exact", made), "numeric")  # type: ignore[no-any-return]
    made = call(name, *node.expressions)
    return typed(call("_pg_exact", made), "numeric") if pg(node) == "numeric" else made


def _root(node: exp.Anonymous) -> exp.Expr:
    [value] = node.expressions
    if pg(node) != "numeric":
        return node
    return typed(call("_pg_square_root", value), "numeric")  # type: ignore[no-any-return]


def _type_name(node: exp.Anonymous) -> exp.Expr:
    type_ = pg(node.expressions[0])
    if type_ is None:
        raise QueryError("other", name="the type is not known")
    name = text(shown(type_))
    if not any(is_aggregate(one) for one in node.find_all(exp.Anonymous)):
        return name
    null = exp.Is(this=node.expressions[0], expression=exp.Null())
    return exp.Case(ifs=[exp.If(this=null, true=name)], default=name.copy())


def _ordered(node: exp.WithinGroup) -> exp.Expr:
    """Return an aggregate over ordered values."""
    inner: Any = node.this
    [ordered] = node.expression.expressions
    name = inner.name.lower() if isinstance(inner, exp.Anonymous) else ""
    value = ordered.this
    if name == "mode":
        return typed(call("mode", value), pg(value))  # type: ignore[no-any-return]
    functions = {"percentile_cont": "quantile_cont", "percentile_disc": "quantile_disc"}
    if name not in functions:
        raise QueryError("function", name=name, types="")
    if name == "percentile_cont" and pg(value) != "interval":
        value = exp.cast(value, "DOUBLE")
    fraction = inner.expressions[0]
    if ordered.args.get("desc"):
        fraction = exp.Sub(this=exp.Literal.number(1), expression=fraction)
    return typed(call(functions[name], value, fraction), pg(node))  # type: ignore[no-any-return]


def _named(name: str) -> Any:
    def rule(node: exp.Anonymous) -> exp.Expr:
        del node
        return text(name)

    return rule


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {
    exp.Div: _divide,
    exp.Pow: _power,
    exp.WithinGroup: _ordered,
    exp.CurrentUser: lambda _: text("postgres"),
}
FUNCTIONS = {
    "ceiling": "ceil",
    "current_database": _named("postgres"),
    "current_schema": _named("public"),
    "div": lambda node: exp.IntDiv(this=node.expressions[0], expression=node.expressions[1]),
    "every": "bool_and",
    "exp": _transcendent,
    "ln": _transcendent,
    "log": _transcendent,
    "log10": _transcendent,
    "pg_typeof": _type_name,
    "power": _power,
    "round": _round,
    "sqrt": _root,
    "statement_timestamp": "now",
    "version": _named("PostgreSQL 18.4 on x86_64-pc-linux-gnu"),
    "width_bucket": "_pg_width_bucket",
}

"""`numeric`: exact quotients, averages and deviations, and the text of each number."""

from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from mockalog.vendors.squared.sql.dialects.postgres.marks import pg, typed
from mockalog.vendors.squared.sql.dialects.postgres.scales import Scales, number, quotient
from mockalog.vendors.squared.sql.dialects.postgres.wrapped import Wrapped, is_outermost
from mockalog.vendors.squared.sql.dialects.rules import call
from mockalog.vendors.squared.sql.tables import Schema

# The types of which DuckDB's driver gives other texts.
_PRINTED = ("interval", "json", "float4")
_DEVIATIONS = ("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")
# The functions that print their arguments.
PRINTING = frozenset(
    """concat concat_ws format json_agg json_build_array json_build_object json_object_agg
    jsonb_agg jsonb_build_array jsonb_build_object jsonb_object_agg to_json to_jsonb""".split()
)

_ONE = "1" + "0" * 20
MACROS = (
    # The places of a number that has no zeros at its end.
    "CREATE MACRO _pg_scale(x) AS CASE WHEN strpos(x::VARCHAR, '.') = 0 THEN 0"
    " ELSE length(rtrim(split_part(x::VARCHAR, '.', 2), '0')) END",
    "CREATE MACRO _pg_text_scale(x) AS CASE WHEN x ILIKE '%e%' THEN 0"
    " ELSE length(split_part(trim(x), '.', 2)) END",
    "CREATE MACRO _pg_number(x, s) AS CASE WHEN s <= 0 THEN (x::DECIMAL(38, 0))::VARCHAR"
    " WHEN strpos(x::VARCHAR, '.') = 0 THEN x::VARCHAR || '.' || repeat('0', s)"
    " ELSE rpad(x::VARCHAR, (strpos(x::VARCHAR, '.') + s)::INTEGER, '0') END",
    "CREATE MACRO _pg_weight(x) AS CASE WHEN x = 0 THEN 0"
    " ELSE floor(log10(abs(x::DOUBLE)) / 4)::INTEGER END",
    "CREATE MACRO _pg_digit(x) AS trunc(abs(x::DOUBLE) / pow(10000, _pg_weight(x)))",
    "CREATE MACRO _pg_quotient_scale(a, b, sa, sb) AS greatest(16 - 4 * (_pg_weight(a)"
    " - _pg_weight(b) - CASE WHEN _pg_digit(a) <= _pg_digit(b) THEN 1 ELSE 0 END), sa, sb, 0)",
    "CREATE MACRO _pg_whole(x) AS abs(replace((x::DECIMAL(38, 20))::VARCHAR, '.', '')::HUGEINT)",
    "CREATE MACRO _pg_more(x) AS list_transform(x, lambda s: {'q': s.q * 100000"
    " + s.r * 100000 // s.b, 'r': s.r * 100000 % s.b, 'b': s.b})",
    "CREATE MACRO _pg_digits(a, b) AS _pg_more(_pg_more(_pg_more(_pg_more(list_transform("
    "[{'a': _pg_whole(a), 'b': _pg_whole(b)}], lambda s: {'q': s.a // s.b, 'r': s.a % s.b,"
    " 'b': s.b})))))[1]",
    "CREATE MACRO _pg_power(n) AS ('1' || repeat('0', n))::HUGEINT",
    # A whole number of 20 places, rounded to fewer.
    "CREATE MACRO _pg_rounded(q, s) AS CASE WHEN s >= 20 THEN q ELSE"
    " (q + _pg_power((20 - s)::INTEGER) // 2) // _pg_power((20 - s)::INTEGER)"
    " * _pg_power((20 - s)::INTEGER) END",
    f"CREATE MACRO _pg_decimal(q) AS ((q // {_ONE}::HUGEINT)::VARCHAR || '.' ||"
    f" lpad((q % {_ONE}::HUGEINT)::VARCHAR, 20, '0'))::DECIMAL(38, 20)",
    "CREATE MACRO _pg_positive(a, b, s) AS list_transform([_pg_digits(a, b)], lambda d:"
    " CASE WHEN s > 20 AND d.r <> 0 THEN error('a quotient of more than 20 decimal places')"
    " WHEN s = 20 AND d.r * 2 >= d.b THEN _pg_decimal(d.q + 1)"
    " ELSE _pg_decimal(_pg_rounded(d.q, s)) END)[1]",
    "CREATE MACRO _pg_quotient(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL"
    " WHEN b = 0 THEN error('Division by zero')"
    " WHEN (a < 0) <> (b < 0) THEN -_pg_positive(a, b, s) ELSE _pg_positive(a, b, s) END",
    # One step of Newton's method doubles the digits of a double.
    "CREATE MACRO _pg_root(v, s) AS CASE WHEN v = 0 THEN 0::DECIMAL(38, 20) ELSE"
    " _pg_decimal(_pg_rounded(_pg_whole((sqrt(v::DOUBLE)::DECIMAL(38, 17)"
    " + _pg_quotient(v, sqrt(v::DOUBLE)::DECIMAL(38, 17), 20)) * 0.5), s)) END",
    "CREATE MACRO _pg_variance_of(top, bottom, places) AS CASE WHEN top <= 0"
    " THEN 0::DECIMAL(38, 20)"
    " ELSE _pg_quotient(top, bottom, _pg_quotient_scale(top, bottom, places, 0)) END",
    "CREATE MACRO _pg_variance(top, bottom, n, places, few) AS CASE WHEN n <= few THEN NULL"
    " ELSE _pg_variance_of(top, bottom, places) END",
    "CREATE MACRO _pg_deviation(top, bottom, n, places, few) AS CASE WHEN n <= few THEN NULL"
    " ELSE _pg_root(_pg_variance_of(top, bottom, places),"
    " _pg_quotient_scale(top, bottom, places, 0)) END",
    "CREATE MACRO _pg_variance_scale(top, bottom, places) AS CASE WHEN top <= 0 THEN 0"
    " ELSE _pg_quotient_scale(top, bottom, places, 0) END",
    # The shortest text of a double that reads back the same.
    "CREATE MACRO _pg_double_text(x) AS CASE WHEN isnan(x) THEN 'NaN'"
    " WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END"
    " WHEN abs(x) < 1e15 AND x = trunc(x) THEN x::BIGINT::VARCHAR"
    " ELSE regexp_replace(x::VARCHAR, '\\.0(e|$)', '\\1') END",
)


def prepare(tree: exp.Query) -> exp.Query:
    """Compute numbers exactly, and print those of the result."""
    scopes = list(traverse_scope(tree))
    scales = Scales({id(scope.expression): scope for scope in scopes})
    for scope in scopes:
        for node in reversed(list(scope.walk())):
            _compute(node, scales, scope)
        for node in reversed(list(scope.walk())):
            _print_arguments(node, scales, scope)
    _print_result(tree, scales, scopes[-1] if scopes else None)
    return tree


def _compute(node: Any, scales: Scales, scope: Scope) -> None:
    if pg(node) != "numeric" or not is_outermost(node):
        return
    one = Wrapped(node)
    if isinstance(node, exp.Div):
        node.replace(_divide(node.this, node.expression, scales, scope))
    elif isinstance(node, exp.Mul):
        _fit(node)
    elif one.name == "avg":
        given = one.arguments[0]
        total = typed(one.again("sum", given), "numeric")
        places = one.again("max", scales.of(given, scope))
        count = one.again("count", given)
        node.replace(
            quotient(total, count, call("_pg_quotient_scale", total.copy(), count.copy(), places,
                                        number(0)))
        )  # fmt: skip
    elif one.name in _DEVIATIONS:
        node.replace(_deviation(one, scales, scope))


def _divide(left: Any, right: Any, scales: Scales, scope: Scope) -> exp.Expr:
    places = call(
        "_pg_quotient_scale",
        left.copy(),
        right.copy(),
        scales.of(left, scope),
        scales.of(right, scope),
    )
    return quotient(left.copy(), right.copy(), places)


def _fit(node: exp.Mul) -> None:
    """Keep the product of two quotients within DuckDB's 38 digits."""
    sides = [node.this, node.expression]
    if all(any(one.name == "_pg_quotient" for one in side.find_all(exp.Anonymous))
           for side in sides):  # fmt: skip
        for side in sides:
            side.replace(typed(exp.cast(side.copy(), "DECIMAL(38, 15)"), "numeric"))


def _deviation(one: Wrapped, scales: Scales, scope: Scope) -> exp.Expr:
    """Return a variance or its root (numeric.c, `numeric_stddev_internal`)."""
    given = one.arguments[0]
    places = one.again("max", exp.Mul(this=scales.of(given, scope), expression=number(2)))
    count = one.again("count", given)
    total = exp.Paren(this=one.again("sum", given))
    squares = one.again("sum", exp.Mul(this=given.copy(), expression=given.copy()))
    top = exp.Paren(
        this=exp.Sub(
            this=exp.Mul(this=count.copy(), expression=squares),
            expression=exp.Mul(this=total.copy(), expression=total.copy()),
        )
    )
    is_sample = not one.name.endswith("_pop")
    lower = exp.Sub(this=count.copy(), expression=number(1)) if is_sample else count.copy()
    bottom = exp.Mul(this=count.copy(), expression=exp.Paren(this=lower))
    kind = "_pg_deviation" if one.name.startswith("stddev") else "_pg_variance"
    result = typed(call(kind, top, bottom, count, places, number(int(is_sample))), "numeric")
    return result  # type: ignore[no-any-return]


def _print_arguments(node: Any, scales: Scales, scope: Scope) -> None:
    if isinstance(node, exp.Cast) and pg(node) == "text" and pg(node.this) == "numeric":
        node.this.replace(_printed(node.this, scales, scope))
    elif isinstance(node, exp.DPipe):
        for one in (node.this, node.expression):
            if pg(one) == "numeric" and pg(node) == "text":
                one.replace(_printed(one, scales, scope))
    elif isinstance(node, exp.Anonymous) and node.name.lower() in PRINTING:
        for one in Wrapped(node).arguments:
            if pg(one) == "numeric":
                one.replace(_printed(one, scales, scope))


def _printed(node: Any, scales: Scales, scope: Scope) -> exp.Expr:
    printed = typed(call("_pg_number", node.copy(), scales.of(node, scope)), "text")
    printed.meta["number"] = True
    return printed  # type: ignore[no-any-return]


def _print_result(tree: exp.Query, scales: Scales, scope: Scope | None) -> None:
    if not isinstance(tree, exp.Select) or scope is None or tree.args.get("distinct"):
        return
    shown = [one for one in tree.selects if pg(one) == "numeric" or pg(one) in _PRINTED]
    for one in shown:
        _keep_order(tree, one)
    for one in shown:
        name, inner = one.alias_or_name, one.unalias()
        if pg(one) == "numeric":
            made = _printed(inner, scales, scope)
        else:
            made = typed(exp.cast(inner.copy(), "TEXT"), "text")
        one.replace(exp.alias_(made, name, quoted=True))


def _keep_order(tree: exp.Select, shown: Any) -> None:
    """Let ORDER BY and GROUP BY mean the number, not its text."""
    position = str(tree.selects.index(shown) + 1)
    for clause in ("order", "group"):
        for one in tree.args[clause].expressions if tree.args.get(clause) else ():
            by: Any = one.this if isinstance(one, exp.Ordered) else one
            is_position = isinstance(by, exp.Literal) and by.name == position
            is_alias = isinstance(by, exp.Column) and not by.table and (
                by.name.lower() == shown.alias.lower()
            )
            if is_position or is_alias:
                by.replace(shown.unalias().copy())

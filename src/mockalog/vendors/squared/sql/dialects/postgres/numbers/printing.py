"""`numeric`: exact quotients, averages and deviations, and the text of each number."""

from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from mockalog.vendors.squared.sql.dialects.postgres.numbers import digits, unions
from mockalog.vendors.squared.sql.dialects.postgres.numbers.scales import (
    Scales,
    is_key,
    mark_keys,
    number,
    quotient,
)
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import pg, typed
from mockalog.vendors.squared.sql.dialects.postgres.types.wrapped import Wrapped, is_outermost
from mockalog.vendors.squared.sql.dialects.rules import call

# The types of which DuckDB's driver gives other texts.
_PRINTED = ("interval", "json", "float4")
_DEVIATIONS = ("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")
# The functions that print their arguments.
_PRINTING_TEXT = """
    concat concat_ws format json_agg json_build_array json_build_object json_object_agg
    jsonb_agg jsonb_build_array jsonb_build_object jsonb_object_agg to_json to_jsonb
"""
PRINTING = frozenset(_PRINTING_TEXT.split())

_ONE = "1" + "0" * 20
MACROS = (
    # The places of a number that has no zeros at its end.
    "CREATE MACRO _pg_scale(x) AS length(rtrim(split_part(x::VARCHAR, '.', 2), '0'))",
    "CREATE MACRO _pg_text_scale(x) AS CASE WHEN x ILIKE '%e%' THEN 0"
    " ELSE length(split_part(trim(x), '.', 2)) END",
    "CREATE MACRO _pg_digits(x, s) AS CASE WHEN s <= 0 THEN (x::DECIMAL(38, 0))::VARCHAR"
    " WHEN strpos(x::VARCHAR, '.') = 0 THEN x::VARCHAR || '.' || repeat('0', s)"
    " ELSE rpad(x::VARCHAR, (strpos(x::VARCHAR, '.') + s)::INTEGER, '0') END",
    "CREATE MACRO _pg_number(x, s) AS"
    " list_transform([{'x': x, 's': s}], lambda _t: _pg_digits(_t.x, _t.s))[1]",
    "CREATE MACRO _pg_weight(x) AS CASE WHEN x = 0 THEN 0"
    " ELSE floor(log10(abs(x::DOUBLE)) / 4)::INTEGER END",
    "CREATE MACRO _pg_digit(x) AS trunc(abs(x::DOUBLE) / pow(10000, _pg_weight(x)))",
    "CREATE MACRO _pg_places(a, b, sa, sb) AS greatest(16 - 4 * (_pg_weight(a)"
    " - _pg_weight(b) - CASE WHEN _pg_digit(a) <= _pg_digit(b) THEN 1 ELSE 0 END), sa, sb, 0)",
    # A list of one element binds its values: a macro would repeat them.
    "CREATE MACRO _pg_quotient_scale(a, b, sa, sb) AS list_transform([{'a': a, 'b': b, 'sa': sa,"
    " 'sb': sb}], lambda _t: _pg_places(_t.a, _t.b, _t.sa, _t.sb))[1]",
    "CREATE MACRO _pg_whole(x) AS abs(replace((x::DECIMAL(38, 20))::VARCHAR, '.', '')::HUGEINT)",
    "CREATE MACRO _pg_power(n) AS ('1' || repeat('0', n::INTEGER))::HUGEINT",
    f"CREATE MACRO _pg_decimal(q) AS ((q // {_ONE}::HUGEINT)::VARCHAR || '.' ||"
    f" lpad((q % {_ONE}::HUGEINT)::VARCHAR, 20, '0'))::DECIMAL(38, 20)",
    # A whole number of 20 places, rounded to those of p.
    "CREATE MACRO _pg_rounded(q, p) AS (q + p // 2) // p * p",
    # A division of whole numbers by hand, ten digits at a time. The kind of the result is its
    # sign, or 0 for a division by zero; p is 0 if the places do not suffice.
    "CREATE MACRO _pg_more(x) AS list_transform(x, lambda _s: {'q': _s.q * 10000000000"
    " + _s.r * 10000000000 // _s.b, 'r': _s.r * 10000000000 % _s.b, 'b': _s.b, 'p': _s.p,"
    " 'k': _s.k})",
    "CREATE MACRO _pg_divided(x) AS list_transform(_pg_more(_pg_more(list_transform(x,"
    " lambda _s: {'q': _s.a // nullif(_s.b, 0), 'r': _s.a % nullif(_s.b, 0), 'b': _s.b,"
    " 'p': CASE WHEN _s.s > 20 THEN 0 ELSE _pg_power(20 - _s.s) END, 'k': _s.k}))),"
    " lambda _d: CASE WHEN _d.k IS NULL THEN NULL"
    " WHEN _d.k = 0 THEN error('Division by zero')"
    " WHEN _d.p = 0 AND _d.r <> 0 THEN error('a quotient of more than 20 decimal places')"
    " ELSE _d.k * _pg_decimal(CASE WHEN _d.p <= 1 THEN _d.q + (_d.r * 2 // _d.b)"
    " ELSE _pg_rounded(_d.q, _d.p) END) END)[1]",
    "CREATE MACRO _pg_kind(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b = 0 THEN 0"
    " WHEN (a < 0) <> (b < 0) THEN -1 ELSE 1 END",
    "CREATE MACRO _pg_parts(x) AS list_transform(x, lambda _t: {'a': _pg_whole(_t.a) // _t.m,"
    " 'b': _pg_whole(_t.b) // _t.m, 's': _t.s, 'k': _pg_kind(_t.a, _t.b)})",
    "CREATE MACRO _pg_quotient(a, b, sa, sb) AS _pg_divided(_pg_parts(list_transform([{'a': a,"
    " 'b': b, 'sa': sa, 'sb': sb}], lambda _t: {'a': _t.a, 'b': _t.b,"
    " 's': _pg_places(_t.a, _t.b, _t.sa, _t.sb),"
    " 'm': _pg_power(20 - least(greatest(_t.sa, _t.sb), 20))})))",
    "CREATE MACRO _pg_quotient_of(a, b, s) AS"
    " _pg_divided(_pg_parts([{'a': a, 'b': b, 's': s, 'm': 1::HUGEINT}]))",
    # One step of Newton's method doubles the digits of a double.
    "CREATE MACRO _pg_step(v, r, s) AS _pg_decimal(_pg_rounded(_pg_whole("
    "(r + _pg_quotient_of(v, r, 20)) * 0.5), _pg_power(20 - least(s, 20))))",
    "CREATE MACRO _pg_root(v, s) AS list_transform([{'v': v, 's': s}], lambda _t:"
    " CASE WHEN _t.v = 0 THEN 0::DECIMAL(38, 20)"
    " ELSE _pg_step(_t.v, sqrt(_t.v::DOUBLE)::DECIMAL(38, 17), _t.s) END)[1]",
    "CREATE MACRO _pg_variance(top, bottom, n, places, few) AS list_transform([{'t': top,"
    " 'b': bottom, 'n': n, 'p': places}], lambda _t: CASE WHEN _t.n <= few THEN NULL"
    " WHEN _t.t <= 0 THEN 0::DECIMAL(38, 20)"
    " ELSE _pg_quotient_of(_t.t, _t.b, _pg_places(_t.t, _t.b, _t.p, 0)) END)[1]",
    "CREATE MACRO _pg_variance_scale(top, bottom, places) AS list_transform([{'t': top,"
    " 'b': bottom, 'p': places}], lambda _t: CASE WHEN _t.t <= 0 THEN 0"
    " ELSE _pg_places(_t.t, _t.b, _t.p, 0) END)[1]",
    "CREATE MACRO _pg_deviation(top, bottom, n, places, few) AS"
    " _pg_root(_pg_variance(top, bottom, n, places, few),"
    " _pg_variance_scale(top, bottom, places))",
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
        mark_keys(scope.expression)
    for scope in scopes:
        for node in reversed(list(scope.walk())):
            _compute(node, scales, scope)
        for node in reversed(list(scope.walk())):
            _print_arguments(node, scales, scope)
    if isinstance(tree, exp.SetOperation):
        return unions.printed(tree, scales, {id(scope.expression): scope for scope in scopes})
    _print_result(tree, scales, scopes[-1] if scopes else None)
    return tree


def _compute(node: Any, scales: Scales, scope: Scope) -> None:
    if pg(node) != "numeric" or not is_outermost(node):
        return
    one = Wrapped(node)
    if isinstance(node, exp.Div):
        node.replace(_divide(node.this, node.expression, scales, scope))
    elif isinstance(node, exp.Mul):
        digits.fit(node)
    elif isinstance(node, exp.Case | exp.Coalesce | exp.Greatest | exp.Least | exp.Mod):
        digits.align(node)
    elif one.name == "avg":
        given = one.arguments[0]
        total = typed(one.again("sum", given), "numeric")
        places = one.again("max", scales.of(given, scope))
        count = one.again("count", given)
        node.replace(quotient(total, count, places, number(0)))
    elif one.name in _DEVIATIONS:
        node.replace(_deviation(one, scales, scope))


def _divide(left: Any, right: Any, scales: Scales, scope: Scope) -> exp.Expr:
    return quotient(left.copy(), right.copy(), scales.of(left, scope), scales.of(right, scope))


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
    return typed(call(kind, top, bottom, count, places, number(int(is_sample))), "numeric")  # type: ignore[no-any-return]


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


def _printed(node: Any, scales: Scales, scope: Scope, *, is_key: bool = False) -> exp.Expr:
    places = scales.of(node, scope)
    if is_key and not isinstance(places, exp.Literal):
        places = call("any_value", places)
    printed = typed(call("_pg_number", node.copy(), places), "text")
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
            made = _printed(inner, scales, scope, is_key=is_key(one))
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
            is_alias = (
                isinstance(by, exp.Column)
                and not by.table
                and (by.name.lower() == shown.alias.lower())
            )
            if is_position or is_alias:
                by.replace(shown.unalias().copy())

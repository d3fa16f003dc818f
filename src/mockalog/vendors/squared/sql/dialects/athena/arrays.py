"""Arrays and maps: from 1, errors out of bounds in brackets, stable sets, lambdas.

Source: Trino's documentation, "Array functions and operators", "Map functions and operators".
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.lambdas import replaced
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError


def _item(node: exp.Bracket) -> exp.Expr:
    index = node.expressions[0]
    is_map = kind(node.this) == "map" or isinstance(node.this, exp.Map)
    if is_map or kind(index) == "text":
        name = "_trino_try_value" if node.args.get("safe") else "_trino_value"
        return call(name, node.this, index)
    if node.args.get("offset") == 1:
        return call("_trino_element", node.this, index)
    return call("_trino_item", node.this, index)


def _size(node: exp.ArraySize) -> exp.Expr:
    is_map = kind(node.this) == "map" or isinstance(node.this, exp.Map)
    return call("cardinality" if is_map else "len", node.this, type_="BIGINT")


def _sequence(node: exp.GenerateSeries) -> exp.Expr:
    start, end, step = node.args["start"], node.args["end"], node.args.get("step")
    if kind(start) in ("date", "instant"):
        found = call("generate_series", start, end, step or call("to_days", exp.Literal.number(1)))
        return cast_to(found, "DATE[]") if kind(start) == "date" else found
    if step is None:
        return call("_trino_sequence", start, end)
    return call("generate_series", start, end, step)


def _slice(node: exp.ArraySlice) -> exp.Expr:
    return call("_trino_slice", node.this, node.args["start"], node.args["end"])


def _sort(node: exp.ArraySort) -> exp.Expr:
    if isinstance(node.expression, exp.Lambda):
        raise QueryError("function", name="array_sort")
    order = [exp.Literal.string(one) for one in ("ASC", "NULLS LAST")]
    return call("list_sort", node.this, *order)


def _sets(name: str) -> Any:
    """Return a rule: a function of two arrays."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        found = node.expressions if len(node.expressions) == 2 else [node.this, node.expression]
        return call(name, *found)

    return rule


def _parts(node: exp.Expr) -> tuple[exp.Expr, list[str]]:
    return node.this, [one.name for one in node.expressions]


def _lambda(body: exp.Expr, names: list[str]) -> exp.Expr:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name) for name in names])


def _matches(comparison: type[exp.Binary], *, negated: bool = False) -> Any:
    """Return a rule: a condition on the elements that match, or that do not."""

    def rule(node: exp.Anonymous) -> exp.Expr:
        value, condition = node.expressions
        body, names = _parts(condition)
        kept = exp.Not(this=exp.paren(body)) if negated else body
        count = call("len", call("list_filter", value, _lambda(kept, names)))
        return exp.paren(comparison(this=count, expression=exp.Literal.number(0)))

    return rule


def _reduce(node: exp.Reduce) -> exp.Expr:
    total = call("list_reduce", node.this, node.args["merge"], node.args["initial"])
    body, names = _parts(node.args["finish"])
    return exp.paren(replaced(body, {names[0]: total}))


def _zip_with(node: exp.Anonymous) -> exp.Expr:
    left, right, merge = node.expressions
    body, names = _parts(merge)
    pair = exp.to_identifier("_pair")
    sides = {
        name: exp.Bracket(this=pair.copy(), expressions=[exp.Literal.number(at)], offset=1)
        for at, name in enumerate(names, 1)
    }
    zipped = call("list_zip", left, right)
    return call("list_transform", zipped, _lambda(replaced(body, sides), ["_pair"]))


def _map_of_rows(node: exp.Anonymous) -> exp.Expr:
    lists = [call("list", one) for one in node.expressions]
    return call("map", *lists)


def _joined(node: exp.ArrayToString) -> exp.Expr:
    if (null := node.args.get("null")) is None:
        return call("array_to_string", node.this, node.expression, type_="TEXT")
    return call("_trino_join", node.this, node.expression, null, type_="TEXT")


RULES = Rules(
    nodes={
        exp.Bracket: _item,
        exp.ArraySize: _size,
        exp.GenerateSeries: _sequence,
        exp.ArraySlice: _slice,
        exp.ArraySort: _sort,
        exp.ArrayDistinct: lambda node: call("_trino_distinct", node.this),
        exp.ArrayExcept: _sets("_trino_except"),
        exp.ArrayIntersect: _sets("_trino_intersect"),
        exp.ArrayPosition: lambda node: call("_trino_position", node.this, node.expression),
        exp.ArrayToString: _joined,
        exp.Reverse: lambda node: call(
            "list_reverse" if kind(node.this) == "array" else "reverse", node.this
        ),
        exp.Reduce: _reduce,
    },
    functions={
        "array_union": _sets("_trino_union"),
        "arrays_overlap": lambda node: call("list_has_any", *node.expressions, type_="BOOLEAN"),
        "any_match": _matches(exp.GT),
        "all_match": _matches(exp.EQ, negated=True),
        "none_match": _matches(exp.EQ),
        "zip": lambda node: call("list_zip", *node.expressions),
        "zip_with": _zip_with,
        "map_agg": _map_of_rows,
    },
    types={
        exp.ArraySize: annotated("BIGINT"),
        exp.ArrayToString: annotated("TEXT"),
        exp.ArrayPosition: annotated("BIGINT"),
    },
    function_types={"any_match": "BOOLEAN", "all_match": "BOOLEAN", "none_match": "BOOLEAN"},
    macros=(
        "CREATE MACRO _trino_try_item(a, i) AS CASE WHEN i >= 0 THEN a[i + 1] END",
        "CREATE MACRO _trino_item(a, i) AS CASE WHEN a IS NULL OR i IS NULL THEN NULL"
        " WHEN i < 0 OR i >= len(a)"
        " THEN error('Array index ' || (i + 1) || ' of ' || len(a)) ELSE a[i + 1] END",
        "CREATE MACRO _trino_element(a, i) AS a[i]",
        "CREATE MACRO _trino_try_value(m, k) AS m[k]",
        "CREATE MACRO _trino_value(m, k) AS CASE WHEN map_contains(m, k) THEN m[k]"
        " ELSE error('Key not present in map: ' || k) END",
        "CREATE MACRO _trino_position(a, x) AS coalesce(list_position(a, x), 0)",
        "CREATE MACRO _trino_distinct(a) AS list_filter(a, lambda x, i: list_position(a, x) = i)",
        "CREATE MACRO _trino_union(a, b) AS _trino_distinct(list_concat(a, b))",
        "CREATE MACRO _trino_intersect(a, b) AS"
        " list_filter(_trino_distinct(a), lambda x: list_contains(b, x))",
        "CREATE MACRO _trino_except(a, b) AS"
        " list_filter(_trino_distinct(a), lambda x: NOT list_contains(b, x))",
        "CREATE MACRO _trino_sequence(a, b) AS CASE WHEN a <= b THEN generate_series(a, b, 1)"
        " ELSE generate_series(a, b, -1) END",
        "CREATE MACRO _trino_slice(a, s, n) AS CASE WHEN s > 0 THEN a[s:s + n - 1]"
        " ELSE a[len(a) + s + 1:len(a) + s + n] END",
        "CREATE MACRO _trino_join(a, d, n) AS"
        " array_to_string(list_transform(a, lambda x: coalesce(CAST(x AS VARCHAR), n)), d)",
    ),
)

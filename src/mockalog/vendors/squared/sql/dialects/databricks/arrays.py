"""Arrays, maps and structs: from 0 in brackets, errors out of bounds, stable sets.

Source: Databricks' SQL reference, "Array functions", and Spark 4.3, measured.
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError


def _item(node: exp.Bracket) -> exp.Expr:
    index = node.expressions[0]
    is_map = kind(node.this) == "map" or isinstance(node.this, exp.Map | exp.VarMap)
    if is_map or kind(index) == "text" or isinstance(index, exp.Slice):
        return node if not is_map else call("_spark_value", node.this, index)
    if node.args.get("offset") == 1:
        name = "_spark_try_element" if node.args.get("safe") else "_spark_element"
        return call(name, node.this, index)
    return call("_spark_item", node.this, index)


def _size(node: Any) -> exp.Expr:
    value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
    is_map = kind(value) == "map" or isinstance(value, exp.Map | exp.VarMap)
    return call("cardinality" if is_map else "len", value, type_="INT")


def _reverse(node: exp.Reverse) -> exp.Expr:
    return call("list_reverse" if kind(node.this) == "array" else "reverse", node.this)


def _position(node: exp.ArrayPosition) -> exp.Expr:
    return call("_spark_position", node.this, node.expression, type_="BIGINT")


def _two(name: str) -> Any:
    """Return a rule: a function of two arrays."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        found = node.expressions or [node.this, node.expression]
        return call(name, *found) if len(found) == 2 else call(name, node.this, node.expression)

    return rule


def _sequence(node: exp.GenerateSeries) -> exp.Expr:
    start, end, step = node.args["start"], node.args["end"], node.args.get("step")
    if kind(start) == "date":
        found = call("generate_series", start, end, step or _one_day())
        return cast_to(found, "DATE[]")
    if kind(start) == "instant":
        return call("generate_series", start, end, step or _one_day())
    if step is None:
        return call("_spark_sequence", start, end)
    return call("generate_series", start, end, step)


def _one_day() -> exp.Expr:
    return call("to_days", exp.Literal.number(1))


def _sort(node: exp.ArraySort) -> exp.Expr:
    if isinstance(node.expression, exp.Lambda):
        raise QueryError("function", name="array_sort")
    asc = node.args.get("asc")
    order = "DESC" if isinstance(asc, exp.Boolean) and not asc.this else "ASC"
    nulls_first = node.args.get("nulls_first")
    is_first = isinstance(nulls_first, exp.Boolean) and nulls_first.this and order == "ASC"
    place = "NULLS FIRST" if is_first else "NULLS LAST"
    return call("list_sort", node.this, text(order), text(place))


def _joined(node: exp.ArrayToString) -> exp.Expr:
    if (null := node.args.get("null")) is None:
        return call("array_to_string", node.this, node.expression, type_="TEXT")
    return call("_spark_join", node.this, node.expression, null, type_="TEXT")


def _has_key(node: exp.MapContainsKey) -> exp.Expr:
    """sqlglot writes it for lists."""
    return call("map_contains", node.this, node.args["key"], type_="BOOLEAN")


def _text_map(node: exp.StrToMap) -> exp.Expr:
    marks = [node.args.get(key) for key in ("pair_delim", "key_value_delim")]
    defaults = (text(","), text(":"))
    given = [mark or default for mark, default in zip(marks, defaults, strict=True)]
    return call("_spark_text_map", node.this, *given)


RULES = Rules(
    nodes={
        exp.Bracket: _item,
        exp.ArraySize: _size,
        exp.Reverse: _reverse,
        exp.ArrayPosition: _position,
        exp.ArrayDistinct: lambda node: call("_spark_distinct", node.this),
        exp.ArrayExcept: _two("_spark_except"),
        exp.ArrayIntersect: _two("_spark_intersect"),
        exp.ArraysZip: lambda node: call("list_zip", *node.expressions),
        exp.GenerateSeries: _sequence,
        exp.ArraySort: _sort,
        exp.ArrayToString: _joined,
        exp.MapContainsKey: _has_key,
        exp.StrToMap: _text_map,
    },
    functions={
        "cardinality": _size,
        "get": lambda node: call("_spark_get", *node.expressions),
        "array_union": _two("_spark_union"),
        "array_repeat": lambda node: call("_spark_repeat", *node.expressions),
        "arrays_overlap": lambda node: call("list_has_any", *node.expressions, type_="BOOLEAN"),
    },
    types={
        exp.ArraySize: annotated("INT"),
        exp.ArrayToString: annotated("TEXT"),
        exp.ArrayPosition: annotated("BIGINT"),
    },
    function_types={"cardinality": "INT"},
    macros=(
        "CREATE MACRO _spark_item(a, i) AS CASE WHEN a IS NULL OR i IS NULL THEN NULL"
        " WHEN i < 0 OR i >= len(a)"
        " THEN error('Array index ' || i || ' of ' || len(a)) ELSE a[i + 1] END",
        "CREATE MACRO _spark_get(a, i) AS CASE WHEN i >= 0 THEN a[i + 1] END",
        "CREATE MACRO _spark_try_element(a, i) AS CASE WHEN i = 0"
        " THEN error('Index of zero') ELSE a[i] END",
        "CREATE MACRO _spark_element(a, i) AS CASE WHEN i = 0 THEN error('Index of zero')"
        " WHEN abs(i) > len(a) THEN error('Array element ' || i || ' of ' || len(a))"
        " ELSE a[i] END",
        "CREATE MACRO _spark_value(m, k) AS m[k]",
        "CREATE MACRO _spark_position(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL"
        " ELSE coalesce(list_position(a, x), 0) END",
        "CREATE MACRO _spark_distinct(a) AS list_filter(a, lambda x, i: list_position(a, x) = i)",
        "CREATE MACRO _spark_union(a, b) AS _spark_distinct(list_concat(a, b))",
        "CREATE MACRO _spark_intersect(a, b) AS"
        " list_filter(_spark_distinct(a), lambda x: list_contains(b, x))",
        "CREATE MACRO _spark_except(a, b) AS"
        " list_filter(_spark_distinct(a), lambda x: NOT list_contains(b, x))",
        "CREATE MACRO _spark_sequence(a, b) AS CASE WHEN a <= b THEN generate_series(a, b, 1)"
        " ELSE generate_series(a, b, -1) END",
        "CREATE MACRO _spark_repeat(x, n) AS list_transform(range(CAST(n AS BIGINT)), lambda i: x)",
        "CREATE MACRO _spark_join(a, d, n) AS"
        " array_to_string(list_transform(a, lambda x: coalesce(CAST(x AS VARCHAR), n)), d)",
        "CREATE MACRO _spark_text_map(x, p, m) AS map_from_entries(list_transform("
        "string_split(x, p), lambda e: struct_pack(k := split_part(e, m, 1),"
        " v := split_part(e, m, 2))))",
    ),
)

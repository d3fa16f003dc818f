"""Arrays: of variants, printed as JSON."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call
from mockalog.vendors.squared.sql.dialects.snowflake.variants import plain

# `_items` gives the elements as JSON; `_array` an array of them.
_MACROS = (
    "CREATE MACRO _items(x) AS CASE WHEN json_type(to_json(x)) = 'ARRAY'"
    " THEN from_json(to_json(x), '[\"JSON\"]') END",
    "CREATE MACRO _array_size(x) AS CASE WHEN json_type(to_json(x)) = 'ARRAY'"
    " THEN json_array_length(to_json(x))::BIGINT END",
    "CREATE MACRO _array_contains(x, v) AS list_contains(_items(x), to_json(v))",
    "CREATE MACRO _array_text(x, separator) AS array_to_string(list_transform(_items(x),"
    " lambda e: coalesce(e ->> '$', '')), separator)",
    "CREATE MACRO _array_distinct(x) AS to_json(list_reduce(_items(x), lambda a, e:"
    " CASE WHEN list_contains(a, e) THEN a ELSE list_append(a, e) END, CAST([] AS JSON[])))",
    "CREATE MACRO _array_position(x, v) AS list_position(_items(x), to_json(v)) - 1",
    "CREATE MACRO _array_append(x, v) AS to_json(list_append(_items(x), to_json(v)))",
    "CREATE MACRO _array_prepend(x, v) AS to_json(list_prepend(to_json(v), _items(x)))",
    "CREATE MACRO _array_cat(x, y) AS CASE WHEN x IS NOT NULL AND y IS NOT NULL"
    " THEN to_json(list_concat(_items(x), _items(y))) END",
    # From is counted from 0, to is behind the last; negative ones are counted from the end.
    "CREATE MACRO _place(i, n) AS greatest(CASE WHEN i < 0 THEN i + n ELSE i END, 0)",
    "CREATE MACRO _array_slice(x, i, j) AS to_json(list_slice(_items(x),"
    " _place(i, len(_items(x))) + 1, _place(j, len(_items(x)))))",
    "CREATE MACRO _array_compact(x) AS"
    " to_json(list_filter(_items(x), lambda e: e IS NOT NULL AND e::VARCHAR <> 'null'))",
    "CREATE MACRO _count(a, e) AS len(list_filter(a, lambda o: o = e))",
    "CREATE MACRO _kept_items(x, y, is_common) AS list_transform(list_filter("
    "range(1, len(x)::BIGINT + 1), lambda i:"
    " (_count(x[1:i], x[i]) <= _count(y, x[i])) = is_common), lambda i: x[i])",
    "CREATE MACRO _array_intersection(x, y) AS to_json(_kept_items(_items(x), _items(y), true))",
    "CREATE MACRO _array_except(x, y) AS to_json(_kept_items(_items(x), _items(y), false))",
    "CREATE MACRO _arrays_overlap(x, y) AS list_has_any(_items(x), _items(y))",
    "CREATE MACRO _keyed(e) AS CASE WHEN e IS NOT NULL THEN"
    " {'n': TRY_CAST(e ->> '$' AS DOUBLE), 't': e ->> '$', 'v': e} END",
    "CREATE MACRO _array_sort(x, is_ascending, nulls_first) AS to_json(list_transform("
    "CASE WHEN is_ascending AND nulls_first THEN list_sort(list_transform(_items(x), lambda e:"
    " _keyed(e)), 'ASC', 'NULLS FIRST') WHEN is_ascending THEN list_sort(list_transform("
    "_items(x), lambda e: _keyed(e)), 'ASC', 'NULLS LAST') ELSE list_sort(list_transform("
    "_items(x), lambda e: _keyed(e)), 'DESC', 'NULLS FIRST') END, lambda e: e.v))",
    "CREATE MACRO _extreme(x, sign) AS list_reduce(list_filter(_items(x), lambda e:"
    " e IS NOT NULL), lambda a, e: CASE WHEN (_keyed(e) > _keyed(a)) = (sign > 0)"
    " THEN e ELSE a END)",
    "CREATE MACRO _array_flatten(x) AS to_json(flatten(from_json(to_json(x), '[[\"JSON\"]]')))",
    "CREATE MACRO _array_remove(x, v) AS"
    " to_json(list_filter(_items(x), lambda e: e IS NULL OR e <> to_json(v)))",
    "CREATE MACRO _array_insert(x, i, v) AS to_json(list_concat(list_append("
    "_items(x)[1:i], to_json(v)), _items(x)[i + 1:]))",
    "CREATE MACRO _to_array(x) AS CASE WHEN x IS NULL OR json_type(to_json(x)) = 'ARRAY'"
    " THEN to_json(x) ELSE to_json([to_json(x)]) END",
    "CREATE MACRO _split_text(x, s) AS CASE WHEN s = '' THEN [x] ELSE string_split(x, s) END",
    "CREATE MACRO _range(i, j, step) AS to_json(range(i::BIGINT, j::BIGINT, step::BIGINT))",
)


def _array(node: exp.Array) -> exp.Expr:
    if not node.expressions:
        return exp.cast(exp.Literal.string("[]"), "JSON")
    return call("json_array", *node.expressions, type_="JSON")


def _macro(name: str, *arguments: str, type_: str = "JSON") -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        return call(name, *(node.args.get(one) for one in arguments), type_=type_)

    return build


def _both(name: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        return call(name, *node.iter_expressions(), type_="JSON")

    return build


def _concat(node: exp.ArrayConcat) -> exp.Expr:
    return call("_array_cat", node.this, *node.expressions, type_="JSON")


def _sort(node: exp.ArraySort) -> exp.Expr:
    ascending = node.args.get("asc") or exp.true()
    nulls_first = node.args.get("nulls_first") or exp.false()
    return call("_array_sort", node.this, ascending, nulls_first, type_="JSON")


def _split(node: exp.Split) -> exp.Expr:
    value, separator = plain(node.this), node.expression
    return call("to_json", call("_split_text", value, separator), type_="JSON")


def _series(node: exp.GenerateSeries) -> exp.Expr:
    step = node.args.get("step") or exp.Literal.number(1)
    return call("_range", node.args["start"], node.args["end"], step, type_="JSON")


_THIS_AND_EXPRESSION = ("this", "expression")

RULES = Rules(
    nodes={
        exp.Array: _array,
        exp.ArrayAppend: _macro("_array_append", *_THIS_AND_EXPRESSION),
        exp.ArrayCompact: _macro("_array_compact", "this"),
        exp.ArrayConcat: _concat,
        exp.ArrayContains: _macro("_array_contains", *_THIS_AND_EXPRESSION, type_="BOOLEAN"),
        exp.ArrayDistinct: _macro("_array_distinct", "this"),
        exp.ArrayExcept: _macro("_array_except", *_THIS_AND_EXPRESSION),
        exp.ArrayInsert: _macro("_array_insert", "this", "position", "expression"),
        exp.ArrayIntersect: _both("_array_intersection"),
        exp.ArrayMax: lambda node: call("_extreme", node.this, exp.Literal.number(1), type_="JSON"),
        exp.ArrayMin: lambda node: call(
            "_extreme", node.this, exp.Literal.number(-1), type_="JSON"
        ),
        exp.ArrayOverlaps: _macro("_arrays_overlap", *_THIS_AND_EXPRESSION, type_="BOOLEAN"),
        exp.ArrayPosition: _macro("_array_position", *_THIS_AND_EXPRESSION, type_="BIGINT"),
        exp.ArrayPrepend: _macro("_array_prepend", *_THIS_AND_EXPRESSION),
        exp.ArrayRemove: _macro("_array_remove", *_THIS_AND_EXPRESSION),
        exp.ArraySize: _macro("_array_size", "this", type_="BIGINT"),
        exp.ArraySlice: _macro("_array_slice", "this", "start", "end"),
        exp.ArraySort: _sort,
        exp.ArrayToString: _macro("_array_text", *_THIS_AND_EXPRESSION, type_="TEXT"),
        exp.Flatten: _macro("_array_flatten", "this"),
        exp.GenerateSeries: _series,
        exp.Split: _split,
        exp.ToArray: _macro("_to_array", "this"),
    },
    macros=_MACROS,
)

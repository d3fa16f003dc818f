"""Variants: paths, objects, and their conversion beside other types."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import NUMBERS, has_kind, kind_of

_MACROS = (
    # A macro's branches with other types do not run: DuckDB knows the type of its argument.
    "CREATE MACRO _plain(x) AS CASE WHEN typeof(x) = 'JSON' THEN (TRY_CAST(x AS JSON) ->> '$')"
    " ELSE x::VARCHAR END",
    "CREATE MACRO _compact(x) AS regexp_replace(x, '\"[^\"]*\":null,?', '', 'g')",
    "CREATE MACRO _json(x) AS coalesce(TRY_CAST(x AS JSON),"
    " CASE WHEN x IS NULL OR trim(x) = '' THEN NULL"
    " ELSE error('=Error parsing JSON: ' || x) END)",
    "CREATE MACRO _try_json(x) AS TRY_CAST(x AS JSON)",
    "CREATE MACRO _json_kind(x) AS CASE json_type(x) WHEN 'UBIGINT' THEN 'INTEGER'"
    " WHEN 'BIGINT' THEN 'INTEGER' WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'DOUBLE' THEN 'DECIMAL'"
    " ELSE json_type(x) END",
    "CREATE MACRO _is_json(x, kind) AS CASE WHEN x IS NOT NULL THEN _json_kind(x) = kind END",
    "CREATE MACRO _sort_key(x) AS CASE WHEN x IS NOT NULL THEN {'a': json_type(x) IN"
    " ('UBIGINT', 'BIGINT', 'DOUBLE'), 'b': TRY_CAST(x ->> '$' AS DOUBLE), 'c': x ->> '$'} END",
    "CREATE MACRO _item(x, k) AS CASE WHEN typeof(k) = 'VARCHAR'"
    " THEN json_extract(to_json(x), '$.\"' || k::VARCHAR || '\"')"
    " WHEN json_type(to_json(x)) = 'ARRAY' AND k::VARCHAR NOT LIKE '-%'"
    " THEN json_extract(to_json(x), '$[' || k::VARCHAR || ']') END",
    "CREATE MACRO _object(keys, vals) AS to_json(map_from_entries(list_filter("
    "list_zip(keys, vals), lambda e: e[1] IS NOT NULL AND e[2] IS NOT NULL)))",
    "CREATE MACRO _keeping(keys, vals) AS to_json(map_from_entries(list_filter("
    "list_zip(keys, vals), lambda e: e[1] IS NOT NULL)))",
    "CREATE MACRO _members(x) AS"
    " list_transform(json_keys(x), lambda k: (k, json_extract(x, '$.\"' || k || '\"')))",
    "CREATE MACRO _without(x, names) AS to_json(map_from_entries("
    "list_filter(_members(x), lambda e: NOT list_contains(names, e[1]))))",
    "CREATE MACRO _picked(x, names) AS to_json(map_from_entries("
    "list_filter(_members(x), lambda e: list_contains(names, e[1]))))",
    "CREATE MACRO _inserted(x, k, v) AS CASE WHEN v IS NULL THEN x ELSE"
    " to_json(map_concat(map_from_entries(_members(x)), map([k], [to_json(v)]))) END",
    "CREATE MACRO _object_agg(k, v) AS to_json(map_from_entries(list((k, to_json(v)) ORDER BY k)"
    " FILTER (WHERE k IS NOT NULL AND v IS NOT NULL)))",
)


def plain(node: exp.Expr) -> exp.Expr:
    """Return a variant, or a value that may be one, as its text; others as they are."""
    if has_kind(node, "json"):
        return call("_plain", node, type_="TEXT")
    if kind_of(node) == "unknown" and isinstance(node, exp.Column):
        return call("_plain", node, type_="TEXT")
    return node


def as_text(node: exp.Expr) -> exp.Expr:
    """Return a variant as its text; others as they are."""
    return call("_plain", node, type_="TEXT") if has_kind(node, "json") else node


def as_number(node: exp.Expr) -> exp.Expr:
    """Return a variant as a number; others as they are."""
    if not has_kind(node, "json"):
        return node
    number = exp.cast(call("_plain", node), "DOUBLE")
    number.type = exp.DataType.build("DOUBLE")
    return number


def _compare(node: exp.Binary) -> exp.Expr:
    """A variant is compared as a value of the other side's type."""
    left, right = node.this, node.expression
    for text_, other in ((left, right), (right, left)):
        if has_kind(text_, "text") and has_kind(other, *NUMBERS):
            text_.replace(exp.cast(text_.copy(), "DECIMAL(38, 9)"))
    if has_kind(left, "json") == has_kind(right, "json"):
        return node
    variant, other = (left, right) if has_kind(left, "json") else (right, left)
    if has_kind(other, *NUMBERS):
        converted = as_number(variant)
    elif has_kind(other, "boolean", "date", "timestamp"):
        converted = exp.cast(call("_plain", variant), other.type or "TEXT")
    else:
        converted = as_text(variant)
    is_left = variant is left
    return type(node)(
        this=converted if is_left else left, expression=right if is_left else converted
    )


def _in(node: exp.In) -> exp.Expr:
    first = next(iter(node.expressions), None)
    if first is not None and has_kind(node.this, "json"):
        convert = as_number if has_kind(first, *NUMBERS) else as_text
        node.set("this", convert(node.this.copy()))
    return node


def _between(node: exp.Between) -> exp.Expr:
    if has_kind(node.this, "json"):
        convert = as_number if has_kind(node.args["low"], *NUMBERS) else as_text
        node.set("this", convert(node.this.copy()))
    return node


def _numeric(node: exp.Expr) -> exp.Expr:
    """Arithmetic and sums take a variant as a number."""
    for name in ("this", "expression"):
        if (value := node.args.get(name)) is not None and has_kind(value, "json"):
            node.set(name, as_number(value.copy()))
    return node


def texts_of(node: exp.Expr) -> exp.Expr:
    """Functions of texts take a variant as a text."""
    for value in list(node.iter_expressions()):
        if has_kind(value, "json"):
            value.replace(as_text(value.copy()))
    return node


def _extreme(function: str) -> Rewrite:
    def build(node: exp.Max | exp.Min) -> exp.Expr:
        if not has_kind(node.this, "json"):
            return node
        return call(function, node.this, call("_sort_key", node.this.copy()), type_="JSON")

    return build


def _ordered(node: exp.Ordered) -> exp.Expr:
    if has_kind(node.this, "json"):
        node.set("this", call("_sort_key", node.this.copy()))
    return node


def _extract(node: exp.JSONExtract) -> exp.Expr:
    node.type = exp.DataType.build("JSON")
    return node


def _bracket(node: exp.Bracket) -> exp.Expr:
    [key] = node.expressions
    return _item(node.this, key)


def _get(node: exp.GetExtract) -> exp.Expr:
    return _item(node.this, node.expression)


def _item(value: exp.Expr, key: exp.Expr) -> exp.Expr:
    if isinstance(key, exp.Literal):
        path = f'$."{key.name}"' if key.is_string else f"$[{key.name}]"
        return call("json_extract", call("to_json", value), text(path), type_="JSON")
    return call("_item", value, key, type_="JSON")


def _parse(node: exp.ParseJSON) -> exp.Expr:
    name = "_try_json" if node.args.get("safe") else "_json"
    return call(name, plain(node.this), type_="JSON")


def _objects(macro: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        keys: list[exp.Expr] = []
        values: list[exp.Expr] = []
        for pair in node.expressions:
            key = pair.this
            keys.append(text(key.name) if isinstance(key, exp.Identifier) else key)
            values.append(call("to_json", pair.expression))
        if not keys:
            return exp.cast(text("{}"), "JSON")
        lists = exp.Array(expressions=keys), exp.Array(expressions=values)
        return call(macro, *lists, type_="JSON")

    return build


def _macro(name: str, type_: str = "JSON", *, is_listed: bool = False) -> Rewrite:
    """Return a call of a macro on JSON; `is_listed` collects the arguments behind the first."""

    def build(node: exp.Expr) -> exp.Expr:
        first, *others = node.iter_expressions()
        value = call("to_json", first, type_="JSON")
        shown = [exp.Array(expressions=others)] if is_listed else others
        return call(name, value, *shown, type_=type_)

    return build


def _kind_test(kind: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return call("_is_json", call("to_json", value), text(kind), type_="BOOLEAN")

    return build


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_NUMERIC = (exp.Mod, exp.Neg, exp.Sum, exp.Abs)
_TEXTS = (
    exp.Contains,
    exp.EndsWith,
    exp.ILike,
    exp.Initcap,
    exp.Left,
    exp.Length,
    exp.Like,
    exp.Lower,
    exp.Pad,
    exp.Replace,
    exp.Right,
    exp.SplitPart,
    exp.StartsWith,
    exp.StrPosition,
    exp.Substring,
    exp.Trim,
    exp.DPipe,
)

RULES = Rules(
    nodes={
        **dict.fromkeys(_COMPARISONS, _compare),
        **dict.fromkeys(_NUMERIC, _numeric),
        **dict.fromkeys(_TEXTS, texts_of),
        exp.Between: _between,
        exp.Bracket: _bracket,
        exp.GetExtract: _get,
        exp.In: _in,
        exp.JSONExtract: _extract,
        exp.JSONKeys: _macro("json_keys"),
        exp.JSONObject: _objects("_keeping"),
        exp.ObjectInsert: _macro("_inserted"),
        exp.Max: _extreme("arg_max"),
        exp.Min: _extreme("arg_min"),
        exp.Ordered: _ordered,
        exp.ParseJSON: _parse,
        exp.Struct: _objects("_object"),
        exp.Typeof: _macro("_json_kind", "TEXT"),
        exp.IsNullValue: _kind_test("NULL_VALUE"),
        exp.ObjectAgg: lambda node: call("_object_agg", node.this, node.expression, type_="JSON"),
    },
    functions={
        "object_delete": _macro("_without", is_listed=True),
        "object_pick": _macro("_picked", is_listed=True),
        "is_array": _kind_test("ARRAY"),
        "is_object": _kind_test("OBJECT"),
        "is_varchar": _kind_test("VARCHAR"),
        "is_boolean": _kind_test("BOOLEAN"),
        "is_integer": _kind_test("INTEGER"),
    },
    macros=_MACROS,
)

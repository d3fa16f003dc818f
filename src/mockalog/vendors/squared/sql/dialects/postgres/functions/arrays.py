"""Arrays (manual, 9.19), and sets of rows in the select list."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text

MACROS = (
    "CREATE MACRO _pg_array_length(x, n) AS CASE WHEN n = 1 THEN nullif(len(x), 0) END",
    "CREATE MACRO _pg_array_lower(x, n) AS CASE WHEN n = 1 AND len(x) > 0 THEN 1 END",
    "CREATE MACRO _pg_array_dims(x) AS CASE WHEN len(x) > 0 THEN '[1:' || len(x) || ']' END",
    "CREATE MACRO _pg_array_ndims(x) AS CASE WHEN len(x) > 0 THEN 1 END",
    "CREATE MACRO _pg_array_position(x, e) AS nullif(list_position(x, e), 0)",
    "CREATE MACRO _pg_array_positions(x, e) AS list_filter(generate_series(1, len(x)),"
    " lambda _i: x[_i] IS NOT DISTINCT FROM e)",
    "CREATE MACRO _pg_array_remove(x, e) AS list_filter(x, lambda _i: _i IS DISTINCT FROM e)",
    "CREATE MACRO _pg_array_replace(x, e, n) AS list_transform(x,"
    " lambda _i: CASE WHEN _i IS NOT DISTINCT FROM e THEN n ELSE _i END)",
    "CREATE MACRO _pg_trim_array(x, n) AS x[:len(x) - n]",
    "CREATE MACRO _pg_array_sort(x) AS list_sort(x, 'ASC', 'NULLS LAST')",
    "CREATE MACRO _pg_prepend(e, x) AS list_prepend(e, x)",
    "CREATE MACRO _pg_array_text(x, d) AS array_to_string(list_filter(x,"
    " lambda _i: _i IS NOT NULL), d)",
    "CREATE MACRO _pg_array_text_null(x, d, n) AS array_to_string(list_transform(x,"
    " lambda _i: coalesce(_i::VARCHAR, n)), d)",
    "CREATE MACRO _pg_string_array(x, d) AS CASE WHEN x = '' THEN [] ELSE string_split(x, d) END",
    "CREATE MACRO _pg_string_array_null(x, d, n) AS list_transform(_pg_string_array(x, d),"
    " lambda _i: nullif(_i, n))",
    "CREATE MACRO _pg_nulls(x) AS len(list_filter(x, lambda _i: _i IS NULL))",
)


def _by_count(two: str, three: str) -> Any:
    def rule(node: exp.Anonymous) -> exp.Expr:
        return call(two if len(node.expressions) == 2 else three, *node.expressions)

    return rule


def _table(node: exp.Anonymous) -> exp.Expr:
    name = "_pg_string_array" if len(node.expressions) == 2 else "_pg_string_array_null"
    return call("unnest", call(name, *node.expressions))


def _series(node: exp.Anonymous) -> exp.Expr:
    """Return the numbers or instants in the select list, one a row."""
    given = node.expressions
    if pg(node) in ("timestamp", "timestamptz"):
        kind = "TIMESTAMP" if pg(node) == "timestamp" else "TIMESTAMPTZ"
        given = [exp.cast(given[0], kind), exp.cast(given[1], kind), *given[2:]]
    return typed(call("unnest", call("generate_series", *given)), pg(node))  # type: ignore[no-any-return]


def _element(node: exp.Bracket) -> exp.Expr:
    """Return an element; there is none before the first."""
    [at] = node.expressions
    if pg(node.this) == "jsonb":
        return call("json_extract", node.this, _json_path(at))
    if isinstance(at, exp.Neg) or (isinstance(at, exp.Literal) and int(at.name) < 0):
        return exp.Null()
    return node


def _json_path(at: Any) -> exp.Expr:
    if isinstance(at, exp.Literal) and at.is_string:
        return text(f'$."{at.name}"')
    number = -int(at.this.name) if isinstance(at, exp.Neg) else int(at.name)
    return text(f"$[{number + 1}]")


def _overlaps(node: exp.ArrayOverlaps) -> exp.Expr:
    return call("list_has_any", node.this, node.expression)


def _nulls(node: exp.Anonymous) -> exp.Expr:
    """Return how many arguments are null, or are not."""
    checks = [exp.Is(this=one, expression=exp.Null()) for one in node.expressions]
    is_null = node.name.lower() == "num_nulls"
    total: exp.Expr = exp.Literal.number(0)
    for one in checks:
        truth = exp.Paren(this=one) if is_null else exp.Not(this=exp.Paren(this=one))
        total = exp.Add(this=total, expression=exp.cast(truth, "INT"))
    return exp.Paren(this=total)


def _ordinality(node: exp.Anonymous) -> exp.Expr:
    """Return the number of each row of a set."""
    [rows] = node.expressions
    return call("generate_subscripts", rows.expressions[0], exp.Literal.number(1))


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {exp.Bracket: _element, exp.ArrayOverlaps: _overlaps}
FUNCTIONS = {
    "_pg_ordinality": _ordinality,
    "array_append": "list_append",
    "array_cat": "list_concat",
    "array_dims": "_pg_array_dims",
    "array_length": "_pg_array_length",
    "array_lower": "_pg_array_lower",
    "array_ndims": "_pg_array_ndims",
    "array_position": "_pg_array_position",
    "array_positions": "_pg_array_positions",
    "array_prepend": "_pg_prepend",
    "array_remove": "_pg_array_remove",
    "array_replace": "_pg_array_replace",
    "array_reverse": "list_reverse",
    "array_sort": "_pg_array_sort",
    "array_to_string": _by_count("_pg_array_text", "_pg_array_text_null"),
    "array_upper": "_pg_array_length",
    "cardinality": "len",
    "generate_series": _series,
    "num_nonnulls": _nulls,
    "num_nulls": _nulls,
    "string_to_array": _by_count("_pg_string_array", "_pg_string_array_null"),
    "string_to_table": _table,
    "trim_array": "_pg_trim_array",
}

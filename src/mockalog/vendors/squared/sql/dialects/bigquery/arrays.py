"""Arrays: places from 0 or 1, rows of their elements, series.

Source: GoogleSQL reference, "Array functions" and "UNNEST operator".
"""

from typing import Any

from sqlglot import exp, parse_one

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind

_MACROS = (
    "CREATE MACRO _element(a, i, base) AS CASE WHEN i - base BETWEEN 0 AND len(a) - 1"
    " THEN a[i - base + 1] WHEN a IS NOT NULL AND i IS NOT NULL"
    " THEN error('=invalidQuery: Array index ' || i || ' is out of bounds (overflow)') END",
    "CREATE MACRO _safe_element(a, i, base) AS CASE WHEN i - base >= 0 THEN a[i - base + 1] END",
    "CREATE MACRO _numbered(a) AS list_transform(range(1, len(a) + 1),"
    " lambda i: {'v': a[i], 'o': i - 1})",
    "CREATE MACRO _dates(a, b, step) AS list_transform("
    "generate_series(a::TIMESTAMP, b::TIMESTAMP, step), lambda d: d::DATE)",
    "CREATE MACRO _range_bucket(x, a) AS len(list_filter(a, lambda e: e <= x))",
    "CREATE MACRO _array_text(a, separator, absent) AS"
    " array_to_string(list_transform(a, lambda e: coalesce(e, absent)), separator)",
)
_ROWS = "SELECT p.v AS v, p.o AS o FROM (SELECT UNNEST(_numbered(1)) AS p) AS _rows"


def _bracket(node: exp.Bracket) -> exp.Expr:
    [place] = node.expressions
    if place.is_string:
        return call("json_extract", node.this, text(f'$."{place.name}"'), type_="JSON")
    if has_kind(node.this, "json"):
        return call("json_extract", node.this, place, type_="JSON")
    base = exp.Literal.number(int(node.args.get("offset") or 0))
    result = call("_safe_element" if node.args.get("safe") else "_element", node.this, place, base)
    result.type = node.type
    return result


def _rows(tree: exp.Query) -> exp.Query:
    """Elements with their places, counted from 0."""
    for node in list(tree.find_all(exp.Unnest)):
        columns = node.args["alias"].columns if node.args.get("alias") else ()
        if not isinstance(node.parent, exp.From | exp.Join) or not columns:
            continue
        if (
            isinstance(node.parent, exp.Join)
            and node.parent.side
            and not node.parent.args.get("on")
        ):
            node.parent.set("on", exp.true())
        _replace(tree, node, columns[0].name)
    return tree


def _replace(tree: exp.Query, node: exp.Unnest, name: str) -> None:
    query: Any = parse_one(_ROWS, read="duckdb")
    offset = node.args.get("offset")
    query.expressions[0].set("alias", exp.to_identifier(name, quoted=True))
    place = offset.name if isinstance(offset, exp.Identifier) else "_place"
    query.expressions[1].set("alias", exp.to_identifier(place, quoted=True))
    [numbered] = query.find_all(exp.Anonymous)
    numbered.set("expressions", [one.copy() for one in node.expressions])
    table = node.args["alias"].this or exp.to_identifier("_elements")
    element = node.expressions[0].type
    for column in tree.find_all(exp.Column):
        if column.table == table.name and column.name == name and element and element.expressions:
            column.type = element.expressions[0]
    node.replace(exp.Subquery(this=query, alias=exp.TableAlias(this=table.copy())))


def _dates(node: exp.GenerateDateArray) -> exp.Expr:
    step = node.args.get("step") or exp.Interval(this=text("1"), unit=exp.var("DAY"))
    return call("_dates", node.args["start"], node.args["end"], step, type_="ARRAY<DATE>")


def _text(node: exp.ArrayToString) -> exp.Expr:
    absent = node.args.get("null")
    if absent is None:
        return call("array_to_string", node.this, node.expression, type_="TEXT")
    return call("_array_text", node.this, node.expression, absent, type_="TEXT")


RULES = Rules(
    trees=(_rows,),
    nodes={
        exp.ArrayToString: _text,
        exp.Bracket: _bracket,
        exp.GenerateDateArray: _dates,
        exp.RangeBucket: lambda node: call("_range_bucket", node.this, node.expression),
    },
    macros=_MACROS,
)

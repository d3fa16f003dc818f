"""FLATTEN, SPLIT_TO_TABLE and GENERATOR: functions that give rows."""

from typing import Any

from sqlglot import exp, parse_one

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.recursion import mark_recursion
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    "CREATE MACRO _entry(k, p, i, v, t) AS"
    " {'key': k::VARCHAR, 'path': p::VARCHAR, 'index': i::BIGINT, 'value': v, 'this': t}",
    "CREATE MACRO _entries_of(x, before) AS CASE json_type(x)"
    " WHEN 'ARRAY' THEN list_transform(range(json_array_length(x)::BIGINT), lambda i: _entry("
    "NULL, before || '[' || i || ']', i, json_extract(x, '$[' || i || ']'), x))"
    " WHEN 'OBJECT' THEN list_transform(list_sort(json_keys(x)), lambda k: _entry(k,"
    " CASE WHEN before = '' THEN k ELSE before || '.' || k END, NULL,"
    " json_extract(x, '$.\"' || k || '\"'), x))"
    " ELSE [] END",
    "CREATE MACRO _entries(x, before, is_outer) AS CASE"
    " WHEN is_outer AND len(coalesce(_entries_of(to_json(x), before), [])) = 0"
    " THEN [_entry(NULL, NULL, NULL, NULL::JSON, to_json(x))]"
    " ELSE _entries_of(to_json(x), before) END",
    "CREATE MACRO _split_parts(t, s) AS list_transform(range(1, len(string_split(t, s)) + 1),"
    " lambda i: {'i': i, 'v': string_split(t, s)[i]})",
)
_ROWS = """
    SELECT e.key AS "KEY", e.path AS "PATH", e.index AS "INDEX", e.value AS "VALUE",
    e.this AS "THIS" FROM (SELECT UNNEST(_entries(1, 2, 3)) AS e) AS _rows
"""
_SPLIT = """
    SELECT e.i AS "INDEX", e.v AS "VALUE" FROM (SELECT UNNEST(_split_parts(1, 2)) AS e) AS _rows
"""
_TYPES = {"VALUE": "JSON", "THIS": "JSON", "INDEX": "BIGINT", "KEY": "TEXT", "PATH": "TEXT"}


def _flatten(tree: exp.Query) -> exp.Query:
    for node in list(tree.find_all(exp.Lateral, exp.TableFromRows)):
        if isinstance(node.this, exp.Explode):
            _replace(tree, node, _entries(node.this), _TYPES)
        elif isinstance(node.this, exp.SplitToTable):
            _replace(tree, node, _split(node.this), {"VALUE": "TEXT", "INDEX": "BIGINT"})
    return tree


def _value_names(tree: exp.Query) -> exp.Query:
    """The columns of VALUES are column1, column2 and so on."""
    for values in tree.find_all(exp.Values):
        alias = values.args.get("alias")
        if alias is None or not all(one.name.startswith("_COL_") for one in alias.columns):
            continue
        count = len(values.expressions[0].expressions) or 1
        names = [exp.to_identifier(f"COLUMN{at + 1}") for at in range(count)]
        alias.set("columns", names)
    return tree


def _replace(tree: exp.Query, node: exp.Expr, query: exp.Query, types: dict[str, str]) -> None:
    name = node.alias or "_flattened"
    node.replace(exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(name))))
    for column in tree.find_all(exp.Column):
        type_ = types.get(column.name.upper())
        if type_ is not None and column.table.lower() == name.lower():
            column.type = exp.DataType.build(type_)


def _entries(node: exp.Explode) -> Any:
    arguments = _arguments(node)
    if "recursive" in arguments or "mode" in arguments:
        raise QueryError("exact", name="FLATTEN's RECURSIVE and MODE are not emulated")
    value, path = arguments["input"], arguments.get("path")
    if path is not None:
        value = call("json_extract", call("to_json", value), text(f"$.{path.name}"))
    before = text(path.name if path is not None else "")
    is_outer = arguments.get("outer") or exp.false()
    return _filled(_ROWS, "_entries", [value, before, is_outer])


def _arguments(node: exp.Explode) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for one in (node.this, *node.expressions):
        if isinstance(one, exp.Kwarg | exp.PropertyEQ):
            given[one.this.name.lower()] = one.expression
        else:
            given["input"] = one
    return given


def _split(node: exp.SplitToTable) -> Any:
    return _filled(_SPLIT, "_split_parts", [node.this, node.expression])


# Any: sqlglot gives no query.
def _filled(query: str, name: str, arguments: list[exp.Expr]) -> Any:
    """Return a query with the arguments of one of its calls."""
    tree: Any = parse_one(query, read="duckdb")
    [node] = [one for one in tree.find_all(exp.Anonymous) if one.name == name]
    node.replace(call(name, *(one.copy() for one in arguments)))
    return tree


RULES = Rules(trees=(mark_recursion, _value_names, _flatten), macros=_MACROS)

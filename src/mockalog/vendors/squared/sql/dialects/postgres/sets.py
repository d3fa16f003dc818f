"""Functions in FROM: each becomes a query whose select list gives its rows."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import call
from mockalog.vendors.squared.sql.problems import QueryError

_COLUMNS = {
    "jsonb_array_elements": ("value",),
    "json_array_elements": ("value",),
    "jsonb_array_elements_text": ("value",),
    "json_array_elements_text": ("value",),
    "jsonb_each": ("key", "value"),
    "json_each": ("key", "value"),
    "jsonb_each_text": ("key", "value"),
    "json_each_text": ("key", "value"),
}
"""The columns of functions that name them."""

_RECORDS = ("jsonb_to_recordset", "json_to_recordset", "jsonb_to_record", "json_to_record")


def resolve(tree: exp.Query) -> exp.Query:
    """Return the tree with queries in place of functions in FROM."""
    while isinstance(tree, exp.Subquery) and not any(
        value for key, value in tree.args.items() if key != "this"
    ):
        tree = tree.this
    for values in tree.find_all(exp.Values):
        _name_columns(values)
    for node in list(tree.find_all(exp.Table, exp.Lateral, exp.Unnest)):
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            _check_schema(node)
        inner: Any = node if isinstance(node, exp.Unnest) else node.this
        if isinstance(inner, exp.Anonymous | exp.Unnest) and node.parent is not None:
            node.replace(_query(node, inner))
    return tree


def _name_columns(values: exp.Values) -> None:
    """Give the columns of VALUES their names."""
    alias = values.args.get("alias")
    first = values.expressions[0] if values.expressions else None
    if alias is not None and not alias.args.get("columns") and isinstance(first, exp.Tuple):
        count = len(first.expressions)
        names = [exp.to_identifier(f"column{at}") for at in range(1, count + 1)]
        alias.set("columns", names)


def _check_schema(table: exp.Table) -> None:
    table.set("only", None)
    if table.db and table.db.lower() != "public":
        raise QueryError("table", name=".".join(part.name for part in table.parts))


def _query(node: Any, inner: Any) -> exp.Expr:
    name = inner.name.lower() if isinstance(inner, exp.Anonymous) else "unnest"
    alias = node.args.get("alias")
    given = list(alias.args.get("columns") or ()) if alias else []
    if name in _RECORDS:
        return _lateral(_record(inner, given), _named(alias, name), [])
    offset = node.args.get("offset") or (node.args.get("ordinality") or None)
    calls = _calls(name, inner)
    names = _names(name, alias, given, len(calls))
    selected: list[Any] = [
        exp.alias_(one, column) for one, column in zip(calls, names, strict=False)
    ]
    if offset is not None:
        last = (
            offset.name
            if isinstance(offset, exp.Identifier)
            else (names[len(calls)] if len(names) > len(calls) else "ordinality")
        )
        selected.append(exp.alias_(call("_pg_ordinality", calls[0].copy()), last))
    table = _named(alias, name)
    _point(node, table, names)
    return _lateral(exp.select(*selected), table, names)


def _named(alias: Any, name: str) -> str:
    return str(alias.name) if alias and alias.name else name


def _names(name: str, alias: Any, given: Sequence[Any], count: int) -> Sequence[str]:
    if given:
        names = [one.name for one in given]
        return [*names, *_COLUMNS.get(name, ())[len(names) :]]
    columns = _COLUMNS.get(name)
    return columns or ([_named(alias, name)] if count == 1 else ["unnest"] * count)


def _calls(name: str, inner: Any) -> Sequence[exp.Expr]:
    if isinstance(inner, exp.Unnest):
        return [call("unnest", one.copy()) for one in inner.expressions]
    if name.endswith(("_each", "_each_text")) and name.startswith("json"):
        value = inner.expressions[0]
        kind = "_pg_json_each_text" if name.endswith("text") else "_pg_json_each_value"
        return [call("_pg_json_each_key", value.copy()), call(kind, value.copy())]
    return [inner.copy()]


def _record(inner: exp.Anonymous, given: Sequence[Any]) -> exp.Select:
    """Return the columns that the query declares."""
    value: Any = inner.expressions[0].copy()
    if inner.name.lower().endswith("set"):
        value = call("jsonb_array_elements", exp.cast(value, "JSONB"))
    rows = exp.select(exp.alias_(exp.cast(value, "JSONB"), "_row"))
    columns = []
    for one in given:
        found = exp.JSONExtractScalar(
            this=exp.column("_row", "_rows"),
            expression=exp.JSONPath(
                expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=one.name)]
            ),
            only_json_types=True,
        )
        columns.append(exp.alias_(exp.cast(found, one.args["kind"]), one.name))
    return exp.select(*columns).from_(rows.subquery("_rows"))


def _lateral(query: exp.Select, table: str, names: Sequence[str]) -> exp.Expr:
    alias = exp.TableAlias(this=exp.to_identifier(table))
    return exp.Lateral(this=exp.Subquery(this=query), alias=alias)


def _point(node: Any, table: str, names: Sequence[str]) -> None:
    """Let the name of a function with one column also mean its value."""
    select = node.find_ancestor(exp.Select)
    if select is None or len(names) != 1 or names[0] == table:
        return
    for column in list(select.find_all(exp.Column)):
        if column.name.lower() == table.lower() and not column.table:
            column.replace(exp.column(names[0], table))

"""The types of functions' results."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types import catalog
from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import UNKNOWN, common_type, shown
from mockalog.vendors.squared.sql.dialects.postgres.types.literals import literal
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import DUCKDB, is_unknown, pg, typed
from mockalog.vendors.squared.sql.problems import QueryError

CONCRETE = frozenset({*DUCKDB, *(f"{one}[]" for one in DUCKDB)})
"""The types that a text literal can become."""

# The functions with a syntax of their own, by the node that stands for each.
_SYNTAX: dict[type[exp.Expr], str] = {
    exp.Substring: "substring",
    exp.StrPosition: "position",
    exp.Overlay: "overlay",
    exp.Normalize: "normalize",
}
_ARGUMENTS = ("this", "substr", "expression", "start", "from_", "length", "for_")
# Functions whose kinds of arguments the catalog does not describe.
_FREE = {
    "row": "record",
    "all": "bool",
    "date": "date",
    "_pg_ordinality": "int8",
    "_pg_json_each_key": "text",
    "_pg_json_each_value": "jsonb",
    "_pg_json_each_text": "text",
}
_INSTANTS = ("date", "timestamp", "timestamptz")
_ORDERED = {"percentile_cont": "float8"}


# Any: any kind of node.
def is_call(node: Any, *names: str) -> bool:
    """Return whether a node calls one of these functions."""
    return isinstance(node, exp.Anonymous) and node.name.lower() in names


# Any: any kind of node.
def call_type(node: Any) -> str | None:
    """Return the type of a function's result; raises `QueryError` for an unknown function."""
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in _FREE:
            return _FREE[name]
        return _called(name, arguments(node), node)
    if isinstance(node, exp.Trim):
        parts = [node.this, *([node.expression] if node.args.get("expression") else [])]
        side = {"LEADING": "ltrim", "TRAILING": "rtrim"}
        name = side.get(str(node.args.get("position")), "btrim")
        return _called(name, parts, node, shown_name=f"pg_catalog.{name}")
    if isinstance(node, exp.Extract):
        return _extract_type(node)
    if type(node) in _SYNTAX:
        parts = [node.args[key] for key in _ARGUMENTS if node.args.get(key) is not None]
        return _called(_SYNTAX[type(node)], parts, node)
    return None


# Any: any kind of node.
def arguments(node: exp.Anonymous) -> Sequence[Any]:
    """Return the arguments of a call, without DISTINCT, ORDER BY and the star."""
    plain: list[Any] = []
    for one in node.expressions:
        inner = one.this if isinstance(one, exp.Order) else one
        plain.extend(inner.expressions if isinstance(inner, exp.Distinct) else [inner])
    return [one for one in plain if not isinstance(one, exp.Star)]


def _called(
    name: str, nodes: Sequence[Any], node: Any, shown_name: str | None = None
) -> str | None:
    types = [pg(one) for one in nodes]
    known = [UNKNOWN if one is None else one for one in types]
    found = catalog.function(name, known)
    if found is None and isinstance(node.parent, exp.WithinGroup):
        return None
    if found is None:
        listed = ", ".join(map(shown, known))
        raise QueryError("function", name=shown_name or name, types=listed)
    for one, wanted in zip(nodes, found.arguments, strict=True):
        if pg(one) in _INSTANTS and wanted in _INSTANTS and pg(one) != wanted:
            one.replace(typed(exp.cast(one.copy(), DUCKDB[wanted]), wanted))
        if is_unknown(one) and isinstance(one, exp.Literal) and wanted in CONCRETE - {"text"}:
            one.replace(literal(one.name, wanted))
    if found.is_set:
        node.meta["set"] = True
    return None if None in types and found.result.startswith("any") else found.result


def _extract_type(node: exp.Extract) -> str:
    if is_unknown(node.expression) or pg(node.expression) in (
        None,
        "date",
        "timestamp",
        "timestamptz",
        "time",
        "interval",
    ):
        return "numeric"
    types = f"unknown, {shown(pg(node.expression) or '')}"
    raise QueryError("function", name="pg_catalog.extract", types=types)


def ordered_type(node: exp.WithinGroup) -> str | None:
    """Return the type of an aggregate over ordered values."""
    ordered = node.expression.expressions[0].this
    name = node.this.name.lower() if isinstance(node.this, exp.Anonymous) else ""
    if name in _ORDERED and pg(ordered) != "interval":
        return _ORDERED[name]
    return pg(ordered)


# Any: any kind of node.
def source_type(source: Any, column: str) -> str | None:
    """Return the type of a column of a function in FROM."""
    inner = source.this if isinstance(source, exp.Table | exp.Lateral | exp.Subquery) else source
    type_ = pg(inner) if isinstance(inner, exp.Expr) else None
    if isinstance(source, exp.Values):
        return _of_values(source, column)
    return None if type_ in ("record", None) else type_


def _of_values(source: exp.Values, column: str) -> str | None:
    """Return the type of a column of VALUES."""
    names = [one.name.lower() for one in source.args["alias"].args.get("columns") or ()]
    rows = [one.expressions for one in source.expressions if isinstance(one, exp.Tuple)]
    if column.lower() not in names:
        return None
    at = names.index(column.lower())
    types = [pg(row[at]) for row in rows if at < len(row)]
    return common_type([one for one in types if one is not None])

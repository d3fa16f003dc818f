"""JSON made of values (manual, 9.16.3 and 9.21): its text is PostgreSQL's own."""

import json
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import INTEGERS, pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError


# Any: any kind of node.
def as_json(node: Any) -> Any:
    """Return the JSON text of a value."""
    type_ = pg(node)
    if node.meta.get("number"):
        return call("coalesce", node.copy(), text("null"))
    if "columns" in node.meta:
        return _row(node)
    if type_ is None or type_ == "record":
        raise QueryError("other", name="json of rows is not supported")
    if isinstance(node, exp.Null):
        return text("null")
    return call("coalesce", _value(node.copy(), type_), text("null"))


def _row(node: Any) -> exp.Expr:
    """Return a row as an object."""
    parts: list[Any] = [text("{")]
    for name, type_ in node.meta["columns"]:
        column = typed(exp.column(exp.to_identifier(name, quoted=True), node.name), type_)
        if type_ == "numeric":
            column = typed(call("_pg_number", column, call("_pg_scale", column.copy())), "text")
            column.meta["number"] = True
        before = "" if len(parts) == 1 else ","
        parts += [text(f"{before}{json.dumps(name, ensure_ascii=False)}:"), as_json(column)]
    return _joined([*parts, text("}")])


def _value(node: Any, type_: str) -> Any:
    if type_ in ("json", *INTEGERS, "numeric"):
        return exp.cast(node, "TEXT")
    if type_ == "jsonb":
        return call("_pg_json_text", node)
    if type_ == "bool":
        return exp.cast(node, "TEXT")
    if type_ in ("float4", "float8"):
        return call("_pg_double_text", node)
    if type_.endswith("[]"):
        element = typed(exp.column("_e"), type_[:-2])
        made = exp.Lambda(this=as_json(element), expressions=[exp.to_identifier("_e")])
        listed = call("array_to_string", call("list_transform", node, made), text(","))
        return exp.DPipe(this=exp.DPipe(this=text("["), expression=listed), expression=text("]"))
    return exp.cast(call("json_quote", _shown(node, type_)), "TEXT")


def _shown(node: Any, type_: str) -> Any:
    if type_ == "timestamp":
        return call("replace", exp.cast(node, "TEXT"), text(" "), text("T"))
    if type_ == "timestamptz":
        instant = exp.cast(exp.cast(node, "TIMESTAMP"), "TEXT")
        return call("concat", call("replace", instant, text(" "), text("T")), text("+00:00"))
    if type_ == "interval":
        return call("_pg_interval", node)
    return exp.cast(node, "TEXT")


def _joined(parts: list[Any]) -> exp.Expr:
    joined = parts[0]
    for one in parts[1:]:
        joined = exp.DPipe(this=joined, expression=one)
    return exp.Paren(this=joined)


def _is_binary(node: exp.Anonymous) -> bool:
    return node.name.lower().startswith("jsonb")


def _finished(node: Any, parts: list[Any]) -> exp.Expr:
    type_ = "jsonb" if _is_binary(node) else "json"
    return typed(exp.cast(_joined(parts), "JSON"), type_)  # type: ignore[no-any-return]


def _build_object(node: exp.Anonymous) -> exp.Expr:
    given = node.expressions
    if len(given) % 2:
        raise QueryError("other", name="argument list must have even number of elements")
    colon = ": " if _is_binary(node) else " : "
    parts: list[Any] = [text("{")]
    for at in range(0, len(given), 2):
        name = exp.cast(call("json_quote", exp.cast(given[at].copy(), "TEXT")), "TEXT")
        parts += [text(", ")] if at else []
        parts += [name, text(colon), as_json(given[at + 1])]
    return _finished(node, [*parts, text("}")])


def _build_array(node: exp.Anonymous) -> exp.Expr:
    parts: list[Any] = [text("[")]
    for at, one in enumerate(node.expressions):
        parts += [text(", ")] if at else []
        parts.append(as_json(one))
    return _finished(node, [*parts, text("]")])


def _aggregate(node: exp.Anonymous) -> exp.Expr:
    """Return an array of all rows' values; rows of json stand on lines of their own."""
    given = node.expressions[0]
    order = given if isinstance(given, exp.Order) else None
    inner = given.this if order is not None else given
    is_distinct = isinstance(inner, exp.Distinct)
    value = as_json(inner.expressions[0] if is_distinct else inner)
    is_row = "columns" in inner.meta and not _is_binary(node)
    return _around(node, _listed(value, order, is_distinct, is_row), "[", "]")


def _listed(
    value: Any, order: exp.Order | None, is_distinct: bool, is_row: bool = False
) -> exp.Expr:
    value = exp.Distinct(expressions=[value]) if is_distinct else value
    separator: Any = text(", \n " if is_row else ", ")
    if is_distinct and order is None:
        ordered = exp.Ordered(this=value.expressions[0].copy(), nulls_first=False)
        order = exp.Order(expressions=[ordered])
    if order is not None:
        separator = exp.Order(this=separator, expressions=[one.copy() for one in order.expressions])
    return call("string_agg", value, separator)


def _aggregate_object(node: exp.Anonymous) -> exp.Expr:
    key, last = node.expressions
    order = last if isinstance(last, exp.Order) else None
    value = as_json(last.this if order is not None else last)
    name = exp.cast(call("json_quote", exp.cast(key, "TEXT")), "TEXT")
    colon = ": " if _is_binary(node) else " : "
    member = exp.DPipe(this=exp.DPipe(this=name, expression=text(colon)), expression=value)
    blank = "" if _is_binary(node) else " "
    return _around(node, _listed(member, order, False), "{" + blank, blank + "}")


def _around(node: exp.Anonymous, aggregate: exp.Expr, begin: str, end: str) -> exp.Expr:
    if isinstance(node.parent, exp.Window | exp.Filter):
        # The brackets stand around what stands around the aggregate.
        node.parent.meta["brackets"] = begin, end, "jsonb" if _is_binary(node) else "json"
        return typed(aggregate, "text")  # type: ignore[no-any-return]
    return _finished(node, [text(begin), aggregate, text(end)])


# Any: any kind of node.
def bracketed(node: Any) -> exp.Expr:
    """Return an aggregate of JSON with its FILTER or OVER."""
    if (found := node.meta.pop("brackets", None)) is None:
        return node  # type: ignore[no-any-return]
    if isinstance(node.parent, exp.Window | exp.Filter):
        node.parent.meta["brackets"] = found
        return node  # type: ignore[no-any-return]
    begin, end, type_ = found
    joined = _joined([text(begin), node.copy(), text(end)])
    return typed(exp.cast(joined, "JSON"), type_)  # type: ignore[no-any-return]


def _to_json(node: exp.Anonymous) -> exp.Expr:
    [value] = node.expressions[:1]
    type_ = "jsonb" if node.name.lower() == "to_jsonb" else "json"
    null = exp.Is(this=value.copy(), expression=exp.Null(), negate=True)
    made = exp.cast(as_json(value), "JSON")
    if "columns" in value.meta:
        return typed(made, type_)  # type: ignore[no-any-return]
    return typed(exp.Case(ifs=[exp.If(this=null, true=made)]), type_)  # type: ignore[no-any-return]


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {exp.Filter: bracketed, exp.Window: bracketed}
_BOTH = {
    "agg": _aggregate,
    "object_agg": _aggregate_object,
    "build_object": _build_object,
    "build_array": _build_array,
}
FUNCTIONS = {
    **{f"{kind}_{name}": rule for kind in ("json", "jsonb") for name, rule in _BOTH.items()},
    "row_to_json": _to_json,
    "to_json": _to_json,
    "to_jsonb": _to_json,
    "array_to_json": _to_json,
}

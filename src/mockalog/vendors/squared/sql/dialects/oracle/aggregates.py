"""Aggregates: KEEP, RATIO_TO_REPORT.

Source: Oracle's SQL language reference, "FIRST", "LAST" and "RATIO_TO_REPORT".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    "CREATE MACRO _kept(entries, best) AS list_transform(list_filter(entries,"
    " lambda e: e.k IS NOT DISTINCT FROM best), lambda e: e.v)",
)
_AGGREGATES = {exp.Max: "max", exp.Min: "min", exp.Sum: "sum", exp.Avg: "avg", exp.Count: "count"}


def _window(node: exp.Window) -> exp.Expr:
    if str(node.args.get("over") or "").upper() == "KEEP":
        return _keep(node)
    function = node.this
    if isinstance(function, exp.Anonymous) and function.name.lower() == "ratio_to_report":
        [value] = function.expressions
        total = node.copy()
        total.set("this", exp.Sum(this=value.copy()))
        return exp.Div(
            this=exp.cast(value.copy(), "DOUBLE"), expression=exp.func("NULLIF", total, "0")
        )
    return node


def _keep(node: exp.Window) -> exp.Expr:
    """An aggregate of the rows that are the first or the last by an order."""
    function, keys = node.this, node.args["order"].expressions
    name = _AGGREGATES.get(type(function))
    if name is None or len(keys) != 1:
        raise QueryError("exact", name="this KEEP is not emulated")
    [key] = keys
    is_last, is_descending = not node.args.get("first"), bool(key.args.get("desc"))
    takes_greatest = is_last != is_descending
    best = call("max" if takes_greatest else "min", key.this.copy())
    pair = call("struct_pack")
    pair.set("expressions", [_named("v", function.this), _named("k", key.this)])
    chosen = call("_kept", call("list", pair), _best(key, best, is_last=is_last))
    result = call("list_aggregate", chosen, text(name))
    result.type = function.type
    return result


def _named(name: str, value: exp.Expr) -> exp.Expr:
    return exp.PropertyEQ(this=exp.to_identifier(name), expression=value.copy())


def _best(key: exp.Ordered, best: exp.Expr, *, is_last: bool) -> exp.Expr:
    """Return the key of the rows to keep: null if nulls are at that end."""
    if bool(key.args.get("nulls_first")) == is_last:
        return best
    rows = exp.Count(this=exp.Star())
    present = exp.Count(this=key.this.copy())
    absent = exp.If(this=exp.GT(this=rows, expression=present), true=exp.Null())
    return exp.Case(ifs=[absent], default=best)


def _array(node: exp.JSONArrayAgg) -> exp.Expr:
    order = node.args.get("order")
    value = exp.Order(this=node.this, expressions=order.expressions) if order else node.this
    return exp.cast(call("to_json", call("list", value)), "TEXT")


RULES = Rules(nodes={exp.JSONArrayAgg: _array, exp.Window: _window}, macros=_MACROS)

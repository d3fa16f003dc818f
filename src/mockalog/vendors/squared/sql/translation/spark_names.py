"""The names that Spark gives to columns without one: its own writing of the expression.

Measured on Spark 4.3.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.errors import ErrorLevel

_OPERATORS: Mapping[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.IntDiv: "div",
    exp.EQ: "=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.NullSafeEQ: "<=>",
    exp.And: "AND",
    exp.Or: "OR",
    exp.BitwiseAnd: "&",
    exp.BitwiseOr: "|",
    exp.BitwiseXor: "^",
}
_RANGES = "BETWEEN UNBOUNDED PRECEDING AND"
# Functions of ranks count rows; other functions take rows of the same order together.
_BY_ROWS = (exp.RowNumber, exp.Lag, exp.Lead, exp.Ntile)
_RANKS = ("rank", "dense_rank", "percent_rank", "cume_dist")


def mark_names(tree: exp.Expr, query: str) -> None:
    """Note the written name of each function; sqlglot keeps only its position."""
    for node in tree.find_all(exp.Func):
        if "start" in node.meta:
            node.meta["name"] = query[node.meta["start"] : node.meta["end"] + 1]


def spark_name(node: exp.Expr) -> str:
    """Return the name of a column of a result."""
    while isinstance(node, exp.Cast) and node.args.get("to") is not None:
        if isinstance(node.this, exp.Literal) and node.this.is_string:
            return _typed_literal(node)
        node = node.this  # a cast has no name of its own
    if isinstance(node, exp.Explode) and type(node) is not exp.Posexplode:
        return "col"
    return _text(node)


def _typed_literal(node: exp.Cast) -> str:
    """Return the name of DATE '…' or TIMESTAMP '…'; other casts of texts are casts."""
    if node.to.is_type(exp.DType.DATE, *exp.DataType.TEMPORAL_TYPES):
        return f"{node.to.sql('databricks')} '{node.this.name}'"
    return _text(node)


def _text(node: exp.Expr) -> str:
    for kind, write in _WRITERS.items():
        if isinstance(node, kind):
            return write(node)
    if type(node) in _OPERATORS:
        return f"({_text(node.this)} {_OPERATORS[type(node)]} {_text(node.expression)})"
    if isinstance(node, exp.Func):
        return _function(node)
    return node.sql("databricks", unsupported_level=ErrorLevel.IGNORE)


def _function(node: exp.Func) -> str:
    name = node.name if isinstance(node, exp.Anonymous) else node.meta.get("name")
    called = str(name or node.sql_name()).lower()
    shown = called.upper() if called in _RANKS else called
    return f"{shown}({', '.join(_arguments(node))})"


def _arguments(node: exp.Func) -> list[str]:
    found = []
    for value in node.args.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, exp.Distinct):
                found.append("DISTINCT " + ", ".join(map(_text, one.expressions)))
            elif isinstance(one, exp.Expr) and not isinstance(one, exp.Identifier):
                found.append(_text(one))
    return found


def _literal(node: exp.Literal) -> str:
    return str(node.name)


def _case(node: exp.Case) -> str:
    parts = [
        f"WHEN {_condition(node, one)} THEN {_text(one.args['true'])}" for one in node.args["ifs"]
    ]
    if (default := node.args.get("default")) is not None:
        parts.append(f"ELSE {_text(default)}")
    return f"CASE {' '.join(parts)} END"


def _condition(node: exp.Case, one: exp.If) -> str:
    return _text(one.this) if node.this is None else f"({_text(node.this)} = {_text(one.this)})"


def _if(node: exp.If) -> str:
    values = [node.this, node.args["true"], node.args.get("false") or exp.null()]
    return f"(IF({', '.join(map(_text, values))}))"


def _in(node: exp.In) -> str:
    if not node.expressions:
        return f"({_text(node.this)} IN (listquery()))"
    return f"({_text(node.this)} IN ({', '.join(map(_text, node.expressions))}))"


def _between(node: exp.Between) -> str:
    parts = [node.this, node.args["low"], node.args["high"]]
    return f"between({', '.join(map(_text, parts))})"


def _is(node: exp.Is) -> str:
    return f"({_text(node.this)} IS {_text(node.expression)})"


def _not(node: exp.Not) -> str:
    inner = node.this
    if isinstance(inner, exp.Is):
        return f"({_text(inner.this)} IS NOT {_text(inner.expression)})"
    return f"(NOT {_text(inner)})"


def _not_equal(node: exp.NEQ) -> str:
    return f"(NOT ({_text(node.this)} = {_text(node.expression)}))"


def _like(node: exp.Like) -> str:
    text = f"{_text(node.this)} LIKE {_text(node.expression)}"
    return f"(NOT {text})" if node.args.get("negate") else text


def _count(node: exp.Count) -> str:
    return f"count({', '.join(_arguments(node)).replace('*', '1')})"


def _bracket(node: exp.Bracket) -> str:
    index = ", ".join(map(_text, node.expressions))
    if node.args.get("offset") == 1:
        return f"element_at({_text(node.this)}, {index})"
    return f"{_text(node.this)}[{index}]"


def _split(node: exp.RegexpSplit) -> str:
    limit = node.args.get("limit")
    return f"split({_text(node.this)}, {_text(node.expression)}, {_text(limit) if limit else -1})"


def _window(node: exp.Window) -> str:
    parts = []
    if keys := node.args.get("partition_by"):
        parts.append(f"PARTITION BY {', '.join(map(_text, keys))}")
    order = node.args.get("order")
    if order is not None:
        parts.append(f"ORDER BY {', '.join(map(_ordered, order.expressions))}")
    parts.append(_frame(node, is_ordered=order is not None))
    return f"{_text(node.this)} OVER ({' '.join(parts)})"


def _frame(node: exp.Window, *, is_ordered: bool) -> str:
    if (spec := node.args.get("spec")) is not None:
        return str(spec.sql("databricks"))
    inner = node.this
    name = inner.name if isinstance(inner, exp.Anonymous) else inner.sql_name()
    if isinstance(inner, exp.Lag | exp.Lead):
        offset = inner.args.get("offset")
        size = _text(offset) if offset is not None else "1"
        at = f"-{size}" if isinstance(inner, exp.Lag) else size
        return f"ROWS BETWEEN {at} FOLLOWING AND {at} FOLLOWING"
    if isinstance(inner, _BY_ROWS) or name.lower() in _RANKS:
        return f"ROWS {_RANGES} CURRENT ROW"
    return f"RANGE {_RANGES} CURRENT ROW" if is_ordered else f"ROWS {_RANGES} UNBOUNDED FOLLOWING"


def _ordered(node: exp.Ordered) -> str:
    way = "DESC" if node.args.get("desc") else "ASC"
    return f"{_text(node.this)} {way} NULLS {'FIRST' if node.args.get('nulls_first') else 'LAST'}"


def _neighbour(node: exp.Lag | exp.Lead) -> str:
    offset, default = node.args.get("offset"), node.args.get("default")
    parts = [node.this, offset or exp.Literal.number(1), default or exp.null()]
    return f"{node.key}({', '.join(map(_text, parts))})"


def _filter(node: exp.Filter) -> str:
    return f"{_text(node.this)} FILTER (WHERE {_text(node.expression.this)})"


def _concat(node: exp.DPipe) -> str:
    parts: list[exp.Expr] = [node]
    while isinstance(parts[0], exp.DPipe):
        parts[:1] = [parts[0].this, parts[0].expression]
    return f"concat({', '.join(map(_text, parts))})"


def _struct(node: exp.Struct) -> str:
    pairs = [(one.this.name, _text(one.expression)) for one in node.expressions]
    if str(node.meta.get("name")).lower() == "struct":
        return f"struct({', '.join(value for _, value in pairs)})"
    return f"named_struct({', '.join(part for pair in pairs for part in pair)})"


def _map(node: exp.VarMap) -> str:
    pairs = zip(node.args["keys"].expressions, node.args["values"].expressions, strict=True)
    return f"map({', '.join(_text(part) for pair in pairs for part in pair)})"


def _date(node: exp.TsOrDsToDate) -> str:
    """A part of a date takes its argument as it is."""
    return _function(node) if "name" in node.meta else _text(node.this)


def _replace(node: exp.RegexpReplace) -> str:
    return f"regexp_replace({', '.join([*_arguments(node), '1'])})"


def _days(node: exp.TsOrDsAdd) -> str:
    if isinstance(node.expression, exp.Mul):
        return f"date_sub({_text(node.this)}, {_text(node.expression.this)})"
    return f"date_add({_text(node.this)}, {_text(node.expression)})"


def _trunc(node: exp.TimestampTrunc) -> str:
    return f"date_trunc({node.args['unit'].name.lower()}, {_text(node.this)})"


def _date_format(node: exp.TimeToStr) -> str:
    written = node.sql("databricks", unsupported_level=ErrorLevel.IGNORE)
    return f"date_format({_text(node.this)}, {written.rpartition(', ')[2].rstrip(')')[1:-1]})"


# Any: each takes the type of node for which it stands.
_WRITERS: Mapping[type[exp.Expr], Callable[[Any], str]] = {
    exp.Literal: _literal,
    exp.Column: lambda node: str(node.name),
    exp.Paren: lambda node: _text(node.this),
    exp.Boolean: lambda node: "true" if node.this else "false",
    exp.Null: lambda _: "NULL",
    exp.Neg: lambda node: (
        f"-{node.this.name}" if isinstance(node.this, exp.Literal) else f"(- {_text(node.this)})"
    ),
    exp.Subquery: lambda _: "scalarsubquery()",
    exp.Case: _case,
    exp.If: _if,
    exp.In: _in,
    exp.Between: _between,
    exp.Is: _is,
    exp.Not: _not,
    exp.NEQ: _not_equal,
    exp.Like: _like,
    exp.Count: _count,
    exp.Bracket: _bracket,
    exp.RegexpSplit: _split,
    exp.Window: _window,
    exp.TsOrDsAdd: _days,
    exp.TsOrDsToDate: _date,
    exp.Filter: _filter,
    exp.Lag: _neighbour,
    exp.Lead: _neighbour,
    exp.DPipe: _concat,
    exp.Struct: _struct,
    exp.VarMap: _map,
    exp.RegexpReplace: _replace,
    exp.TimestampTrunc: _trunc,
    exp.TimeToStr: _date_format,
    exp.TimeStrToTime: lambda node: _text(node.this),
    exp.DateDiff: lambda node: f"datediff({_text(node.this)}, {_text(node.expression)})",
    exp.Cast: lambda node: f"CAST({_text(node.this)} AS {node.to.sql('databricks')})",
}

"""Casts and comparisons: a text is never compared with a number or a date.

Source: Trino's documentation, "Conversion functions" and "Comparison functions and operators".
"""

from collections.abc import Mapping

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import NUMBERS, Kind, cast_to, kind, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_D = exp.DType
_WHOLE: Mapping[exp.DType, str] = {
    _D.TINYINT: "TINYINT",
    _D.SMALLINT: "SMALLINT",
    _D.INT: "INT",
    _D.BIGINT: "BIGINT",
}
_SIGNS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
_NAMES: Mapping[Kind, str] = {
    "integer": "integer",
    "instant": "timestamp(3)",
    "text": "varchar",
    "truth": "boolean",
}
# Values of one group are compared with each other.
_GROUPS: Mapping[Kind, str] = {
    "date": "date",
    "instant": "date",
    "text": "text",
    "truth": "truth",
    **dict.fromkeys(("integer", "decimal", "double"), "number"),
}


def name_of(node: exp.Expr) -> str:
    """Return the name of a value's type in an error."""
    found = kind(node)
    if found == "text" and isinstance(node, exp.Literal):
        return f"varchar({len(node.name)})"
    return _NAMES.get(found, found)


def mixed(left: exp.Expr, right: exp.Expr) -> bool:
    """Return whether two values are of types that do not mix."""
    groups = {_GROUPS[kind(one)] for one in (left, right) if kind(one) in _GROUPS}
    return len(groups) > 1


def _cast(node: exp.Cast) -> exp.Expr:
    value, target, safe = node.this, node.to, isinstance(node, exp.TryCast)
    if target.this in _WHOLE:
        return _whole(value, _WHOLE[target.this], safe=safe)
    if target.is_type(_D.JSON):
        return value if kind(value) == "json" else call("to_json", value, type_="JSON")
    if kind(value) == "json" and target.is_type(*exp.DataType.TEXT_TYPES):
        return call("_trino_json_text", value, type_="TEXT")
    if kind(value) == "json" and target.is_type(_D.ARRAY, _D.MAP, _D.STRUCT):
        return node
    if target.is_type(_D.TIMESTAMP):
        node.set("to", exp.DataType.build("TIMESTAMP"))
    elif target.is_type(_D.TIMESTAMPTZ):
        node.set("to", exp.DataType.build("TIMESTAMPTZ"))
    elif target.is_type(*exp.DataType.TEXT_TYPES) and target.expressions:
        return call("left", cast_to(value, "TEXT"), target.expressions[0].this, type_="TEXT")
    return node


def _whole(value: exp.Expr, type_: str, *, safe: bool) -> exp.Expr:
    found = value
    if kind(value) == "text":
        found = call("_trino_try_whole" if safe else "_trino_whole", value)
    elif kind(value) in ("double", "decimal"):
        found = call("round", value)
    cast: type[exp.Cast] = exp.TryCast if safe else exp.Cast
    return typed(cast(this=found, to=exp.DataType.build(type_)), type_)


def _compare(node: exp.Binary) -> exp.Expr:
    left, right = node.this, node.expression
    if not isinstance(right, exp.All | exp.Any | exp.Tuple) and mixed(left, right):
        sign = _SIGNS.get(type(node), "IS DISTINCT FROM")
        raise QueryError("mismatch", left=name_of(left), right=name_of(right), operator=sign)
    return node


def _between(node: exp.Between) -> exp.Expr:
    for bound in (node.args["low"], node.args["high"]):
        if mixed(node.this, bound):
            names = name_of(node.this), name_of(bound)
            raise QueryError("mismatch", left=names[0], right=names[1], operator="BETWEEN")
    return node


def _in(node: exp.In) -> exp.Expr:
    for one in node.expressions:
        if mixed(node.this, one):
            names = name_of(one), name_of(node.this)
            raise QueryError("mismatch", left=names[0], right=names[1], operator="IN")
    return node


def is_number(node: exp.Expr) -> bool:
    """Return whether a value is known to be a number."""
    return kind(node) in NUMBERS and kind(node) != "truth"


RULES = Rules(
    nodes={
        **dict.fromkeys((exp.Cast, exp.TryCast), _cast),
        **dict.fromkeys((*_SIGNS, exp.NullSafeEQ, exp.NullSafeNEQ), _compare),
        exp.Between: _between,
        exp.In: _in,
    },
    macros=(
        "CREATE MACRO _trino_is_whole(x) AS regexp_full_match(x, '[-+]?\\d+')",
        "CREATE MACRO _trino_try_whole(x) AS CASE WHEN _trino_is_whole(x)"
        " THEN TRY_CAST(x AS HUGEINT) END",
        "CREATE MACRO _trino_whole(x) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN _trino_is_whole(x) THEN CAST(x AS HUGEINT)"
        " ELSE error('Could not convert string ''' || x || ''' to INT') END",
        "CREATE MACRO _trino_json_text(x) AS x ->> '$'",
    ),
)

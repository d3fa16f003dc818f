"""Casts and conversions, and comparisons of texts with numbers.

Source: GoogleSQL reference, "Conversion rules".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import NUMBERS, has_kind, kind_of
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    "CREATE MACRO _try_int64(t) AS CASE WHEN regexp_full_match(trim(t), '[+-]?[0-9]+')"
    " THEN TRY_CAST(t AS BIGINT) WHEN regexp_full_match(lower(trim(t)), '[+-]?0x[0-9a-f]+')"
    " THEN TRY_CAST(trim(t) AS BIGINT) END",
    "CREATE MACRO _int64(t) AS CASE WHEN t IS NULL OR _try_int64(t) IS NOT NULL"
    " THEN _try_int64(t) ELSE error('=invalidQuery: Bad int64 value: ' || t) END",
    "CREATE MACRO _try_boolean(t) AS"
    " CASE lower(t) WHEN 'true' THEN true WHEN 'false' THEN false END",
    "CREATE MACRO _boolean(t) AS CASE WHEN t IS NULL OR _try_boolean(t) IS NOT NULL"
    " THEN _try_boolean(t) ELSE error('=invalidQuery: Bad bool value: ' || t) END",
    "CREATE MACRO _double_text(x) AS CASE WHEN x = trunc(x) AND abs(x) < 1e15"
    " THEN x::DECIMAL(38, 0)::VARCHAR ELSE x::VARCHAR END",
    "CREATE MACRO _of_json(j, kinds) AS CASE WHEN json_type(j) IN (SELECT unnest(kinds))"
    " THEN j ->> '$' END",
    "CREATE MACRO _json_kind(j) AS CASE json_type(j) WHEN 'UBIGINT' THEN 'number'"
    " WHEN 'BIGINT' THEN 'number' WHEN 'DOUBLE' THEN 'number' WHEN 'VARCHAR' THEN 'string'"
    " ELSE lower(json_type(j)) END",
    "CREATE MACRO _lax(j) AS TRY_CAST(j ->> '$' AS DOUBLE)",
)


def _cast(node: exp.Cast) -> exp.Expr:
    safe = isinstance(node, exp.TryCast)
    value, to = node.this, node.to
    if to.is_type(*exp.DataType.INTEGER_TYPES):
        return _integer(node, safe=safe)
    if to.is_type(exp.DType.BOOLEAN) and has_kind(value, "text"):
        return call("_try_boolean" if safe else "_boolean", value, type_="BOOLEAN")
    if to.is_type(*exp.DataType.TEXT_TYPES) and has_kind(value, "double"):
        return call("_double_text", value, type_="TEXT")
    if to.is_type(exp.DType.DATE) and isinstance(value, exp.Literal) and not safe:
        return _date(node)
    return node


def _integer(node: exp.Cast, *, safe: bool) -> exp.Expr:
    value = node.this
    if has_kind(value, "text"):
        return call("_try_int64" if safe else "_int64", value, type_="BIGINT")
    if has_kind(value, "double"):
        node.set("this", call("round", value.copy()))
    return node


def _date(node: exp.Cast) -> exp.Expr:
    """A literal that is no date is an error before the query runs."""
    tried = exp.TryCast(this=node.this.copy(), to=node.to.copy(), safe=True)
    words = f'=invalidQuery: Could not cast literal "{node.this.name}" to type DATE'
    result = exp.Coalesce(this=tried, expressions=[call("error", text(words))])
    result.type = exp.DataType.build("DATE")
    return exp.cast(result, "DATE") if node.this.name else node


def mismatch(operator: str, left: exp.Expr, right: exp.Expr) -> QueryError:
    """Return the error of an operator between a text and a number."""
    return QueryError(
        "exact",
        name=f"invalidQuery: No matching signature for operator {operator}"
        f" for argument types: {_name(left)}, {_name(right)}",
    )


def are_mixed(left: exp.Expr, right: exp.Expr) -> bool:
    """Return whether one is a text and the other a number."""
    if isinstance(left, exp.Null) or isinstance(right, exp.Null):
        return False
    sides = (left, right), (right, left)
    return any(has_kind(one, "text") and has_kind(other, *NUMBERS) for one, other in sides)


def _compare(node: exp.Binary) -> exp.Expr:
    """A text and a number do not compare."""
    left, right = node.this, node.expression
    if are_mixed(left, right):
        raise mismatch(_OPERATORS[type(node)], left, right)
    return node


_OPERATORS: dict[type[exp.Expr], str] = {
    exp.DPipe: "||",
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


def _name(node: exp.Expr) -> str:
    names = {"text": "STRING", "integer": "INT64", "double": "FLOAT64", "number": "NUMERIC"}
    return names[kind_of(node)]


def _of_json(type_: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        shown = exp.cast(call("json_extract_string", value, text("$")), type_)
        shown.type = exp.DataType.build(type_)
        return shown

    return build


def _string(node: exp.String) -> exp.Expr:
    if has_kind(node.this, "json"):
        return _of_json("TEXT")(node)
    return exp.cast(node.this, "TEXT")


def _lax(type_: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return exp.cast(call("_lax", value), type_)

    return build


RULES = Rules(
    nodes={
        **dict.fromkeys(_OPERATORS, _compare),
        exp.Cast: _cast,
        exp.TryCast: _cast,
        exp.Float64: _of_json("DOUBLE"),
        exp.Int64: _of_json("BIGINT"),
        exp.JSONBool: _of_json("BOOLEAN"),
        exp.JSONType: lambda node: call("_json_kind", node.this, type_="TEXT"),
        exp.LaxFloat64: _lax("DOUBLE"),
        exp.LaxInt64: _lax("BIGINT"),
        exp.LaxString: _of_json("TEXT"),
        exp.String: _string,
    },
    macros=_MACROS,
)

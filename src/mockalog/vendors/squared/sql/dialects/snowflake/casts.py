"""Casts and conversions; a variant converts through its text."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.elements import numbers as number_formats
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind
from mockalog.vendors.squared.sql.dialects.snowflake.variants import plain
from mockalog.vendors.squared.sql.problems import QueryError

_VARIANTS = (exp.DType.VARIANT, exp.DType.OBJECT, exp.DType.ARRAY, exp.DType.JSON)
_MACROS = (
    "CREATE MACRO _boolean_of(t) AS CASE WHEN lower(t) IN ('true', 't', 'yes', 'y', 'on', '1')"
    " THEN true WHEN lower(t) IN ('false', 'f', 'no', 'n', 'off', '0') THEN false END",
    "CREATE MACRO _boolean(t) AS CASE WHEN t IS NULL OR _boolean_of(t) IS NOT NULL"
    " THEN _boolean_of(t) ELSE error('=Boolean value ''' || t || ''' is not recognized') END",
    # A double prints without a point if it is whole.
    "CREATE MACRO _double_text(x) AS CASE WHEN x = trunc(x) AND abs(x) < 1e15"
    " THEN x::DECIMAL(38, 0)::VARCHAR ELSE x::VARCHAR END",
    "CREATE MACRO _bytes(x) AS unhex(x)",
)


def cast(node: exp.Cast) -> exp.Expr:
    """Return a cast of Snowflake's."""
    to = node.to
    if to.is_type(*_VARIANTS):
        return call("to_json", node.this, type_="JSON")
    value = plain(node.this)
    if to.is_type(*exp.DataType.TEXT_TYPES):
        return _text(node, value)
    if to.is_type(exp.DType.BOOLEAN) and has_kind(value, "text"):
        safe = isinstance(node, exp.TryCast)
        return call("_boolean_of" if safe else "_boolean", value, type_="BOOLEAN")
    if to.is_type(*exp.DataType.INTEGER_TYPES) or (
        to.is_type(exp.DType.DECIMAL) and not to.expressions
    ):
        return _number(node, value, 0)
    if to.is_type(exp.DType.DECIMAL):
        return _number(node, value, int(to.expressions[1].name) if len(to.expressions) > 1 else 0)
    return type(node)(this=value, to=to, safe=node.args.get("safe"))


def _text(node: exp.Cast, value: exp.Expr) -> exp.Expr:
    if has_kind(value, "double") and not isinstance(value, exp.Literal):
        value = call("_double_text", value, type_="TEXT")
    shown = value if has_kind(value, "text") else exp.cast(value, "TEXT")
    shown.type = exp.DataType.build("TEXT")
    if not node.to.expressions:
        return shown
    return call("left", shown, node.to.expressions[0].this, type_="TEXT")


def _number(node: exp.Cast, value: exp.Expr, scale: int) -> exp.Expr:
    """Return a fixed-point number: it rounds half away from zero."""
    if has_kind(value, "double"):
        value = call("round", value, exp.Literal.number(scale))
    if has_kind(value, "text"):
        return _number_of_text(node, value, scale)
    precision = node.to.expressions[0].name if node.to.expressions else 38
    to = exp.DataType.build(f"DECIMAL({precision}, {scale})")
    shown = type(node)(this=value, to=to, safe=node.args.get("safe"))
    shown.type = to
    return shown


def _number_of_text(node: exp.Cast, value: exp.Expr, scale: int) -> exp.Expr:
    """Return a number of a text, which may have an exponent and blanks."""
    to = exp.DataType.build(f"DECIMAL(38, {scale})")
    safe = isinstance(node, exp.TryCast)
    shown = (exp.TryCast if safe else exp.Cast)(this=value, to=to, safe=safe)
    shown.type = to
    return shown


def _to_number(node: exp.ToNumber) -> exp.Expr:
    value = plain(node.this)
    if (format_ := node.args.get("format")) is not None:
        if not (format_.is_string and number_formats.number_pattern(format_.name)):
            raise QueryError("exact", name="the number format is not emulated")
        value = call("regexp_replace", value, exp.Literal.string("[$, ]"), exp.Literal.string(""))
        value.append("expressions", exp.Literal.string("g"))
        value.type = exp.DataType.build("TEXT")
    scale = node.args.get("scale")
    precision = node.args.get("precision") or exp.Literal.number(38)
    cast_type = exp.TryCast if node.args.get("safe") else exp.Cast
    to = exp.DataType.build(f"DECIMAL({precision.name}, {scale.name if scale else 0})")
    return cast(cast_type(this=value, to=to, safe=bool(node.args.get("safe"))))


def _to(type_: str, *, safe: bool = False) -> Rewrite:
    """Return a conversion by a function."""

    def convert(node: exp.Func) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        is_safe = safe or bool(node.args.get("safe"))
        kind = exp.TryCast if is_safe else exp.Cast
        converted = cast(kind(this=value, to=exp.DataType.build(type_), safe=is_safe))
        converted.type = exp.DataType.build(type_)
        return converted

    return convert


def _as(*kinds: str, type_: str) -> Rewrite:
    """Return a conversion of a variant that has a type, null if it has another."""

    def convert(node: exp.Anonymous) -> exp.Expr:
        value = node.expressions[0]
        names = [exp.Literal.string(kind) for kind in kinds]
        fits = exp.In(this=call("json_type", call("to_json", value.copy())), expressions=names)
        converted = cast(exp.Cast(this=value, to=exp.DataType.build(type_)))
        return exp.Case(ifs=[exp.If(this=fits, true=converted)])

    return convert


_NUMERIC = ("UBIGINT", "BIGINT", "DOUBLE")

RULES = Rules(
    nodes={
        exp.Cast: cast,
        exp.TryCast: cast,
        exp.ToNumber: _to_number,
        exp.ToDouble: _to("DOUBLE"),
        exp.ToBoolean: _to("BOOLEAN"),
        exp.ToVariant: _to("VARIANT"),
    },
    functions={
        "to_object": _to("VARIANT"),
        "try_to_double": _to("DOUBLE", safe=True),
        "as_integer": _as(*_NUMERIC, type_="BIGINT"),
        "as_number": _as(*_NUMERIC, type_="BIGINT"),
        "as_double": _as(*_NUMERIC, type_="DOUBLE"),
        "as_varchar": _as("VARCHAR", type_="TEXT"),
        "as_char": _as("VARCHAR", type_="TEXT"),
        "as_boolean": _as("BOOLEAN", type_="BOOLEAN"),
    },
    macros=_MACROS,
)

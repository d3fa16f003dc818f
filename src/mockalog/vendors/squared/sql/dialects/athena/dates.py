"""Dates: sums, differences in whole units, parts, zones.

Source: Trino's documentation, "Date and time functions and operators".
"""

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.athena.casts import name_of
from mockalog.vendors.squared.sql.dialects.athena.numbers import annotate_arithmetic, arithmetic
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.dialects.spans import MICROSECONDS, MONTHS, SPANS
from mockalog.vendors.squared.sql.problems import QueryError

_DAYS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_INTERVALS = {unit: f"to_{unit.lower()}s" for unit in (*MICROSECONDS, *MONTHS)}
_PARTS: Mapping[str, str] = {
    **dict.fromkeys(("DOW", "DAY_OF_WEEK"), "isodow"),
    **dict.fromkeys(("DOY", "DAY_OF_YEAR"), "dayofyear"),
    **dict.fromkeys(("YOW", "YEAR_OF_WEEK"), "isoyear"),
    **dict.fromkeys(("DAY", "DAY_OF_MONTH"), "day"),
    **{
        one: one.lower() for one in ("YEAR", "QUARTER", "MONTH", "WEEK", "HOUR", "MINUTE", "SECOND")
    },
}


def _unit(node: exp.Expr) -> str:
    unit = str(node.args["unit"].name).upper()
    if unit not in _INTERVALS:
        raise QueryError("argument", name=f"'{unit.lower()}' is not a valid DATE field")
    return unit


def instant(node: exp.Expr) -> exp.Expr:
    """Return a date or a timestamp as a timestamp."""
    if kind(node) in ("text", "integer"):
        raise QueryError("mismatch", left=name_of(node), right="timestamp(3)", operator="=")
    return cast_to(node, "TIMESTAMP") if kind(node) == "date" else node


def _add(node: Any) -> exp.Expr:
    unit, value = _unit(node), node.this
    span = call(_INTERVALS[unit], cast_to(node.expression, "INTEGER"))
    if kind(value) == "date":
        if unit not in _DAYS:
            raise QueryError("argument", name=f"'{unit.lower()}' is not a valid DATE field")
        return cast_to(exp.Add(this=value, expression=span), "DATE")
    return typed(exp.paren(exp.Add(this=instant(value), expression=span)), "TIMESTAMP")


def _difference(node: Any) -> exp.Expr:
    unit, earlier, later = _unit(node), instant(node.expression), instant(node.this)
    if unit in MONTHS:
        return call("_months", earlier, later, exp.Literal.number(MONTHS[unit]), type_="BIGINT")
    size = exp.Literal.number(MICROSECONDS[unit])
    return call("_spans", earlier, later, size, type_="BIGINT")


def _truncated(node: Any) -> exp.Expr:
    cut = call("date_trunc", text(_unit(node).lower()), node.this)
    return cast_to(cut, "DATE") if kind(node.this) == "date" else typed(cut, "TIMESTAMP")


def _plus(node: exp.Add | exp.Sub) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval):
        left, right = right, left
    if isinstance(right, exp.Interval):
        moved = type(node)(this=left, expression=right)
        is_date = kind(left) == "date" and right.args["unit"].name.upper() in _DAYS
        return cast_to(moved, "DATE") if is_date else typed(exp.paren(moved), "TIMESTAMP")
    times = ("date", "instant")
    if isinstance(node, exp.Sub) and kind(left) in times and kind(right) in times:
        return call("_trino_span", instant(left), instant(right), type_="TEXT")
    if kind(left) in times or kind(right) in times:
        names, sign = (name_of(left), name_of(right)), "+" if isinstance(node, exp.Add) else "-"
        raise QueryError("mismatch", left=names[0], right=names[1], operator=sign)
    return arithmetic(node)


# Any: sqlglot's annotator of types.
def _annotate_plus(annotator: Any, node: exp.Binary) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval):
        left, right = right, left
    if not isinstance(right, exp.Interval):
        return annotate_arithmetic(annotator, node)
    is_date = kind(left) == "date" and right.args["unit"].name.upper() in _DAYS
    annotator._set_type(node, exp.DType.DATE if is_date else exp.DType.TIMESTAMP)
    return node


def _annotate_same(annotator: Any, node: exp.Expr) -> exp.Expr:
    annotator._set_type(node, exp.DType.DATE if kind(node.this) == "date" else exp.DType.TIMESTAMP)
    return node


def _extract(node: exp.Extract) -> exp.Expr:
    if (name := _PARTS.get(node.name.upper())) is None:
        raise QueryError("argument", name=f"Invalid EXTRACT field: {node.name}")
    return call(name, node.expression, type_="BIGINT")


def _in_zone(node: Any) -> exp.Expr:
    """A moved timestamp shows the wall clock of its zone, and the zone."""
    value, zone = (
        node.expressions if isinstance(node, exp.Anonymous) else (node.this, node.args["zone"])
    )
    zoned = instant(value)
    if not value.is_type(exp.DType.TIMESTAMPTZ):
        zoned = exp.AtTimeZone(this=cast_to(zoned, "TIMESTAMP"), zone=text("UTC"))
    wall = typed(exp.paren(exp.AtTimeZone(this=zoned, zone=zone)), "TIMESTAMP")
    if not isinstance(node.parent, exp.Alias | exp.Select):
        return wall
    shown = call("strftime", wall, text("%Y-%m-%d %H:%M:%S "))
    return typed(exp.DPipe(this=shown, expression=zone.copy()), "TEXT")


RULES = Rules(
    nodes={
        exp.DateAdd: _add,
        exp.TimestampAdd: _add,
        exp.DateDiff: _difference,
        exp.TimestampDiff: _difference,
        exp.TimestampTrunc: _truncated,
        exp.DateTrunc: _truncated,
        exp.Add: _plus,
        exp.Sub: _plus,
        exp.Extract: _extract,
        exp.AtTimeZone: _in_zone,
    },
    functions={
        "at_timezone": _in_zone,
        "millisecond": lambda node: call("_trino_millisecond", node.expressions[0], type_="BIGINT"),
    },
    types={
        **dict.fromkeys((exp.Add, exp.Sub), _annotate_plus),
        **dict.fromkeys((exp.DateAdd, exp.TimestampAdd), _annotate_same),
        **dict.fromkeys((exp.TimestampTrunc, exp.DateTrunc), _annotate_same),
        **dict.fromkeys((exp.DateDiff, exp.TimestampDiff), annotated("BIGINT")),
        exp.LastDay: annotated("DATE"),
        exp.UnixToTime: annotated("TIMESTAMPTZ"),
    },
    macros=(
        *SPANS,
        "CREATE MACRO _trino_millisecond(x) AS millisecond(x) % 1000",
        "CREATE MACRO _trino_milliseconds(a, b) AS (epoch_us(a) - epoch_us(b)) // 1000",
        "CREATE MACRO _trino_span_text(n) AS CASE WHEN n < 0 THEN '-' ELSE '' END ||"
        " format('{} {:02d}:{:02d}:{:02d}.{:03d}', abs(n) // 86400000, abs(n) // 3600000 % 24,"
        " abs(n) // 60000 % 60, abs(n) // 1000 % 60, abs(n) % 1000)",
        "CREATE MACRO _trino_span(a, b) AS _trino_span_text(_trino_milliseconds(a, b))",
    ),
)

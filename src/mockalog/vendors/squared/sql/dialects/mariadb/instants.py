"""Sums and differences of dates and intervals.

A date plus days is a date, plus hours it is a timestamp; a text gives a text.
Source: MariaDB's Knowledge Base, "Date and Time Units" and "DATE_ADD".
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.kinds import instant, kind, number, text
from mockalog.vendors.squared.sql.dialects.mariadb.numbers import annotate_arithmetic, arithmetic
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.dialects.spans import MICROSECONDS, MONTHS, SPANS
from mockalog.vendors.squared.sql.problems import QueryError

_UNITS: Mapping[str, str] = {
    "MICROSECOND": "to_microseconds",
    "SECOND": "to_seconds",
    "MINUTE": "to_minutes",
    "HOUR": "to_hours",
    "DAY": "to_days",
    "WEEK": "to_weeks",
    "MONTH": "to_months",
    "QUARTER": "to_quarters",
    "YEAR": "to_years",
}
_DAYS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "YEAR_MONTH")
_PARTS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "MICROSECOND")
_YEAR_ZERO = "'0000-01-01'"
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


def unit_of(node: exp.Expr) -> str:
    """Return the name of a unit in upper case, without a plural."""
    return str(node.args["unit"].name).upper()


def interval(value: exp.Expr, unit: str) -> exp.Expr:
    """Return an interval of DuckDB; raises `QueryError` for a unit that is none."""
    if unit in _UNITS:
        amount = call("round", number(value)) if unit != "SECOND" else number(value)
        whole = amount if unit == "SECOND" else exp.cast(amount, "BIGINT")
        return call(_UNITS[unit], exp.cast(whole, "INTEGER") if _is_long(unit) else whole)
    return _composed(value, unit)


def _is_long(unit: str) -> bool:
    return unit in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")


def _composed(value: exp.Expr, unit: str) -> exp.Expr:
    """Return an interval of several units, such as '1:30' HOUR_MINUTE."""
    first, _, last = unit.partition("_")
    literal = value.this if isinstance(value, exp.Neg) else value
    if first not in _PARTS or last not in _PARTS or not isinstance(literal, exp.Literal):
        raise QueryError("syntax", name=unit)
    units = _PARTS[_PARTS.index(first) : _PARTS.index(last) + 1]
    amounts = re.findall(r"[0-9]+", literal.name)[-len(units) :]
    sign = "-" if isinstance(value, exp.Neg) or literal.name.strip().startswith("-") else ""
    parts = [
        interval(exp.Literal.number(f"{sign}{int(amount)}"), one)
        for amount, one in zip(amounts, units[-len(amounts) :], strict=True)
    ]
    total = parts[0]
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part)
    return exp.paren(total)


def moved(value: exp.Expr, by: exp.Expr, unit: str, *, back: bool = False) -> exp.Expr:
    """Return a value plus or minus an interval."""
    operator = exp.Sub if back else exp.Add
    value = _literal(value)
    span = interval(by, unit)
    if kind(value) == "date" and unit in _DAYS:
        return _typed(exp.cast(operator(this=value, expression=span), "DATE"), "DATE")
    if kind(value) in ("date", "instant", "integer"):
        return _typed(exp.paren(operator(this=instant(value), expression=span)), "TIMESTAMP")
    if back:
        span = exp.Neg(this=span)
    days = exp.convert(unit in _DAYS)
    return call("_my_text_add", exp.cast(value, "TEXT"), span, days, type_="TEXT")


def _typed(node: exp.Expr, type_: str) -> exp.Expr:
    node.type = exp.DataType.build(type_)
    return node


def _literal(value: exp.Expr) -> exp.Expr:
    """Return the date or timestamp that a literal is."""
    if not isinstance(value, exp.Literal) or not value.is_string:
        return value
    is_date = _DATE.fullmatch(value.name) is not None
    try:
        found = _parsed(_padded(value.name) if is_date else value.name)
    except ValueError:
        return value
    return exp.cast(exp.Literal.string(found.isoformat(" ")), "DATE" if is_date else "TIMESTAMP")


def _padded(value: str) -> str:
    return "-".join(part.zfill(2) for part in value.split("-"))


def _parsed(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=None)


def _add(node: exp.Add | exp.Sub) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval):
        left, right = right, left
    if isinstance(right, exp.Interval):
        return moved(left, right.this, unit_of(right), back=isinstance(node, exp.Sub))
    return arithmetic(node)


def _date_add(node: Any) -> exp.Expr:
    return moved(node.this, node.expression, unit_of(node), back=isinstance(node, exp.DateSub))


def _add_days(node: exp.Anonymous) -> exp.Expr:
    value, by = node.expressions
    back = node.name.upper() == "SUBDATE"
    if isinstance(by, exp.Interval):
        return moved(value, by.this, unit_of(by), back=back)
    return moved(value, by, "DAY", back=back)


# Any: sqlglot's annotator of types.
def _moved_type(annotator: Any, node: exp.Expr, value: exp.Expr, unit: str) -> exp.Expr:
    known = _literal(value)
    if kind(known) == "date":
        type_ = exp.DType.DATE if unit in _DAYS else exp.DType.TIMESTAMP
    else:
        type_ = exp.DType.TIMESTAMP if kind(known) == "instant" else exp.DType.TEXT
    annotator._set_type(node, type_)
    return node


def _annotate_add(annotator: Any, node: exp.Binary) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval):
        left, right = right, left
    if isinstance(right, exp.Interval):
        return _moved_type(annotator, node, left, unit_of(right))
    return annotate_arithmetic(annotator, node)


def _annotate_date_add(annotator: Any, node: exp.Expr) -> exp.Expr:
    return _moved_type(annotator, node, node.this, unit_of(node))


def _at(name: str) -> Any:
    """Return a rule for a function of two values with a time of day."""

    def rule(node: exp.Anonymous) -> exp.Expr:
        return call(name, *(text(one) for one in node.expressions), type_="TEXT")

    return rule


def _difference(node: exp.DateDiff) -> exp.Expr:
    if _YEAR_ZERO in node.expression.sql():  # sqlglot's TO_DAYS; the year 0 has 366 days in DuckDB
        days = call("_my_to_days", instant(node.this))
        return exp.paren(exp.Sub(this=days, expression=exp.Literal.number(1)))
    later, earlier = (exp.cast(instant(one), "DATE") for one in (node.this, node.expression))
    return call("date_diff", exp.Literal.string("day"), earlier, later, type_="BIGINT")


def _whole_difference(node: exp.TimestampDiff) -> exp.Expr:
    later, earlier = instant(node.this), instant(node.expression)
    unit = unit_of(node)
    if unit in MONTHS:
        return call("_months", earlier, later, exp.Literal.number(MONTHS[unit]), type_="BIGINT")
    if unit not in MICROSECONDS:
        raise QueryError("syntax", name=unit)
    size = exp.Literal.number(MICROSECONDS[unit])
    return call("_spans", earlier, later, size, type_="BIGINT")


RULES = Rules(
    nodes={
        exp.Add: _add,
        exp.Sub: _add,
        exp.DateAdd: _date_add,
        exp.DateSub: _date_add,
        exp.TimestampAdd: _date_add,
        exp.DateDiff: _difference,
        exp.TimestampDiff: _whole_difference,
    },
    functions={
        "adddate": _add_days,
        "subdate": _add_days,
        "addtime": _at("_my_add_time"),
        "subtime": _at("_my_sub_time"),
        "timediff": _at("_my_time_diff"),
    },
    types={
        **dict.fromkeys((exp.Add, exp.Sub), _annotate_add),
        **dict.fromkeys((exp.DateAdd, exp.DateSub, exp.TimestampAdd), _annotate_date_add),
    },
    function_types={
        "adddate": "TEXT",
        "subdate": "TEXT",
        "addtime": "TEXT",
        "subtime": "TEXT",
        "timediff": "TEXT",
    },
    macros=(
        "CREATE MACRO _my_instant_text(x) AS CASE WHEN microsecond(x) % 1000000 = 0"
        " THEN strftime(x, '%Y-%m-%d %H:%M:%S') ELSE strftime(x, '%Y-%m-%d %H:%M:%S.%f') END",
        "CREATE MACRO _my_text_add(x, i, days) AS CASE"
        " WHEN days AND length(trim(x)) <= 10 THEN strftime(_my_instant(x) + i, '%Y-%m-%d')"
        " ELSE strftime(_my_instant(x) + i, '%Y-%m-%d %H:%M:%S.%f') END",
        # Seconds of a time of day; more than a day is possible.
        "CREATE MACRO _my_seconds(x) AS CASE WHEN x LIKE '-%' THEN -1 ELSE 1 END *"
        " CASE WHEN regexp_full_match(trim(x), '-?\\d+:\\d+(:\\d+(\\.\\d+)?)?')"
        " THEN abs(TRY_CAST(split_part(trim(x, ' -'), ':', 1) AS BIGINT)) * 3600"
        " + TRY_CAST(split_part(x, ':', 2) AS BIGINT) * 60"
        " + coalesce(TRY_CAST(split_part(x, ':', 3) AS DOUBLE), 0)::BIGINT"
        " ELSE epoch(_my_instant(x) - date_trunc('day', _my_instant(x)))::BIGINT END",
        "CREATE MACRO _my_time_text(s) AS CASE WHEN s IS NULL THEN NULL ELSE"
        " format('{}{:02d}:{:02d}:{:02d}', CASE WHEN s < 0 THEN '-' ELSE '' END,"
        " abs(s) // 3600, abs(s) // 60 % 60, abs(s) % 60) END",
        "CREATE MACRO _my_has_date(x) AS x LIKE '%-%-%'",
        "CREATE MACRO _my_add_time(x, t) AS CASE WHEN _my_has_date(x)"
        " THEN _my_instant_text(_my_instant(x) + to_seconds(_my_seconds(t)))"
        " ELSE _my_time_text(_my_seconds(x) + _my_seconds(t)) END",
        "CREATE MACRO _my_sub_time(x, t) AS CASE WHEN _my_has_date(x)"
        " THEN _my_instant_text(_my_instant(x) - to_seconds(_my_seconds(t)))"
        " ELSE _my_time_text(_my_seconds(x) - _my_seconds(t)) END",
        "CREATE MACRO _my_time_diff(x, y) AS CASE WHEN _my_has_date(x) <> _my_has_date(y)"
        " THEN NULL WHEN _my_has_date(x)"
        " THEN _my_time_text(epoch(_my_instant(x) - _my_instant(y))::BIGINT)"
        " ELSE _my_time_text(_my_seconds(x) - _my_seconds(y)) END",
        *SPANS,
    ),
)

"""Dates: each has a time; a difference is a number of days.

Source: Oracle's SQL language reference, "Datetime/interval arithmetic" and "Datetime functions".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.oracle.casts import as_number, instant
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import DAYS, NUMBERS, has_kind
from mockalog.vendors.squared.sql.dialects.shared.shifts import parts_of, shift
from mockalog.vendors.squared.sql.problems import QueryError

_UNITS = {
    "year": "SYYYY YYYY YEAR SYEAR YYY YY Y",
    "iso_year": "IYYY IYY IY I",
    "quarter": "Q",
    "month": "MONTH MON MM RM",
    "year_week": "WW",
    "iso_week": "IW",
    "month_week": "W",
    "day": "DDD DD J",
    "week": "DAY DY D",
    "hour": "HH HH12 HH24",
    "minute": "MI",
}
_UNIT = {alias: unit for unit, aliases in _UNITS.items() for alias in aliases.split()}

_MACROS = (
    "CREATE MACRO _trunc_year(x) AS date_trunc('year', x)::TIMESTAMP",
    "CREATE MACRO _trunc_quarter(x) AS date_trunc('quarter', x)::TIMESTAMP",
    "CREATE MACRO _trunc_month(x) AS date_trunc('month', x)::TIMESTAMP",
    "CREATE MACRO _trunc_day(x) AS date_trunc('day', x)::TIMESTAMP",
    "CREATE MACRO _trunc_hour(x) AS date_trunc('hour', x)::TIMESTAMP",
    "CREATE MACRO _trunc_minute(x) AS date_trunc('minute', x)::TIMESTAMP",
    "CREATE MACRO _trunc_iso_week(x) AS date_trunc('week', x)::TIMESTAMP",
    "CREATE MACRO _trunc_iso_year(x) AS date_trunc('week', make_date(isoyear(x), 1, 4))::TIMESTAMP",
    # A week begins on Sunday (NLS_TERRITORY AMERICA).
    "CREATE MACRO _trunc_week(x) AS (x::DATE - dayofweek(x)::INTEGER)::TIMESTAMP",
    "CREATE MACRO _trunc_year_week(x) AS (x::DATE - ((dayofyear(x) - 1) % 7)::INTEGER)::TIMESTAMP",
    "CREATE MACRO _trunc_month_week(x) AS (x::DATE - ((day(x) - 1) % 7)::INTEGER)::TIMESTAMP",
    "CREATE MACRO _round_year(x) AS _trunc_year(x + to_months(6))",
    "CREATE MACRO _round_month(x) AS CASE WHEN day(x) >= 16"
    " THEN _trunc_month(x) + to_months(1) ELSE _trunc_month(x) END",
    "CREATE MACRO _round_quarter(x) AS CASE WHEN (month(x) - 1) % 3 = 2"
    " OR ((month(x) - 1) % 3 = 1 AND day(x) >= 16)"
    " THEN _trunc_quarter(x) + to_months(3) ELSE _trunc_quarter(x) END",
    "CREATE MACRO _round_day(x) AS _trunc_day(x + to_hours(12))",
    "CREATE MACRO _round_hour(x) AS _trunc_hour(x + to_minutes(30))",
    "CREATE MACRO _round_minute(x) AS _trunc_minute(x + to_seconds(30))",
    "CREATE MACRO _round_week(x) AS _trunc_week(x + to_hours(84))",
    "CREATE MACRO _round_iso_week(x) AS _trunc_iso_week(x + to_hours(84))",
    "CREATE MACRO _plus_days(x, n) AS"
    " x::TIMESTAMP + to_microseconds(round(n * 86400.0)::BIGINT * 1000000)",
    "CREATE MACRO _days_between(a, b) AS"
    " (epoch_us(a::TIMESTAMP) - epoch_us(b::TIMESTAMP)) / 86400000000.0",
    "CREATE MACRO _last(x) AS last_day(x) + (x::TIMESTAMP - date_trunc('day', x))",
    "CREATE MACRO _add_months(x, n) AS CASE WHEN last_day(x) = x::DATE"
    " THEN last_day(x::DATE + to_months(n)) + (x::TIMESTAMP - date_trunc('day', x))"
    " ELSE x::TIMESTAMP + to_months(n) END",
    "CREATE MACRO _second_of_day(x) AS hour(x) * 3600 + minute(x) * 60 + second(x)",
    "CREATE MACRO _months_between(a, b) AS date_diff('month', date_trunc('month', b::TIMESTAMP),"
    " date_trunc('month', a::TIMESTAMP)) + CASE WHEN day(a) = day(b) OR (last_day(a) = a::DATE AND"
    " last_day(b) = b::DATE) THEN 0 ELSE (day(a) - day(b) + (_second_of_day(a::TIMESTAMP)"
    " - _second_of_day(b::TIMESTAMP)) / 86400.0) / 31.0 END",
    "CREATE MACRO _next_day(x, n) AS x::TIMESTAMP + to_days(((n - dayofweek(x) + 6) % 7 + 1)::INT)",
    "CREATE MACRO _same_day(shifted, x) AS CASE WHEN day(shifted) <> day(x)"
    " THEN error('=ORA-01839: date not valid for month specified') ELSE shifted END",
    "CREATE MACRO _days(n) AS to_microseconds(round(n * 86400000000.0)::BIGINT)",
    "CREATE MACRO _hours(n) AS to_microseconds(round(n * 3600000000.0)::BIGINT)",
    "CREATE MACRO _minutes(n) AS to_microseconds(round(n * 60000000.0)::BIGINT)",
    "CREATE MACRO _seconds(n) AS to_microseconds(round(n * 1000000.0)::BIGINT)",
)


def unit_of(node: exp.Expr) -> str:
    """Return the unit that a format of TRUNC or ROUND names."""
    unit = _UNIT.get(node.name.upper())
    if unit is None:
        raise QueryError("exact", name="ORA-01898: too many precision specifiers")
    return unit


def cut(name: str, value: exp.Expr, unit: str) -> exp.Expr:
    """Return a date that is truncated or rounded."""
    if name == "round" and unit in ("year_week", "month_week", "iso_year"):
        raise QueryError("exact", name="this format of ROUND is not emulated")
    return call(f"_{name}_{unit}", instant(value), type_="TIMESTAMP")


def _trunc(node: exp.Anonymous) -> exp.Expr:
    value, *others = node.expressions
    if has_kind(value, *NUMBERS):
        return exp.Trunc(this=value, decimals=others[0] if others else None)
    return cut("trunc", value, unit_of(others[0]) if others else "day")


def _date_trunc(node: exp.DateTrunc) -> exp.Expr:
    return cut("trunc", node.this, unit_of(node.args["unit"]))


def _round(node: exp.Round) -> exp.Expr:
    decimals, value = node.args.get("decimals"), node.this
    if decimals is not None and decimals.is_string:
        return cut("round", value, unit_of(decimals))
    if has_kind(value, *DAYS):
        return cut("round", value, "day")
    return exp.Round(this=as_number(value), decimals=decimals)


def _sum(node: exp.Add | exp.Sub) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(node, exp.Add) and has_kind(right, *DAYS):
        left, right = right, left
    if has_kind(left, *DAYS):
        return _shifted(node, left, right)
    if has_kind(left, "interval") or has_kind(right, "interval"):
        return node
    shown = type(node)(this=as_number(left), expression=as_number(right))
    shown.type = node.type
    return shown


def _shifted(node: exp.Add | exp.Sub, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    sign = 1 if isinstance(node, exp.Add) else -1
    if isinstance(right, exp.Interval):
        return _interval(instant(left), right, sign)
    if has_kind(right, *DAYS):
        return call("_days_between", left, right, type_="DOUBLE")
    if has_kind(right, "interval"):
        shown = exp.Paren(this=type(node)(this=instant(left), expression=right))
        shown.type = exp.DataType.build("TIMESTAMP")
        return shown
    count: exp.Expr = exp.Paren(this=right)
    if sign < 0:
        count = exp.Neg(this=count)
    return call("_plus_days", left, count, type_="TIMESTAMP")


def _interval(value: exp.Expr, interval: exp.Interval, sign: int) -> exp.Expr:
    for count, unit in parts_of(interval):
        shifted = shift(value, count, unit, sign)
        if unit in ("month", "year"):
            shifted = call("_same_day", shifted, value.copy(), type_="TIMESTAMP")
        value = shifted
    return value


def _months(node: exp.AddMonths) -> exp.Expr:
    return call(
        "_add_months", instant(node.this), exp.cast(node.expression, "INT"), type_="TIMESTAMP"
    )


_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def _next(node: exp.NextDay) -> exp.Expr:
    name = node.expression.name[:3].upper()
    if name not in _NAMES:
        raise QueryError("exact", name="ORA-01846: not a valid day of the week")
    number = exp.Literal.number(_NAMES.index(name))
    return call("_next_day", instant(node.this), number, type_="TIMESTAMP")


def _number_interval(node: exp.Anonymous) -> exp.Expr:
    count, unit = node.expressions
    names = {"DAY": "_days", "HOUR": "_hours", "MINUTE": "_minutes", "SECOND": "_seconds"}
    name = names.get(unit.name.upper())
    if name is None:
        raise QueryError("exact", name="ORA-01760: illegal argument for function")
    return call(name, count, type_="INTERVAL")


def _year_interval(node: exp.Anonymous) -> exp.Expr:
    count, unit = node.expressions
    factor = 12 if unit.name.upper() == "YEAR" else 1
    months = exp.Mul(this=exp.Paren(this=count), expression=exp.Literal.number(factor))
    return call("to_months", exp.cast(months, "INT"), type_="INTERVAL")


def _extract(node: exp.Extract) -> exp.Expr:
    value = node.expression
    if has_kind(value, "text"):
        value = instant(value)
    return call("date_part", text(node.name.lower()), value, type_="BIGINT")


def _between(macro: str) -> Rewrite:
    return lambda node: call(macro, instant(node.this), instant(node.expression), type_="DOUBLE")


RULES = Rules(
    nodes={
        exp.Add: _sum,
        exp.Sub: _sum,
        exp.AddMonths: _months,
        exp.DateTrunc: _date_trunc,
        exp.Extract: _extract,
        exp.LastDay: lambda node: call("_last", instant(node.this), type_="TIMESTAMP"),
        exp.MonthsBetween: _between("_months_between"),
        exp.NextDay: _next,
        exp.Round: _round,
    },
    functions={
        "trunc": _trunc,
        "numtodsinterval": _number_interval,
        "numtoyminterval": _year_interval,
    },
    macros=_MACROS,
)

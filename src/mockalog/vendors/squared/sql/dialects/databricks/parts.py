"""Parts of dates: names and numbers of days, truncation, conversions of the epoch.

Source: Databricks' SQL reference: extract, date_trunc, trunc, next_day, and Spark 4.3, measured.
"""

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.casts import date, instant
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError

_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("MONTH", "MM", "MON"), "month"),
    **dict.fromkeys(("YEAR", "YYYY", "YY"), "year"),
    **dict.fromkeys(("DAY", "DD"), "day"),
    "QUARTER": "quarter",
    "WEEK": "week",
    "HOUR": "hour",
    "MINUTE": "minute",
    "SECOND": "second",
}
_OF_DATES = ("month", "year", "quarter", "week")
_PARTS: Mapping[str, str] = {
    **dict.fromkeys(("YEAR", "Y", "YEARS", "YR", "YRS"), "year"),
    **dict.fromkeys(("MONTH", "MON", "MONS", "MONTHS"), "month"),
    **dict.fromkeys(("DAY", "D", "DAYS"), "day"),
    **dict.fromkeys(("HOUR", "H", "HOURS", "HR", "HRS"), "hour"),
    **dict.fromkeys(("MINUTE", "M", "MIN", "MINS", "MINUTES"), "minute"),
    **dict.fromkeys(("SECOND", "S", "SEC", "SECONDS", "SECS"), "_spark_second"),
    **dict.fromkeys(("QUARTER", "QTR"), "quarter"),
    **dict.fromkeys(("WEEK", "W", "WEEKS"), "week"),
    **dict.fromkeys(("DAYOFWEEK", "DOW"), "_spark_day_of_week"),
    **dict.fromkeys(("DAYOFWEEK_ISO", "DOW_ISO", "DAYOFWEEKISO"), "isodow"),
    **dict.fromkeys(("DAYOFYEAR", "DOY"), "dayofyear"),
    **dict.fromkeys(("YEAROFWEEK", "ISOYEAR"), "isoyear"),
}


def _trunc_instant(node: Any) -> exp.Expr:
    if (unit := _UNITS.get(node.args["unit"].name.upper())) is None:
        return exp.null()
    return cast_to(call("date_trunc", text(unit), instant(node.this)), "TIMESTAMP")


def _trunc_date(node: Any) -> exp.Expr:
    unit = _UNITS.get(node.args["unit"].name.upper())
    if unit not in _OF_DATES:
        return exp.null()
    return cast_to(call("date_trunc", text(unit), date(node.this)), "DATE")


def _part(unit: str, value: exp.Expr) -> exp.Expr:
    if (name := _PARTS.get(unit.upper())) is None:
        raise QueryError("pattern", name=unit)
    type_ = "DECIMAL(8, 6)" if name == "_spark_second" else "INT"
    return call(name, instant(value), type_=type_)


def _of(name: str, type_: str) -> Any:
    """Return a rule: a function of one timestamp."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return call(name, instant(value), type_=type_)

    return rule


def _next_day(node: exp.NextDay) -> exp.Expr:
    return call("_spark_next_day", date(node.this), node.expression, type_="DATE")


RULES = Rules(
    nodes={
        exp.TimestampTrunc: _trunc_instant,
        exp.DateTrunc: _trunc_date,
        exp.Extract: lambda node: _part(node.name, node.expression),
        exp.DayOfWeek: _of("_spark_day_of_week", "INT"),
        exp.Quarter: _of("quarter", "INT"),
        exp.Hour: _of("hour", "INT"),
        exp.Minute: _of("minute", "INT"),
        exp.Second: _of("second", "INT"),
        exp.Monthname: _of("_spark_month_name", "TEXT"),
        exp.Dayname: _of("_spark_day_name", "TEXT"),
        exp.LastDay: lambda node: call("last_day", date(node.this), type_="DATE"),
        exp.NextDay: _next_day,
        exp.DateFromUnixDate: lambda node: call("_spark_from_days", node.this, type_="DATE"),
        exp.UnixDate: lambda node: call("_spark_days", date(node.this), type_="INT"),
        exp.UnixSeconds: _of("_spark_unix", "BIGINT"),
        exp.UnixMillis: _of("epoch_ms", "BIGINT"),
        exp.UnixMicros: _of("epoch_us", "BIGINT"),
    },
    functions={
        "date_part": lambda node: _part(node.expressions[0].name, node.expressions[1]),
        "datepart": lambda node: _part(node.expressions[0].name, node.expressions[1]),
        "weekday": _of("_spark_weekday", "INT"),
        "to_unix_timestamp": _of("_spark_unix", "BIGINT"),
        "unix_seconds": _of("_spark_unix", "BIGINT"),
    },
    types={
        exp.TimestampTrunc: annotated("TIMESTAMP"),
        exp.DateTrunc: annotated("DATE"),
        exp.LastDay: annotated("DATE"),
        exp.UnixDate: annotated("INT"),
    },
    function_types={
        "date_part": "INT",
        "datepart": "INT",
        "weekday": "INT",
        "to_unix_timestamp": "BIGINT",
        "make_date": "DATE",
    },
    macros=(
        "CREATE MACRO _spark_second(x) AS"
        " CAST(second(x) + (microsecond(x) % 1000000) / 1000000 AS DECIMAL(8, 6))",
        "CREATE MACRO _spark_day_of_week(x) AS dayofweek(x) + 1",
        "CREATE MACRO _spark_weekday(x) AS isodow(x) - 1",
        "CREATE MACRO _spark_month_name(x) AS strftime(x, '%b')",
        "CREATE MACRO _spark_day_name(x) AS strftime(x, '%a')",
        "CREATE MACRO _spark_from_days(n) AS DATE '1970-01-01' + CAST(n AS INTEGER)",
        "CREATE MACRO _spark_days(x) AS date_diff('day', DATE '1970-01-01', x)",
        "CREATE MACRO _spark_day_number(d) AS list_position("
        "['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], upper(left(d, 2)))",
        "CREATE MACRO _spark_next_day(x, d) AS CASE WHEN _spark_day_number(d) IS NULL"
        " THEN error('Illegal input for day of week: ' || d) ELSE"
        " x + CAST((_spark_day_number(d) - isodow(x) + 6) % 7 + 1 AS INTEGER) END",
    ),
)

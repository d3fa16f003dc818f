"""Parts of dates, and functions of dates.

Source: MariaDB's Knowledge Base, "Date & Time Functions"; `WEEK` for the modes of weeks.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import annotated
from mockalog.vendors.squared.sql.dialects.mariadb.casts import clock
from mockalog.vendors.squared.sql.dialects.mariadb.kinds import instant, kind, number, text
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

# The units of EXTRACT: the parts of DuckDB that it joins, two digits each.
_PARTS: Mapping[str, Sequence[str]] = {
    "MICROSECOND": ("microsecond",),
    "SECOND": ("second",),
    "MINUTE": ("minute",),
    "HOUR": ("hour",),
    "DAY": ("day",),
    "MONTH": ("month",),
    "QUARTER": ("quarter",),
    "YEAR": ("year",),
    "YEAR_MONTH": ("year", "month"),
    "DAY_HOUR": ("day", "hour"),
    "DAY_MINUTE": ("day", "hour", "minute"),
    "DAY_SECOND": ("day", "hour", "minute", "second"),
    "HOUR_MINUTE": ("hour", "minute"),
    "HOUR_SECOND": ("hour", "minute", "second"),
    "MINUTE_SECOND": ("minute", "second"),
}


def week(value: exp.Expr, mode: exp.Expr | int = 0) -> exp.Expr:
    """Return the number of a week by one of the eight modes."""
    mode = exp.Literal.number(mode) if isinstance(mode, int) else mode
    return call("_my_week", instant(value), mode, type_="BIGINT")


def year_of_week(value: exp.Expr, mode: exp.Expr | int = 0) -> exp.Expr:
    """Return the year to which a week belongs."""
    mode = exp.Literal.number(mode) if isinstance(mode, int) else mode
    return call("_my_week_year", instant(value), mode, type_="BIGINT")


def _part(name: str, *, of_clock: bool = False) -> Any:
    """Return a rule: a part of a date, or of a time of day."""

    def rule(node: exp.Expr) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        found = clock(value) if of_clock and kind(value) != "instant" else instant(value)
        return call(name, found, type_="BIGINT")

    return rule


def _extract(node: exp.Extract) -> exp.Expr:
    unit, value = node.name.upper(), node.expression
    if unit == "WEEK":
        return week(value)
    if unit not in _PARTS:
        raise QueryError("syntax", name=unit)
    is_clock = _PARTS[unit][0] in ("microsecond", "second", "minute", "hour")
    found = clock(value) if is_clock and kind(value) != "instant" else instant(value)
    total: exp.Expr = exp.Literal.number(0)
    for part in _PARTS[unit]:
        one = call("_my_microsecond" if part == "microsecond" else part, found.copy())
        total = exp.Add(
            this=exp.Mul(this=exp.paren(total), expression=exp.Literal.number(100)), expression=one
        )
    total.type = exp.DataType.build("BIGINT")
    return exp.paren(total)


def _to_date(node: exp.TsOrDsToDate) -> exp.Expr:
    return exp.cast(instant(node.this), "DATE")


def _to_instant(node: Any) -> exp.Expr:
    if (added := node.args.get("zone") or node.args.get("expression")) is not None:
        return call("_my_at_clock", instant(node.this), clock(added), type_="TIMESTAMP")
    return instant(node.this)


def _clock(node: exp.Time) -> exp.Expr:
    return clock(node.this)


def _week(node: exp.Week) -> exp.Expr:
    return week(node.this, node.args.get("mode") or 0)


def _year_week(node: exp.Anonymous) -> exp.Expr:
    value, *modes = node.expressions
    # The year of a week is the one of the modes that count from 1.
    mode = modes[0] if modes else exp.Literal.number(0)
    return call("_my_year_week", instant(value), mode, type_="BIGINT")


def _of_instant(name: str, type_: str) -> Any:
    """Return a rule: a function of one timestamp."""

    def rule(node: exp.Expr) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return call(name, instant(value), type_=type_)

    return rule


def _of_number(name: str, type_: str) -> Any:
    """Return a rule: a function of numbers."""

    def rule(node: exp.Anonymous) -> exp.Expr:
        return call(
            name, *(exp.cast(number(one), "BIGINT") for one in node.expressions), type_=type_
        )

    return rule


def _unix(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0] if node.expressions else call("now")
    return call("_my_unix", instant(value) if node.expressions else value, type_="BIGINT")


def _convert_zone(node: exp.ConvertTimezone) -> exp.Expr:
    zones = [node.args["source_tz"], node.args["target_tz"]]
    return call("_my_zone", instant(node.args["timestamp"]), *zones, type_="TIMESTAMP")


def _seconds(node: exp.Anonymous) -> exp.Expr:
    return call("_my_seconds", text(node.expressions[0]), type_="BIGINT")


RULES = Rules(
    nodes={
        exp.TsOrDsToDate: _to_date,
        exp.TsOrDsToTimestamp: _to_instant,
        exp.Timestamp: _to_instant,
        exp.Time: _clock,
        exp.Extract: _extract,
        exp.Week: _week,
        exp.WeekOfYear: lambda node: week(node.this, 3),
        exp.Quarter: _part("quarter"),
        exp.Hour: _part("hour", of_clock=True),
        exp.Minute: _part("minute", of_clock=True),
        exp.Second: _part("second", of_clock=True),
        exp.DayOfWeek: _part("_my_day_of_week"),
        exp.Dayname: _of_instant("dayname", "TEXT"),
        exp.LastDay: _of_instant("last_day", "DATE"),
        exp.ConvertTimezone: _convert_zone,
    },
    functions={
        "yearweek": _year_week,
        "weekday": _part("_my_weekday"),
        "microsecond": _part("_my_microsecond", of_clock=True),
        "to_days": _of_instant("_my_to_days", "BIGINT"),
        "to_seconds": _of_instant("_my_to_seconds", "BIGINT"),
        "from_days": _of_number("_my_from_days", "DATE"),
        "makedate": _of_number("_my_make_date", "DATE"),
        "maketime": _of_number("_my_make_time", "TEXT"),
        "sec_to_time": _of_number("_my_time_text", "TEXT"),
        "time_to_sec": _seconds,
        "period_add": _of_number("_my_period_add", "BIGINT"),
        "period_diff": _of_number("_my_period_diff", "BIGINT"),
        "unix_timestamp": _unix,
    },
    function_types={
        "yearweek": "BIGINT",
        "weekday": "BIGINT",
        "microsecond": "BIGINT",
        "to_days": "BIGINT",
        "to_seconds": "BIGINT",
        "from_days": "DATE",
        "makedate": "DATE",
        "maketime": "TEXT",
        "sec_to_time": "TEXT",
        "time_to_sec": "BIGINT",
        "period_add": "BIGINT",
        "period_diff": "BIGINT",
        "unix_timestamp": "BIGINT",
    },
    types={
        exp.ConvertTimezone: annotated("TIMESTAMP"),
        exp.LastDay: annotated("DATE"),
        exp.Time: annotated("TIME"),
        exp.Timestamp: annotated("TIMESTAMP"),
        exp.TsOrDsToDate: annotated("DATE"),
    },
    macros=(
        # Bits of a mode: Monday is the first day; the number is 1 to 53; by full weeks. Without
        # Monday as the first day the third bit has the opposite meaning.
        "CREATE MACRO _my_monday(m) AS m % 2 = 1",
        "CREATE MACRO _my_of_year(m) AS m // 2 % 2 = 1",
        "CREATE MACRO _my_full(m) AS (m // 4 % 2 = 1) <> (m % 2 = 0)",
        "CREATE MACRO _my_first_day(y, m) AS CASE WHEN _my_monday(m)"
        " THEN isodow(make_date(y, 1, 1)) - 1 ELSE dayofweek(make_date(y, 1, 1)) END",
        "CREATE MACRO _my_week_start(y, m) AS make_date(y, 1, 1) + CAST(CASE WHEN _my_full(m)"
        " THEN (7 - _my_first_day(y, m)) % 7 WHEN _my_first_day(y, m) <= 3"
        " THEN -_my_first_day(y, m) ELSE 7 - _my_first_day(y, m) END AS INTEGER)",
        "CREATE MACRO _my_week_year(x, m) AS CASE"
        " WHEN CAST(x AS DATE) < _my_week_start(year(x), m) THEN year(x) - 1"
        " WHEN CAST(x AS DATE) >= _my_week_start(year(x) + 1, m) THEN year(x) + 1"
        " ELSE year(x) END",
        "CREATE MACRO _my_week_in(x, y, m) AS"
        " date_diff('day', _my_week_start(y, m), CAST(x AS DATE)) // 7 + 1",
        "CREATE MACRO _my_week(x, m) AS CASE"
        " WHEN _my_of_year(m) THEN _my_week_in(x, _my_week_year(x, m), m)"
        " WHEN CAST(x AS DATE) < _my_week_start(year(x), m) THEN 0"
        " ELSE _my_week_in(x, year(x), m) END",
        "CREATE MACRO _my_year_week(x, m) AS _my_week_year(x, m) * 100"
        " + _my_week_in(x, _my_week_year(x, m), m)",
        "CREATE MACRO _my_day_of_week(x) AS dayofweek(x) + 1",
        "CREATE MACRO _my_weekday(x) AS isodow(x) - 1",
        "CREATE MACRO _my_microsecond(x) AS microsecond(x) % 1000000",
        "CREATE MACRO _my_to_days(x) AS date_diff('day', DATE '1970-01-01', CAST(x AS DATE))"
        " + 719528",
        "CREATE MACRO _my_to_seconds(x) AS _my_to_days(x) * 86400 + epoch(x)::BIGINT % 86400",
        "CREATE MACRO _my_from_days(n) AS DATE '1970-01-01' + CAST(n - 719528 AS INTEGER)",
        "CREATE MACRO _my_make_date(y, n) AS CASE WHEN n > 0"
        " THEN make_date(y, 1, 1) + CAST(n - 1 AS INTEGER) END",
        "CREATE MACRO _my_make_time(h, m, s) AS CASE WHEN m BETWEEN 0 AND 59 AND s BETWEEN 0 AND 59"
        " THEN _my_time_text(h * 3600 + m * 60 + s) END",
        "CREATE MACRO _my_period_months(p) AS p // 100 * 12 + p % 100 - 1",
        "CREATE MACRO _my_period(n) AS n // 12 * 100 + n % 12 + 1",
        "CREATE MACRO _my_period_add(p, n) AS _my_period(_my_period_months(p) + n)",
        "CREATE MACRO _my_period_diff(a, b) AS _my_period_months(a) - _my_period_months(b)",
        "CREATE MACRO _my_unix(x) AS CAST(floor(epoch(x)) AS BIGINT)",
        "CREATE MACRO _my_at_clock(x, t) AS date_trunc('day', x) + to_microseconds(epoch_us(t))",
        "CREATE MACRO _my_offset(z) AS CASE WHEN regexp_full_match(z, '[-+]\\d{1,2}:\\d{2}')"
        " THEN to_minutes((CASE WHEN z LIKE '-%' THEN -1 ELSE 1 END) *"
        " (abs(CAST(split_part(z, ':', 1) AS BIGINT)) * 60"
        " + CAST(split_part(z, ':', 2) AS BIGINT)))"
        " WHEN upper(z) = 'SYSTEM' THEN to_minutes(0) END",
        "CREATE MACRO _my_zone(x, a, b) AS x - _my_offset(a) + _my_offset(b)",
    ),
)

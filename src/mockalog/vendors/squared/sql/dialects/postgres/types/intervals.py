"""Intervals in text literals (manual, 8.5.4), and PostgreSQL's text of an interval."""

import re
from decimal import Decimal

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import typed
from mockalog.vendors.squared.sql.dialects.rules import call
from mockalog.vendors.squared.sql.problems import QueryError

_DAY = 86_400 * 1_000_000
_MONTHS = {
    "month": 1, "mon": 1, "quarter": 3, "year": 12, "yr": 12, "y": 12, "decade": 120, "dec": 120,
    "century": 1200, "millennium": 12000,
}  # fmt: skip
_DAYS = {"day": 1, "d": 1, "week": 7, "w": 7}
_MICROSECONDS = {
    "hour": 3_600_000_000, "hr": 3_600_000_000, "h": 3_600_000_000,
    "minute": 60_000_000, "min": 60_000_000, "m": 60_000_000,
    "second": 1_000_000, "sec": 1_000_000, "s": 1_000_000,
    "millisecond": 1_000, "msec": 1_000, "ms": 1_000,
    "microsecond": 1, "usec": 1, "us": 1,
}  # fmt: skip
_PART = re.compile(
    r"\s*(?:(?P<clock>[+-]?\d+:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)"
    r"|(?P<sign>[+-]\s*)?(?P<number>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>[a-z]+)?)\s*(?P<ago>ago)?",
    re.IGNORECASE,
)

MACROS = (
    "CREATE MACRO _pg_count(n, unit) AS CASE WHEN n = 0 THEN '' ELSE"
    " n::BIGINT || ' ' || unit || CASE WHEN n = 1 THEN ' ' ELSE 's ' END END",
    "CREATE MACRO _pg_micros(x) AS (datepart('hour', x)::BIGINT * 3600000000"
    " + datepart('minute', x) * 60000000 + datepart('microsecond', x))",
    "CREATE MACRO _pg_months(x) AS (datepart('year', x) * 12 + datepart('month', x))",
    "CREATE MACRO _pg_clock(us) AS CASE WHEN us < 0 THEN '-' ELSE '' END"
    " || lpad((abs(us) // 3600000000)::VARCHAR, greatest(2,"
    " length((abs(us) // 3600000000)::VARCHAR))::INTEGER, '0')"
    " || ':' || lpad((abs(us) // 60000000 % 60)::VARCHAR, 2, '0')"
    " || ':' || lpad((abs(us) // 1000000 % 60)::VARCHAR, 2, '0')"
    " || CASE WHEN abs(us) % 1000000 = 0 THEN ''"
    " ELSE '.' || rtrim(lpad((abs(us) % 1000000)::VARCHAR, 6, '0'), '0') END",
    "CREATE MACRO _pg_interval(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(nullif(rtrim("
    "_pg_count(datepart('year', x), 'year') || _pg_count(datepart('month', x), 'mon')"
    " || _pg_count(datepart('day', x), 'day')"
    " || CASE WHEN _pg_micros(x) = 0 THEN '' ELSE _pg_clock(_pg_micros(x)) END), ''),"
    " '00:00:00') END",
    "CREATE MACRO _pg_interval_of(months, days, us) AS"
    " to_months(months::INTEGER) + to_days(days::INTEGER) + to_microseconds(us::BIGINT)",
    "CREATE MACRO _pg_interval_divide(m, d, us, f) AS _pg_interval_of(trunc(m / f),"
    " trunc(d / f) + trunc((m / f - trunc(m / f)) * 30),"
    " round(us / f + (d / f - trunc(d / f) + (m / f - trunc(m / f)) * 30"
    " - trunc((m / f - trunc(m / f)) * 30)) * 86400000000))",
    "CREATE MACRO _pg_interval_scaled(x, f) AS _pg_interval_divide(_pg_months(x),"
    " datepart('day', x), _pg_micros(x), 1.0::DOUBLE / f)",
    "CREATE MACRO _pg_interval_divided(x, f) AS _pg_interval_divide(_pg_months(x),"
    " datepart('day', x), _pg_micros(x), f::DOUBLE)",
    "CREATE MACRO _pg_justified(us) AS _pg_interval_of(us // 2592000000000,"
    " us % 2592000000000 // 86400000000, us % 86400000000)",
    "CREATE MACRO _pg_justify(x) AS _pg_justified(_pg_months(x) * 2592000000000"
    " + datepart('day', x) * 86400000000 + _pg_micros(x))",
    "CREATE MACRO _pg_justify_hours(x) AS _pg_interval_of(_pg_months(x),"
    " datepart('day', x) + _pg_micros(x) // 86400000000, _pg_micros(x) % 86400000000)",
    "CREATE MACRO _pg_justify_days(x) AS _pg_interval_of(_pg_months(x) + datepart('day', x) // 30,"
    " datepart('day', x) % 30, _pg_micros(x))",
)


def node_of(value: str) -> exp.Expr:
    """Return the interval of a text; raises `QueryError`."""
    months, days, microseconds = _parts(value)
    return typed(  # type: ignore[no-any-return]
        call("_pg_interval_of", *(exp.Literal.number(one) for one in (months, days, microseconds))),
        "interval",
    )


def written(node: exp.Interval) -> exp.Expr:
    """Return an interval that the query writes."""
    value, unit = node.this, node.args.get("unit")
    return node_of(f"{value.name} {unit.name}" if unit is not None else value.name)


def _parts(value: str) -> tuple[int, int, int]:
    months, days, microseconds = Decimal(0), Decimal(0), Decimal(0)
    at, negative = 0, False
    while at < len(value.rstrip()):
        found = _PART.match(value, at)
        if found is None or found.end() == at:
            raise _wrong(value)
        at = found.end()
        negative = negative or found["ago"] is not None
        amount, unit = _amount(found, value)
        if unit in _MONTHS:
            months += amount * _MONTHS[unit]
        elif unit in _DAYS:
            days += amount * _DAYS[unit]
        else:
            microseconds += amount * _MICROSECONDS[unit]
    if not value.strip():
        raise _wrong(value)
    days += months % 1 * 30
    microseconds += days % 1 * _DAY if days >= 0 else -(-days % 1) * _DAY
    sign = -1 if negative else 1
    return sign * int(months), sign * int(days), sign * int(microseconds)


def _amount(found: re.Match[str], value: str) -> tuple[Decimal, str]:
    if found["clock"]:
        negative = found["clock"].startswith("-")
        hours, minutes, seconds = [*found["clock"].lstrip("+-").split(":"), "0"][:3]
        amount = Decimal(hours) * 3600 + Decimal(minutes) * 60 + Decimal(seconds)
        return -amount if negative else amount, "second"
    unit = (found["unit"] or "second").lower()
    known = _MONTHS.keys() | _DAYS.keys() | _MICROSECONDS.keys()
    unit = unit if unit in known else unit.removesuffix("s")
    unit = {"centurie": "century", "millennia": "millennium", "": "s"}.get(unit, unit)
    if unit not in known:
        raise _wrong(value)
    amount = Decimal(found["number"])
    return -amount if (found["sign"] or "").strip() == "-" else amount, unit


def _wrong(value: str) -> QueryError:
    return QueryError("cast", type="interval", value=value)

"""Sums and differences of dates, formats, and zones.

Source: Databricks' SQL reference: dateadd, datediff, months_between, "Datetime patterns",
and Spark 4.3, measured.
"""

from typing import Any

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from mockalog.vendors.squared.sql.dialects.databricks.casts import date, instant, mismatch, text
from mockalog.vendors.squared.sql.dialects.databricks.decimals import annotate_arithmetic
from mockalog.vendors.squared.sql.dialects.databricks.numbers import arithmetic
from mockalog.vendors.squared.sql.dialects.java_patterns import (
    formatted,
    parsing_format,
    quarter,
)
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.dialects.rules import text as literal
from mockalog.vendors.squared.sql.dialects.spans import MICROSECONDS, MONTHS, SPANS
from mockalog.vendors.squared.sql.problems import QueryError

_DAYS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_INTERVALS = {unit: f"to_{unit.lower()}s" for unit in (*MICROSECONDS, *MONTHS)}
_DEFAULT = "yyyy-MM-dd HH:mm:ss"


def unit_of(node: exp.Expr) -> str:
    """Return the name of a unit in upper case, without a plural."""
    unit = node.args.get("unit")
    return str(unit.name).upper().removesuffix("S") if unit is not None else "DAY"


def pattern_of(node: exp.Expr) -> str:
    """Return the pattern of a node: sqlglot gives it in the codes of strftime."""
    format_ = node.args.get("format")
    if not isinstance(format_, exp.Literal):
        raise QueryError("pattern", name="a pattern must be a literal")
    found: Any = Dialect.get_or_raise("databricks").generator().format_time(node)
    return str(found)[1:-1].replace("\\'", "'").replace("''", "'")


def _add_days(node: exp.TsOrDsAdd) -> exp.Expr:
    days = cast_to(node.expression, "INTEGER")
    return typed(exp.paren(exp.Add(this=date(node.this), expression=days)), "DATE")


def _add(node: Any) -> exp.Expr:
    span = call(_INTERVALS[_known(node)], cast_to(node.expression, "INTEGER"))
    return typed(exp.paren(exp.Add(this=instant(node.this), expression=span)), "TIMESTAMP")


def _known(node: exp.Expr) -> str:
    if (unit := unit_of(node)) not in _INTERVALS:
        raise QueryError("pattern", name=unit)
    return unit


def _add_months(node: exp.AddMonths) -> exp.Expr:
    months = call("to_months", cast_to(node.expression, "INTEGER"))
    return cast_to(exp.Add(this=date(node.this), expression=months), "DATE")


def _days_between(node: exp.DateDiff) -> exp.Expr:
    return call("date_diff", literal("day"), date(node.expression), date(node.this), type_="BIGINT")


def _spans_between(node: Any) -> exp.Expr:
    earlier, later, unit = instant(node.expression), instant(node.this), _known(node)
    if unit in MONTHS:
        return call("_months", earlier, later, exp.Literal.number(MONTHS[unit]), type_="BIGINT")
    size = exp.Literal.number(MICROSECONDS[unit])
    return call("_spans", earlier, later, size, type_="BIGINT")


def _months_between(node: exp.MonthsBetween) -> exp.Expr:
    rounds = node.args.get("roundoff")
    digits = exp.Literal.number(8 if rounds is None or rounds.this is True else 15)
    both = instant(node.this), instant(node.expression)
    return call("_spark_months_between", *both, digits, type_="DOUBLE")


def _plus(node: exp.Add | exp.Sub) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval):
        left, right = right, left
    if isinstance(right, exp.Interval):
        return _moved(node, left, right)
    if kind(left) in ("date", "instant") and kind(right) in ("date", "instant", "text"):
        return _between(left, right) if isinstance(node, exp.Sub) else _no_sum(left, right)
    if kind(left) == "date":
        return typed(exp.paren(type(node)(this=left, expression=cast_to(right, "INTEGER"))), "DATE")
    return arithmetic(node)


def _no_sum(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    raise mismatch(left, right, "+")


def _moved(node: exp.Add | exp.Sub, value: exp.Expr, span: exp.Interval) -> exp.Expr:
    operator = type(node)
    if kind(value) == "date" and _is_of_days(span):
        return cast_to(operator(this=value, expression=span), "DATE")
    value = instant(value) if kind(value) in ("text", "date", "instant") else value
    return typed(exp.paren(operator(this=value, expression=span)), "TIMESTAMP")


def _is_of_days(span: exp.Interval) -> bool:
    unit = span.args.get("unit")
    names = [one.name for one in unit.find_all(exp.Var)] if unit is not None else []
    return bool(names) and all(name.upper().removesuffix("S") in _DAYS for name in names)


def _between(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    if kind(left) == kind(right) == "date":
        return call("_spark_days_text", exp.Sub(this=left, expression=right), type_="TEXT")
    parts = instant(left), instant(right)
    return call("_spark_span_text", *parts, type_="TEXT")


# Any: sqlglot's annotator of types.
def _annotate_plus(annotator: Any, node: exp.Binary) -> exp.Expr:
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval):
        left, right = right, left
    if kind(left) not in ("date", "instant") and not isinstance(right, exp.Interval):
        return annotate_arithmetic(annotator, node)
    if kind(left) == "date":
        is_date = not isinstance(right, exp.Interval) or _is_of_days(right)
        annotator._set_type(node, exp.DType.DATE if is_date else exp.DType.TIMESTAMP)
    else:
        annotator._set_type(node, exp.DType.TIMESTAMP)
    return node


def _to_date(node: exp.TsOrDsToDate) -> exp.Expr:
    if node.args.get("format") is None:
        return date(node.this)
    return cast_to(_parsed(node.this, pattern_of(node)), "DATE")


def _parsed(value: exp.Expr, pattern: str) -> exp.Expr:
    if kind(value) in ("date", "instant"):
        return instant(value)
    return call("_spark_parse", text(value), literal(parsing_format(pattern)), type_="TIMESTAMP")


def _to_time(node: exp.StrToTime) -> exp.Expr:
    return _parsed(node.this, pattern_of(node))


def _try_to_time(node: exp.Anonymous) -> exp.Expr:
    value, *pattern = node.expressions
    if not pattern:
        found = call("_spark_try_instant", text(value), type_="TIMESTAMP")
    else:
        codes = literal(parsing_format(pattern[0].name))
        found = call("try_strptime", text(value), codes, type_="TIMESTAMP")
    return cast_to(found, "DATE") if node.name.lower() == "try_to_date" else found


def _to_text(node: exp.TimeToStr) -> exp.Expr:
    return formatted(instant(node.this), pattern_of(node), quarter)


def _to_unix(node: exp.StrToUnix) -> exp.Expr:
    if kind(node.this) in ("date", "instant") or node.args.get("format") is None:
        return call("_spark_unix", instant(node.this), type_="BIGINT")
    return call("_spark_unix", _parsed(node.this, pattern_of(node)), type_="BIGINT")


def _from_unix(node: exp.UnixToStr) -> exp.Expr:
    value = call("_spark_from_seconds", node.this, type_="TIMESTAMP")
    return formatted(value, pattern_of(node), quarter)


def _in_zone(value: exp.Expr, source: exp.Expr, target: exp.Expr) -> exp.Expr:
    """Return the wall clock of one zone for that of another."""
    moved = exp.AtTimeZone(
        this=exp.AtTimeZone(this=instant(value), zone=source.copy()), zone=target.copy()
    )
    return typed(exp.paren(moved), "TIMESTAMP")


def _convert(node: exp.ConvertTimezone) -> exp.Expr:
    source = node.args.get("source_tz") or literal("UTC")
    return _in_zone(node.args["timestamp"], source, node.args["target_tz"])


RULES = Rules(
    nodes={
        exp.TsOrDsAdd: _add_days,
        exp.TimestampAdd: _add,
        exp.DateAdd: _add,
        exp.AddMonths: _add_months,
        exp.DateDiff: _days_between,
        exp.TimestampDiff: _spans_between,
        exp.MonthsBetween: _months_between,
        exp.Add: _plus,
        exp.Sub: _plus,
        exp.TsOrDsToDate: _to_date,
        exp.TimeStrToTime: lambda node: instant(node.this),
        exp.StrToTime: _to_time,
        exp.TimeToStr: _to_text,
        exp.StrToUnix: _to_unix,
        exp.UnixToStr: _from_unix,
        exp.FromTimeZone: lambda node: _in_zone(node.this, node.args["zone"], literal("UTC")),
        exp.AtTimeZone: lambda node: _in_zone(node.this, literal("UTC"), node.args["zone"]),
        exp.ConvertTimezone: _convert,
    },
    functions={
        "try_to_timestamp": _try_to_time,
        "try_to_date": _try_to_time,
        "timestamp_seconds": lambda node: call(
            "_spark_from_seconds", node.expressions[0], type_="TIMESTAMP"
        ),
        "timestamp_millis": lambda node: call(
            "make_timestamp_ms", cast_to(node.expressions[0], "BIGINT"), type_="TIMESTAMP"
        ),
        "timestamp_micros": lambda node: call(
            "make_timestamp", cast_to(node.expressions[0], "BIGINT"), type_="TIMESTAMP"
        ),
    },
    types={
        **dict.fromkeys((exp.Add, exp.Sub), _annotate_plus),
        **dict.fromkeys((exp.TimestampAdd, exp.DateAdd), annotated("TIMESTAMP")),
        **dict.fromkeys((exp.ConvertTimezone, exp.FromTimeZone), annotated("TIMESTAMP")),
        **dict.fromkeys((exp.TsOrDsAdd, exp.TsOrDsToDate, exp.AddMonths), annotated("DATE")),
        exp.MonthsBetween: annotated("DOUBLE"),
    },
    function_types={
        "try_to_timestamp": "TIMESTAMP",
        "try_to_date": "DATE",
        "timestamp_seconds": "TIMESTAMP",
        "timestamp_millis": "TIMESTAMP",
        "timestamp_micros": "TIMESTAMP",
    },
    macros=(
        *SPANS,
        "CREATE MACRO _spark_is_last(x) AS CAST(x AS DATE) = last_day(x)",
        # Both last days, or the same day, make whole months; otherwise a month has 31 days.
        "CREATE MACRO _spark_months_between(a, b, n) AS CAST(CASE"
        " WHEN day(a) = day(b) OR (_spark_is_last(a) AND _spark_is_last(b))"
        " THEN _month_number(a) - _month_number(b)"
        " ELSE round(_month_number(a) - _month_number(b)"
        " + (_month_rest(a) - _month_rest(b)) / 2678400000000.0, n) END AS DOUBLE)",
        "CREATE MACRO _spark_days_text(n) AS 'INTERVAL ''' || n || ''' DAY'",
        "CREATE MACRO _spark_seconds(a, b) AS"
        " CAST((epoch_us(a) - epoch_us(b)) // 1000000 AS BIGINT)",
        "CREATE MACRO _spark_span_text(a, b) AS 'INTERVAL ''' ||"
        " CASE WHEN a < b THEN '-' ELSE '' END ||"
        " format('{} {:02d}:{:02d}:{:02d}', abs(_spark_seconds(a, b)) // 86400,"
        " abs(_spark_seconds(a, b)) // 3600 % 24, abs(_spark_seconds(a, b)) // 60 % 60,"
        " abs(_spark_seconds(a, b)) % 60) || ''' DAY TO SECOND'",
        "CREATE MACRO _spark_unix(x) AS CAST(floor(epoch(x)) AS BIGINT)",
        "CREATE MACRO _spark_parse(x, f) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN try_strptime(x, f) IS NULL THEN error('Unparseable ''' || x || '''')"
        " ELSE try_strptime(x, f) END",
    ),
)

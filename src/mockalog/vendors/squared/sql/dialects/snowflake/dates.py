"""Dates: sums, differences, parts.

Source: Snowflake's SQL reference, "Date & time functions".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import NUMBERS, has_kind, kind_of
from mockalog.vendors.squared.sql.dialects.shared.shifts import instant, shift, shift_by
from mockalog.vendors.squared.sql.dialects.snowflake.variants import as_number, as_text, plain
from mockalog.vendors.squared.sql.problems import QueryError

_ALIASES = {
    "year": "year y yy yyy yyyy yr years yrs",
    "quarter": "quarter q qtr qtrs quarters",
    "month": "month mm mon mons months",
    "week": "week w wk weekofyear woy wy weeks",
    "day": "day d dd days dayofmonth",
    "hour": "hour h hh hr hours hrs",
    "minute": "minute m mi min minutes mins",
    "second": "second s sec seconds secs",
    "millisecond": "millisecond ms msec milliseconds",
    "microsecond": "microsecond us usec microseconds",
    "nanosecond": "nanosecond ns nsec nanosec nsecond nanoseconds nanosecs nseconds",
    "dayofweek": "dayofweek weekday dow dw weekday_sun",
    "dayofweekiso": "dayofweekiso weekday_iso dow_iso dw_iso dayofweek_iso weekdayiso",
    "dayofyear": "dayofyear yearday doy dy",
    "weekiso": "weekiso week_iso weekofyeariso weekofyear_iso",
    "yearofweek": "yearofweek",
    "yearofweekiso": "yearofweekiso",
    "epoch_second": "epoch_second epoch epoch_seconds",
    "epoch_millisecond": "epoch_millisecond epoch_milliseconds",
    "epoch_microsecond": "epoch_microsecond epoch_microseconds",
    "epoch_nanosecond": "epoch_nanosecond epoch_nanoseconds",
    "timezone_hour": "timezone_hour tzh",
    "timezone_minute": "timezone_minute tzm",
}
_UNITS = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}

_MACROS = (
    "CREATE MACRO _part_year(x) AS year(x)",
    "CREATE MACRO _part_quarter(x) AS quarter(x)",
    "CREATE MACRO _part_month(x) AS month(x)",
    "CREATE MACRO _part_day(x) AS day(x)",
    "CREATE MACRO _part_week(x) AS weekofyear(x)",
    "CREATE MACRO _part_weekiso(x) AS weekofyear(x)",
    "CREATE MACRO _part_hour(x) AS hour(x)",
    "CREATE MACRO _part_minute(x) AS minute(x)",
    "CREATE MACRO _part_second(x) AS second(x)",
    "CREATE MACRO _part_millisecond(x) AS (microsecond(x) % 1000000) // 1000",
    "CREATE MACRO _part_microsecond(x) AS microsecond(x) % 1000000",
    "CREATE MACRO _part_nanosecond(x) AS (microsecond(x) % 1000000) * 1000",
    "CREATE MACRO _part_dayofweek(x) AS dayofweek(x)",
    "CREATE MACRO _part_dayofweekiso(x) AS isodow(x)",
    "CREATE MACRO _part_dayofyear(x) AS dayofyear(x)",
    "CREATE MACRO _part_yearofweek(x) AS isoyear(x)",
    "CREATE MACRO _part_yearofweekiso(x) AS isoyear(x)",
    "CREATE MACRO _part_epoch_second(x) AS epoch_us(x) // 1000000",
    "CREATE MACRO _part_epoch_millisecond(x) AS epoch_us(x) // 1000",
    "CREATE MACRO _part_epoch_microsecond(x) AS epoch_us(x)",
    "CREATE MACRO _part_epoch_nanosecond(x) AS epoch_us(x)::HUGEINT * 1000",
    "CREATE MACRO _part_timezone_hour(x) AS 0",
    "CREATE MACRO _part_timezone_minute(x) AS 0",
    "CREATE MACRO _months_between(a, b) AS round(date_diff('month', date_trunc('month',"
    " b), date_trunc('month', a)) + CASE WHEN day(a) = day(b) OR (last_day(a) = a::DATE"
    " AND last_day(b) = b::DATE) THEN 0 ELSE (day(a) - day(b)) / 31.0 END, 6)",
    "CREATE MACRO _add_months(x, n) AS CASE WHEN last_day(x) = x::DATE"
    " THEN last_day(x + to_months(n)) + (x - date_trunc('day', x)) ELSE x + to_months(n) END",
    "CREATE MACRO _abbreviated(x) AS upper(x[1]) || lower(x[2:3])",
    "CREATE MACRO _end_of(unit, x) AS"
    " (date_trunc(unit, x) + CASE unit WHEN 'week' THEN to_days(7) WHEN 'month' THEN to_months(1)"
    " WHEN 'quarter' THEN to_months(3) ELSE to_years(1) END - to_days(1))::DATE",
    "CREATE MACRO _slice(width, x) AS time_bucket(width, x, TIMESTAMP '1970-01-01')",
)


def unit_of(node: exp.Expr) -> str:
    """Return a date part's name."""
    name = node.name.lower()
    if name not in _UNITS:
        raise QueryError("exact", name=f"SQL compilation error:\n'{name}' is not a valid date part")
    return _UNITS[name]


def _add(sign: int) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        unit = node.args.get("unit") or exp.var("day")
        return shift(as_text(node.this), as_number(node.expression), unit_of(unit), sign)

    return build


def _difference(node: exp.DateDiff) -> exp.Expr:
    unit = unit_of(node.args.get("unit") or exp.var("day"))
    ends = [_instant(one) for one in (node.expression, node.this)]
    if unit == "week":  # DuckDB counts seven days
        ends = [call("date_trunc", text(unit), end) for end in ends]
    return call("date_diff", text(unit), *ends, type_="BIGINT")


def _instant(node: exp.Expr) -> exp.Expr:
    return instant(plain(node))[0]


def _truncate(node: exp.DateTrunc | exp.TimestampTrunc) -> exp.Expr:
    value, kind = instant(plain(node.this))
    shown = call("date_trunc", text(unit_of(node.args["unit"])), value)
    type_ = {"date": "DATE", "zoned": "TIMESTAMPTZ"}.get(kind, "TIMESTAMP")
    result = exp.cast(shown, type_)
    result.type = exp.DataType.build(type_)
    return result


def _extract(node: exp.Extract) -> exp.Expr:
    return _part(unit_of(node.this))(node)


def _part(unit: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        value = node.expression if isinstance(node, exp.Extract) else node.this
        return call(f"_part_{unit}", _instant(value), type_="BIGINT")

    return build


def _last_day(node: exp.LastDay) -> exp.Expr:
    unit = node.args.get("unit")
    name = unit_of(unit) if unit is not None else "month"
    return call("_end_of", text(name), _instant(node.this), type_="DATE")


def _add_months(node: exp.AddMonths) -> exp.Expr:
    value, kind = instant(plain(node.this))
    type_ = "DATE" if kind == "date" else "TIMESTAMP"
    result = exp.cast(call("_add_months", value, exp.cast(node.expression, "INT")), type_)
    result.type = exp.DataType.build(type_)
    return result


def _name(function: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        return call("_abbreviated", call(function, _instant(node.this)), type_="TEXT")

    return build


def _zone(node: exp.ConvertTimezone) -> exp.Expr:
    source, target = node.args.get("source_tz"), node.args["target_tz"]
    value, kind = instant(plain(node.args["timestamp"]))
    if kind == "date":
        value = exp.cast(value, "TIMESTAMP")
    if kind != "zoned":
        value = call("timezone", source or text("UTC"), value)
    return call("timezone", target, value, type_="TIMESTAMP")


def _slice(node: exp.TimeSlice) -> exp.Expr:
    if node.args.get("kind") is not None:
        raise QueryError("exact", name="TIME_SLICE's END is not emulated")
    value, kind = instant(plain(node.this))
    width = exp.Interval(this=node.expression, unit=exp.var(unit_of(node.args["unit"])))
    type_ = "DATE" if kind == "date" else "TIMESTAMP"
    result = exp.cast(call("_slice", width, value), type_)
    result.type = exp.DataType.build(type_)
    return result


def _sum(node: exp.Add | exp.Sub) -> exp.Expr:
    """A date and a number of days is a date; sums with variants are numbers."""
    if isinstance(node, exp.Sub) and all(
        has_kind(one, "timestamp", "zoned") for one in (node.this, node.expression)
    ):
        raise QueryError(
            "exact",
            name="SQL compilation error:\nInvalid argument types for function '-':"
            " (TIMESTAMP_NTZ(9), TIMESTAMP_NTZ(9))",
        )
    changed = shift_by(node)
    if changed is not node:
        return changed
    for name in ("this", "expression"):
        if has_kind(node.args[name], "json"):
            node.set(name, as_number(node.args[name].copy()))
    if has_kind(node.this, "date") and kind_of(node.expression) in NUMBERS:
        node.set("expression", exp.cast(node.expression.copy(), "INT"))
    elif has_kind(node.this, "integer") and has_kind(node.expression, "integer"):
        node.set("this", exp.cast(node.this.copy(), "BIGINT"))
    return node


RULES = Rules(
    nodes={
        exp.Add: _sum,
        exp.Sub: _sum,
        exp.AddMonths: _add_months,
        exp.ConvertTimezone: _zone,
        exp.DateAdd: _add(1),
        exp.DateSub: _add(-1),
        exp.TimeAdd: _add(1),
        exp.TimestampAdd: _add(1),
        exp.TsOrDsAdd: _add(1),
        exp.DateDiff: _difference,
        exp.TimestampDiff: _difference,
        exp.TsOrDsDiff: _difference,
        exp.DateTrunc: _truncate,
        exp.TimestampTrunc: _truncate,
        exp.Day: _part("day"),
        exp.DayOfMonth: _part("day"),
        exp.DayOfWeek: _part("dayofweek"),
        exp.DayOfWeekIso: _part("dayofweekiso"),
        exp.DayOfYear: _part("dayofyear"),
        exp.Dayname: _name("dayname"),
        exp.Extract: _extract,
        exp.Hour: _part("hour"),
        exp.LastDay: _last_day,
        exp.Minute: _part("minute"),
        exp.Month: _part("month"),
        exp.Monthname: _name("monthname"),
        exp.MonthsBetween: lambda node: call(
            "_months_between", _instant(node.this), _instant(node.expression), type_="DOUBLE"
        ),
        exp.Quarter: _part("quarter"),
        exp.Second: _part("second"),
        exp.TimeSlice: _slice,
        exp.Week: _part("week"),
        exp.WeekOfYear: _part("weekiso"),
        exp.Year: _part("year"),
        exp.YearOfWeek: _part("yearofweek"),
        exp.YearOfWeekIso: _part("yearofweekiso"),
    },
    macros=_MACROS,
)

"""Dates: sums, differences, truncation and parts; a week begins on Sunday.

Source: GoogleSQL reference, "Date functions", "Datetime functions", "Timestamp functions".
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind
from mockalog.vendors.squared.sql.dialects.shared.shifts import UNITS, shift, shift_by
from mockalog.vendors.squared.sql.problems import QueryError

_WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_MACROS = (
    # The last day that is a weekday, counted from Sunday 0, at or before a date.
    "CREATE MACRO _week_begin(x, weekday) AS"
    " (x::DATE - ((dayofweek(x) - weekday + 7) % 7)::INTEGER)",
    "CREATE MACRO _iso_year_begin(x) AS date_trunc('week', make_date(isoyear(x), 1, 4))::DATE",
    "CREATE MACRO _week_number(x, weekday) AS"
    " (dayofyear(x) - 1 - (dayofweek(x) - weekday + 7) % 7 + 7) // 7",
    "CREATE MACRO _weeks(a, b, weekday) AS"
    " date_diff('day', _week_begin(b, weekday), _week_begin(a, weekday)) // 7",
    # Whole units: the rest falls away toward 0.
    "CREATE MACRO _whole_units(a, b, width) AS ((epoch_us(a::TIMESTAMPTZ)"
    " - epoch_us(b::TIMESTAMPTZ)) / width)::DECIMAL(38, 9)",
    "CREATE MACRO _days_text(n) AS '0-0 ' || n || ' 0:0:0'",
    "CREATE MACRO _week_end(x, weekday) AS _week_begin(x, weekday) + 6",
    "CREATE MACRO _period_end(unit, x) AS (date_trunc(unit, x::DATE)"
    " + CASE unit WHEN 'quarter' THEN to_months(3) WHEN 'year' THEN to_years(1)"
    " ELSE to_months(1) END - to_days(1))::DATE",
    "CREATE MACRO _time_trunc(unit, t) AS date_trunc(unit, DATE '1970-01-01' + t)::TIME",
    "CREATE MACRO _time_add(t, us) AS (DATE '1970-01-01' + t + to_microseconds(us))::TIME",
    "CREATE MACRO _time_of(x) AS x::TIME",
)


def _unit(node: exp.Expr) -> str:
    """Return a unit's name; a week has the number of its first day behind it."""
    if isinstance(node, exp.WeekStart):
        return f"week{_WEEKDAYS.index(node.this.name.upper())}"
    name = node.name.lower()
    return {"week": "week0", "isoweek": "week1"}.get(name, name)


def _shift(sign: int, type_: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        value = node.this
        if has_kind(value, "text", "unknown"):
            value = exp.cast(value, type_)
            value.type = exp.DataType.build(type_)
        unit = node.args.get("unit") or exp.var("DAY")
        count = node.expression
        if count.is_string:
            count = exp.Literal.number(int(count.name))
        return shift(value, count, unit.name.lower(), sign)

    return build


def _sum(node: exp.Add | exp.Sub) -> exp.Expr:
    if (
        isinstance(node, exp.Sub)
        and has_kind(node.this, "date")
        and has_kind(node.expression, "date")
    ):
        return call("_days_text", exp.Paren(this=node.copy()), type_="TEXT")
    if has_kind(node.this, "date") and has_kind(node.expression, "integer"):
        node.set("expression", exp.cast(node.expression.copy(), "INT"))
        return node
    changed = shift_by(node)
    if changed is not node and has_kind(changed, "date"):  # a date and an interval
        changed = exp.cast(changed, "TIMESTAMP")
        changed.type = exp.DataType.build("TIMESTAMP")
    return changed


def _difference(type_: str) -> Rewrite:
    """Return the number of boundaries between two dates."""

    def build(node: exp.Expr) -> exp.Expr:
        unit = _unit(node.args.get("unit") or exp.var("DAY"))
        ends = [_instant(one, type_) for one in (node.expression, node.this)]
        if unit.startswith("week"):
            return call("_weeks", ends[1], ends[0], _digit(unit), type_="BIGINT")
        return call("date_diff", text(unit), *ends, type_="BIGINT")

    return build


def _digit(unit: str) -> exp.Expr:
    return exp.Literal.number(unit[-1])


def _instant(node: exp.Expr, type_: str) -> exp.Expr:
    return exp.cast(node, type_) if has_kind(node, "text") else node


def _whole_difference(node: exp.TimestampDiff) -> exp.Expr:
    """Return the number of whole units between two instants."""
    name = _unit(node.args.get("unit") or exp.var("DAY"))
    function, factor = UNITS.get(name, ("", 0))
    if name == "day":
        function, factor = "to_microseconds", 86_400_000_000
    if function != "to_microseconds":
        raise QueryError(
            "exact",
            name=f"invalidQuery: TIMESTAMP_DIFF does not support the {name.upper()} date part",
        )
    width = exp.Literal.number(factor)
    units = call("_whole_units", node.this, node.expression, width)
    return exp.cast(call("trunc", units), "BIGINT")


def _target(value: exp.Expr, type_: str) -> str:
    """Return the type of a truncated value: a column with texts of instants has no zone."""
    if type_ != "DATE":
        return type_
    if has_kind(value, "zoned"):
        return "TIMESTAMP" if isinstance(value, exp.Column) else "TIMESTAMPTZ"
    return "TIMESTAMP" if has_kind(value, "timestamp") else "DATE"


def _truncate(type_: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        value, unit = _instant(node.this, type_), _unit(node.args["unit"])
        target = _target(value, type_)
        zone = node.args.get("zone")
        if zone is not None:
            value = call("timezone", zone, exp.cast(value, "TIMESTAMPTZ"))
        shown: exp.Expr
        if unit.startswith("week"):
            shown = exp.cast(call("_week_begin", value, _digit(unit)), "TIMESTAMP")
        elif unit == "isoyear":
            shown = exp.cast(call("_iso_year_begin", value), "TIMESTAMP")
        else:
            shown = call("date_trunc", text(unit), value)
        if zone is not None:
            shown = call("timezone", zone.copy(), shown)
        result = exp.cast(shown, target)
        result.type = exp.DataType.build(target)
        return result

    return build


_PARTS = {
    "dayofweek": "_part_dayofweek",
    "dayofyear": "dayofyear",
    "isoweek": "weekofyear",
    "isoyear": "isoyear",
    "millisecond": "_part_millisecond",
    "microsecond": "_part_microsecond",
}
_PART_MACROS = (
    "CREATE MACRO _part_dayofweek(x) AS dayofweek(x) + 1",
    "CREATE MACRO _part_millisecond(x) AS (microsecond(x) % 1000000) // 1000",
    "CREATE MACRO _part_microsecond(x) AS microsecond(x) % 1000000",
)
_PLAIN = ("year", "quarter", "month", "day", "hour", "minute", "second")
_TYPES = {"date": "DATE", "time": "TIME", "datetime": "TIMESTAMP"}


def _extract(node: exp.Extract) -> exp.Expr:
    value = node.expression
    if isinstance(value, exp.AtTimeZone):
        value = call("timezone", value.args["zone"], exp.cast(value.this, "TIMESTAMPTZ"))
    name = node.this.name.lower()
    if name in _TYPES:
        result = exp.cast(value, _TYPES[name])
        result.type = exp.DataType.build(_TYPES[name])
        return result
    if name == "week" or isinstance(node.this, exp.WeekStart):
        return call("_week_number", value, _digit(_unit(node.this)), type_="BIGINT")
    if name in _PLAIN:
        return call(name, value, type_="BIGINT")
    if name not in _PARTS:
        raise QueryError("exact", name=f"invalidQuery: A valid date part name is required: {name}")
    return call(_PARTS[name], value, type_="BIGINT")


def _last_day(node: exp.LastDay) -> exp.Expr:
    unit = _unit(node.args.get("unit") or exp.var("MONTH"))
    if unit.startswith("week"):
        return call("_week_end", node.this, _digit(unit), type_="DATE")
    return call("_period_end", text(unit), node.this, type_="DATE")


def _as(type_: str) -> Rewrite:
    """Return sqlglot's translation, with the type of BigQuery."""

    def build(node: exp.Expr) -> exp.Expr:
        result = exp.cast(node.copy(), type_)
        result.type = exp.DataType.build(type_)
        return result

    return build


def _time_shift(sign: int) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        _, factor = UNITS[node.args["unit"].name.lower()]
        count: Any = exp.cast(node.expression, "BIGINT")
        total = exp.Mul(this=count, expression=exp.Literal.number(factor * sign))
        return call("_time_add", node.this, total, type_="TIME")

    return build


_CURRENT = {exp.CurrentDate: "DATE", exp.CurrentDatetime: "TIMESTAMP", exp.CurrentTime: "TIME"}


def _zones(tree: exp.Query) -> exp.Query:
    """The current date of a zone."""
    for node in list(tree.find_all(*_CURRENT)):
        if node.this is not None and node.this.is_string:
            local = call("timezone", node.this.copy(), exp.CurrentTimestamp())
            shown = exp.cast(local, _CURRENT[type(node)])
            shown.type = exp.DataType.build(_CURRENT[type(node)])
            node.replace(shown)
    return tree


RULES = Rules(
    trees=(_zones,),
    nodes={
        exp.Add: _sum,
        exp.Sub: _sum,
        exp.DateAdd: _shift(1, "DATE"),
        exp.DateSub: _shift(-1, "DATE"),
        exp.DatetimeAdd: _shift(1, "TIMESTAMP"),
        exp.DatetimeSub: _shift(-1, "TIMESTAMP"),
        exp.TimestampAdd: _shift(1, "TIMESTAMPTZ"),
        exp.TimestampSub: _shift(-1, "TIMESTAMPTZ"),
        exp.TimeAdd: _time_shift(1),
        exp.TimeSub: _time_shift(-1),
        exp.DateDiff: _difference("DATE"),
        exp.DatetimeDiff: _difference("TIMESTAMP"),
        exp.TimestampDiff: _whole_difference,
        exp.DateTrunc: _truncate("DATE"),
        exp.DatetimeTrunc: _truncate("TIMESTAMP"),
        exp.TimestampTrunc: _truncate("TIMESTAMPTZ"),
        exp.TimeTrunc: lambda node: call(
            "_time_trunc", text(_unit(node.args["unit"])), node.this, type_="TIME"
        ),
        exp.Extract: _extract,
        exp.LastDay: _last_day,
        exp.DateFromUnixDate: _as("DATE"),
        exp.UnixToTime: _as("TIMESTAMPTZ"),
    },
    macros=(*_MACROS, *_PART_MACROS),
)

"""Dates, times and intervals (manual, 9.9)."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.functions import jsons
from mockalog.vendors.squared.sql.dialects.postgres.types import intervals
from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import shown
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import INTEGERS, pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_INSTANTS = ("date", "timestamp", "timestamptz")
_CLOCK_FIELDS = ("hour", "minute", "second", "microseconds", "milliseconds")
_DATE_FIELDS = (
    "century", "day", "decade", "dow", "doy", "isodow", "isoyear", "julian", "millennium", "month",
    "quarter", "week", "year",
)  # fmt: skip
_SPELLINGS = {
    "days": "day", "months": "month", "years": "year", "hours": "hour", "minutes": "minute",
    "seconds": "second", "weeks": "week", "quarters": "quarter", "min": "minute", "sec": "second",
    "decades": "decade", "centuries": "century", "y": "year", "mon": "month", "mons": "month",
    "d": "day", "h": "hour", "m": "minute", "s": "second", "ms": "milliseconds",
    "us": "microseconds", "microsecond": "microseconds", "millisecond": "milliseconds",
    "millennia": "millennium",
}  # fmt: skip
_SCALED = {"second": "0.000001", "milliseconds": "0.001"}
_UNITS_TEXT = """
    microseconds milliseconds second minute hour day week month quarter year decade century
    millennium
"""
_UNITS = frozenset(_UNITS_TEXT.split())

MACROS = (
    "CREATE MACRO _pg_epoch(x) AS (epoch_us(x)::DECIMAL(38, 0) * 0.000001)",
    "CREATE MACRO _pg_interval_epoch(x) AS ((datepart('year', x) * 31557600000000"
    " + datepart('month', x) * 2592000000000 + datepart('day', x) * 86400000000"
    " + _pg_micros(x))::DECIMAL(38, 0) * 0.000001)",
    "CREATE MACRO _pg_date_text(y, m, d) AS lpad(y::VARCHAR, 4, '0') || '-' ||"
    " lpad(m::VARCHAR, 2, '0') || '-' || lpad(d::VARCHAR, 2, '0')",
    "CREATE MACRO _pg_make_date(y, m, d) AS CASE"
    " WHEN TRY_CAST(_pg_date_text(y, m, d) AS DATE) IS NULL AND y + m + d IS NOT NULL"
    " THEN error('date field value out of range: ' || _pg_date_text(y, m, d))"
    " ELSE _pg_date_text(y, m, d)::DATE END",
    "CREATE MACRO _pg_age(x, y) AS age(x::TIMESTAMP, y::TIMESTAMP)",
)


def _field(name: str, type_: str | None) -> str:
    """Return a field that a type has; raises `QueryError`."""
    field = _SPELLINGS.get(name.lower(), name.lower())
    if field in ("timezone", "timezone_hour", "timezone_minute", "epoch"):
        return field
    if field not in (*_CLOCK_FIELDS, *_DATE_FIELDS):
        of = shown(type_ or "timestamp")
        raise QueryError("other", name=f'unit "{name.lower()}" not recognized for type {of}')
    lacks = {"date": _CLOCK_FIELDS, "time": _DATE_FIELDS}.get(type_ or "", ())
    if field in lacks:
        of = shown(type_ or "")
        raise QueryError("other", name=f'unit "{name.lower()}" not supported for type {of}')
    return field


def _part(name: str, value: Any) -> exp.Expr:
    """Return a field of a date, a time or an interval as a number."""
    type_ = pg(value)
    field = _field(name, type_)
    if type_ == "timestamptz":
        value = exp.cast(value.copy(), "TIMESTAMP")
    if field.startswith("timezone"):
        return exp.Literal.number(0)
    if field == "epoch":
        return call("_pg_interval_epoch" if type_ == "interval" else "_pg_epoch", value.copy())
    if field in _SCALED:
        micros = call("datepart", text("microsecond"), value.copy())
        scale = exp.Literal.number(_SCALED[field])
        return exp.Paren(this=exp.Mul(this=micros, expression=scale))
    if field == "microseconds":
        field = "microsecond"
    return call("datepart", text(field), value.copy())


def _extract(node: exp.Extract) -> exp.Expr:
    return typed(_part(node.this.name, node.expression), "numeric")  # type: ignore[no-any-return]


def _date_part(node: exp.Anonymous) -> exp.Expr:
    field, value = node.expressions
    return typed(exp.cast(_part(_named(field), value), "DOUBLE"), "float8")  # type: ignore[no-any-return]


def _named(unit: Any) -> str:
    if not isinstance(unit, exp.Literal):
        raise QueryError("other", name="a unit that is no literal is not supported")
    return str(unit.name)


def _date_trunc(node: exp.Anonymous) -> exp.Expr:
    unit, value, *zones = node.expressions
    field = _SPELLINGS.get(_named(unit).lower(), _named(unit).lower())
    if field not in _UNITS:
        of = shown(pg(value) or "timestamp")
        raise QueryError("other", name=f'unit "{unit.name.lower()}" not recognized for type {of}')
    if pg(value) == "interval":
        raise QueryError("other", name="date_trunc of an interval is not supported")
    if zones:
        value = call("timezone", zones[0].copy(), value.copy())
    cut = call("date_trunc", text(field), value.copy())
    if zones:
        cut = call("timezone", zones[0], exp.cast(cut, "TIMESTAMP"))
    return cut


def _age(node: exp.Anonymous) -> exp.Expr:
    given = node.expressions
    return call("_pg_age", *given) if len(given) > 1 else call("_pg_age", call("today"), given[0])


def _date_bin(node: exp.Anonymous) -> exp.Expr:
    step, value, origin = node.expressions
    return call("time_bucket", step, value, origin)


def _date_add(node: exp.Anonymous) -> exp.Expr:
    value, step = node.expressions[:2]
    is_sum = node.name.lower() == "date_add"
    return exp.Paren(this=(exp.Add if is_sum else exp.Sub)(this=value, expression=step))


_PARTS = ("years", "months", "weeks", "days", "hours", "mins", "secs")


def _make_interval(node: exp.Anonymous) -> exp.Expr:
    given: dict[str, Any] = {}
    for at, one in enumerate(node.expressions):
        named = isinstance(one, exp.Kwarg | exp.PropertyEQ)
        given[one.this.name if named else _PARTS[at]] = one.expression if named else one
    if unknown := given.keys() - set(_PARTS):
        raise QueryError("function", name="make_interval", types=f"{min(unknown)} => integer")
    numbers = {name: given.get(name, exp.Literal.number(0)) for name in _PARTS}
    units = ("years", "months", "weeks", "days", "hours", "minutes")
    steps: list[exp.Expr] = [
        call(f"to_{unit}", exp.cast(numbers[part], "INT"))
        for unit, part in zip(units, _PARTS, strict=False)
    ]
    micros = exp.Mul(this=numbers["secs"], expression=exp.Literal.number(1_000_000))
    steps.append(call("to_microseconds", exp.cast(micros, "BIGINT")))
    total: exp.Expr = steps[0]
    for step in steps[1:]:
        total = exp.Add(this=total, expression=step)
    return typed(exp.Paren(this=total), "interval")  # type: ignore[no-any-return]


def add(node: exp.Add) -> exp.Expr:
    """Return a sum; a date takes whole days."""
    for one, other in ((node.this, node.expression), (node.expression, node.this)):
        if pg(one) == "date" and pg(other) in INTEGERS:
            other.replace(exp.cast(other.copy(), "INT"))
        if pg(one) == "date" and pg(other) == "time":
            one.replace(exp.cast(one.copy(), "TIMESTAMP"))
            other.replace(exp.cast(exp.cast(other.copy(), "TEXT"), "INTERVAL"))
    return node


def subtract(node: exp.Sub) -> exp.Expr:
    """Return a difference; those of a date with days, and of instants of two types."""
    left, right = pg(node.this), pg(node.expression)
    if left == "date" and right in INTEGERS:
        node.expression.replace(exp.cast(node.expression.copy(), "INT"))
    elif left in _INSTANTS and right in _INSTANTS and (left, right) != ("date", "date"):
        for one in (node.this, node.expression):
            one.replace(exp.cast(one.copy(), "TIMESTAMP"))
    elif left in ("json", "jsonb"):
        return jsons.without(node.this, node.expression)
    return node


def multiply(node: exp.Mul) -> exp.Expr:
    """Return a product, also of an interval."""
    for one, other in ((node.this, node.expression), (node.expression, node.this)):
        if pg(one) == "interval":
            return typed(call("_pg_interval_scaled", one, other), "interval")  # type: ignore[no-any-return]
    return node


def zoned(node: exp.AtTimeZone) -> exp.Expr:
    """Return a time of a zone; a date begins in UTC."""
    if pg(node.this) == "date":
        node.this.replace(exp.cast(node.this.copy(), "TIMESTAMPTZ"))
    return node


def _sum(node: exp.Anonymous) -> exp.Expr:
    """Return a sum; DuckDB adds no intervals."""
    [value] = node.expressions
    if pg(node) != "interval" or isinstance(value, exp.Distinct):
        return node
    months, days, micros = (
        call("sum", one)
        for one in (
            call("_pg_months", value.copy()),
            call("datepart", text("day"), value.copy()),
            call("_pg_micros", value.copy()),
        )
    )
    return _over(node, call("_pg_interval_of", months, days, micros))


def _average(node: exp.Anonymous) -> exp.Expr:
    [value] = node.expressions
    if pg(node) != "interval" or isinstance(value, exp.Distinct):
        return node
    total = _sum(typed(call("sum", value.copy()), "interval"))
    count = call("count", value.copy())
    return _over(node, call("_pg_interval_divided", total, count))


def _over(node: exp.Anonymous, new: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.Window | exp.Filter):
        raise QueryError("other", name="windows and filters of intervals are not supported")
    return typed(new, "interval")  # type: ignore[no-any-return]


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {
    exp.Extract: _extract,
    exp.Add: add,
    exp.Sub: subtract,
    exp.Mul: multiply,
    exp.AtTimeZone: zoned,
    exp.Interval: intervals.written,
}
FUNCTIONS = {
    "date_part": _date_part,
    "date_trunc": _date_trunc,
    "age": _age,
    "date_bin": _date_bin,
    "date_add": _date_add,
    "date_subtract": _date_add,
    "make_interval": _make_interval,
    "justify_hours": "_pg_justify_hours",
    "justify_days": "_pg_justify_days",
    "justify_interval": "_pg_justify",
    "make_date": "_pg_make_date",
    "sum": _sum,
    "avg": _average,
}

"""Sums of dates and intervals: a date and whole days give a date."""

import re
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import call
from mockalog.vendors.squared.sql.dialects.shared.kinds import Kind, has_kind, kind_of
from mockalog.vendors.squared.sql.problems import QueryError

# DuckDB's function of an interval, and how many of its units, by the first letters of a unit.
UNITS: dict[str, tuple[str, int]] = {
    "year": ("to_years", 1),
    "quarter": ("to_months", 3),
    "month": ("to_months", 1),
    "week": ("to_days", 7),
    "day": ("to_days", 1),
    "hour": ("to_microseconds", 3_600_000_000),
    "minute": ("to_microseconds", 60_000_000),
    "second": ("to_microseconds", 1_000_000),
    "millisecond": ("to_microseconds", 1000),
    "microsecond": ("to_microseconds", 1),
}
_DAYS = ("year", "quarter", "month", "week", "day")
_PART = re.compile(r"\s*([+-]?\d+)\s*([A-Za-z]+)\s*,?")


def shift(value: exp.Expr, count: exp.Expr, unit: str, sign: int = 1) -> exp.Expr:
    """Return a date or instant with some units added."""
    if unit not in UNITS:
        raise QueryError("exact", name=f"the date part {unit} is not emulated")
    function, factor = UNITS[unit]
    number: Any = exp.Paren(this=count) if isinstance(count, exp.Binary) else count
    number = exp.cast(number, "BIGINT" if function == "to_microseconds" else "INT")
    if factor * sign != 1:
        number = exp.Mul(this=number, expression=exp.Literal.number(factor * sign))
    base, kind = instant(value)
    total: exp.Expr = exp.Paren(this=exp.Add(this=base, expression=call(function, number)))
    if kind == "date" and unit in _DAYS:
        total = exp.cast(total, "DATE")
        total.type = exp.DataType.build("DATE")
    else:
        total.type = exp.DataType.build("TIMESTAMPTZ" if kind == "zoned" else "TIMESTAMP")
    return total


def instant(value: exp.Expr) -> tuple[exp.Expr, Kind]:
    """Return a date or an instant with its kind: a text is read as an instant."""
    kind = kind_of(value)
    if kind in ("text", "unknown", "json"):
        cast = exp.cast(value, "TIMESTAMP")
        cast.type = exp.DataType.build("TIMESTAMP")
        return cast, "timestamp"
    return value, kind


def parts_of(interval: exp.Interval) -> Sequence[tuple[exp.Expr, str]]:
    """Return the counts of an interval and their units."""
    unit = interval.args.get("unit")
    if isinstance(unit, exp.Var) and not isinstance(interval.this, exp.Literal):
        return [(interval.this, singular(unit.name))]
    if isinstance(unit, exp.Var) and re.fullmatch(r"\s*[+-]?\d+\s*", interval.this.name):
        return [(exp.Literal.number(int(interval.this.name)), singular(unit.name))]
    text = f"{interval.this.name} {unit.name}" if isinstance(unit, exp.Var) else interval.this.name
    if not re.fullmatch(rf"({_PART.pattern})+\s*", text):
        raise QueryError("exact", name=f"the interval '{text}' is not emulated")
    return [(exp.Literal.number(int(n)), singular(word)) for n, word in _PART.findall(text)]


def singular(unit: str) -> str:
    """Return a unit's name in the singular, in lower case."""
    return unit.lower().removesuffix("s") if unit.lower() != "s" else "second"


def shift_by(node: exp.Add | exp.Sub) -> exp.Expr:
    """Return a date or an instant and an interval with whole units."""
    left, right = node.this, node.expression
    if isinstance(left, exp.Interval) and isinstance(node, exp.Add):
        left, right = right, left
    if not isinstance(right, exp.Interval) or has_kind(left, "interval", "time"):
        return node
    total: exp.Expr = left
    for count, unit in parts_of(right):
        total = shift(total, count, unit, 1 if isinstance(node, exp.Add) else -1)
    return total

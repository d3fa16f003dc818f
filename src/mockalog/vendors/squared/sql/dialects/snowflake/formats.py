"""Texts of dates and numbers, by formats.

Source: Snowflake's SQL reference, "Date & time input and output" and "SQL format models".
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.elements import dates as elements
from mockalog.vendors.squared.sql.dialects.elements import numbers as number_formats
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import NUMBERS, has_kind
from mockalog.vendors.squared.sql.dialects.shared.shifts import instant
from mockalog.vendors.squared.sql.dialects.snowflake.casts import cast
from mockalog.vendors.squared.sql.dialects.snowflake.variants import plain
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    *elements.MACROS,
    *number_formats.MACROS,
    "CREATE MACRO _parsed(t, f, kind, shown) AS CASE WHEN t IS NULL THEN NULL"
    " ELSE coalesce(try_strptime(t, f),"
    " error('=Can''t parse ''' || t || ''' as ' || kind || ' with format ''' || shown || ''''))"
    " END",
    # Seconds, milliseconds, microseconds or nanoseconds by their size.
    "CREATE MACRO _instant_of(x) AS make_timestamp((x::DECIMAL(38, 9) * CASE"
    " WHEN abs(x) < 31536000000 THEN 1000000 WHEN abs(x) < 31536000000000 THEN 1000"
    " WHEN abs(x) < 31536000000000000 THEN 1 ELSE 0.001 END)::BIGINT)",
)


def _to_char(node: exp.ToChar) -> exp.Expr:
    format_ = node.args.get("format")
    if format_ is None:
        return cast(exp.Cast(this=node.this, to=exp.DataType.build("TEXT")))
    if not format_.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    value = plain(node.this)
    if has_kind(value, *NUMBERS):
        return number_formats.format_number(value, format_.name)
    return elements.format_date(
        instant(value)[0], format_.name, elements.SNOWFLAKE, keeps_case=False
    )


def _conversion(type_: str) -> Rewrite:
    """Return a conversion to a date or instant, with or without a format."""

    def build(node: exp.Expr) -> exp.Expr:
        value = plain(node.expressions[0] if isinstance(node, exp.Anonymous) else node.this)
        safe = bool(node.args.get("safe")) or node.name.lower().startswith("try_")
        format_ = node.args.get("format")
        if format_ is not None and format_.name.upper() != "AUTO":
            converted = _parsed(value, format_, type_, safe=safe)
        elif has_kind(value, *NUMBERS):
            converted = call("_instant_of", value)
        else:
            converted = value
        kind = exp.TryCast if safe else exp.Cast
        result = kind(this=converted, to=exp.DataType.build(type_))
        result.type = exp.DataType.build(type_)
        return result

    return build


def _parsed(value: exp.Expr, format_: Any, type_: str, *, safe: bool) -> exp.Expr:
    if not format_.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    format_text = text(elements.parse_format(format_.name, elements.SNOWFLAKE))
    if not has_kind(value, "text"):
        value = exp.cast(value, "TEXT")
    if safe:
        return call("try_strptime", value, format_text)
    shown = text(_original(format_.name))
    return call("_parsed", value, format_text, text(type_.lower()), shown)


def _original(format_: str) -> str:
    """Return a format as it was before sqlglot translated it."""
    names = {"%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%H": "HH24", "%I": "HH12"}
    names |= {"%M": "MI", "%S": "SS", "%b": "MON", "%B": "MMMM", "%a": "DY", "%p": "AM"}
    for translated, name in names.items():
        format_ = format_.replace(translated, name)
    return format_


def _unix(node: exp.UnixToTime) -> exp.Expr:
    value = plain(node.this)
    if not has_kind(value, *NUMBERS):
        value = exp.cast(value, "DECIMAL(38, 0)")
    return call("_instant_of", value, type_="TIMESTAMP")


RULES = Rules(
    nodes={
        exp.StrToDate: _conversion("DATE"),
        exp.StrToTime: _conversion("TIMESTAMP"),
        exp.ToChar: _to_char,
        exp.TsOrDsToDate: _conversion("DATE"),
        exp.UnixToTime: _unix,
    },
    functions={
        "to_timestamp_ntz": _conversion("TIMESTAMP"),
        "to_timestamp_ltz": _conversion("TIMESTAMP"),
        "to_timestamp_tz": _conversion("TIMESTAMP"),
        "try_to_timestamp": _conversion("TIMESTAMP"),
        "try_to_timestamp_ntz": _conversion("TIMESTAMP"),
        "to_timestamp": _conversion("TIMESTAMP"),
        "to_date": _conversion("DATE"),
        "date": _conversion("DATE"),
        "try_to_date": _conversion("DATE"),
    },
    macros=_MACROS,
)

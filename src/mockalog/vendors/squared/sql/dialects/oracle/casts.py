"""Conversions between texts, numbers and dates.

Source: Oracle's SQL language reference, "Data conversion" and "Conversion functions".
"""

import re

from sqlglot import exp
from sqlglot.dialects.oracle import Oracle

from mockalog.vendors.squared.sql.dialects.elements import dates as elements
from mockalog.vendors.squared.sql.dialects.elements import numbers as number_formats
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import DAYS, NUMBERS, has_kind, kind_of
from mockalog.vendors.squared.sql.problems import QueryError

_DEFAULT = "DD-MON-RR"
_MACROS = (
    *elements.MACROS,
    *number_formats.MACROS,
    # Without zeros at the end, and before the point.
    "CREATE MACRO _number_text(x) AS regexp_replace(CASE WHEN x::VARCHAR LIKE '%.%'"
    " AND x::VARCHAR NOT LIKE '%e%' THEN rtrim(rtrim(x::VARCHAR, '0'), '.') ELSE x::VARCHAR END,"
    " '^(-?)0\\.', '\\1.')",
    "CREATE MACRO _number(t) AS coalesce(TRY_CAST(t AS DECIMAL(38, 10)),"
    " CASE WHEN t IS NOT NULL THEN error('=ORA-01722: invalid number') END)",
    "CREATE MACRO _bad_date(t, f) AS CASE"
    " WHEN NOT regexp_matches(t, '^[0-9]') AND starts_with(f, '%Y') THEN 'ORA-01841: (full)"
    " year must be between -4713 and +9999, and not be 0'"
    " WHEN NOT regexp_matches(t, '^[0-9]') AND f[2] <> 'b' THEN 'ORA-01858: a non-numeric"
    " character was found where a numeric was expected'"
    " WHEN f = '%Y-%m-%d' AND regexp_full_match(t, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[^0-9].*')"
    " THEN 'ORA-01830: date format picture ends before converting entire input string'"
    " WHEN f = '%Y-%m-%d' AND regexp_full_match(t, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN"
    " CASE WHEN split_part(t, '-', 2)::INTEGER NOT BETWEEN 1 AND 12"
    " THEN 'ORA-01843: not a valid month' ELSE 'ORA-01839: date not valid for month specified' END"
    " WHEN f = '%d/%m/%Y' AND regexp_full_match(t, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}') THEN"
    " CASE WHEN split_part(t, '/', 2)::INTEGER NOT BETWEEN 1 AND 12"
    " THEN 'ORA-01843: not a valid month' ELSE 'ORA-01839: date not valid for month specified' END"
    " ELSE 'ORA-01861: literal does not match format string' END",
    "CREATE MACRO _parsed(t, f) AS coalesce(try_strptime(t, f),"
    " CASE WHEN t IS NOT NULL THEN error('=' || _bad_date(t, f)) END)",
    "CREATE MACRO _json_value(j, p) AS"
    " CASE WHEN json_type(j, p) NOT IN ('OBJECT', 'ARRAY') THEN nullif(j ->> p, '') END",
    "CREATE MACRO _json_query(j, p) AS"
    " CASE WHEN json_type(j, p) IN ('OBJECT', 'ARRAY') THEN json_extract(j, p)::VARCHAR END",
)


def as_text(node: exp.Expr) -> exp.Expr:
    """Return a value as Oracle converts it to a text."""
    if has_kind(node, *NUMBERS):
        return call("_number_text", node, type_="TEXT")
    if has_kind(node, *DAYS):
        return elements.format_date(node, _DEFAULT, elements.ORACLE, keeps_case=True)
    return node


def as_number(node: exp.Expr) -> exp.Expr:
    """Return a text as a number; others as they are."""
    return call("_number", node, type_="DECIMAL(38, 10)") if has_kind(node, "text") else node


def _cast(node: exp.Cast) -> exp.Expr:
    value, to = node.this, node.to
    if to.is_type(*exp.DataType.TEXT_TYPES):
        shown = as_text(value)
        shown = shown if has_kind(shown, "text") else exp.cast(shown, "TEXT")
        return (
            call("left", shown, to.expressions[0].this, type_="TEXT") if to.expressions else shown
        )
    if to.is_type(exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ):
        return instant(value)
    if to.is_type(*exp.DataType.INTEGER_TYPES):
        return _sized(node, "DECIMAL(38, 0)")
    places = [one.name for one in to.expressions]
    if to.is_type(exp.DType.DECIMAL) and places:
        return _sized(node, f"DECIMAL({', '.join(places)})")
    return as_number(value) if to.is_type(exp.DType.DECIMAL) else node


def _sized(node: exp.Cast, type_: str) -> exp.Expr:
    value = as_number(node.this)
    if has_kind(value, "double"):
        value = exp.Cast(this=value, to=exp.DataType.build("DECIMAL(38, 15)"))
    result = exp.Cast(this=value, to=exp.DataType.build(type_))
    result.type = result.to
    return result


def instant(value: exp.Expr) -> exp.Expr:
    """Return a date, which in Oracle has a time."""
    result = exp.cast(value, "TIMESTAMP")
    result.type = exp.DataType.build("TIMESTAMP")
    return result


def _to_char(node: exp.ToChar) -> exp.Expr:
    format_, value = node.args.get("format"), node.this
    if format_ is None:
        return as_text(value) if has_kind(value, *NUMBERS, *DAYS) else exp.cast(value, "TEXT")
    if not format_.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    is_number = number_formats.number_pattern(format_.name)
    if has_kind(value, *NUMBERS) or (is_number and not has_kind(value, *DAYS)):
        return number_formats.format_number(as_number(value), format_.name)
    if not has_kind(value, *DAYS):
        value = instant(value)
    return elements.format_date(value, format_.name, elements.ORACLE, keeps_case=True)


_ORIGINAL = {name: element for element, name in Oracle.TIME_MAPPING.items()}


def _original(format_: str) -> str:
    """Return a format as it was before sqlglot translated a part of it."""
    return re.sub("%.", lambda match: _ORIGINAL.get(match[0], match[0]), format_)


def _to_text(node: exp.TimeToStr) -> exp.Expr:
    format_ = node.args["format"]
    shown = text(_original(format_.name)) if format_.is_string else format_
    return _to_char(exp.ToChar(this=node.this, format=shown))


def _to_date(node: exp.Expr) -> exp.Expr:
    format_, value = node.args.get("format"), node.this
    if has_kind(value, *DAYS):
        return instant(value)
    if format_ is None:
        format_ = text("%d-%b-%y")
    if not format_.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    if not has_kind(value, "text"):
        value = exp.cast(value, "TEXT")
    parsed = elements.parse_format(_original(format_.name), elements.ORACLE)
    result: exp.Expr = call("_parsed", value, text(parsed))
    if parsed.endswith(".%f"):  # a fraction may be absent
        whole = call("try_strptime", value.copy(), text(parsed.removesuffix(".%f")))
        result = exp.Coalesce(this=whole, expressions=[result])
    result.type = exp.DataType.build("TIMESTAMP")
    return result


def _to_number(node: exp.ToNumber) -> exp.Expr:
    value: exp.Expr = node.this
    if has_kind(value, *NUMBERS):
        return value
    if (format_ := node.args.get("format")) is not None:
        if not (format_.is_string and number_formats.number_pattern(format_.name)):
            raise QueryError("exact", name="the number format is not emulated")
        value = call("regexp_replace", value, text("[$, ]"), text(""), text("g"))
    return call("_number", value, type_="DECIMAL(38, 10)")


def _compare(node: exp.Binary) -> exp.Expr:
    """A text beside a number is a number."""
    for name, other in (("this", "expression"), ("expression", "this")):
        if has_kind(node.args[name], "text") and has_kind(node.args[other], *NUMBERS):
            node.set(name, as_number(node.args[name].copy()))
    return node


def _json_value(node: exp.JSONValue) -> exp.Expr:
    shown = call("_json_value", node.this, text(_path(node.args["path"])), type_="TEXT")
    returning = node.args.get("returning")
    if isinstance(returning, exp.DataType) and kind_of(exp.Cast(this=shown, to=returning)):
        return _cast(exp.Cast(this=shown, to=returning))
    return shown


def _path(node: exp.Expr) -> str:
    return str(node.name) if node.is_string else node.sql("duckdb").strip("'")


def _json(macro: str) -> Rewrite:
    def build(node: exp.Anonymous) -> exp.Expr:
        value, path = node.expressions[:2]
        return call(macro, value, path, type_="TEXT")

    return build


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)

RULES = Rules(
    nodes={
        **dict.fromkeys(_COMPARISONS, _compare),
        exp.Cast: _cast,
        exp.DateStrToDate: lambda node: instant(node.this),
        exp.JSONValue: _json_value,
        exp.StrToDate: _to_date,
        exp.StrToTime: _to_date,
        exp.TimeToStr: _to_text,
        exp.ToChar: _to_char,
        exp.ToNumber: _to_number,
    },
    functions={
        "json_query": _json("_json_query"),
        "to_clob": lambda node: exp.cast(as_text(node.expressions[0]), "TEXT"),
    },
    macros=_MACROS,
)

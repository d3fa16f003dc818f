"""Formats: those of MySQL for `date_format`, those of Joda for `format_datetime`.

Source: Trino's documentation, "MySQL date functions" and "Java date functions".
"""

import re
from functools import reduce
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.athena.dates import instant
from mockalog.vendors.squared.sql.dialects.java_patterns import formatted, parsing_format
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError

_CODE = re.compile(r"%-?.|[^%]+")
# sqlglot gives the codes of strftime; the ISO week and its year have others there.
_ISO = {"%v": "%V", "%x": "%G", "%r": "%I:%M:%S %p", "%W": "%V"}
_KNOWN = re.compile(r"%(?:[YmdHIMSBbAayjpf%]|-[mdHI])")


def _literal(node: exp.Expr | None) -> str:
    if not isinstance(node, exp.Literal):
        raise QueryError("argument", name="a format must be a literal")
    return str(node.name)


def _strftime(codes: str) -> str:
    pieces = [_ISO.get(code, code) for code in _CODE.findall(codes)]
    for piece in pieces:
        is_known = _KNOWN.fullmatch(piece) or piece in _ISO.values()
        if piece.startswith("%") and not is_known:
            raise QueryError("argument", name=f"{piece} not supported in date format string")
    return "".join(pieces)


def _to_text(node: exp.TimeToStr) -> exp.Expr:
    codes = _strftime(_literal(node.args.get("format")))
    return call("strftime", instant(node.this), text(codes), type_="TEXT")


def _parse(node: exp.StrToTime) -> exp.Expr:
    codes = _strftime(_literal(node.args.get("format"))).replace("%-", "%")
    return call("_trino_parse", node.this, text(codes), type_="TIMESTAMP")


def _joda(value: exp.Expr, letter: str, count: int) -> exp.Expr | None:
    """Return the text of a letter of Joda that strftime lacks."""
    names = {"e": "isodow", "w": "weekofyear", "x": "isoyear"}
    if letter in names:
        found = exp.cast(call(names[letter], value), "TEXT")
        return call("lpad", found, exp.Literal.number(count), text("0")) if count > 1 else found
    return (
        text({"z": "UTC", "Z": "+0000" if count == 1 else "+00:00"}[letter])
        if letter in "zZ"
        else None
    )


def _format_datetime(node: exp.Anonymous) -> exp.Expr:
    value, pattern = node.expressions
    return formatted(instant(value), _literal(pattern), _joda)


def _parse_datetime(node: exp.ParseDatetime) -> exp.Expr:
    codes = parsing_format(_literal(node.args.get("format")))
    return cast_to(call("_trino_parse", node.this, text(codes)), "TIMESTAMPTZ")


def _iso(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    if kind(value) != "date":
        codes = [text("%Y-%m-%dT%H:%M:%S"), text("Z")]
        shown = call("strftime", value, codes[0])
        zoned = value.is_type(exp.DType.TIMESTAMPTZ)
        parts = [shown, codes[1]] if zoned else [shown]
        joined = reduce(lambda a, b: exp.DPipe(this=a, expression=b), parts)
        return typed(exp.paren(joined), "TEXT")
    return cast_to(value, "TEXT")


# Any: sqlglot's annotator of types.
def _annotate_date(annotator: Any, node: exp.Expr) -> exp.Expr:
    annotator._set_type(node, exp.DType.DATE)
    return node


RULES = Rules(
    nodes={
        exp.TimeToStr: _to_text,
        exp.StrToTime: _parse,
        exp.ParseDatetime: _parse_datetime,
    },
    functions={"format_datetime": _format_datetime, "to_iso8601": _iso},
    types={
        exp.ParseDatetime: annotated("TIMESTAMPTZ"),
        exp.StrToTime: annotated("TIMESTAMP"),
        **dict.fromkeys((exp.Date, exp.FromISO8601Date), _annotate_date),
        exp.FromISO8601Timestamp: annotated("TIMESTAMPTZ"),
    },
    function_types={"format_datetime": "TEXT", "to_iso8601": "TEXT"},
    macros=(
        "CREATE MACRO _trino_parse(x, f) AS CASE WHEN x IS NULL THEN NULL"
        " WHEN try_strptime(x, f) IS NULL THEN error('Unparseable ''' || x || '''')"
        " ELSE try_strptime(x, f) END",
    ),
)

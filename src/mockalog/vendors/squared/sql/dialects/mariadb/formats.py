"""DATE_FORMAT, STR_TO_DATE and FROM_UNIXTIME.

sqlglot gives formats in the codes of strftime, except for those that strftime lacks.
Source: MariaDB's Knowledge Base, "DATE_FORMAT".
"""

import re
from collections.abc import Mapping
from functools import reduce
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.dates import week, year_of_week
from mockalog.vendors.squared.sql.dialects.mariadb.kinds import instant, number, text
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_CODE = re.compile(r"%-?.|[^%]+|%$")
# Codes of weeks: the mode of WEEK, and whether it is the year of the week.
_WEEKS: Mapping[str, tuple[int, bool]] = {
    "%U": (0, False),
    "%W": (1, False),
    "%V": (2, False),
    "%v": (3, False),
    "%X": (2, True),
    "%x": (3, True),
    "%G": (3, True),
}
_SAME = re.compile(r"%(?:[YmdHIMSBbAayjpwf%]|-[mdHI])")
_CLOCK = re.compile(r"%-?[HIMSpfTr]")
_DAY = re.compile(r"%-?[YymdBbjUWVvxXaA]")


def formatted(value: exp.Expr, format_: exp.Expr) -> exp.Expr:
    """Return the text of a timestamp in a format."""
    if not isinstance(format_, exp.Literal):
        raise QueryError("other", name="a format must be a literal")
    pieces = [_piece(code, value) for code in _CODE.findall(format_.name)]
    joined = reduce(
        lambda a, b: exp.DPipe(this=a, expression=b), pieces or [exp.Literal.string("")]
    )
    joined = exp.paren(joined)
    joined.type = exp.DataType.build("TEXT")
    return joined


def _piece(code: str, value: exp.Expr) -> exp.Expr:
    if code in _WEEKS:
        mode, is_year = _WEEKS[code]
        found = (year_of_week if is_year else week)(value.copy(), mode)
        return call("format", exp.Literal.string("{:04d}" if is_year else "{:02d}"), found)
    if code == "%D":
        return call("_my_ordinal", value.copy())
    if code.startswith("%") and _SAME.fullmatch(code) is None:
        code = code[1:]  # an unknown code is its letter
    if code.startswith("%"):
        return call("strftime", value.copy(), exp.Literal.string(code))
    return exp.Literal.string(code)


def _to_text(node: exp.TimeToStr) -> exp.Expr:
    return formatted(instant(node.this), node.args["format"])


def _from_unix(node: exp.UnixToTime) -> exp.Expr:
    value = call("_my_from_unix", number(node.this), type_="TIMESTAMP")
    if (format_ := node.args.get("format")) is None:
        return value
    return formatted(value, format_)


def _kind(format_: exp.Expr) -> str:
    """Return the type that a format reads."""
    has_clock = _CLOCK.search(format_.name) is not None
    if has_clock and _DAY.search(format_.name) is None:
        return "TIME"
    return "TIMESTAMP" if has_clock else "DATE"


def _has_whole_date(codes: str) -> bool:
    """Return whether a format reads a year, a month and a day."""
    return all(re.search(one, codes) for one in ("%[Yy]", "%(-?m|b|B|j)", "%(-?d|j)"))


def _parse(node: Any) -> exp.Expr:
    format_ = node.args["format"]
    if not isinstance(format_, exp.Literal):
        raise QueryError("other", name="a format must be a literal")
    if _kind(format_) != "TIME" and not _has_whole_date(format_.name):
        raise QueryError("other", name="STR_TO_DATE of a part of a date")
    codes = format_.name.replace("%-", "%").replace("%T", "%H:%M:%S").replace("%r", "%I:%M:%S %p")
    read = call("try_strptime", text(node.this), exp.Literal.string(codes))
    return exp.cast(read, _kind(format_))


# Any: sqlglot's annotator of types.
def _annotate_parse(annotator: Any, node: exp.Expr) -> exp.Expr:
    annotator._set_type(node, exp.DataType.build(_kind(node.args["format"])))
    return node


def _annotate_from_unix(annotator: Any, node: exp.UnixToTime) -> exp.Expr:
    annotator._set_type(node, exp.DType.TEXT if node.args.get("format") else exp.DType.TIMESTAMP)
    return node


# The codes of times that strftime has under other names.
_CLOCK_CODES: Mapping[str, str] = {
    "%h": "%I",
    "%i": "%M",
    "%k": "%-H",
    "%l": "%-I",
    "%s": "%S",
    "%T": "%H:%M:%S",
}
_OWN_CODE = re.compile("|".join(_CLOCK_CODES))


def _time_format(node: exp.Anonymous) -> exp.Expr:
    value, format_ = node.expressions
    codes = exp.Literal.string(_OWN_CODE.sub(lambda found: _CLOCK_CODES[found[0]], format_.name))
    anchored = call("concat", exp.Literal.string("2000-01-01 "), text(value))
    return formatted(call("_my_instant", anchored, type_="TIMESTAMP"), codes)


_TO_CHAR: Mapping[str, str] = {
    "YYYY": "%Y",
    "HH24": "%H",
    "MI": "%M",
    "SS": "%S",
    "MM": "%m",
    "DD": "%d",
    "YY": "%y",
    "HH12": "%I",
    "HH": "%I",
    "AM": "%p",
    "PM": "%p",
    "MON": "%b",
    "MONTH": "%B",
    "DAY": "%A",
    "DY": "%a",
}
_ORACLE_CODE = re.compile("|".join(sorted(_TO_CHAR, key=len, reverse=True)), re.IGNORECASE)


def _to_char(node: exp.ToChar) -> exp.Expr:
    format_ = node.args.get("format")
    if not isinstance(format_, exp.Literal):
        raise QueryError("other", name="a format must be a literal")
    codes = _ORACLE_CODE.sub(lambda found: _TO_CHAR[found[0].upper()], format_.name)
    return formatted(instant(node.this), exp.Literal.string(codes))


RULES = Rules(
    nodes={
        exp.TimeToStr: _to_text,
        exp.ToChar: _to_char,
        exp.UnixToTime: _from_unix,
        exp.StrToDate: _parse,
        exp.StrToTime: _parse,
    },
    functions={"time_format": _time_format},
    types={
        **dict.fromkeys((exp.StrToDate, exp.StrToTime), _annotate_parse),
        exp.UnixToTime: _annotate_from_unix,
    },
    function_types={"time_format": "TEXT"},
    macros=(
        "CREATE MACRO _my_ordinal(x) AS day(x) || CASE WHEN day(x) IN (11, 12, 13) THEN 'th'"
        " WHEN day(x) % 10 = 1 THEN 'st' WHEN day(x) % 10 = 2 THEN 'nd'"
        " WHEN day(x) % 10 = 3 THEN 'rd' ELSE 'th' END",
        "CREATE MACRO _my_from_unix(n) AS"
        " make_timestamp(CAST(CAST(n AS DOUBLE) * 1000000 AS BIGINT))",
    ),
)

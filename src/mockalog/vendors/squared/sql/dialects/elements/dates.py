"""Formats of dates, such as `DD Mon YYYY`.

Sources: Oracle's "Datetime Format Models"; Snowflake's "Date & Time Input & Output".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

# An element by its upper-case name: a format of DuckDB's strftime, or a macro that begins with _.
Elements = Mapping[str, str]

_SHARED: Elements = {
    "YYYY": "%Y",
    "YY": "%y",
    "MM": "%m",
    "DD": "%d",
    "HH24": "%H",
    "HH12": "%I",
    "MI": "%M",
    "SS": "%S",
    "AM": "%p",
    "PM": "%p",
    "DY": "%a",
    "MON": "%b",
    **{f"FF{digits}": f"_element_ff{digits}" for digits in range(1, 10)},
}
ORACLE: Elements = {
    **_SHARED,
    "SYYYY": "%Y",
    "YYY": "_element_yyy",
    "Y": "_element_y",
    "RR": "%y",
    "RRRR": "%Y",
    "IYYY": "%G",
    "MONTH": "_element_month",
    "DAY": "_element_day",
    "DDD": "%j",
    "D": "_element_d",
    "HH": "%I",
    "SSSSS": "_element_sssss",
    "FF": "_element_ff6",
    "A.M.": "_element_am",
    "P.M.": "_element_am",
    "Q": "_element_q",
    "WW": "_element_ww",
    "W": "_element_w",
    "IW": "%V",
    "CC": "_element_cc",
    "J": "_element_j",
    "RM": "_element_rm",
    "TZH": "_element_tzh",
    "TZM": "_element_tzm",
    "TZR": "_element_tzr",
}
SNOWFLAKE: Elements = {
    **_SHARED,
    "MMMM": "%B",
    "FF": "_element_ff9",
    "FF0": "_element_ff0",
    "TZH": "_element_tzh",
    "TZM": "_element_tzm",
    "UUUU": "%Y",
}

MACROS: Sequence[str] = (
    "CREATE MACRO _element_yyy(x) AS right(strftime(x, '%Y'), 3)",
    "CREATE MACRO _element_y(x) AS right(strftime(x, '%Y'), 1)",
    "CREATE MACRO _element_month(x) AS rpad(strftime(x, '%B'), 9, ' ')",
    "CREATE MACRO _element_day(x) AS rpad(strftime(x, '%A'), 9, ' ')",
    "CREATE MACRO _element_d(x) AS (dayofweek(x) + 1)::VARCHAR",
    "CREATE MACRO _element_sssss(x) AS"
    " lpad((hour(x) * 3600 + minute(x) * 60 + second(x))::VARCHAR, 5, '0')",
    "CREATE MACRO _element_am(x) AS CASE WHEN hour(x) < 12 THEN 'A.M.' ELSE 'P.M.' END",
    "CREATE MACRO _element_q(x) AS quarter(x)::VARCHAR",
    "CREATE MACRO _element_ww(x) AS lpad(((dayofyear(x) - 1) // 7 + 1)::VARCHAR, 2, '0')",
    "CREATE MACRO _element_w(x) AS ((day(x) - 1) // 7 + 1)::VARCHAR",
    "CREATE MACRO _element_cc(x) AS ((year(x) + 99) // 100)::VARCHAR",
    "CREATE MACRO _element_j(x) AS (date_diff('day', DATE '1970-01-01', x) + 2440588)::VARCHAR",
    "CREATE MACRO _element_rm(x) AS rpad(['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX',"
    " 'X', 'XI', 'XII'][month(x)], 4, ' ')",
    "CREATE MACRO _element_tzh(x) AS '+00'",
    "CREATE MACRO _element_tzm(x) AS '00'",
    "CREATE MACRO _element_tzr(x) AS '+00:00'",
    *(
        f"CREATE MACRO _element_ff{digits}(x) AS left(strftime(x, '%f') || '000', {digits})"
        for digits in range(10)
    ),
    "CREATE MACRO _trimmed(x) AS CASE WHEN x = '0' THEN x ELSE trim(ltrim(x, '0')) END",
)

# Elements that are words: Oracle prints them in the case of the element.
_WORDS = ("DY", "MON", "MONTH", "DAY", "AM", "PM", "A.M.", "P.M.", "RM")


def parts(format_: str, elements: Elements) -> Iterator[tuple[str, str]]:
    """Yield each element of a format as written and its meaning; a literal has the meaning ""."""
    names = "|".join(map(re.escape, sorted(elements, key=len, reverse=True)))
    pattern = rf'"([^"]*)"|(FM|FX)|({names})|(%.)|([A-Za-z]+)|(.)'
    for match in re.finditer(pattern, format_, re.IGNORECASE | re.DOTALL):
        quoted, modifier, element, kept, unknown, literal = match.groups()
        if unknown in ("T", "Z") and "%" in format_:  # sqlglot took their quotes away
            literal = unknown
        elif unknown is not None:
            raise QueryError("exact", name=f"the date format {format_} is not emulated")
        if element is not None:
            yield element, elements[element.upper()]
        elif modifier is not None:
            yield "FM", "" if modifier.upper() == "FM" else "FX"
        elif kept is not None:
            yield kept, kept
        else:
            yield quoted or literal or "", ""


# Any: sqlglot's own annotation of arguments.
def format_date(value: Any, format_: str, elements: Elements, *, keeps_case: bool) -> exp.Expr:
    """Return a node that prints a date or instant; `keeps_case` as Oracle keeps an element's."""
    shown: list[exp.Expr] = []
    is_short = False
    for written, meaning in parts(format_, elements):
        if written == "FM":
            is_short = not is_short
        elif not meaning:
            shown.append(text(written))
        else:
            shown.append(_element(value, written, meaning, (is_short, keeps_case)))
    return _joined(shown or [text("")])


def _element(value: Any, written: str, meaning: str, style: tuple[bool, bool]) -> exp.Expr:
    is_short, keeps_case = style
    node: exp.Expr = (
        call(meaning, value.copy())
        if meaning.startswith("_")
        else call("strftime", value.copy(), text(meaning))
    )
    if is_short:
        node = call("_trimmed", node)
    if keeps_case and written.upper() in _WORDS and written[:2].upper() == written[:2]:
        node = call("upper", node)
    elif keeps_case and written.upper() in _WORDS and written == written.lower():
        node = call("lower", node)
    return node


def _joined(nodes: Sequence[exp.Expr]) -> exp.Expr:
    first, *others = nodes
    for other in others:
        first = exp.DPipe(this=first, expression=other, safe=True)
    result = exp.Paren(this=first)
    result.type = exp.DataType.build("TEXT")
    return result


def parse_format(format_: str, elements: Elements) -> str:
    """Return the format of DuckDB's strptime for a format, of which some may be translated."""
    found: list[str] = []
    for written, meaning in parts(format_, elements):
        if meaning.startswith("_element_ff"):
            found.append("%f")
        elif meaning in ("_element_month", "_element_day"):
            found.append("%B" if meaning == "_element_month" else "%A")
        elif meaning.startswith("_"):
            raise QueryError("exact", name=f"the date format {format_} is not emulated")
        elif written != "FM" and meaning != "FX":
            found.append(meaning or written)
    if not {"%Y", "%y"} & set(found):  # the year is that of the epoch, or of the clock
        raise QueryError("exact", name=f"the date format {format_} is not emulated")
    return "".join(found)

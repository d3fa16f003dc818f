"""Formats of dates: FORMAT_DATE, PARSE_DATE and the like.

Source: GoogleSQL reference, "Format elements for date and time parts".
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    "CREATE MACRO _format_e(x) AS lpad(day(x)::VARCHAR, 2, ' ')",
    "CREATE MACRO _format_k(x) AS lpad(hour(x)::VARCHAR, 2, ' ')",
    "CREATE MACRO _format_l(x) AS lpad(((hour(x) + 11) % 12 + 1)::VARCHAR, 2, ' ')",
    "CREATE MACRO _format_q(x) AS quarter(x)::VARCHAR",
    "CREATE MACRO _format_s(x) AS (epoch_us(x) // 1000000)::VARCHAR",
    "CREATE MACRO _format_c(x) AS lpad((year(x) // 100)::VARCHAR, 2, '0')",
    "CREATE MACRO _format_p(x) AS CASE WHEN hour(x) < 12 THEN 'am' ELSE 'pm' END",
    "CREATE MACRO _format_j(x) AS right(isoyear(x)::VARCHAR, 2)",
    *(
        f"CREATE MACRO _format_e{digits}(x) AS strftime(x, '%S.') || left(strftime(x, '%f'),"
        f" {digits})"
        for digits in range(1, 7)
    ),
    "CREATE MACRO _format_star(x) AS strftime(x, '%S')"
    " || rtrim(rtrim(strftime(x, '.%f'), '0'), '.')",
    "CREATE MACRO _parsed(t, f) AS CASE WHEN t IS NULL THEN NULL ELSE coalesce("
    "try_strptime(t, f), error('=invalidQuery: Failed to parse input string \"' || t || '\"')) END",
)

# Elements that DuckDB's strftime shares, and those that are macros or other elements.
_SHARED = "aAbBdHIjmMpSuUVwWyYG"
_OTHERS = {
    "%e": "_format_e",
    "%-d": "_format_e",
    "%k": "_format_k",
    "%-H": "_format_k",
    "%l": "_format_l",
    "%-I": "_format_l",
    "%Q": "_format_q",
    "%s": "_format_s",
    "%C": "_format_c",
    "%P": "_format_p",
    "%E*S": "_format_star",
    **{f"%E{digits}S": f"_format_e{digits}" for digits in range(1, 7)},
    "%E4Y": "%Y",
    "%F": "%Y-%m-%d",
    "%T": "%H:%M:%S",
    "%R": "%H:%M",
    "%D": "%m/%d/%y",
    "%x": "%m/%d/%y",
    "%X": "%H:%M:%S",
    "%h": "%b",
    "%c": "%a %b %-d %H:%M:%S %Y",
    "%n": "\n",
    "%t": "\t",
    "%%": "%%",
    "%f": "%f",
    "%z": "+0000",
    "%Z": "UTC",
}
_ELEMENT = re.compile(r"%E[0-9*]?[SY]|%-?[A-Za-z%]|[^%]+|%")


def _elements(format_: str) -> Iterator[str]:
    """Yield the formats of DuckDB and the macros of which a format consists."""
    for element in _ELEMENT.findall(format_):
        if not element.startswith("%") or element[1:] in _SHARED:
            yield element
        elif element in _OTHERS:
            yield _OTHERS[element]
        else:
            raise QueryError("exact", name=f"the format element {element} is not emulated")


def _format(node: exp.TimeToStr) -> exp.Expr:
    value, zone = node.this, node.args.get("zone")
    is_time = isinstance(value, exp.TsOrDsToTime)
    value = value.this  # sqlglot's conversion
    if is_time:
        value = exp.Add(this=exp.cast(text("1970-01-01"), "DATE"), expression=value)
        value = exp.Paren(this=value)
    if has_kind(value, "text"):
        value = exp.cast(value, "TIMESTAMP")
    if zone is not None:
        value = call("timezone", zone, exp.cast(value, "TIMESTAMPTZ"))
    shown: list[exp.Expr] = []
    for element in _elements(_literal(node)):
        if element.startswith("_"):
            shown.append(call(element, value.copy()))
        else:
            shown.append(call("strftime", value.copy(), text(element)))
    first, *others = shown or [text("")]
    for other in others:
        first = exp.DPipe(this=first, expression=other, safe=True)
    result = exp.Paren(this=first)
    result.type = exp.DataType.build("TEXT")
    return result


def _literal(node: exp.Expr) -> str:
    format_ = node.args["format"]
    if not format_.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    return str(format_.name)


def _parse(type_: str) -> Rewrite:
    def build(node: exp.Expr) -> exp.Expr:
        format_ = "".join(_elements(_literal(node).replace("%-d", "%d")))
        if "_format_e" in format_ or "_format_star" in format_:
            format_ = re.sub("_format_(e[1-6]|star)", "%S.%f", format_).replace("_format_e", "%d")
        if "_format_" in format_:
            raise QueryError("exact", name="the format to parse is not emulated")
        value = node.this
        if not re.search("%[YyGs]", format_) and type_ != "TIME":
            format_ = f"%Y {format_}"
            value = exp.DPipe(this=text("1970 "), expression=value, safe=True)
        safe = isinstance(node.parent, exp.SafeFunc)
        shown: exp.Expr = call("try_strptime" if safe else "_parsed", value, text(format_))
        if (zone := node.args.get("zone")) is not None:
            shown = call("timezone", zone, shown)
        result = exp.cast(shown, type_)
        result.type = exp.DataType.build(type_)
        return result

    return build


RULES = Rules(
    nodes={
        exp.TimeToStr: _format,
        exp.StrToDate: _parse("DATE"),
        exp.StrToTime: _parse("TIMESTAMPTZ"),
        exp.ParseDatetime: _parse("TIMESTAMP"),
        exp.ParseTime: _parse("TIME"),
    },
    macros=_MACROS,
)

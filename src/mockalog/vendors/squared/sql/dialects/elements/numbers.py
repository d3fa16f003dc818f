"""Formats of numbers, such as `FM9,990.00`.

Sources: Oracle's "Number Format Models"; Snowflake's "SQL format models".
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_FORMAT = re.compile(
    r"(?P<short>FM)?(?P<plus>S)?(?P<money>[$L])?(?P<whole>[90,G]*)"
    r"(?:[.D](?P<places>[90]*))?(?P<minus>MI)?",
    re.IGNORECASE,
)

MACROS: Sequence[str] = (
    # The digits before the point, with blanks before them, or zeros from a place on.
    "CREATE MACRO _whole(t, n, zeros) AS"
    " lpad(lpad(CASE WHEN t = '0' AND zeros = 0 THEN '' ELSE t END, greatest(zeros,"
    " length(t))::INT, '0'), n::INT, ' ')",
    # The digits in the places of the format; a comma behind a blank is a blank.
    "CREATE MACRO _grouped(p, format) AS array_to_string(list_transform("
    "range(1, length(format) + 1), lambda i: CASE WHEN format[i] <> ',' THEN"
    " p[length(replace(format[1:i], ',', ''))]"
    " WHEN trim(p[length(replace(format[1:i], ',', ''))]) = '' THEN ' ' ELSE ',' END), '')",
    "CREATE MACRO _sized(t, x, format, zeros, places) AS CASE"
    " WHEN length(split_part(t, '.', 1)) > length(replace(format, ',', ''))"
    " AND split_part(t, '.', 1) <> '0'"
    " THEN repeat('#', (length(format) + places + 1)::INT)"
    " ELSE _grouped(_whole(split_part(t, '.', 1), length(replace(format, ',', '')), zeros), format)"
    " || CASE WHEN places > 0 THEN '.' || split_part(t, '.', 2) ELSE '' END END",
    "CREATE MACRO _signed(body, x, money, plus) AS CASE WHEN starts_with(body, '#') THEN body"
    " ELSE lpad(CASE WHEN x < 0 THEN '-'"
    " WHEN plus THEN '+' ELSE '' END || money || ltrim(body),"
    " (length(body) + 1 + length(money))::INT, ' ') END",
    "CREATE MACRO _short(t, places) AS CASE WHEN places > 0 THEN rtrim(t, '0') ELSE t END",
)


# Any: sqlglot's own annotation of arguments.
def format_number(value: Any, format_: str) -> exp.Expr:
    """Return a node that prints a number."""
    match = _FORMAT.fullmatch(format_)
    if match is None or not (match["whole"] or match["places"]):
        raise QueryError("exact", name=f"the number format {format_} is not emulated")
    whole = match["whole"].upper().replace("G", ",")
    digits, places = whole.replace(",", ""), match["places"] or ""
    zeros = len(digits) - digits.index("0") if "0" in digits else 0
    number = exp.Cast(this=value.copy(), to=exp.DataType.build(f"DECIMAL(38, {len(places)})"))
    plain = exp.cast(call("abs", number.copy()), "TEXT")
    count = exp.Literal.number
    body: exp.Expr = call(
        "_sized", plain, number.copy(), text(whole), count(zeros), count(len(places))
    )
    return _signed(body, number, match)


def _signed(body: exp.Expr, number: exp.Expr, match: re.Match[str]) -> exp.Expr:
    money = "$" if match["money"] else ""
    plus = exp.true() if match["plus"] else exp.false()
    shown = call("_signed", body, number, text(money), plus, type_="TEXT")
    if match["minus"]:
        raise QueryError("exact", name=f"the number format {match[0]} is not emulated")
    if not match["short"]:
        return shown
    nines = match["places"] or ""
    drops = len(nines) - len(nines.rstrip("9"))
    shown = call("ltrim", shown, type_="TEXT")
    return call("_short", shown, exp.Literal.number(drops), type_="TEXT")


def number_pattern(format_: str) -> bool:
    """Return whether a text is a format of numbers."""
    return bool(_FORMAT.fullmatch(format_)) and bool(re.search("[90]", format_))

"""Patterns of dates in Java's letters: Spark's and Joda's.

Sources: Spark's "Datetime Patterns for Formatting and Parsing", Joda's `DateTimeFormat`.
"""

import re
from collections.abc import Callable, Mapping
from functools import reduce

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_PIECE = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>[^A-Za-z']+)")

# The code of strftime for a letter that stands once, twice, three and four times.
_CODES: Mapping[str, tuple[str, str, str, str]] = {
    "y": ("%Y", "%y", "%Y", "%Y"),
    "u": ("%Y", "%y", "%Y", "%Y"),
    "Y": ("%Y", "%y", "%Y", "%Y"),
    "M": ("%-m", "%m", "%b", "%B"),
    "L": ("%-m", "%m", "%b", "%B"),
    "d": ("%-d", "%d", "%d", "%d"),
    "D": ("%-j", "%j", "%j", "%j"),
    "H": ("%-H", "%H", "%H", "%H"),
    "h": ("%-I", "%I", "%I", "%I"),
    "m": ("%-M", "%M", "%M", "%M"),
    "s": ("%-S", "%S", "%S", "%S"),
    "a": ("%p", "%p", "%p", "%p"),
    "E": ("%a", "%a", "%a", "%A"),
}

Other = Callable[[exp.Expr, str, int], exp.Expr | None]


def formatted(value: exp.Expr, pattern: str, other: Other) -> exp.Expr:
    """Return a timestamp's text; `other` gives the text of a letter that strftime lacks."""
    pieces = [_written(value, match, other) for match in _PIECE.finditer(pattern)]
    joined = reduce(lambda a, b: exp.DPipe(this=a, expression=b), pieces or [text("")])
    return typed(exp.paren(joined), "TEXT")


def _written(value: exp.Expr, match: re.Match[str], other: Other) -> exp.Expr:
    if match["quoted"] is not None:
        return text(match["quoted"].replace("''", "'") or "'")
    if match["other"] is not None:
        return text(match["other"])
    letter, count = match["letters"][0], len(match["letters"])
    if letter == "S":
        return call("left", call("strftime", value.copy(), text("%f")), exp.Literal.number(count))
    if letter in _CODES:
        return call("strftime", value.copy(), text(_CODES[letter][min(count, 4) - 1]))
    found = other(value.copy(), letter, count)
    if found is None:
        raise QueryError("pattern", name=match["letters"])
    return found


def parsing_format(pattern: str) -> str:
    """Return the format of strptime for a pattern; raises `QueryError` for an unknown letter."""
    return "".join(_read(match) for match in _PIECE.finditer(pattern))


def _read(match: re.Match[str]) -> str:
    if match["quoted"] is not None:
        return (match["quoted"].replace("''", "'") or "'").replace("%", "%%")
    if match["other"] is not None:
        return match["other"].replace("%", "%%")
    letter, count = match["letters"][0], len(match["letters"])
    if letter == "S":
        return "%g" if count <= 3 else "%f"
    if letter not in _CODES:
        raise QueryError("pattern", name=match["letters"])
    return _CODES[letter][min(count, 4) - 1].replace("-", "")


def quarter(value: exp.Expr, letter: str, count: int) -> exp.Expr | None:
    """Return the text of a quarter or of UTC's zone."""
    if letter in "Qq" and count <= 2:
        return exp.cast(call("quarter", value), "TEXT")
    if letter in "Qq":
        return exp.DPipe(this=text("Q"), expression=exp.cast(call("quarter", value), "TEXT"))
    zones = {"z": "UTC", "Z": "+0000", "X": "Z", "x": "+00:00" if count > 2 else "+00", "V": "UTC"}
    return text(zones[letter]) if letter in zones else None

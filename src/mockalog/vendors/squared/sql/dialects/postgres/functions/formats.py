"""`to_char`, `to_date` and `to_timestamp` with a format that the query writes (manual, 9.8)."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.functions.number_formats import number_text
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_WORDS_TEXT = """
    HH24 HH12 HH MI SSSSS SSSS SS MS US AM PM A.M. P.M. YYYY YYY YY Y IYYY IYY IY I MONTH MON
    MM DAY DY DDD DD D IDDD ID IW WW W Q J CC OF TZH TZM TZ RM FF1 FF2 FF3 FF4 FF5 FF6
"""
_WORDS = _WORDS_TEXT.split()
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|(?P<fill>FM|TM)?(?P<word>'
    + "|".join(re.escape(one) for one in sorted(_WORDS, key=len, reverse=True))
    + r")(?P<ordinal>TH|th)?|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
# What strftime prints, without and with the fill mode.
_STRFTIME = {
    "HH24": "%H", "HH12": "%I", "HH": "%I", "MI": "%M", "SS": "%S", "MS": "%g", "US": "%f",
    "YYYY": "%Y", "YY": "%y", "IYYY": "%G", "MM": "%m", "DDD": "%j", "DD": "%d", "IW": "%V",
}  # fmt: skip
_PARTS = {
    "D": "dayofweek", "ID": "isodow", "Q": "quarter", "J": "julian", "CC": "century",
}  # fmt: skip
_NAMES = {"MONTH": ("monthname", 9), "MON": ("monthname", 3), "DAY": ("dayname", 9),
          "DY": ("dayname", 3)}  # fmt: skip

MACROS = (
    "CREATE MACRO _pg_ordinal(x) AS x || CASE WHEN right('0' || x, 2) IN ('11', '12', '13')"
    " THEN 'th' WHEN right(x, 1) = '1' THEN 'st' WHEN right(x, 1) = '2' THEN 'nd'"
    " WHEN right(x, 1) = '3' THEN 'rd' ELSE 'th' END",
    "CREATE MACRO _pg_bare(x) AS CASE WHEN ltrim(x, '0') = '' THEN '0' ELSE ltrim(x, '0') END",
    "CREATE MACRO _pg_two(x) AS lpad(x::VARCHAR, greatest(2, length(x::VARCHAR))::INTEGER, '0')",
)


def _literal(node: Any) -> str:
    if not isinstance(node, exp.Literal):
        raise QueryError("other", name="a format that is no literal is not supported")
    return str(node.name)


def to_char(node: exp.Anonymous) -> exp.Expr:
    """Return a value in a format."""
    value, format_ = node.expressions
    type_ = pg(value)
    if _literal(format_) == "":
        return exp.Null()
    if type_ in ("date", "timestamp", "timestamptz", "time"):
        return _joined(_pieces(_literal(format_), exp.cast(value, "TIMESTAMP"), _of_instant))
    if type_ == "interval":
        return _joined(_pieces(_literal(format_), value, _of_interval))
    return number_text(value, _literal(format_))


def _joined(pieces: Iterator[exp.Expr]) -> exp.Expr:
    joined = next(pieces)
    for one in pieces:
        joined = exp.DPipe(this=joined, expression=one)
    return typed(exp.Paren(this=joined), "text")  # type: ignore[no-any-return]


_Piece = Callable[[str, str, bool, exp.Expr], exp.Expr]


def _pieces(format_: str, value: Any, piece: _Piece) -> Iterator[exp.Expr]:
    for found in _PIECE.finditer(format_):
        word = found["word"]
        if found["quoted"] is not None or word is None:
            yield text(found["other"] if found["quoted"] is None else found["quoted"])
            continue
        bare = (found["fill"] or "").upper() == "FM"
        shown = piece(word, word.upper(), bare, value.copy())
        if found["ordinal"]:
            shown = call("_pg_ordinal", shown)
            shown = call("upper", shown) if found["ordinal"] == "TH" else shown
        yield shown


def _of_instant(word: str, key: str, bare: bool, value: exp.Expr) -> exp.Expr:
    if key in _STRFTIME:
        shown = call("strftime", value, text(_STRFTIME[key]))
        return call("_pg_bare", shown) if bare else shown
    if key in _NAMES:
        return _name(word, key, bare, value)
    if key in _PARTS:
        number: exp.Expr = call("datepart", text(_PARTS[key].replace("dayofweek", "dow")), value)
        if key == "D":
            number = exp.Paren(this=exp.Add(this=number, expression=exp.Literal.number(1)))
        number = exp.cast(number, "BIGINT")
        return call("_pg_two", number) if key == "CC" and not bare else exp.cast(number, "TEXT")
    if key in ("AM", "PM", "A.M.", "P.M."):
        shown = call("strftime", value, text("%p"))
        if "." in key:
            shown = call("regexp_replace", shown, text("(.)M"), text("\\1.M."))
        return call("lower", shown) if word.islower() else shown
    return _rare(key, bare, value)


def _name(word: str, key: str, bare: bool, value: exp.Expr) -> exp.Expr:
    function, size = _NAMES[key]
    name = call(function, value)
    if size == 3:
        name = call("left", name, exp.Literal.number(3))
    elif not bare:
        name = call("rpad", name, exp.Literal.number(9), text(" "))
    if word.isupper():
        return call("upper", name)
    return call("lower", name) if word.islower() else name


def _rare(key: str, bare: bool, value: exp.Expr) -> exp.Expr:
    if key in ("WW", "W"):
        part = call("datepart", text("doy" if key == "WW" else "day"), value)
        days = exp.Paren(this=exp.Sub(this=part, expression=exp.Literal.number(1)))
        weeks = exp.IntDiv(this=days, expression=exp.Literal.number(7))
        number = exp.Paren(this=exp.Add(this=weeks, expression=exp.Literal.number(1)))
        return call("_pg_two", number) if key == "WW" and not bare else exp.cast(number, "TEXT")
    if key == "OF":
        return text("+00")
    if key in ("YYY", "Y", "IYY", "IY", "I"):
        year = call("strftime", value, text("%G" if key.startswith("I") else "%Y"))
        return call("right", year, exp.Literal.number(len(key)))
    raise QueryError("other", name=f'the format "{key}" is not supported')


def _of_interval(word: str, key: str, bare: bool, value: exp.Expr) -> exp.Expr:
    part = {"HH24": "hour", "MI": "minute", "SS": "second", "DD": "day", "MM": "month"}.get(key)
    if part is None:
        raise QueryError("other", name=f'the format "{word}" of an interval is not supported')
    number = call("datepart", text(part), value)
    return exp.cast(number, "TEXT") if bare else call("_pg_two", number)


# What strptime reads, and the number of characters.
_STRPTIME: Mapping[str, tuple[str, int]] = {
    "HH24": ("%H", 2), "HH12": ("%I", 2), "HH": ("%I", 2), "MI": ("%M", 2), "SS": ("%S", 2),
    "YYYY": ("%Y", 4), "YY": ("%y", 2), "MM": ("%m", 2), "DDD": ("%j", 3), "DD": ("%d", 2),
    "MON": ("%b", 3), "MONTH": ("%B", 0), "AM": ("%p", 2), "PM": ("%p", 2), "MS": ("%g", 3),
    "US": ("%f", 6), "DY": ("%a", 3), "DAY": ("%A", 0),
}  # fmt: skip


def parsed(node: exp.Anonymous) -> exp.Expr:
    """Return a text read by a format."""
    value, *formats = node.expressions
    if not formats:
        return node
    format_, size = _reading(_literal(formats[0]))
    read: exp.Expr = call("trim", value)
    if size:  # PostgreSQL ignores what follows
        read = call("left", read, exp.Literal.number(size))
    is_date = node.name.lower() == "to_date"
    found = exp.cast(call("strptime", read, text(format_)), "DATE" if is_date else "TIMESTAMPTZ")
    return typed(found, "date" if is_date else "timestamptz")  # type: ignore[no-any-return]


def _reading(format_: str) -> tuple[str, int]:
    """Return a format of strptime, and the characters that it reads, 0 if they vary."""
    read, sizes = "", list[int]()
    for found in _PIECE.finditer(format_):
        word = found["word"]
        if word is None:
            plain = found["other"] if found["quoted"] is None else found["quoted"]
            read, sizes = read + plain.replace("%", "%%"), [*sizes, len(plain)]
            continue
        if word.upper() not in _STRPTIME:
            raise QueryError("other", name=f'the format "{word}" is not supported')
        shown, size = _STRPTIME[word.upper()]
        read, sizes = read + shown, [*sizes, 0 if found["fill"] else size]
    words = [one for one in sizes if one == 0]
    return read, 0 if words else sum(sizes)


FUNCTIONS = {"to_char": to_char, "to_date": parsed, "to_timestamp": parsed}

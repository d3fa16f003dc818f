"""Text literals as values of a type, read as PostgreSQL reads them (manual, chapter 8)."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types import instants, intervals
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import DUCKDB, INTEGERS, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.jsonb import jsonb_text
from mockalog.vendors.squared.sql.problems import QueryError

_SIZES = {"int2": 15, "int4": 31, "int8": 63}
_SHOWN = {"int2": "smallint", "int4": "integer", "int8": "bigint"}
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")
_UUID = re.compile(r"\{?([0-9a-f]{4}-?){8}\}?", re.IGNORECASE)
# An element of an array: quoted, or plain.
_ELEMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,{}"]*?))\s*(,|$)')


def wrong(type_: str, value: str) -> QueryError:
    """Return the error of a text that is no value of a type."""
    return QueryError("cast", type=type_, value=value)


def literal(value: str, type_: str) -> exp.Expr:
    """Return a text as a value of a type; raises `QueryError`."""
    if type_.endswith("[]"):
        return _array(value, type_[:-2])
    read = _READERS.get(type_)
    node = text(value) if read is None else read(value, type_)
    return typed(node, type_)  # type: ignore[no-any-return]


def number(value: int | Decimal) -> exp.Expr:
    """Return a number as a node."""
    shown = exp.Literal.number(f"{abs(value):f}" if isinstance(value, Decimal) else abs(value))
    return exp.Paren(this=exp.Neg(this=shown)) if value < 0 else shown


def _integer(value: str, type_: str) -> exp.Expr:
    if re.fullmatch(r"\s*[+-]?[0-9]+\s*", value) is None:
        raise wrong(_SHOWN[type_], value)
    if not -(2 ** _SIZES[type_]) <= int(value) < 2 ** _SIZES[type_]:
        name = f'value "{value}" is out of range for type {_SHOWN[type_]}'
        raise QueryError("other", name=name)
    return exp.cast(number(int(value)), DUCKDB[type_])


def _numeric(value: str, _: str) -> exp.Expr:
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        raise wrong("numeric", value) from None
    if not found.is_finite():
        raise QueryError("other", name=f"numeric {value} is not supported")
    places = max(0, -int(found.as_tuple().exponent))
    node = exp.cast(text(f"{found:f}"), f"DECIMAL(38, {min(places, 30)})")
    node.meta["places"] = places
    return node


def _double(value: str, type_: str) -> exp.Expr:
    try:
        float(value.strip().replace("_", "x"))
    except ValueError:
        raise wrong("double precision" if type_ == "float8" else "real", value) from None
    return exp.cast(text(value.strip()), DUCKDB[type_])


def _boolean(value: str, _: str) -> exp.Expr:
    word = value.strip().lower()
    for words, truth in ((_TRUE, True), (_FALSE, False)):
        if word and word != "o" and any(one.startswith(word) for one in words):
            return exp.Boolean(this=truth)
    raise wrong("boolean", value)


def _instant(value: str, type_: str) -> exp.Expr:
    word = instants.clock_word(value)
    if word in _CLOCK and type_ != "time":
        return exp.cast(_CLOCK[word](), DUCKDB[type_])
    if word in ("infinity", "-infinity"):
        raise QueryError("other", name=f"{word} is not supported")
    shown = "1970-01-01 00:00:00" if word == "epoch" else instants.parsed(value, type_)
    return exp.cast(text(shown), DUCKDB[type_])


def _days_from_now(days: int) -> exp.Expr:
    step = call("to_days", number(days))
    return exp.Add(this=exp.CurrentDate(), expression=step)


_CLOCK: Mapping[str | None, Callable[[], exp.Expr]] = {
    "now": exp.CurrentTimestamp,
    "today": exp.CurrentDate,
    "yesterday": lambda: _days_from_now(-1),
    "tomorrow": lambda: _days_from_now(1),
}
"""The words of the clock, which `translation/clock.py` makes literals."""


def _interval(value: str, _: str) -> exp.Expr:
    return intervals.node_of(value)


def _json(value: str, type_: str) -> exp.Expr:
    try:
        json.loads(value)
    except ValueError:
        raise QueryError("other", name="invalid input syntax for type json") from None
    return exp.cast(text(jsonb_text(value) if type_ == "jsonb" else value), "JSON")


def _uuid(value: str, _: str) -> exp.Expr:
    if _UUID.fullmatch(value) is None:
        raise wrong("uuid", value)
    return exp.cast(text(value.strip("{}").lower()), "UUID")


def _bytes(value: str, _: str) -> exp.Expr:
    raw = bytes.fromhex(value[2:]) if value.startswith("\\x") else value.encode()
    return call("unhex", text(raw.hex()))


def _array(value: str, element: str) -> exp.Expr:
    inner = value.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        raise QueryError("other", name=f'malformed array literal: "{value}"')
    inner, elements, at = inner[1:-1], [], 0
    while inner.strip() and at <= len(inner):
        found = _ELEMENT.match(inner, at)
        if found is None:  # arrays within arrays
            raise QueryError("other", name=f'malformed array literal: "{value}"')
        quoted, plain, comma = found.groups()
        elements.append(_element(quoted, plain, element))
        at = found.end() if comma else len(inner) + 1
    array = exp.cast(exp.Array(expressions=elements), f"{DUCKDB[element]}[]")
    return typed(array, f"{element}[]")  # type: ignore[no-any-return]


def _element(quoted: str | None, plain: str | None, type_: str) -> exp.Expr:
    if quoted is not None:
        return literal(re.sub(r"\\(.)", r"\1", quoted), type_)
    if plain is None or plain.upper() == "NULL":
        return exp.Null()
    return literal(plain, type_)


_READERS: Mapping[str, Callable[[str, str], exp.Expr]] = {
    **dict.fromkeys(INTEGERS, _integer),
    "numeric": _numeric,
    "float4": _double,
    "float8": _double,
    "bool": _boolean,
    "date": _instant,
    "timestamp": _instant,
    "timestamptz": _instant,
    "time": _instant,
    "interval": _interval,
    "json": _json,
    "jsonb": _json,
    "uuid": _uuid,
    "bytea": _bytes,
}

"""Functions that SQLite lacks, or that take longer there than they must.

SQLite's own `instr`, `replace`, `trim` and `LIKE` may need the product of two texts' lengths.
Each function asks first whether the query may still run, and makes no text that is longer than one
may be; what it cannot do it says in PostgreSQL's words.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from itertools import dropwhile
from random import Random
from typing import Any, Protocol

# Characters of a LIKE's pattern.
MAX_PATTERN = 200
# Bytes of a text: as many as one has that may be loaded.
MAX_TEXT = 250_000

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,10}\s*")

# What each of PostgreSQL's units keeps of a time, and how it says one alone.
_UNITS = ("year", "month", "day", "hour", "minute", "second")


class Guard(Protocol):
    """Watches the query that calls the functions."""

    def check(self) -> None:
        """Raise if time is over."""

    def refuse(self, text: str) -> None:
        """Keep why a function fails."""


def register(connection: sqlite3.Connection, guard: Guard, *, exact: bool) -> None:
    """Add the functions; `exact`: whether LIKE sees case."""
    add = partial(connection.create_function, deterministic=True)
    for (name, count), function in _FUNCTIONS.items():
        add(name, count, _guarded(_of_texts(function), guard))
    for count in (2, 3):
        add("like", count, _guarded(_of_texts(partial(_like, exact)), guard))
    add("concat", -1, _concat)
    add("nonzero", 1, _guarded(_nonzero, guard))
    # The same numbers in each query, so that a test sees the same rows in the same order.
    connection.create_function("random", 0, Random(0).random)  # noqa: S311 - no secret


def _guarded(function: Callable[..., Any], guard: Guard) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        guard.check()
        try:
            return function(*values)
        except ValueError as error:
            guard.refuse(str(error))
            raise

    return call


def _of_texts(function: Callable[..., Any]) -> Callable[..., Any]:
    """As SQL has it: of what is not known nothing is known."""
    return lambda *values: None if None in values else function(*map(_text, values))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _concat(*values: Any) -> str:
    return "".join(_text(value) for value in values if value is not None)


def _like(exact: bool, pattern: str, value: str, escape: str = "") -> bool:
    """Match `%` and `_`; the parts between the `%` are looked for one after another."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError("the pattern is too long")
    flags = re.DOTALL if exact else re.DOTALL | re.IGNORECASE
    first, *others = [
        (re.compile("".join(part), flags), len(part)) for part in _parts(pattern, escape)
    ]
    if not others:
        return first[0].fullmatch(value) is not None
    found = first[0].match(value)
    for part, _ in others[:-1]:
        found = found and part.search(value, found.end())
    last, length = others[-1]
    at = len(value) - length
    return found is not None and at >= found.end() and last.match(value, at) is not None


def _parts(pattern: str, escape: str) -> list[list[str]]:
    """Return the expressions of one character each that lie between the `%`."""
    parts: list[list[str]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            parts[-1].append(re.escape(next(characters, escape)))
        elif character == "%":
            parts.append([])
        else:
            parts[-1].append("." if character == "_" else re.escape(character))
    return parts


def _nonzero(value: Any) -> Any:
    """Return what something is divided by."""
    if value == 0:
        raise ValueError("division by zero")
    return value


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(f'invalid input syntax for type integer: "{text}"')
    return int(text)


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        return text
    _check_length(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _repeat(text: str, count: str) -> str:
    _check_length(len(text) * _integer(count))
    return text * _integer(count)


def _check_length(length: int) -> None:
    if length > MAX_TEXT:
        raise ValueError("requested length too large")


def _ltrim(text: str, characters: str = " ") -> str:
    return "".join(dropwhile(set(characters).__contains__, text))


def _rtrim(text: str, characters: str = " ") -> str:
    return _ltrim(text[::-1], characters)[::-1]


def _trim(text: str, characters: str = " ") -> str:
    return _rtrim(_ltrim(text, characters), characters)


def _left(text: str, count: str) -> str:
    return text[: _integer(count)]


def _right(text: str, count: str) -> str:
    """Return the last characters; of a negative count all but the first."""
    number = _integer(count)
    return text[max(0, len(text) - number) :] if number >= 0 else text[-number:]


def _split_part(text: str, separator: str, number: str) -> str:
    parts = text.split(separator) if separator else [text]
    at = _integer(number)
    if at == 0:
        raise ValueError("field position must not be zero")
    at = at - 1 if at > 0 else len(parts) + at
    return parts[at] if 0 <= at < len(parts) else ""


def _date_trunc(unit: str, text: str) -> str | None:
    """Return the beginning of the unit, as a database prints a time; None of no time."""
    time = _time(text)
    if time is None or unit.lower() not in _UNITS:
        return None
    later = _UNITS[_UNITS.index(unit.lower()) + 1 :]
    start: dict[str, Any] = {name: 1 if name in ("month", "day") else 0 for name in later}
    return f"{time.replace(microsecond=0, **start):%Y-%m-%d %H:%M:%S}"


def _date_part(unit: str, text: str) -> int | None:
    time = _time(text)
    return None if time is None or unit.lower() not in _UNITS else getattr(time, unit.lower())


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


_FUNCTIONS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("instr", 2): lambda text, part: text.find(part) + 1,
    ("replace", 3): _replace,
    ("repeat", 2): _repeat,
    ("trim", 1): _trim,
    ("ltrim", 1): _ltrim,
    ("rtrim", 1): _rtrim,
    ("trim", 2): _trim,
    ("ltrim", 2): _ltrim,
    ("rtrim", 2): _rtrim,
    ("str_left", 2): _left,
    ("str_right", 2): _right,
    ("split_part", 3): _split_part,
    ("initcap", 1): str.title,
    ("reverse", 1): lambda text: text[::-1],
    ("md5", 1): lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
    ("date_trunc", 2): _date_trunc,
    ("date_part", 2): _date_part,
}

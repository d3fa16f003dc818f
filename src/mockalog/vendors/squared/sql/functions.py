"""Functions that SQLite lacks, and replacements of its slow ones.

The time of SQLite's `instr`, `replace`, `trim` and `LIKE` is the product of two texts' lengths.
Each function first checks the query's time, and limits the length of its result. The error texts
are PostgreSQL's.
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
# Bytes of a text: the maximum of a loaded row.
MAX_TEXT = 250_000

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,10}\s*")

# PostgreSQL's units of an instant, largest first.
_UNITS = ("year", "month", "day", "hour", "minute", "second")


class Guard(Protocol):
    """Checks the time of the query that calls the functions."""

    def check(self) -> None:
        """Raise an exception if the time is over."""

    def refuse(self, text: str) -> None:
        """Keep the error text of a function."""


def register(connection: sqlite3.Connection, guard: Guard, *, exact: bool) -> None:
    """Add the functions; `exact`: whether `LIKE` distinguishes upper and lower case."""
    add = partial(connection.create_function, deterministic=True)
    for (name, count), function in _FUNCTIONS.items():
        add(name, count, _guarded(_of_texts(function), guard))
    for count in (2, 3):
        add("like", count, _guarded(_of_texts(partial(_like, exact)), guard))
    add("concat", -1, _concat)
    add("nonzero", 1, _guarded(_nonzero, guard))
    # The same numbers in each query, so that a test has the same rows in the same order.
    connection.create_function("random", 0, Random(0).random)  # noqa: S311 - no secret


def _guarded(function: Callable[..., Any], guard: Guard) -> Callable[..., Any]:
    def call(*values: object) -> object:
        guard.check()
        try:
            return function(*values)
        except ValueError as error:
            guard.refuse(str(error))
            raise

    return call


def _of_texts(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function for texts; its result is NULL if an argument is."""
    return lambda *values: None if None in values else function(*map(_text, values))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _concat(*values: Any) -> str:
    return "".join(_text(value) for value in values if value is not None)


def _like(exact: bool, pattern: str, value: str, escape: str = "") -> bool:
    """Match a pattern with `%` and `_`: find the parts between the `%` one after another."""
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
    """Return the parts between the `%`, each a list of expressions of one character."""
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
    """Return a divisor; raises `ValueError` for zero."""
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
    """Return the last characters; for a negative count all but the first ones."""
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
    """Return the start of the unit in a database's text format, None if the text is no time."""
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

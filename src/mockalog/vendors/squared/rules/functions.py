"""Functions that SQLite lacks, or that take longer there than they must.

SQLite's own `instr`, `replace`, `trim` and `LIKE` may need the product of two texts' lengths.
Each function asks first whether the query may still run.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

# Characters of a LIKE's pattern.
MAX_PATTERN = 200

# What each of PostgreSQL's units keeps of a time, and how it says one alone.
_UNITS = ("year", "month", "day", "hour", "minute", "second")


def register(connection: sqlite3.Connection, check: Callable[[], None], *, exact: bool) -> None:
    """Add the functions; `check` raises when time is over, `exact`: whether LIKE sees case."""
    add = partial(connection.create_function, deterministic=True)
    for (name, count), function in _FUNCTIONS.items():
        add(name, count, _guarded(function, check))
    for count in (2, 3):
        add("like", count, _guarded(partial(_like, exact), check))
    add("concat", -1, _concat)


def _guarded(function: Callable[..., Any], check: Callable[[], None]) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        check()
        # As SQL has it: of what is not known nothing is known.
        return None if None in values else function(*map(_text, values))

    return call


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


def _left(text: str, count: str) -> str:
    return text[: int(count)]


def _right(text: str, count: str) -> str:
    """Return the last characters; of a negative count all but the first."""
    number = int(count)
    return text[max(0, len(text) - number) :] if number >= 0 else text[-number:]


def _split_part(text: str, separator: str, number: str) -> str:
    parts = text.split(separator) if separator else [text]
    at = int(number)
    return parts[at - 1] if 0 < at <= len(parts) else ""


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
    return None if time is None else getattr(time, unit.lower(), None)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


_FUNCTIONS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("instr", 2): lambda text, part: text.find(part) + 1,
    ("replace", 3): lambda text, old, new: text.replace(old, new) if old else text,
    ("trim", 1): str.strip,
    ("ltrim", 1): str.lstrip,
    ("rtrim", 1): str.rstrip,
    ("trim", 2): str.strip,
    ("ltrim", 2): str.lstrip,
    ("rtrim", 2): str.rstrip,
    ("str_left", 2): _left,
    ("str_right", 2): _right,
    ("split_part", 3): _split_part,
    ("initcap", 1): str.title,
    ("reverse", 1): lambda text: text[::-1],
    ("md5", 1): lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
    ("date_trunc", 2): _date_trunc,
    ("date_part", 2): _date_part,
}

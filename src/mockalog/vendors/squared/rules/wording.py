"""What a source says about a query that fails, from what SQLite or the reader say about it."""

import re
import sqlite3
from collections.abc import Sequence

from mockalog.vendors.squared.rules.queries import Broken, NotReading, TooMuch, read
from mockalog.vendors.squared.rules.sources import Source, Wording

# What a query can fail with.
FAILURES = (sqlite3.Error, Broken, NotReading, TooMuch)

# SQLite's words, and which of a source's templates say the same.
_SAME: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern, re.DOTALL), template)
    for pattern, template in (
        (r"no such column: (.+)", "column"),
        (r"no such table: (.+)", "table"),
        # A table of SQLite's own, such as a pragma's.
        (r"vtable constructor failed: (.+)", "table"),
        (r"access to (\S+)\.\S* is prohibited", "table"),
        (r"no such function: (.+)", "function"),
        (r"not authorized to use function: (.+)", "function"),
        (r"ambiguous column name: (.+)", "ambiguous"),
        (r'near "(.*)": syntax error', "syntax"),
        (r"(?:incomplete input|unrecognized token: .*)()", "syntax"),
        # What is no UTF-8 in a result, or in what a function is given.
        (r"Could not decode.*|user-defined function raised exception", "encoding"),
        (r"(.*)", "other"),
    )
]


def worded(error: Exception, query: str, source: Source) -> str:
    """Return the source's own text; `query` is what it was sent."""
    template, name = _problem(error)
    if template == "function":
        name = _called(name, query, source)
    wording = source.wording
    if template in ("timeout", "forbidden", "other"):
        return str(getattr(wording, template).format(name=name))
    return _placed(wording, template, name, query)


def _problem(error: Exception) -> tuple[str, str]:
    """Return which template says it, and what of."""
    text = str(error)
    if isinstance(error, NotReading):
        return "forbidden", text
    if isinstance(error, Broken):
        return "syntax", text
    if isinstance(error, TooMuch):
        return ("timeout", "") if text == "time" else ("other", text)
    pattern, template = next(same for same in _SAME if same[0].fullmatch(text))
    if template == "encoding":
        return "other", 'invalid byte sequence for encoding "UTF8"'
    found = pattern.fullmatch(text)
    assert found is not None
    return template, found[1].lower() if template == "function" else found[1]


def _called(name: str, query: str, source: Source) -> str:
    """Return the query's own name of a function that SQLite was asked for under another."""
    from sqlglot import exp

    places = (
        node.meta
        for node in read(query, source).find_all(exp.Func)
        if "start" in node.meta and node.sql("sqlite").lower().startswith(f"{name}(")
    )
    return next((query[at["start"] : at["end"] + 1].lower() for at in places), name)


def _placed(wording: Wording, template: str, name: str, query: str) -> str:
    """Return a text about something in the query, with the line that it stands in."""
    prefix = r"(?:\w+\.)*" if template == "table" else ""
    place = re.search(rf'(?<!\w){prefix}["`\[]?{re.escape(name)}', query, re.IGNORECASE)
    shown = re.sub(r'["`\[]', "", place[0]) if place and template == "table" else name
    line = _line(query, place.start() if place and name else len(query))
    text = str(getattr(wording, template)).format(name=shown, near=name, line=line)
    # PostgreSQL quotes no name with a dot in it, and names the end in words.
    if template == "column" and "." in shown:
        text = text.replace(f'"{shown}"', shown)
    return text.replace('at or near ""', "at end of input")


def _line(query: str, at: int) -> str:
    """Return libpq's two lines: the text and a mark below the character."""
    number = query.count("\n", 0, at) + 1
    begin = query.rfind("\n", 0, at) + 1
    head = f"LINE {number}: "
    text = query[begin:].split("\n", 1)[0]
    return f"\n{head}{text}\n{' ' * (len(head) + at - begin)}^\n"

"""A source's error text for a query that fails, by the error of SQLite or of the parser."""

import re
import sqlite3
from collections.abc import Sequence

from mockalog.vendors.squared.sql.queries import (
    ForbiddenStatementError,
    QueryError,
    SqlSyntaxError,
    parse_query,
)
from mockalog.vendors.squared.sql.sources import ErrorTexts, Source

# The exceptions of a query.
FAILURES = (sqlite3.Error, SqlSyntaxError, ForbiddenStatementError, QueryError)

# Patterns of SQLite's error texts, and the names of the sources' templates for them.
_TEMPLATES: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern, re.DOTALL), template)
    for pattern, template in (
        (r"no such column: (.+)", "column"),
        (r"no such table: (.+)", "table"),
        # An internal table of SQLite, such as a pragma's.
        (r"vtable constructor failed: (.+)", "table"),
        (r"access to (\S+)\.\S* is prohibited", "table"),
        (r"no such function: (.+)", "function"),
        (r"not authorized to use function: (.+)", "function"),
        (r"ambiguous column name: (.+)", "ambiguous"),
        (r'near "(.*)": syntax error', "syntax"),
        (r"(?:incomplete input|unrecognized token: .*)()", "syntax"),
        # Bytes that are no UTF-8, in a result or in a function's argument.
        (r"Could not decode.*|user-defined function raised exception", "encoding"),
        (r"(.*)", "other"),
    )
]


def error_text(error: Exception, query: str, source: Source) -> str:
    """Return the source's error text for a query that failed."""
    template, name = _problem(error)
    if template == "function":
        name = _name_in_query(name, query, source)
    texts = source.error_texts
    if template in ("timeout", "forbidden", "other"):
        return str(getattr(texts, template).format(name=name))
    return _with_line(texts, template, name, query)


def _problem(error: Exception) -> tuple[str, str]:
    """Return the name of the template and the name in the query."""
    text = str(error)
    if isinstance(error, ForbiddenStatementError):
        return "forbidden", text
    if isinstance(error, SqlSyntaxError):
        return "syntax", text
    if isinstance(error, QueryError):
        return ("timeout", "") if text == "time" else ("other", text)
    pattern, template = next(same for same in _TEMPLATES if same[0].fullmatch(text))
    if template == "encoding":
        return "other", 'invalid byte sequence for encoding "UTF8"'
    found = pattern.fullmatch(text)
    assert found is not None
    return template, found[1].lower() if template == "function" else found[1]


def _name_in_query(name: str, query: str, source: Source) -> str:
    """Return the name of a function in the query; the rewritten query may have another one."""
    from sqlglot import exp

    places = (
        node.meta
        for node in parse_query(query, source).find_all(exp.Func)
        if "start" in node.meta and node.sql("sqlite").lower().startswith(f"{name}(")
    )
    return next((query[at["start"] : at["end"] + 1].lower() for at in places), name)


def _with_line(texts: ErrorTexts, template: str, name: str, query: str) -> str:
    """Return an error text with the line of the query in which the name occurs."""
    prefix = r"(?:\w+\.)*" if template == "table" else ""
    place = re.search(rf'(?<!\w){prefix}["`\[]?{re.escape(name)}', query, re.IGNORECASE)
    shown = re.sub(r'["`\[]', "", place[0]) if place and template == "table" else name
    line = _line(query, place.start() if place and name else len(query))
    text = str(getattr(texts, template)).format(name=shown, near=name, line=line)
    # PostgreSQL does not quote a name with a dot, and has a text for the end of the query.
    if template == "column" and "." in shown:
        text = text.replace(f'"{shown}"', shown)
    return text.replace('at or near ""', "at end of input")


def _line(query: str, at: int) -> str:
    """Return libpq's two lines: a line of the query and a caret below a character."""
    number = query.count("\n", 0, at) + 1
    begin = query.rfind("\n", 0, at) + 1
    head = f"LINE {number}: "
    text = query[begin:].split("\n", 1)[0]
    return f"\n{head}{text}\n{' ' * (len(head) + at - begin)}^\n"

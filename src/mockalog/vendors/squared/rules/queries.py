"""A source's query: that it is one, that it is small enough, and how SQLite is to be asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.rules.sources import Source

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

# Characters; what is compiled may grow with the square of them.
MAX_SQL = 10_000
# How many tables a query may name once its WITH clauses are put in: SQLite copies each as often
# as it is named, so that without a bound a short text fills the memory.
MAX_TABLES = 200

_ENDS_IN_LIMIT = re.compile(r"LIMIT \s*\d+\s*$", re.IGNORECASE | re.MULTILINE)
# What follows the last bracket of VALUES.
_VALUES = re.compile(r"(.*\))([^)]*)", re.DOTALL)
_BEGIN = re.compile(r"(?:\s|\(|--[^\n]*+(?:\n|\Z)|/\*.*?\*/)*+(\w*+)", re.DOTALL)
_READING = ("SELECT", "WITH", "VALUES", "TABLE")
_OTHERS = """
    INSERT UPDATE DELETE MERGE REPLACE CREATE ALTER DROP TRUNCATE GRANT REVOKE VACUUM ATTACH DETACH
    PRAGMA COPY CALL SET BEGIN COMMIT ROLLBACK EXPLAIN ANALYZE REINDEX SAVEPOINT
"""
_WRITING = frozenset(_OTHERS.split())
# How many nodes the names of a query's own columns may stand for: SQLite copies those too.
MAX_NODES = 20_000


class NotReading(Exception):  # noqa: N818 - named like what it says
    """The text is a statement of another kind; `args[0]` says which."""


class Broken(Exception):  # noqa: N818 - named like what it says
    """The text is no statement; `args[0]` is where it breaks, "" at its end."""


class TooMuch(Exception):  # noqa: N818 - named like what it says
    """The query asks for more than there is; `args[0]` says of what."""


def limited(query: str, limit: Any) -> str:
    """Return the query with a LIMIT, unless it, or a line of it, ends in one.

    The server puts whatever was sent as the limit into the text.

    Source: docs/vendors/squared.md#87-query-a-source.
    """
    query = query.removesuffix(";")
    if _ENDS_IN_LIMIT.search(query):
        return query
    return f"{query} LIMIT {limit if isinstance(limit, str) else dumps(limit).decode()}"


def read(query: str, source: Source) -> Any:
    """Return a query's tree; raises `NotReading`, `Broken` and `TooMuch`."""
    if len(query) > MAX_SQL:
        raise TooMuch("the query is too long")
    word = _check_begin(query)
    # Imported here: a tenth of a second that only those wait for who run queries.
    from sqlglot import parse

    with legible():
        text = _VALUES.sub(r"SELECT * FROM (\1) AS v\2", query, 1) if word == "VALUES" else query
        found = [tree for tree in parse(text, read=source.dialect or None) if tree is not None]
        return _checked(found)


@contextmanager
def legible() -> Iterator[None]:
    """Raise `Broken` and `TooMuch` for whatever the library stumbles over."""
    from sqlglot.errors import ParseError, SqlglotError

    try:
        yield
    except (NotReading, Broken, TooMuch):
        raise
    except ParseError as error:
        raise Broken(_breaking(error.errors[0])) from None
    except SqlglotError:  # a text or a name that does not end
        raise Broken("") from None
    except Exception:  # noqa: BLE001 - who reads twenty kinds of SQL stumbles at times
        raise TooMuch("the query cannot be read") from None


def _breaking(problem: Mapping[str, Any]) -> str:
    """Return the word that does not fit, "" if another one is missing at the end."""
    word = str(problem["highlight"])
    invalid = str(problem["description"]).startswith("Invalid expression")
    is_missing = not invalid or word.upper() == "LIMIT"  # whose number is not there
    return "" if is_missing and not problem["end_context"].strip() else word


def tables_of(tree: Any) -> frozenset[str]:
    """Return the names of all tables that a query may read, in lower case."""
    from sqlglot import exp

    return frozenset(table.name.lower() for table in tree.find_all(exp.Table))


def _check_begin(query: str) -> str:
    match = _BEGIN.match(query)
    word = match[1] if match else ""
    if word.upper() in _WRITING:
        raise NotReading(word.upper())
    if word.upper() not in _READING:
        raise Broken(word)
    return word.upper()


def _checked(found: Sequence[Any]) -> Any:
    from sqlglot import exp

    if len(found) != 1:
        raise NotReading("multiple commands")
    tree = found[0]
    if writing := tree.find(exp.Into, exp.Insert, exp.Update, exp.Delete, exp.Create, exp.Drop):
        raise NotReading(writing.key.upper())
    _check_size(tree)
    return tree


def _check_size(tree: "Expression") -> None:
    """Raise `TooMuch` if the tables are too many, each WITH counted as often as it is named."""
    from sqlglot import exp

    defined: dict[str, list[Any]] = {}
    for clause in tree.find_all(exp.CTE):
        defined.setdefault(clause.alias_or_name.lower(), []).append(clause.this)
    sizes: dict[str, int] = {}

    def size_of(name: str) -> int:
        if name not in sizes:
            sizes[name] = 1  # within itself, and of a real table
            sizes[name] = max(1, sum(size(query) for query in defined.get(name, ())))
        return sizes[name]

    def size(query: Any) -> int:
        return sum(size_of(table.name.lower()) for table in query.find_all(exp.Table))

    copied = sum(_copies(select) for select in tree.find_all(exp.Select))
    if size(tree) > MAX_TABLES or copied > MAX_NODES:
        raise TooMuch("the query is too complex")


def _copies(select: Any) -> int:
    """Return how many nodes stand for the columns' names where the query uses them again."""
    from sqlglot import exp

    sizes = {
        column.alias.lower(): sum(1 for _ in column.walk())
        for column in select.expressions
        if isinstance(column, exp.Alias)
    }
    if not sizes:
        return 0
    named = (column.name.lower() for column in select.find_all(exp.Column))
    return sum(sizes.get(name, 0) for name in named)

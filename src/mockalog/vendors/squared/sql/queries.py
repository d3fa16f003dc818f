"""Parsing of a source's query: one reading statement, of a limited size."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.sql.sources import Source

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

# Characters: the compiled query may grow with the square of them.
MAX_SQL = 10_000
# Tables in a query with expanded WITH clauses: SQLite copies a clause for each use, so that a
# short text could fill the memory.
MAX_TABLES = 200

_ENDS_IN_LIMIT = re.compile(r"LIMIT \s*\d+\s*$", re.IGNORECASE | re.MULTILINE)
# VALUES up to its last parenthesis, and the rest of the query.
_VALUES = re.compile(r"(.*\))([^)]*)", re.DOTALL)
_BEGIN = re.compile(r"(?:\s|\(|--[^\n]*+(?:\n|\Z)|/\*.*?\*/)*+(\w*+)", re.DOTALL)
_READING = ("SELECT", "WITH", "VALUES", "TABLE")
_OTHER_STATEMENTS = """
    INSERT UPDATE DELETE MERGE REPLACE CREATE ALTER DROP TRUNCATE GRANT REVOKE VACUUM ATTACH DETACH
    PRAGMA COPY CALL SET BEGIN COMMIT ROLLBACK EXPLAIN ANALYZE REINDEX SAVEPOINT
"""
_WRITING = frozenset(_OTHER_STATEMENTS.split())
# Nodes of a query's aliases, counted for each use: SQLite copies those too.
MAX_NODES = 20_000


class ForbiddenStatementError(Exception):
    """The statement does not only read; `args[0]` is its kind."""


class SqlSyntaxError(Exception):
    """The text is no statement; `args[0]` is the wrong word, "" at the end of the text."""


class QueryError(Exception):
    """The query cannot be run or exceeds a limit; `args[0]` is the reason, "time" for the time."""


def add_limit(query: str, limit: object) -> str:
    """Add a LIMIT to a query; no line of it may end in one.

    The server inserts the request's limit without validation, whatever its type.

    Source: docs/vendors/squared.md#87-query-a-source.
    """
    query = query.removesuffix(";")
    if _ENDS_IN_LIMIT.search(query):
        return query
    return f"{query} LIMIT {limit if isinstance(limit, str) else dumps(limit).decode()}"


def parse_query(query: str, source: Source) -> "Expr":
    """Return a query's tree.

    Raises `ForbiddenStatementError`, `SqlSyntaxError` and `QueryError`.
    """
    if len(query) > MAX_SQL:
        raise QueryError("the query is too long")
    word = _check_begin(query)
    # Imported here because only queries need it; the import takes 100 ms.
    from sqlglot import parse

    with convert_library_errors():
        text = _VALUES.sub(r"SELECT * FROM (\1) AS v\2", query, 1) if word == "VALUES" else query
        trees = [tree for tree in parse(text, read=source.dialect or None) if tree is not None]
        return _only_reading(trees)


@contextmanager
def convert_library_errors() -> Iterator[None]:
    """Convert exceptions of sqlglot to `SqlSyntaxError` and `QueryError`."""
    from sqlglot.errors import ParseError, SqlglotError

    try:
        yield
    except (ForbiddenStatementError, SqlSyntaxError, QueryError):
        raise
    except ParseError as error:
        raise SqlSyntaxError(_wrong_word(error.errors[0])) from None
    except SqlglotError:  # an unterminated text or name
        raise SqlSyntaxError("") from None
    except Exception:  # noqa: BLE001 - sqlglot has bugs in its dialects
        raise QueryError("the query cannot be read") from None


def _wrong_word(problem: Mapping[str, Any]) -> str:
    """Return the wrong word, "" if a word is missing at the end."""
    word = str(problem["highlight"])
    invalid = str(problem["description"]).startswith("Invalid expression")
    is_missing = not invalid or word.upper() == "LIMIT"  # without its number
    return "" if is_missing and not problem["end_context"].strip() else word


def table_names(tree: "Expr") -> frozenset[str]:
    """Return the lower-case names of all tables in a query."""
    from sqlglot import exp

    return frozenset(table.name.lower() for table in tree.find_all(exp.Table))


def _check_begin(query: str) -> str:
    match = _BEGIN.match(query)
    word = match[1] if match else ""
    if word.upper() in _WRITING:
        raise ForbiddenStatementError(word.upper())
    if word.upper() not in _READING:
        raise SqlSyntaxError(word)
    return word.upper()


def _only_reading(trees: Sequence["Expr"]) -> "Expr":
    from sqlglot import exp

    if len(trees) != 1:
        raise ForbiddenStatementError("multiple commands")
    tree = trees[0]
    if writing := tree.find(exp.Into, exp.Insert, exp.Update, exp.Delete, exp.Create, exp.Drop):
        raise ForbiddenStatementError(writing.key.upper())
    _check_size(tree)
    return tree


def _check_size(tree: "Expr") -> None:
    """Raise `QueryError` for too many tables or nodes; a WITH clause counts for each use."""
    from sqlglot import exp

    defined: dict[str, list[Expr]] = {}
    for clause in tree.find_all(exp.CTE):
        defined.setdefault(clause.alias_or_name.lower(), []).append(clause.this)
    sizes: dict[str, int] = {}

    def size_of(name: str) -> int:
        if name not in sizes:
            sizes[name] = 1  # for a recursive use and for a table
            sizes[name] = max(1, sum(size(query) for query in defined.get(name, ())))
        return sizes[name]

    def size(query: "Expr") -> int:
        return sum(size_of(table.name.lower()) for table in query.find_all(exp.Table))

    copied = sum(_copies(select) for select in tree.find_all(exp.Select))
    if size(tree) > MAX_TABLES or copied > MAX_NODES:
        raise QueryError("the query is too complex")


def _copies(select: "Expr") -> int:
    """Return the number of nodes that SQLite copies for uses of aliases."""
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

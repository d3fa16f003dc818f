"""Parsing of a source's query: one reading statement, of a limited size."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp, parse
from sqlglot.errors import ParseError, SqlglotError

from mockalog.vendors.squared.sql.dialects import reader_of
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.sources import Source

# Characters of a query.
MAX_SQL = 10_000

_BEGIN = re.compile(r"(?:\s|\(|--[^\n]*+(?:\n|\Z)|/\*.*?\*/)*+(\w*+)", re.DOTALL)
# VALUES up to its last parenthesis, and the rest of the query.
_VALUES = re.compile(r"(.*\))([^)]*)", re.DOTALL)
_READING = ("SELECT", "WITH", "VALUES", "TABLE", "FROM")
_OTHER_STATEMENTS = """
    INSERT UPDATE DELETE MERGE REPLACE CREATE ALTER DROP TRUNCATE GRANT REVOKE VACUUM ATTACH DETACH
    PRAGMA COPY CALL SET BEGIN COMMIT ROLLBACK EXPLAIN ANALYZE REINDEX SAVEPOINT INSTALL LOAD
    EXPORT IMPORT USE DESCRIBE SHOW SUMMARIZE CHECKPOINT RESET EXECUTE PREPARE DEALLOCATE
"""
_WRITING = frozenset(_OTHER_STATEMENTS.split())
_WRITING_NODES = (exp.Into, exp.DML, exp.DDL, exp.Drop, exp.Command, exp.Set, exp.Pragma)
# Values that only a client's session has.
_SESSION_NODES = (exp.Parameter, exp.SessionParameter, exp.Placeholder)


def parse_query(query: str, source: Source) -> exp.Query:
    """Return a query's tree; raises `QueryError`."""
    if len(query) > MAX_SQL:
        raise QueryError("complex")
    word = _check_begin(query)
    text = _VALUES.sub(r"SELECT * FROM (\1) AS v\2", query, 1) if word == "VALUES" else query
    try:
        trees = [tree for tree in parse(text, read=reader_of(source)) if tree is not None]
    except ParseError as error:
        raise QueryError("syntax", name=_wrong_word(error.errors[0])) from None
    except SqlglotError:  # an unterminated text or name
        raise QueryError("syntax", name="") from None
    except RecursionError:
        raise QueryError("complex") from None
    return _only_reading(trees)


def _wrong_word(problem: Mapping[str, Any]) -> str:
    """Return the wrong word, "" if a word is missing at the end."""
    word = str(problem["highlight"])
    invalid = str(problem["description"]).startswith("Invalid expression")
    is_missing = not invalid or word.upper() == "LIMIT"  # without its number
    return "" if is_missing and not problem["end_context"].strip() else word


def _check_begin(query: str) -> str:
    """Return the first word of a query, in upper case."""
    match = _BEGIN.match(query)
    word = match[1] if match else ""
    if word.upper() in _WRITING:
        raise QueryError("forbidden", name=word.upper())
    if word.upper() not in _READING:
        raise QueryError("syntax", name=word)
    return word.upper()


def _only_reading(trees: Sequence[exp.Expr]) -> exp.Query:
    if len(trees) != 1:
        raise QueryError("forbidden", name="multiple commands")
    tree = trees[0]
    if writing := tree.find(*_WRITING_NODES):
        raise QueryError("forbidden", name=writing.key.upper())
    if session := tree.find(*_SESSION_NODES):
        raise QueryError("syntax", name=session.sql())
    if not isinstance(tree, exp.Query):
        raise QueryError("syntax", name="")
    return tree

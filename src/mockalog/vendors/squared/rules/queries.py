"""A source's query, read in the source's own SQL and written again for SQLite."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockalog.vendors.squared.rules.sources import Source

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

# Characters; what is compiled may grow with the square of them.
MAX_SQL = 10_000
# How many tables a query may name once its WITH clauses are put in: SQLite copies each as often
# as it is named, so that without a bound a short text fills the memory.
MAX_TABLES = 200

_ENDS_IN_LIMIT = re.compile(r"LIMIT \s*\d+\s*$", re.IGNORECASE | re.MULTILINE)
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
    """Return the query with a LIMIT, unless it, or a line of it, ends in one (section 8.7).

    The server puts whatever was sent as the limit into the text.
    """
    query = query.removesuffix(";")
    return query if _ENDS_IN_LIMIT.search(query) else f"{query} LIMIT {limit}"


def rewritten(query: str, source: Source, now: datetime) -> str:
    """Return what SQLite is to run; raises `NotReading`, `Broken` and `TooMuch`."""
    if len(query) > MAX_SQL:
        raise TooMuch("the query is too long")
    _check_begin(query)
    # Imported here: a tenth of a second that only those wait for who run queries.
    from sqlglot import parse
    from sqlglot.errors import ParseError, SqlglotError

    try:
        found = [tree for tree in parse(query, read=source.dialect or None) if tree is not None]
        return _written(found, source, now)
    except ParseError as error:
        raise Broken(_breaking(error.errors[0])) from None
    except SqlglotError:  # a text or a name that does not end
        raise Broken("") from None
    except (RecursionError, ValueError):
        raise TooMuch("the query cannot be read") from None


def _breaking(problem: Mapping[str, Any]) -> str:
    """Return the word that does not fit, "" if another one is missing at the end."""
    is_missing = not str(problem["description"]).startswith("Invalid expression")
    return "" if is_missing and not problem["end_context"] else str(problem["highlight"])


def _check_begin(query: str) -> None:
    match = _BEGIN.match(query)
    word = match[1] if match else ""
    if word.upper() in _WRITING:
        raise NotReading(word.upper())
    if word.upper() not in _READING:
        raise Broken(word)


def _written(found: Sequence[Any], source: Source, now: datetime) -> str:
    from sqlglot import exp
    from sqlglot.dialects.sqlite import SQLite
    from sqlglot.errors import ErrorLevel

    if len(found) != 1:
        raise NotReading("multiple commands")
    tree = found[0]
    if writing := tree.find(exp.Into, exp.Insert, exp.Update, exp.Delete, exp.Create, exp.Drop):
        raise NotReading(writing.key.upper())
    _check_size(tree)
    tree = _bracketless(tree)
    _name_columns(tree, source)
    _fence(tree)
    for node in reversed(list(tree.walk())):  # what is within first
        if (adapted := _adapted(node, now)) is not node:
            node.replace(adapted)
    generator = SQLite().generator(unsupported_level=ErrorLevel.IGNORE)
    # SQLite takes an unknown name in double quotes for a text, one in backticks never.
    generator._identifier_start = generator._identifier_end = "`"
    return str(generator.generate(tree))


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


def _bracketless(tree: Any) -> Any:
    """Return a query without brackets around it or its parts, which SQLite takes nowhere."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.Subquery)):
        if not isinstance(node.parent, exp.SetOperation | None):
            continue
        whole = exp.select("*").from_(exp.Subquery(this=node.this))
        for part in ("order", "limit", "offset"):
            whole.set(part, node.args.get(part))
        if node is tree:
            tree = whole
        else:
            node.replace(whole)
    return tree


def _name_columns(tree: "Expression", source: Source) -> None:
    """Give each column of the result the name that the source would give it."""
    from sqlglot import exp

    while isinstance(tree, exp.Subquery | exp.SetOperation):
        tree = tree.this
    shown: list[Any] = tree.expressions if isinstance(tree, exp.Select) else []
    for node in shown:
        if isinstance(node, exp.Alias):
            alias = node.args["alias"]
            if source.texts and not alias.quoted:
                alias.set("this", alias.name.lower())
        elif not (node.is_star or isinstance(node, exp.Column)):
            text = node.sql(source.dialect or None)
            name = _postgres_name(node, text) if source.texts else text
            node.replace(exp.alias_(node.copy(), name, quoted=True))


def _postgres_name(node: Any, text: str) -> str:
    """Return a function's name, a cast column's, and for all else `?column?`."""
    from sqlglot import exp

    if isinstance(node, exp.Cast):
        return node.this.name if isinstance(node.this, exp.Column) else node.to.sql().lower()
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        return text.split("(")[0].split(" ")[0].lower()
    return "?column?"


def _fence(tree: "Expression") -> None:
    """Give each query within the query a limit that is none.

    SQLite would put it into the one around it, which doubles what both compute as often as the
    outer one names a column.
    """
    from sqlglot import exp

    for query in _inner(tree):
        if query.args.get("limit") is None:
            query.set("limit", exp.Limit(expression=exp.Literal.number(-1)))
        if query.args.get("offset") is None:
            query.set("offset", exp.Offset(expression=exp.Literal.number(0)))


def _inner(tree: "Expression") -> Iterator[Any]:
    from sqlglot import exp

    nodes: Iterator[Any] = tree.find_all(exp.CTE, exp.Subquery)
    for node in nodes:
        if node is not tree and isinstance(node.this, exp.Select | exp.SetOperation):
            yield node.this


_CATALOGS = ("information_schema", "pg_catalog")


def _adapted(node: Any, now: datetime) -> Any:
    """Return a node as SQLite has it: what the sandbox's clock says, dates, bare table names."""
    from sqlglot import exp

    match node:
        case exp.Table():
            return _bare(node)
        case exp.Left() | exp.Right():  # words of SQLite's own
            name = f"STR_{node.key.upper()}"
            return exp.Anonymous(this=name, expressions=[node.this, node.expression])
        case exp.Final():  # ClickHouse's: what is merged already
            return node.this
        case exp.CurrentDate():
            return exp.Literal.string(f"{now:%Y-%m-%d}")
        case exp.CurrentTime() | exp.Localtime():
            return exp.Literal.string(f"{now:%H:%M:%S}")
        case exp.CurrentTimestamp() | exp.Localtimestamp() | exp.CurrentDatetime():
            return exp.Literal.string(f"{now:%Y-%m-%d %H:%M:%S}")
        case exp.TimestampTrunc() | exp.DateTrunc() | exp.DatetimeTrunc():
            return exp.Anonymous(
                this="DATE_TRUNC", expressions=[exp.Literal.string(node.text("unit")), node.this]
            )
        case exp.Extract():
            unit = exp.Literal.string(node.this.name)
            return exp.Anonymous(this="DATE_PART", expressions=[unit, node.expression])
        case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
            sign = "+" if isinstance(node, exp.Add) else "-"
            step = f"{sign}{node.expression.name} {node.expression.text('unit').lower()}"
            return exp.Anonymous(this="DATETIME", expressions=[node.this, exp.Literal.string(step)])
    return node


def _bare(table: Any) -> Any:
    """Return a table without its schema; a database's own tables are nowhere."""
    if table.db.lower() in _CATALOGS:
        table.this.set("this", f"{table.db}.{table.name}")
        table.this.set("quoted", True)
    table.set("db", None)
    table.set("catalog", None)
    return table

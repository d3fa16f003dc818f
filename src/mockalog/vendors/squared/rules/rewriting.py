"""A query of another engine's SQL, written again for SQLite (sqlglot does most of it)."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockalog.vendors.squared.rules.sources import Source

if TYPE_CHECKING:
    from sqlglot.expressions import Expression


def sqlite_text(tree: Any, source: Source, now: datetime) -> str:
    """Return a query's tree, which is changed on the way, as SQLite takes it."""
    from sqlglot.dialects.sqlite import SQLite
    from sqlglot.errors import ErrorLevel

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
    from sqlglot.errors import ErrorLevel

    while isinstance(tree, exp.SetOperation):
        tree = tree.this
    shown: list[Any] = tree.expressions if isinstance(tree, exp.Select) else []
    for node in shown:
        if isinstance(node, exp.Alias):
            if source.texts and not node.args["alias"].args.get("quoted"):
                node.set("alias", exp.to_identifier(node.alias.lower(), quoted=True))
        elif not (node.is_star or isinstance(node, exp.Column)):
            text = node.sql(source.dialect or None, unsupported_level=ErrorLevel.IGNORE)
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
        if isinstance(node.this, exp.Select | exp.SetOperation):
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
        case exp.Literal() if node.name.lower() != "now" or not _is_moment(node.parent):
            return node
        case (
            exp.CurrentTimestamp()
            | exp.Localtimestamp()
            | exp.CurrentDatetime()
            | exp.Literal()  # 'now', which SQLite would ask the machine
        ):
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


def _is_moment(parent: Any) -> bool:
    from sqlglot import exp

    return isinstance(parent, exp.Cast | exp.Date)


def _bare(table: Any) -> Any:
    """Return a table without its schema; a database's own tables are nowhere."""
    if table.db.lower() in _CATALOGS:
        table.this.set("this", f"{table.db}.{table.name}")
        table.this.set("quoted", True)
    table.set("db", None)
    table.set("catalog", None)
    return table

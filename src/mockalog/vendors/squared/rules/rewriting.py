"""A query of another engine's SQL, written again for SQLite (sqlglot does most of it)."""

import re
from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from mockalog.vendors.squared.rules.queries import Broken, TooMuch, legible
from mockalog.vendors.squared.rules.sources import Source
from mockalog.vendors.squared.rules.truths import read_truths, truth_columns, truths_of
from mockalog.vendors.squared.rules.worlds import Table

if TYPE_CHECKING:
    from sqlglot.expressions import Expression


_LARGEST = 2**63 - 1
# As many digits as JSON numbers of any use have.
_NUMBER = re.compile(r"[0-9.]{1,400}(?:[eE][+-]?[0-9]{1,3})?")


class Rewritten(NamedTuple):
    """What SQLite is to run, and which columns of the result hold truth values."""

    sql: str
    truths: frozenset[str]


def rewritten(tree: Any, source: Source, now: datetime, tables: Iterable[Table]) -> Rewritten:
    """Return a query's tree, which is changed on the way, as SQLite takes it.

    `tables`: those that it may read. Raises `TooMuch` and `Broken` for what the source refuses.
    """
    with legible():
        return _rewritten(tree, source, now, truth_columns(tables))


def _rewritten(tree: Any, source: Source, now: datetime, columns: Set[str]) -> Rewritten:
    tree = _bracketless(tree)
    _name_columns(tree, source)
    read_truths(tree, columns)
    _count(tree)
    # To MySQL true is a name of 1.
    truths = frozenset(columns) if source.dialect == "mysql" else truths_of(tree, columns)
    _fence(tree)
    for node in reversed(list(tree.walk())):  # what is within first
        if (adapted := _adapted(node, now)) is not node:
            node.replace(adapted)
        if source.dialect in _STRICT:
            _divide(node)
    return Rewritten(_written(tree), truths)


def _written(tree: Any) -> str:
    from sqlglot.dialects.sqlite import SQLite
    from sqlglot.errors import ErrorLevel

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

    while isinstance(node, exp.Paren | exp.Filter | exp.Window):
        node = node.this
    if isinstance(node, exp.Column):
        return str(node.name)
    if isinstance(node, exp.Cast):
        return node.this.name if isinstance(node.this, exp.Column) else node.to.sql().lower()
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        return text.lstrip("(").split("(")[0].split(" ")[0].lower()
    return "?column?"


def _count(tree: "Expression") -> None:
    """Let limits and offsets be whole; raises for what is none (measured)."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.Limit, exp.Offset)):
        name, number = node.key.upper(), node.expression
        if isinstance(number, exp.Null):
            node.pop()
        elif isinstance(number, exp.Boolean):
            raise TooMuch(f"argument of {name} must be type bigint, not type boolean")
        elif isinstance(number, exp.Array | exp.Struct):  # what JSON has and SQL has not
            raise Broken("[" if isinstance(number, exp.Array) else "{")
        elif (count := _number(number)) is not None:
            if count < 0:
                raise TooMuch(f"{name} must not be negative")
            node.set("expression", exp.Literal.number(count))


def _number(node: Any) -> int | None:
    """Return a number rounded half away from zero; None of what is none."""
    from sqlglot import exp

    sign, literal = (-1, node.this) if isinstance(node, exp.Neg) else (1, node)
    if not isinstance(literal, exp.Literal) or not _NUMBER.fullmatch(literal.name):
        return None
    value = Decimal(literal.name)
    if value > _LARGEST:
        raise TooMuch("bigint out of range")
    return sign * int(value.to_integral_value(ROUND_HALF_UP))


# Where nothing is divided by zero; the others of SQLite's are null (inferred).
_STRICT = ("postgres", "redshift")


def _is_nonzero(node: Any) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Literal) and bool(_number(node))


def _divide(node: Any) -> None:
    from sqlglot import exp

    if isinstance(node, exp.Div | exp.Mod) and not _is_nonzero(node.expression):
        divisor = exp.Anonymous(this="NONZERO", expressions=[node.expression.copy()])
        node.set("expression", divisor)


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

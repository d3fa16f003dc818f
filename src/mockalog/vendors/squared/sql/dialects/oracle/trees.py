"""CONNECT BY: trees of rows, as recursive WITH clauses.

Source: Oracle's SQL language reference, "Hierarchical queries": rows come depth first.
"""

from typing import Any, NamedTuple

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_PARENT, _PATH, _LEVEL = "_parent", "_path", "level"


class _Tree(NamedTuple):
    """A SELECT with CONNECT BY: its source, its conditions, and columns that rows inherit."""

    select: exp.Select
    source: exp.Expr
    alias: str
    connect: exp.Expr
    inherited: dict[str, tuple[exp.Expr, exp.Expr]]


def _connect(tree: exp.Query) -> exp.Query:
    for number, select in enumerate(list(tree.find_all(exp.Select))):
        if select.args.get("connect"):
            _replace(tree, select, f"_tree{number}")
    return tree


def _replace(tree: exp.Query, select: exp.Select, name: str) -> None:
    clause = select.args["connect"]
    source = select.args["from_"].this
    if select.args.get("joins") or not isinstance(source, exp.Table | exp.Subquery):
        raise QueryError("exact", name="CONNECT BY with joins is not emulated")
    is_dual = isinstance(source, exp.Table) and source.name.upper() == "DUAL"
    alias = source.alias_or_name
    found = _Tree(select, source, "" if is_dual else alias, clause.args["connect"], {})
    _inherit(found)
    _leaves(found)
    first = _first(found, clause.args.get("start"))
    union = exp.Union(this=first, expression=_next(found, name), distinct=False)
    cte = exp.CTE(this=union, alias=exp.TableAlias(this=exp.to_identifier(name)))
    _add(tree, cte)
    select.set("connect", None)
    table = exp.Table(this=exp.to_identifier(name))
    table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    select.set("from_", exp.From(this=table))
    _order(select, alias)
    for column in list(select.find_all(exp.Column)):
        if column.find_ancestor(exp.CTE) is None and _is_level(column):
            column.replace(_column(_LEVEL, alias))
    if select.find(exp.Prior):
        raise QueryError("exact", name="PRIOR outside of CONNECT BY is not emulated")


def _add(tree: exp.Query, cte: exp.CTE) -> None:
    clauses = tree.args.get("with_")
    if clauses is None:
        clauses = exp.With(expressions=[])
        tree.set("with_", clauses)
    clauses.set("recursive", True)
    clauses.append("expressions", cte)


def _column(name: str, table: str) -> exp.Column:
    column = exp.column(exp.to_identifier(name), table=table or None)
    if name == _LEVEL:
        column.type = exp.DataType.build("BIGINT")
    return column


def _is_level(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name.upper() == "LEVEL"


def _inherit(tree: _Tree) -> None:
    """Replace the paths and the roots by columns that rows inherit from their parents."""
    for number, node in enumerate(list(tree.select.find_all(exp.Anonymous, exp.ConnectByRoot))):
        name = f"_inherited{number}"
        if isinstance(node, exp.ConnectByRoot):
            tree.inherited[name] = (node.this.copy(), _column(name, _PARENT))
        elif node.name.upper() == "SYS_CONNECT_BY_PATH":
            value, separator = node.expressions
            step = call("concat", separator.copy(), value.copy())
            tree.inherited[name] = (step, call("concat", _column(name, _PARENT), step.copy()))
        else:
            continue
        node.replace(_column(name, tree.alias))


def _leaves(tree: _Tree) -> None:
    """Replace CONNECT_BY_ISLEAF: 1 if no row has this one as its parent."""
    for column in list(tree.select.find_all(exp.Column)):
        if column.name.upper() == "CONNECT_BY_ISLEAF":
            condition = _condition(tree, "_child", tree.alias)
            child = tree.source.copy()
            child.set("alias", exp.TableAlias(this=exp.to_identifier("_child")))
            query = exp.select("1").from_(child).where(condition)
            has_child = exp.Exists(this=query)
            column.replace(
                exp.Case(
                    ifs=[exp.If(this=has_child, true=exp.Literal.number(0))],
                    default=exp.Literal.number(1),
                )
            )


def _condition(tree: _Tree, child: str, parent: str) -> exp.Expr:
    """Return the condition of CONNECT BY between a row and its parent."""
    condition = exp.Paren(this=tree.connect.copy())
    for prior in list(condition.find_all(exp.Prior)):
        for column in prior.find_all(exp.Column):
            column.meta["parent"] = True
        prior.replace(prior.this)
    for column in list(condition.find_all(exp.Column)):
        if _is_level(column):
            level = exp.Add(this=_column(_LEVEL, parent), expression=exp.Literal.number(1))
            column.replace(exp.Paren(this=level))
        else:
            table = parent if column.meta.get("parent") else child
            column.set("table", exp.to_identifier(table) if table else None)
    return condition


def _first(tree: _Tree, start: exp.Expr | None) -> exp.Select:
    """Return the roots."""
    values = {name: first for name, (first, _) in tree.inherited.items()}
    query = _selected(tree, exp.Literal.number(1), values, None)
    query = query.from_(tree.source.copy(), copy=False)
    return query.where(start.copy(), copy=False) if start is not None else query


def _next(tree: _Tree, name: str) -> exp.Select:
    """Return the children of the rows that were found last."""
    level = exp.Add(this=_column(_LEVEL, _PARENT), expression=exp.Literal.number(1))
    values = {name: step for name, (_, step) in tree.inherited.items()}
    query = _selected(tree, level, values, _column(_PATH, _PARENT))
    parent = exp.alias_(exp.Table(this=exp.to_identifier(name)), _PARENT, table=True)
    condition = _condition(tree, tree.alias, _PARENT)
    if not tree.alias:  # DUAL has one row
        return query.from_(parent, copy=False).where(condition, copy=False)
    query = query.from_(tree.source.copy(), copy=False)
    return query.join(parent, on=condition, copy=False)


def _selected(
    tree: _Tree, level: exp.Expr, values: dict[str, exp.Expr], path: exp.Expr | None
) -> exp.Select:
    stars = [exp.Column(this=exp.Star(), table=exp.to_identifier(tree.alias))] if tree.alias else []
    number = exp.cast(exp.Window(this=exp.RowNumber(), order=_siblings(tree)), "BIGINT")
    place = exp.Array(expressions=[number])
    shown = call("list_concat", path, place) if path is not None else place
    columns: list[Any] = [
        *stars,
        exp.alias_(level, _LEVEL),
        exp.alias_(shown, _PATH),
        *(exp.alias_(value.copy(), name) for name, value in values.items()),
    ]
    return exp.select(*columns)


def _siblings(tree: _Tree) -> exp.Order | None:
    order = tree.select.args.get("order")
    if order is None or not order.args.get("siblings"):
        return None
    keys = [one.copy() for one in order.expressions]
    for column in exp.Order(expressions=keys).find_all(exp.Column):
        column.set("table", exp.to_identifier(tree.alias))
    return exp.Order(expressions=keys)


def _order(select: exp.Select, alias: str) -> None:
    """Rows come depth first if the query does not order them."""
    order = select.args.get("order")
    is_plain = not select.args.get("group") and not select.args.get("distinct")
    is_plain = is_plain and not any(one.find(exp.AggFunc) for one in select.expressions)
    if order is not None and not order.args.get("siblings"):
        return
    path = exp.Order(expressions=[exp.Ordered(this=_column(_PATH, alias))])
    select.set("order", path if is_plain else None)


RULES = Rules(trees=(_connect,))

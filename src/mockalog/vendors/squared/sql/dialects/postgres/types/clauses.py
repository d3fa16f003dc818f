"""Where names and aggregates may stand (manual, 7.2 and 7.3, and the page of SELECT)."""

from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.wrapped import is_aggregate
from mockalog.vendors.squared.sql.problems import QueryError

_NESTED = (exp.Query, exp.Subquery)


def check(query: exp.Expr) -> None:
    """Raise `QueryError` for a query whose clauses PostgreSQL refuses."""
    if not isinstance(query, exp.Select):
        return
    _check_aliases(query)
    _check_places(query)
    _check_rows(query)
    check_groups(query)
    if query.args.get("distinct") is not None and query.args.get("order"):
        _check_distinct(query)


def check_groups(query: exp.Expr) -> None:
    """Raise `QueryError` for a column that has many values in a group."""
    if isinstance(query, exp.Select) and _is_grouped(query):
        _check_grouped(query)


def _within(node: Any) -> Iterator[Any]:
    """Yield the nodes of a clause that belong to its own query."""
    yield node
    for one in node.iter_expressions():
        if not isinstance(one, _NESTED):
            yield from _within(one)


def _check_aliases(query: exp.Select) -> None:
    """An alias of the select list means nothing in WHERE, HAVING and ON."""
    aliases = {
        one.alias.lower()
        for one in query.selects
        if one.alias and one.unalias().name.lower() != one.alias.lower()
    }
    clauses = [query.args.get("where"), query.args.get("having")]
    clauses += [join.args.get("on") for join in query.args.get("joins") or ()]
    for clause in clauses:
        for node in _within(clause) if clause is not None else ():
            if isinstance(node, exp.Column) and not node.table and node.name.lower() in aliases:
                raise QueryError("column", name=node.name)


def _check_places(query: exp.Select) -> None:
    where = query.args.get("where")
    for node in _within(where) if where is not None else ():
        if is_aggregate(node):
            raise QueryError("other", name="aggregate functions are not allowed in WHERE")
        if isinstance(node, exp.Window):
            raise QueryError("other", name="window functions are not allowed in WHERE")
    for node in query.find_all(exp.Anonymous):
        if is_aggregate(node) and any(
            is_aggregate(one) for one in _within(node) if one is not node
        ):
            raise QueryError("other", name="aggregate function calls cannot be nested")


def _check_rows(query: exp.Select) -> None:
    limit = query.args.get("limit")
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    if options is not None and options.args.get("with_ties"):
        raise QueryError("other", name="WITH TIES is not supported")
    if query.args.get("qualify") is not None:
        raise QueryError("syntax", name="QUALIFY")
    count = len(query.selects)
    for clause in ("order", "group"):
        for one in query.args[clause].expressions if query.args.get(clause) else ():
            by = one.this if isinstance(one, exp.Ordered) else one
            if isinstance(by, exp.Literal) and by.is_int and not 1 <= int(by.name) <= count:
                name = f"{clause.upper()} BY position {by.name} is not in select list"
                raise QueryError("other", name=name)


def _is_grouped(query: exp.Select) -> bool:
    if query.args.get("group") or query.args.get("having"):
        return True
    return any(is_aggregate(node) for one in query.selects for node in _within(one))


def _check_grouped(query: exp.Select) -> None:
    group = query.args.get("group")
    if group is not None and group.find(exp.Rollup, exp.Cube, exp.GroupingSets):
        return
    keys = {_text(one) for one in _keys(query, group)}
    clauses = [*query.selects, *([query.args["having"]] if query.args.get("having") else [])]
    own = {source.alias_or_name.lower() for source in _sources(query)}
    for clause in clauses:
        _check_columns(clause, keys, own)


def _keys(query: exp.Select, group: Any) -> Iterator[Any]:
    aliases = {one.alias.lower(): one.unalias() for one in query.selects if one.alias}
    for one in group.expressions if group is not None else ():
        yield one
        if isinstance(one, exp.Column) and not one.table:
            yield aliases.get(one.name.lower(), one)


def _text(node: Any) -> str:
    return str(node.unnest().sql("postgres", comments=False).lower())


def _sources(query: exp.Select) -> Iterator[Any]:
    source = query.args.get("from_")
    yield from [source.this] if source is not None else []
    yield from (join.this for join in query.args.get("joins") or ())


def _check_columns(node: Any, keys: set[str], own: set[str]) -> None:
    if is_aggregate(node) or isinstance(node, _NESTED) or _text(node) in keys:
        return
    if isinstance(node, exp.Filter | exp.WithinGroup) and is_aggregate(node.this):
        return
    if isinstance(node, exp.Column) and node.table.lower() in own:
        raise QueryError("grouping", name=node.name, table=node.table)
    for one in node.iter_expressions():
        _check_columns(one, keys, own)


def _check_distinct(query: exp.Select) -> None:
    if query.args["distinct"].args.get("on") is not None:
        return
    shown = {_text(one.unalias()) for one in query.selects} | {
        one.alias_or_name.lower() for one in query.selects
    }
    for one in query.args["order"].expressions:
        by = one.this
        if not (isinstance(by, exp.Literal) or _text(by) in shown):
            name = "for SELECT DISTINCT, ORDER BY expressions must appear in select list"
            raise QueryError("other", name=name)

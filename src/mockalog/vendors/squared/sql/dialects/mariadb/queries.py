"""Queries as a whole: groups, ROLLUP, HAVING without groups, locks, places of quotients.

Source: MariaDB's Knowledge Base, "SELECT WITH ROLLUP" and "SQL_MODE" (without ONLY_FULL_GROUP_BY).
"""

from collections.abc import Iterator, Mapping

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.kinds import kind, number, rounded, scale
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError


def _each(tree: exp.Query) -> Iterator[exp.Select]:
    return tree.find_all(exp.Select)


def _without_locks(tree: exp.Query) -> exp.Query:
    for select in _each(tree):
        select.set("locks", None)
        select.set("operation_modifiers", None)
        select.set("hint", None)
    return tree


def _with_local_time(tree: exp.Query) -> exp.Query:
    """LOCALTIME has a date."""
    for node in list(tree.find_all(exp.Localtime)):
        node.replace(exp.CurrentTimestamp())
    return tree


def _with_own_tables(tree: exp.Query) -> exp.Query:
    """A name stands for one table."""
    for select in _each(tree):
        sources = [select.args.get("from_"), *(select.args.get("joins") or [])]
        names = [one.this.alias_or_name.lower() for one in sources if one is not None]
        for name in names:
            if name and names.count(name) > 1:
                raise QueryError("other", name=f"Not unique table/alias: '{name}'")
    return tree


def _with_conditions(tree: exp.Query) -> exp.Query:
    """HAVING without groups filters rows, and sees the names of the result."""
    for select in _each(tree):
        having = select.args.get("having")
        if having is None or select.args.get("group") or _aggregates(select):
            continue
        select.set("having", None)
        named = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
        condition = having.this.transform(
            lambda node, named=named: (
                exp.paren(named[node.name].copy())
                if isinstance(node, exp.Column) and node.name in named
                else node
            )
        )
        select.where(condition, copy=False)
    return tree


def _aggregates(select: exp.Select) -> bool:
    """Return whether a query without GROUP BY has one group."""
    parts = [*select.expressions, *filter(None, [select.args.get("having")])]
    return any(_is_aggregate(node) for part in parts for node in _own(part))


def _own(part: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the nodes of a part of a query, without those of its subqueries."""
    return part.walk(prune=lambda node: isinstance(node, exp.Query))


def _is_aggregate(node: exp.Expr) -> bool:
    if not isinstance(node, exp.AggFunc):
        return isinstance(node, exp.Anonymous) and node.name.lower() == "json_arrayagg"
    while isinstance(node.parent, exp.Filter | exp.WithinGroup):
        node = node.parent
    return not isinstance(node.parent, exp.Window)


def _with_rollup(tree: exp.Query) -> exp.Query:
    """WITH ROLLUP sorts by the groups, each total after its group."""
    for select in _each(tree):
        group = select.args.get("group")
        if group is None or not group.args.get("rollup") or not group.expressions:
            continue
        if select.args.get("order") is not None:
            raise QueryError("other", name="Incorrect usage of CUBE/ROLLUP and ORDER BY")
        keys = [one.copy() for one in group.expressions]
        group.set("rollup", [exp.Rollup(expressions=keys)])
        group.set("expressions", [])
        for key in keys:
            total = exp.Ordered(this=exp.Grouping(expressions=[key.copy()]))
            select.order_by(total, exp.Ordered(this=key.copy(), nulls_first=True), copy=False)
    return tree


def _with_groups(tree: exp.Query) -> exp.Query:
    """A column outside of groups and aggregates is the one of the group's first row."""
    for select in _each(tree):
        group = select.args.get("group")
        if group is None and not _aggregates(select):
            continue
        named = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
        names = set(named)
        keys = {_resolved(key, named).sql() for key in _keys(group)}
        for part in [*select.expressions, select.args.get("having"), select.args.get("order")]:
            if part is not None:
                _fill(part, keys, names if part not in select.expressions else set())
    return tree


def _resolved(key: exp.Expr, named: Mapping[str, exp.Expr]) -> exp.Expr:
    """Return the expression of a group that is the name of a column of the result."""
    if isinstance(key, exp.Column) and not key.table:
        return named.get(key.name, key)
    return key


def _keys(group: exp.Group | None) -> Iterator[exp.Expr]:
    if group is None:
        return
    yield from group.expressions
    for rollup in group.args.get("rollup") or []:
        yield from rollup.expressions


def _fill(node: exp.Expr, keys: set[str], names: set[str]) -> None:
    if node.sql() in keys or isinstance(
        node, exp.AggFunc | exp.Grouping | exp.Query | exp.Subquery
    ):
        return
    if isinstance(node, exp.Anonymous) and node.name.lower() == "json_arrayagg":
        return
    if isinstance(node, exp.Column):
        if node.table or node.name not in names:
            node.replace(call("first", node.copy(), type_=None))
        return
    for child in list(node.iter_expressions()):
        _fill(child, keys, names)


def _select(node: exp.Select) -> exp.Expr:
    """A quotient has its places in a result."""
    if _is_merged(node):
        return node
    for one in list(node.expressions):
        inner = one.this if isinstance(one, exp.Alias) else one
        if kind(inner) == "decimal" and scale(inner) is not None and _has_quotient(inner):
            inner.replace(rounded(inner.copy()))
    return node


def _is_merged(select: exp.Select) -> bool:
    """Return whether a query within another becomes a part of it, and keeps all places."""
    is_inner = isinstance(select.parent, exp.Subquery | exp.CTE)
    keys = ("group", "having", "distinct", "limit")
    is_plain = not any(select.args.get(key) for key in keys) and not _aggregates(select)
    return is_inner and is_plain and select.args.get("from_") is not None


def _has_quotient(node: exp.Expr) -> bool:
    names = {found.name for found in node.find_all(exp.Anonymous)}
    means = (exp.Avg, exp.Column, exp.VariancePop, exp.Variance, exp.StddevPop, exp.StddevSamp)
    return bool(names & {"_my_divide", "round"}) or node.find(*means) is not None


def _neighbour(node: exp.Lead | exp.Lag) -> exp.Expr:
    """LEAD and LAG have no default value."""
    if (default := node.args.get("default")) is not None:
        raise QueryError("syntax", name=f" {default.sql()})")
    return node


def _one_value(node: exp.Max | exp.Min) -> exp.Expr:
    if node.expressions:
        raise QueryError("syntax", name=f" {node.expressions[0].sql()})")
    return number(node) if kind(node) == "truth" else node


RULES = Rules(
    trees=(
        _with_own_tables,
        _with_local_time,
        _without_locks,
        _with_conditions,
        _with_rollup,
        _with_groups,
    ),
    nodes={
        exp.Select: _select,
        exp.Lead: _neighbour,
        exp.Lag: _neighbour,
        exp.Max: _one_value,
        exp.Min: _one_value,
    },
)

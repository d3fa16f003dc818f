"""Queries as a whole: a name of a result's column is known to ORDER BY only.

Source: Trino's documentation, "SELECT".
"""

from collections.abc import Iterator

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import kind
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError


def _checked(tree: exp.Query) -> exp.Query:
    if not any(column.table for column in tree.find_all(exp.Column)):
        return tree
    for select in tree.find_all(exp.Select):
        names = {one.alias.lower() for one in select.expressions if _is_new_name(one)}
        for column in _columns(select):
            if not column.table and column.name.lower() in names:
                raise QueryError("column", name=column.name)
    return tree


def _is_new_name(node: exp.Expr) -> bool:
    """Return whether a column of a result has a name that is not its own."""
    return isinstance(node, exp.Alias) and node.this.name.lower() != node.alias.lower()


def _with_rows(tree: exp.Query) -> exp.Query:
    """UNNEST of several arrays gives them side by side, of a map its keys and values."""
    for unnest in list(tree.find_all(exp.Unnest)):
        values = [found for one in unnest.expressions for found in _lists(one)]
        alias = unnest.args.get("alias")
        if len(values) > 1 and alias is not None:
            unnest.replace(_side_by_side(values, alias, unnest.args.get("offset")))
    return tree


def _lists(node: exp.Expr) -> list[exp.Expr]:
    if kind(node) == "map" or isinstance(node, exp.Map):
        return [call(name, node.copy()) for name in ("map_keys", "map_values")]
    return [node.copy()]


def _side_by_side(values: list[exp.Expr], alias: exp.TableAlias, offset: object) -> exp.Lateral:
    names = [one.name for one in alias.columns] or [f"_col{at}" for at in range(len(values))]
    columns = [
        exp.alias_(call("unnest", value), name) for value, name in zip(values, names, strict=False)
    ]
    if offset:
        counted = call("generate_subscripts", values[0].copy(), exp.Literal.number(1))
        columns.append(exp.alias_(counted, names[len(values)] if len(names) > len(values) else "n"))
    named = exp.TableAlias(this=alias.this)
    return exp.Lateral(this=exp.select(*columns).subquery(), alias=named)


def _columns(select: exp.Select) -> Iterator[exp.Column]:
    """Yield the columns of a query outside of ORDER BY and of its subqueries."""
    parts = [select.args.get(key) for key in ("where", "group", "having")]
    for part in [*select.expressions, *filter(None, parts)]:
        for node in part.walk(prune=lambda one: isinstance(one, exp.Query | exp.Lambda)):
            if isinstance(node, exp.Column):
                yield node


RULES = Rules(trees=(_checked, _with_rows))

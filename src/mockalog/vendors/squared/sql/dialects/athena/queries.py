"""Queries as a whole: a name of a result's column is known to ORDER BY only.

Source: Trino's documentation, "SELECT".
"""

from collections.abc import Iterator

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules
from mockalog.vendors.squared.sql.problems import QueryError


def _checked(tree: exp.Query) -> exp.Query:
    if not any(column.table for column in tree.find_all(exp.Column)):
        return tree
    for select in tree.find_all(exp.Select):
        names = {one.alias.lower() for one in select.expressions if isinstance(one, exp.Alias)}
        for column in _columns(select):
            if not column.table and column.name.lower() in names:
                raise QueryError("column", name=column.name)
    return tree


def _columns(select: exp.Select) -> Iterator[exp.Column]:
    """Yield the columns of a query outside of ORDER BY and of its subqueries."""
    parts = [select.args.get(key) for key in ("where", "group", "having")]
    for part in [*select.expressions, *filter(None, parts)]:
        for node in part.walk(prune=lambda one: isinstance(one, exp.Query | exp.Lambda)):
            if isinstance(node, exp.Column):
                yield node


RULES = Rules(trees=(_checked,))

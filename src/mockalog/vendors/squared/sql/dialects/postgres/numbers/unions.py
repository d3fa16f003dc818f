"""The numbers of set operations: one scale for all branches, and the places of each row."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from mockalog.vendors.squared.sql.dialects.postgres.numbers import digits
from mockalog.vendors.squared.sql.dialects.postgres.numbers.scales import Scales
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call
from mockalog.vendors.squared.sql.problems import QueryError

_TABLE = "_rows"


def printed(tree: exp.SetOperation, scales: Scales, scopes: Mapping[int, Scope]) -> exp.Query:
    """Return a set operation whose numbers print as those of its branches."""
    branches = list(_branches(tree))
    numbers = [at for at, one in enumerate(tree.selects) if pg(one) == "numeric"]
    names = tree.named_selects
    if not numbers or any(branch.is_star for branch in branches):
        return tree
    keeps = (
        len(set(names)) == len(names)
        and all(_keeps_rows(one) for one in _operations(tree))
        and not any(branch.args.get("distinct") for branch in branches)
    )
    for branch in branches:
        scope = scopes[id(branch)]
        for at in numbers:
            value = branch.selects[at].unalias()
            if keeps:
                places = scales.of(value, scope)
                branch.append("expressions", exp.alias_(places, f"_scale_{at}", quoted=True))
            if not keeps and _is_quotient(value):
                raise QueryError("other", name="quotients in a set of rows are not supported")
            typed(value, "numeric")
            digits.align_one(value)
    return _shown(tree, names, numbers) if keeps else tree


def _is_quotient(node: exp.Expr) -> bool:
    return any(one.name == "_pg_quotient" for one in node.find_all(exp.Anonymous)) and not (
        isinstance(node, exp.Anonymous) and node.name.lower() == "round"
    )


def _operations(tree: Any) -> Iterator[exp.SetOperation]:
    if isinstance(tree, exp.SetOperation):
        yield tree
        yield from _operations(tree.left.unnest())
        yield from _operations(tree.right.unnest())


def _branches(tree: Any) -> Iterator[exp.Select]:
    if isinstance(tree, exp.SetOperation):
        yield from _branches(tree.left.unnest())
        yield from _branches(tree.right.unnest())
    else:
        yield tree


def _keeps_rows(tree: exp.SetOperation) -> bool:
    return isinstance(tree, exp.Union) and not tree.args.get("distinct")


def _shown(tree: exp.SetOperation, names: list[str], numbers: list[int]) -> exp.Query:
    """Return the rows with their numbers as texts; DuckDB keeps the order of the inner query."""
    columns = []
    for at, name in enumerate(names):
        column = exp.column(exp.to_identifier(name, quoted=True), _TABLE)
        if at in numbers:
            places = exp.column(exp.to_identifier(f"_scale_{at}", quoted=True), _TABLE)
            columns.append(exp.alias_(call("_pg_number", column, places), name, quoted=True))
        else:
            columns.append(exp.alias_(column, name, quoted=True))
    clauses = tree.args.get("with_")
    if clauses is not None:
        tree.set("with_", None)
    query = exp.select(*columns).from_(exp.Subquery(this=tree, alias=exp.TableAlias(
        this=exp.to_identifier(_TABLE))))  # fmt: skip
    if clauses is not None:
        query.set("with_", clauses)
    return query

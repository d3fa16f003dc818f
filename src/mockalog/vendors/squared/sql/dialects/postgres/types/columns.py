"""The types of columns, by the sources that give them."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from mockalog.vendors.squared.sql.dialects.postgres.types import calls
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import is_unknown, name_of, pg


def column_type(node: exp.Column, scope: Scope) -> str | None:
    """Return the type of a column: of a table, of an inner query, or of a function in FROM."""
    at: Scope | None = scope
    while at is not None and node.table not in at.sources:
        at = at.parent
    source = at.sources[node.table] if at is not None else None
    if isinstance(source, Scope):
        return _projection_type(source.expression, node.name, source)
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        found = name_of(node.type)
        return "jsonb" if found == "json" else found
    return calls.source_type(source, node.name)


def _projection_type(query: Any, name: str, scope: Scope) -> str | None:
    if isinstance(query, exp.Query):
        for one, column in zip(query.selects, _names(query, scope), strict=False):
            if column.lower() == name.lower():
                return "text" if is_unknown(one) else pg(one)
    return calls.source_type(query, name)


def _names(query: exp.Query, scope: Scope) -> Sequence[str]:
    alias = scope.expression.parent.args.get("alias") if scope.expression.parent else None
    columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    return [one.name for one in columns] if columns else query.named_selects

"""Aggregates within FILTER and OVER."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.calls import arguments
from mockalog.vendors.squared.sql.dialects.rules import call

_WRAPPERS = (exp.Filter, exp.Window)
_AGGREGATES_TEXT = """
    any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop
    covar_samp every json_agg json_object_agg jsonb_agg jsonb_object_agg max min mode
    percentile_cont percentile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2
    regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop
    var_samp variance
"""
AGGREGATES = frozenset(_AGGREGATES_TEXT.split())
"""The functions of many rows."""


class Wrapped:
    """A call with the FILTER and OVER around it."""

    def __init__(self, node: exp.Expr) -> None:
        self.outer = node
        inner: Any = node
        while isinstance(inner, _WRAPPERS):
            inner = inner.this
        self.call = inner
        self.name = inner.name.lower() if isinstance(inner, exp.Anonymous) else ""
        self.arguments: Sequence[Any] = arguments(inner) if self.name else ()
        self.is_distinct = self.name != "" and inner.find(exp.Distinct) is not None

    # Any: any kind of node.
    def again(self, name: str, *given: Any, type_: str | None = None) -> Any:
        """Return a copy with another call in place of this one."""
        shown = [one.copy() for one in given]
        if self.is_distinct:
            shown = [exp.Distinct(expressions=shown)]
        return self.around(call(name, *shown, type_=type_))

    # Any: any kind of node.
    def around(self, new: exp.Expr) -> Any:
        """Return a copy of what stands around the call, with a node in its place."""
        if self.outer is self.call:
            return new
        copied: Any = self.outer.copy()
        inner = copied
        while isinstance(inner, _WRAPPERS):
            inner = inner.this
        inner.replace(new)
        return copied


def is_outermost(node: exp.Expr) -> bool:
    """Return whether no FILTER or OVER stands around a node as its call."""
    parent = node.parent
    return not (isinstance(parent, _WRAPPERS) and parent.this is node)


# Any: any kind of node.
def is_aggregate(node: Any) -> bool:
    """Return whether a node is an aggregate of a group, not one of a window."""
    is_named = isinstance(node, exp.Anonymous) and node.name.lower() in AGGREGATES
    if not (is_named or isinstance(node, exp.AggFunc)):
        return False
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.WithinGroup):
        parent = parent.parent
    return not isinstance(parent, exp.Window)

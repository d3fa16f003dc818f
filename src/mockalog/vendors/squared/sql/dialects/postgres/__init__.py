"""PostgreSQL."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres import (
    arrays,
    casts,
    dates,
    formats,
    intervals,
    jsons,
    number_formats,
    numbers,
    operators,
    regexes,
    sets,
    texts,
    types,
)
from mockalog.vendors.squared.sql.dialects.rules import Rules

# Any: a rule takes its own kind of node.
_NODES: dict[type[exp.Expr], Any] = {
    exp.Cast: casts.cast,
    **dates.NODES,
    **texts.NODES,
    **regexes.NODES,
    **jsons.NODES,
    **arrays.NODES,
    **operators.NODES,
}
_FUNCTIONS: dict[str, Any] = {
    **dates.FUNCTIONS,
    **formats.FUNCTIONS,
    **number_formats.FUNCTIONS,
    **texts.FUNCTIONS,
    **regexes.FUNCTIONS,
    **jsons.FUNCTIONS,
    **arrays.FUNCTIONS,
    **operators.FUNCTIONS,
}

RULES = Rules(
    sources=(sets.resolve,),
    typings=(types.annotate,),
    trees=(numbers.prepare,),
    nodes=_NODES,
    functions=_FUNCTIONS,
    macros=(
        *intervals.MACROS,
        *dates.MACROS,
        *formats.MACROS,
        *number_formats.MACROS,
        *casts.MACROS,
        *texts.MACROS,
        *regexes.MACROS,
        *jsons.MACROS,
        *arrays.MACROS,
        *numbers.MACROS,
        *operators.MACROS,
    ),
)

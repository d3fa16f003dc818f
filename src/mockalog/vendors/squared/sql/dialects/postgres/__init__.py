"""PostgreSQL."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres import sets
from mockalog.vendors.squared.sql.dialects.postgres.functions import (
    arrays,
    dates,
    formats,
    json_values,
    jsons,
    number_formats,
    operators,
    regexes,
    texts,
)
from mockalog.vendors.squared.sql.dialects.postgres.numbers import printing
from mockalog.vendors.squared.sql.dialects.postgres.types import annotation, casts, intervals
from mockalog.vendors.squared.sql.dialects.rules import Rules

# Any: a rule takes its own kind of node.
_NODES: dict[type[exp.Expr], Any] = {
    exp.Cast: casts.cast,
    **dates.NODES,
    **texts.NODES,
    **regexes.NODES,
    **json_values.NODES,
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
    **json_values.FUNCTIONS,
    **jsons.FUNCTIONS,
    **arrays.FUNCTIONS,
    **operators.FUNCTIONS,
}

RULES = Rules(
    sources=(sets.resolve,),
    typings=(annotation.annotate,),
    trees=(printing.prepare,),
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
        *printing.MACROS,
        *operators.MACROS,
    ),
)

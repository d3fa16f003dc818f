"""The meanings that the sources share."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call


def _divide(node: exp.Div) -> exp.Expr:
    """A division by zero is an error in most sources, and infinity in DuckDB."""
    divisor: Any = node.expression
    if isinstance(divisor, exp.Literal) and divisor.is_number and float(divisor.name) != 0:
        return node
    return exp.Div(
        this=node.this,
        expression=call("_nonzero", divisor, type_=divisor.type),
        typed=node.args.get("typed"),
        safe=node.args.get("safe"),
    )


RULES = Rules(
    nodes={exp.Div: _divide},
    macros=(
        "CREATE MACRO _nonzero(x) AS CASE WHEN x = 0 THEN error('Division by zero') ELSE x END",
    ),
)

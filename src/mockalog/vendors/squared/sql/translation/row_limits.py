"""LIMIT and OFFSET: rounded as PostgreSQL rounds them, and refused with its texts (measured)."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.problems import QueryError

_LARGEST = 2**63 - 1
# A number with a limited number of digits.
_NUMBER = re.compile(r"[0-9.]{1,400}(?:[eE][+-]?[0-9]{1,3})?")


def round_limits(tree: exp.Expr) -> None:
    """Round limits and offsets; raises `QueryError` for others."""
    for node in list(tree.find_all(exp.Limit, exp.Offset)):
        name, number = node.key.upper(), node.expression
        if isinstance(number, exp.Null):
            node.pop()
        elif isinstance(number, exp.Boolean):
            raise QueryError(
                "other", name=f"argument of {name} must be type bigint, not type boolean"
            )
        elif isinstance(number, exp.Array | exp.Struct):  # JSON values
            raise QueryError("syntax", name="[" if isinstance(number, exp.Array) else "{")
        elif (count := _rounded(number)) is not None:
            if count < 0:
                raise QueryError("other", name=f"{name} must not be negative")
            node.set("expression", exp.Literal.number(count))


def _rounded(node: Any) -> int | None:
    """Return a number rounded half away from zero, None if the node is no number."""
    sign, literal = (-1, node.this) if isinstance(node, exp.Neg) else (1, node)
    if not isinstance(literal, exp.Literal) or not _NUMBER.fullmatch(literal.name):
        return None
    value = Decimal(literal.name)
    if value > _LARGEST:
        raise QueryError("overflow", type="BIGINT")
    return sign * int(value.to_integral_value(ROUND_HALF_UP))

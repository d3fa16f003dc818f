"""The types of operands: the operator that PostgreSQL uses, and the type of choices.

Source: manual, chapter 10, "Type Conversion"; the texts are measured on PostgreSQL 18.4.
"""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types import calls, catalog
from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import UNKNOWN, common_type, shown
from mockalog.vendors.squared.sql.dialects.postgres.types.literals import literal
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import is_unknown, pg, typed
from mockalog.vendors.squared.sql.problems import QueryError


# Any: any kind of node.
def operator_type(node: Any, sign: str) -> str | None:
    """Return the type of an operator's result; raises `QueryError` if there is none."""
    operands = [node.this, *([node.expression] if node.args.get("expression") else [])]
    if isinstance(operands[-1], exp.Any):
        _settle_array(operands[-1], pg(node.this))
    if isinstance(operands[-1], exp.Any) or calls.is_call(operands[-1], "all"):
        operands[-1] = _elements(operands[-1])
    return operated(operands, sign)


def _settle_array(node: exp.Any, element: str | None) -> None:
    inner = node.this.unnest()
    if is_unknown(inner) and element is not None:
        settle(inner, f"{element}[]")


def _elements(node: Any) -> Any:
    """Return a node that has the type of the elements of an array or of a subquery."""
    inner = node.this if isinstance(node, exp.Any) else node.expressions[0]
    inner = inner.unnest()
    type_ = first_type(inner) if isinstance(inner, exp.Query) else pg(inner)
    return typed(exp.Placeholder(), type_.removesuffix("[]") if type_ else None)


# Any: any kind of node.
def operated(operands: Sequence[Any], sign: str) -> str | None:
    """Return the type of an operator's result for some operands."""
    types = [pg(one) for one in operands]
    known = [one for one in types if one is not None]
    if all(isinstance(one, exp.Tuple) for one in operands) and len(operands) == 2:
        for left, right in zip(operands[0].expressions, operands[1].expressions, strict=False):
            operated([left, right], sign)
        return "bool"
    if len(known) < len(types) or "record" in known or any("reg" in one for one in known):
        return "bool" if sign in ("=", "<>", "<", ">", "<=", ">=", "~", "~~") else None
    found = catalog.operator(sign, known)
    if found is None or (sign in "+-*/" and catalog.is_ambiguous(sign, known)):
        if found is not None:
            pair = f"{shown(known[0])} {sign} {shown(known[-1])}"
            raise QueryError("other", name=f"operator is not unique: {pair}")
        left, right = [*[""][: 2 - len(known)], *map(shown, known)]
        raise QueryError("mismatch", left=left, operator=sign, right=right)
    for operand, wanted in zip(operands, found.arguments, strict=True):
        settle(operand, wanted)
    return found.result


# Any: any kind of node.
def settle(node: Any, type_: str) -> None:
    """Make a text literal a value of a type."""
    if is_unknown(node) and isinstance(node, exp.Literal) and type_ in calls.CONCRETE:
        node.replace(literal(node.name, type_)) if type_ != "text" else typed(node, "text")


# Any: any kind of node.
def common(nodes: Sequence[Any], what: str) -> str | None:
    """Return the type of choices; raises `QueryError` if they have none in common."""
    types = [pg(one) for one in nodes]
    if None in types:
        return None
    known = [one for one in types if one is not None and one != UNKNOWN]
    shared = common_type([one for one in types if one is not None])
    if shared is None:
        first, second = _different(known)
        name = f"{what} types {shown(first)} and {shown(second)} cannot be matched"
        raise QueryError("other", name=name)
    for node in nodes:
        settle(node, shared)
    return shared


def _different(types: Sequence[str]) -> tuple[str, str]:
    """Return the first type that does not fit those before it, and their common one."""
    at = next(at for at in range(1, len(types)) if common_type(types[: at + 1]) is None)
    return common_type(types[:at]) or types[0], types[at]


# Any: any kind of node.
def check_truth(node: Any, what: str) -> None:
    """Raise `QueryError` for a condition that is no truth."""
    type_ = pg(node)
    if type_ == UNKNOWN:
        settle(node, "bool")
    elif type_ not in (None, "bool"):
        name = f"argument of {what} must be type boolean, not type {shown(type_ or '')}"
        raise QueryError("other", name=name)


# Any: any kind of node.
def extracted(node: Any) -> str | None:
    """Return the type of a member of a JSON value."""
    left, scalar = pg(node.this), isinstance(node, exp.JSONExtractScalar)
    if left not in (None, "json", "jsonb"):
        path = node.expression
        parts = path.expressions if isinstance(path, exp.JSONPath) else []
        number = any(isinstance(one, exp.JSONPathSubscript) for one in parts)
        raise QueryError(
            "mismatch",
            left=shown(left or ""),
            operator="->>" if scalar else "->",
            right="integer" if number else UNKNOWN,
        )
    return "text" if scalar else left


# Any: any kind of node.
def first_type(query: Any) -> str | None:
    """Return the type of the first column of a query."""
    selects = query.selects if isinstance(query, exp.Query) else []
    return pg(selects[0]) if selects else None

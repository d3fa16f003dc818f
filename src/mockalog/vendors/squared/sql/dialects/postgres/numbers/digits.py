"""Numbers within DuckDB's 38 digits: it would round one of two scales, or refuse a product."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import INTEGERS, pg, typed

_EXACT = "DECIMAL(38, 20)"
# The places of a quotient, and the most that a product keeps.
_LONG, _MOST, _HALF = 20, 30, 15
_COLUMN = 6


def fit(node: exp.Mul) -> None:
    """Keep a product of two long numbers within the digits."""
    sides = [node.this, node.expression]
    if sum(map(_places, sides)) <= _MOST:
        return
    node.meta["rounded"] = True
    for side in sides:
        if _places(side) > _HALF:
            cast = typed(exp.cast(side.copy(), f"DECIMAL(38, {_HALF})"), "numeric")
            cast.meta["done"] = True
            side.replace(cast)


# Any: any kind of node.
def align(node: Any) -> None:
    """Give the choices of an expression one scale."""
    for one in _choices(node):
        align_one(one)


# Any: any kind of node.
def align_one(node: Any) -> None:
    """Give a number the scale of every choice."""
    if pg(node) == "numeric":
        cast = typed(exp.cast(node.copy(), _EXACT), "numeric")
        cast.meta["done"] = True
        node.replace(cast)


def _choices(node: Any) -> list[Any]:
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        branches = [one.args["true"] for one in node.args["ifs"]]
        return [*branches, *([default] if default is not None else [])]
    if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
        return [node.this, *node.expressions]
    return [node.this, node.expression] if isinstance(node, exp.Mod) else []


def _places(node: Any) -> int:
    """Return about how many places DuckDB keeps of a number."""
    if pg(node) in INTEGERS:
        return 0
    if isinstance(node, exp.Paren | exp.Neg | exp.Alias):
        return _places(node.this)
    if isinstance(node, exp.Literal):
        return len(node.name.partition(".")[2])
    if isinstance(node, exp.Column):
        return _LONG if node.type is None or not node.is_type(exp.DType.DECIMAL) else _COLUMN
    if isinstance(node, exp.Mul):
        return _places(node.this) + _places(node.expression)
    if isinstance(node, exp.Add | exp.Sub):
        return max(_places(node.this), _places(node.expression))
    sizes = node.to.expressions if isinstance(node, exp.Cast) else []
    if len(sizes) > 1:
        return int(sizes[1].name)
    return _LONG

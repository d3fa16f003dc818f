"""How many decimal places each column of a result prints: a type of DuckDB does not tell."""

from collections.abc import Sequence

from sqlglot import exp

from mockalog.vendors.squared.sql.result import Places


def places_of(tree: exp.Query) -> Sequence[Places]:
    """Return the places of each column of a result; empty if a star is left."""
    first: exp.Expr = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if not isinstance(first, exp.Select) or any(node.is_star for node in first.expressions):
        return []
    return [_places(node) for node in first.expressions]


def _places(node: exp.Expr) -> Places:
    if isinstance(node, exp.Alias | exp.Paren | exp.Filter | exp.Window | exp.Neg | exp.Abs):
        return _places(node.this)
    if isinstance(node, exp.Cast) and node.meta.get("done"):
        return "written"
    if isinstance(node, exp.Cast):
        sizes = node.to.expressions
        is_decimal = node.to.is_type(exp.DType.DECIMAL) and len(sizes) == 2
        return int(sizes[1].name) if is_decimal else "written"
    if isinstance(node, exp.Round):
        decimals = node.args.get("decimals")
        return int(decimals.name) if decimals is not None and decimals.is_int else "written"
    if isinstance(node, exp.Div | exp.Avg):
        if "pg" in node.meta:
            return "written"
        return "written" if node.is_type(*exp.DataType.INTEGER_TYPES) else "quotient"
    return "written"

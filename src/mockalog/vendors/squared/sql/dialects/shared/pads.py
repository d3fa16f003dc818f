"""Texts of a width."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import text


def pad(node: exp.Pad) -> exp.Expr:
    """Return a padded text: DuckDB's width has 32 bits, and its filling is not optional."""
    node.set("expression", exp.cast(node.expression.copy(), "INT"))
    if node.args.get("fill_pattern") is None:
        node.set("fill_pattern", text(" "))
    return node

"""Positions of a text within another, from either end."""

from collections.abc import Sequence

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import call

MACROS: Sequence[str] = (
    "CREATE MACRO _places(s, t) AS list_filter(range(1, length(s) + 1),"
    " lambda i: substr(s, i, length(t)) = t)",
    # The nth position at or behind p; with a negative p at or before it, from the end.
    "CREATE MACRO _instr(s, t, p, n) AS CASE WHEN s IS NULL OR t IS NULL THEN NULL"
    " WHEN p > 0 THEN coalesce(list_filter(_places(s, t), lambda i: i >= p)[n], 0)"
    " WHEN p < 0 THEN coalesce(list_reverse(list_filter(_places(s, t),"
    " lambda i: i <= length(s) + p + 1))[n], 0) ELSE 0 END",
)


def position(node: exp.StrPosition) -> exp.Expr:
    """Return the position of a text, 0 if it is absent."""
    begin = node.args.get("position")
    if begin is None:
        return node
    number = node.args.get("occurrence") or exp.Literal.number(1)
    return call("_instr", node.this, node.args["substr"], begin, number, type_="BIGINT")

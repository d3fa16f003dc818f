"""Texts."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects import positions
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    *positions.MACROS,
    "CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'SS')",
    "CREATE MACRO _begin(i) AS CASE WHEN i = 0 THEN 1 ELSE i END",
    "CREATE MACRO _raise(x) AS error('=invalidQuery: ' || x)",
)


def _refused(name: str) -> Rewrite:
    def refuse(_: exp.Expr) -> exp.Expr:
        raise QueryError("function", name=name)

    return refuse


def _substring(node: exp.Substring) -> exp.Expr:
    """A text from place 0 on begins at place 1."""
    start = node.args.get("start")
    if start is not None and not (isinstance(start, exp.Literal) and int(start.name)):
        node.set("start", call("_begin", start.copy()))
    return node


RULES = Rules(
    nodes={
        exp.Soundex: _refused("SOUNDEX"),
        exp.Substring: _substring,
        exp.StrPosition: positions.position,
        exp.Upper: lambda node: call("_upper", node.this, type_="TEXT"),
    },
    functions={"error": "_raise"},
    macros=_MACROS,
)

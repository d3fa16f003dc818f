"""Texts."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects import positions
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    *positions.MACROS,
    "CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'SS')",
    "CREATE MACRO _raise(x) AS error('=invalidQuery: ' || x)",
)


def _refused(name: str) -> Rewrite:
    def refuse(_: exp.Expr) -> exp.Expr:
        raise QueryError("function", name=name)

    return refuse


RULES = Rules(
    nodes={
        exp.Soundex: _refused("SOUNDEX"),
        exp.StrPosition: positions.position,
        exp.Upper: lambda node: call("_upper", node.this, type_="TEXT"),
    },
    functions={"error": "_raise"},
    macros=_MACROS,
)

"""Texts: lists of values, regular expressions, case.

Source: Snowflake's SQL reference, "String & binary functions" and "String functions (regular
expressions)".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.pads import pad
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.snowflake.variants import as_text
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = ("CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'SS')",)


def _refused(name: str) -> Rewrite:
    def refuse(_: exp.Expr) -> exp.Expr:
        raise QueryError("function", name=name)

    return refuse


RULES = Rules(
    nodes={
        exp.Pad: pad,
        exp.Soundex: _refused("SOUNDEX"),
        exp.Upper: lambda node: call("_upper", as_text(node.this), type_="TEXT"),
    },
    functions={"conditional_true_event": _refused("CONDITIONAL_TRUE_EVENT")},
    macros=_MACROS,
)

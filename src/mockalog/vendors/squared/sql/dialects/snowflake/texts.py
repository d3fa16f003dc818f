"""Texts: lists of values, regular expressions, case.

Source: Snowflake's SQL reference, "String & binary functions" and "String functions (regular
expressions)".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.dialects.shared import regexes
from mockalog.vendors.squared.sql.dialects.shared.pads import pad
from mockalog.vendors.squared.sql.dialects.shared.refusals import REFUSED, refuse
from mockalog.vendors.squared.sql.dialects.snowflake.variants import as_text, texts_of

_MACROS = ("CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'SS')",)


RULES = Rules(
    nodes={
        exp.Pad: pad,
        exp.RegexpCount: lambda node: regexes.count(texts_of(node)),
        exp.RegexpExtract: lambda node: regexes.occurrence(texts_of(node)),
        **REFUSED,
        exp.Upper: lambda node: call("_upper", as_text(node.this), type_="TEXT"),
    },
    functions={"conditional_true_event": refuse("CONDITIONAL_TRUE_EVENT")},
    macros=_MACROS,
)

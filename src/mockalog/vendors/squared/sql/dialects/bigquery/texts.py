"""Texts."""

import re

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects import positions
from mockalog.vendors.squared.sql.dialects.pads import pad
from mockalog.vendors.squared.sql.dialects.refusals import REFUSED
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    *positions.MACROS,
    "CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'SS')",
    "CREATE MACRO _begin(i) AS CASE WHEN i = 0 THEN 1 ELSE i END",
    "CREATE MACRO _raise(x) AS error('=invalidQuery: ' || x)",
)


_FORMAT = re.compile(r"%%|%[-+ 0#]*\d*(?:\.\d+)?[a-zA-Z']|[^%]+|%")


def _format(node: exp.Format) -> exp.Expr:
    """Return a text as C's printf makes it; `%t` prints any value."""
    if not node.this.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    values = list(node.expressions)
    shown: list[str] = []
    for element in _FORMAT.findall(node.this.name):
        if element.endswith("t") and element.startswith("%"):
            element = element[:-1] + "s"
        elif element.startswith("%") and element[-1] not in "%disfFeEgGxXo":
            raise QueryError("exact", name=f"the format {element} is not emulated")
        shown.append(element.replace("F", "f") if element.startswith("%") else element)
        if element.startswith("%") and element != "%%" and element[-1] == "s":
            at = sum(one.startswith("%") and one != "%%" for one in shown) - 1
            if at < len(values):
                values[at] = exp.cast(values[at], "TEXT")
    return call("printf", text("".join(shown)), *values, type_="TEXT")


def _substring(node: exp.Substring) -> exp.Expr:
    """A text from place 0 on begins at place 1."""
    start = node.args.get("start")
    if start is not None and not (isinstance(start, exp.Literal) and int(start.name)):
        node.set("start", call("_begin", start.copy()))
    return node


RULES = Rules(
    nodes={
        exp.Pad: pad,
        exp.Format: _format,
        **REFUSED,
        exp.Substring: _substring,
        exp.StrPosition: positions.position,
        exp.Upper: lambda node: call("_upper", node.this, type_="TEXT"),
    },
    functions={"error": "_raise"},
    macros=_MACROS,
)

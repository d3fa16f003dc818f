"""Texts."""

import re

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared import positions
from mockalog.vendors.squared.sql.dialects.shared.pads import pad
from mockalog.vendors.squared.sql.dialects.shared.refusals import REFUSED
from mockalog.vendors.squared.sql.problems import QueryError

_MACROS = (
    *positions.MACROS,
    "CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'SS')",
    "CREATE MACRO _begin(i) AS CASE WHEN i = 0 THEN 1 ELSE i END",
    "CREATE MACRO _raise(x) AS error('=invalidQuery: ' || x)",
)


_FORMAT = re.compile(r"%%|%[-+ 0#]*\d*(?:\.\d+)?.|[^%]+", re.DOTALL)


def _format(node: exp.Format) -> exp.Expr:
    """Return a text as C's printf makes it; `%t` prints any value."""
    if not node.this.is_string:
        raise QueryError("exact", name="a format that is not a literal is not emulated")
    values = list(node.expressions)
    shown: list[str] = []
    at = 0
    for element in _FORMAT.findall(node.this.name):
        if element.startswith("%") and element != "%%":
            shown.append(_element(element))
            if element[-1] in "st" and at < len(values):
                values[at] = exp.cast(values[at], "TEXT")
            at += 1
        else:
            shown.append(element)
    return call("printf", text("".join(shown)), *values, type_="TEXT")


def _element(element: str) -> str:
    if element[-1] not in "disfFeEgGxXot":
        raise QueryError("exact", name=f"the format {element} is not emulated")
    return element[:-1] + {"t": "s", "F": "f"}.get(element[-1], element[-1])


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

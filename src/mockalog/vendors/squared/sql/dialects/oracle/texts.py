"""Texts: joined without nulls, searched by regular expressions.

Source: Oracle's SQL language reference, "Concatenation operator", "Character functions".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.oracle.casts import as_text
from mockalog.vendors.squared.sql.dialects.oracle.nulls import or_null
from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text
from mockalog.vendors.squared.sql.dialects.shared import positions, regexes
from mockalog.vendors.squared.sql.dialects.shared.kinds import has_kind
from mockalog.vendors.squared.sql.dialects.shared.pads import pad
from mockalog.vendors.squared.sql.dialects.shared.refusals import REFUSED

_MACROS = (
    *positions.MACROS,
    "CREATE MACRO _upper(x) AS replace(upper(x), 'ẞ', 'ß')",
    "CREATE MACRO _lengthb(x) AS strlen(x)",
    "CREATE MACRO _begin(i) AS CASE WHEN i = 0 THEN 1 ELSE i END",
    "CREATE MACRO _translate(x, a, b) AS CASE WHEN b IS NOT NULL THEN translate(x, a, b) END",
)


def _join(node: exp.DPipe | exp.Concat) -> exp.Expr:
    values = node.expressions if isinstance(node, exp.Concat) else [node.this, node.expression]
    return or_null(call("concat", *map(_text, values)))


def _text(node: exp.Expr) -> exp.Expr:
    return as_text(node)


def _replace(node: exp.Replace) -> exp.Expr:
    """Without a replacement, the text is removed; nothing replaces a null."""
    replacement = node.args.get("replacement")
    if replacement is None or isinstance(replacement, exp.Null):
        replacement = text("")
    value = _text(node.this)
    if isinstance(node.expression, exp.Null):
        return value
    return or_null(call("replace", value, node.expression, replacement))


def _substring(node: exp.Substring) -> exp.Expr:
    """A text from place 0 on begins at place 1."""
    start, length = node.args.get("start"), node.args.get("length")
    if start is not None and not (isinstance(start, exp.Literal) and int(start.name)):
        start = call("_begin", start)
    value = _text(node.this)
    if length is None:
        return or_null(call("substr", value, start))
    is_negative = exp.LT(this=length.copy(), expression=exp.Literal.number(1))
    shown = call("substr", value, start, length)
    case = exp.Case(ifs=[exp.If(this=is_negative, true=exp.Null())], default=shown)
    return or_null(case)


def _case(name: str) -> Rewrite:
    return lambda node: call(name, _text(node.this), type_="TEXT")


def _listed(node: exp.GroupConcat) -> exp.Expr:
    separator = node.args.get("separator")
    if separator is None or isinstance(separator, exp.Null):
        node.set("separator", text(""))
    inner = node.this
    value = inner.this if isinstance(inner, exp.Order) else inner
    if not isinstance(value, exp.Distinct) and not has_kind(value, "text"):
        value.replace(_text(value.copy()))
    return node


def _regexp_like(node: exp.RegexpLike) -> exp.Expr:
    flags = text(regexes.options(node.args.get("flag")))
    return call("regexp_matches", node.this, node.expression, flags, type_="BOOLEAN")


RULES = Rules(
    nodes={
        **REFUSED,
        exp.Pad: pad,
        exp.Concat: _join,
        exp.DPipe: _join,
        exp.GroupConcat: _listed,
        exp.Lower: _case("lower"),
        exp.RegexpCount: regexes.count,
        exp.RegexpExtract: lambda node: or_null(regexes.occurrence(node)),
        exp.RegexpLike: _regexp_like,
        exp.RegexpSubstr: lambda node: or_null(regexes.occurrence(node)),
        exp.Replace: _replace,
        exp.StrPosition: positions.position,
        exp.Substring: _substring,
        exp.Translate: lambda node: or_null(
            call("_translate", node.this, node.args["from_"], node.args["to"])
        ),
        exp.Upper: _case("_upper"),
    },
    functions={"lengthb": "_lengthb"},
    macros=_MACROS,
)

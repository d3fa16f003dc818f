"""Functions of texts and regular expressions.

Source: Trino's documentation, "String functions" and "Regular expression functions".
"""

import re

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.athena.casts import is_number, name_of
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError


def _concat(node: exp.Concat) -> exp.Expr:
    if any(kind(one) == "array" for one in node.expressions):
        return call("list_concat", *node.expressions)
    first, *others = node.expressions
    joined = first
    for one in others:
        if _is_no_text(joined) or _is_no_text(one):
            names = name_of(joined), name_of(one)
            raise QueryError("mismatch", left=names[0], right=names[1], operator="||")
        joined = typed(exp.DPipe(this=joined, expression=one), "TEXT")
    return typed(exp.paren(joined), "TEXT")


def _is_no_text(node: exp.Expr) -> bool:
    return is_number(node) or kind(node) in ("date", "instant", "truth")


def _pipe(node: exp.DPipe) -> exp.Expr:
    return _concat(exp.Concat(expressions=[node.this, node.expression]))


def _substring(node: exp.Substring) -> exp.Expr:
    start, length = node.args["start"], node.args.get("length")
    if length is None:
        return call("_trino_substring", node.this, start, type_="TEXT")
    return call("_trino_part", node.this, start, length, type_="TEXT")


def _split(node: exp.Split) -> exp.Expr:
    if (limit := node.args.get("limit")) is None:
        return call("string_split", node.this, node.expression, type_="VARCHAR[]")
    return call("_trino_split", node.this, node.expression, limit, type_="VARCHAR[]")


def _split_part(node: exp.SplitPart) -> exp.Expr:
    parts = node.args["delimiter"], node.args["part_index"]
    return call("_trino_split_part", node.this, *parts, type_="TEXT")


def _upper(node: exp.Upper) -> exp.Expr:
    """A sharp s is SS in upper case."""
    upper = exp.Upper(this=node.this)
    return call("replace", upper, exp.Literal.string("ẞ"), exp.Literal.string("SS"), type_="TEXT")


def _regexp_extract(node: exp.RegexpExtract) -> exp.Expr:
    group = node.args.get("group") or exp.Literal.number(0)
    return call("_trino_regexp_extract", node.this, node.expression, group, type_="TEXT")


def _regexp_replace(node: exp.RegexpReplace) -> exp.Expr:
    replacement = node.args.get("replacement") or exp.Literal.string("")
    if isinstance(replacement, exp.Lambda):
        raise QueryError("function", name="regexp_replace")
    if isinstance(replacement, exp.Literal):
        backward = re.sub(r"\$(\d)", r"\\\1", replacement.name.replace("\\", "\\\\"))
        replacement = exp.Literal.string(backward)
    flags = exp.Literal.string("g")
    return call("regexp_replace", node.this, node.expression, replacement, flags, type_="TEXT")


def _repeat(node: exp.Repeat) -> exp.Expr:
    """The function repeats an element: its result is an array."""
    return call("_trino_repeat", node.this, node.args["times"])


def _type_name(node: exp.Typeof) -> exp.Expr:
    if kind(node.this) == "unknown":
        raise QueryError("function", name="typeof")
    return exp.Literal.string(name_of(node.this))


def _pad(node: exp.Pad) -> exp.Expr:
    fill = node.args.get("fill_pattern") or exp.Literal.string(" ")
    name = "lpad" if node.args.get("is_left") else "rpad"
    return call(name, node.this, cast_to(node.expression, "INTEGER"), fill, type_="TEXT")


RULES = Rules(
    nodes={
        exp.Concat: _concat,
        exp.DPipe: _pipe,
        exp.Substring: _substring,
        exp.Split: _split,
        exp.SplitPart: _split_part,
        exp.Upper: _upper,
        exp.RegexpExtract: _regexp_extract,
        exp.RegexpReplace: _regexp_replace,
        exp.Repeat: _repeat,
        exp.Pad: _pad,
        exp.Typeof: _type_name,
        exp.Normalize: lambda node: call("nfc_normalize", node.this, type_="TEXT"),
    },
    functions={
        "codepoint": lambda node: call("unicode", *node.expressions, type_="INT"),
    },
    types={
        **dict.fromkeys((exp.Split, exp.RegexpSplit), annotated("VARCHAR[]")),
        **dict.fromkeys(
            (exp.SplitPart, exp.RegexpExtract, exp.RegexpReplace, exp.Pad), annotated("TEXT")
        ),
        exp.DPipe: annotated("TEXT"),
    },
    macros=(
        "CREATE MACRO _trino_substring(x, p) AS CASE WHEN p = 0 OR p < -length(x) THEN ''"
        " ELSE substring(x, p) END",
        "CREATE MACRO _trino_part(x, p, n) AS CASE WHEN n <= 0 THEN ''"
        " ELSE left(_trino_substring(x, p), n) END",
        "CREATE MACRO _trino_split(x, d, n) AS CASE WHEN len(string_split(x, d)) <= n"
        " THEN string_split(x, d) ELSE list_append(string_split(x, d)[:n - 1],"
        " array_to_string(string_split(x, d)[n:], d)) END",
        "CREATE MACRO _trino_split_part(x, d, n) AS CASE WHEN n > 0 THEN string_split(x, d)[n]"
        " ELSE error('Index must be greater than zero') END",
        "CREATE MACRO _trino_regexp_extract(x, p, g) AS CASE WHEN regexp_matches(x, p)"
        " THEN regexp_extract(x, p, g) END",
        "CREATE MACRO _trino_repeat(x, n) AS list_transform(range(CAST(n AS BIGINT)), lambda i: x)",
    ),
)

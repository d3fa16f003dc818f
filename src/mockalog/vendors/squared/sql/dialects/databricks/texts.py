"""Functions of texts and regular expressions.

Source: Databricks' SQL reference, "String and binary functions", and Spark 4.3, measured.
"""

import re
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.casts import text
from mockalog.vendors.squared.sql.dialects.kinds import annotated, cast_to, kind, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError


def _subject(node: exp.Expr) -> exp.Expr:
    node.set("this", text(node.this))
    return node


def _concat(node: exp.Concat) -> exp.Expr:
    if any(kind(one) == "array" for one in node.expressions):
        return call("list_concat", *node.expressions)
    first, *others = [text(one) for one in node.expressions]
    joined: exp.Expr = first
    for one in others:
        joined = exp.DPipe(this=joined, expression=one)
    return typed(exp.paren(joined), "TEXT")


def _pipe(node: exp.DPipe) -> exp.Expr:
    return _concat(exp.Concat(expressions=[node.this, node.expression]))


def _concat_ws(node: exp.ConcatWs) -> exp.Expr:
    separator, *values = node.expressions
    flat = [
        call("array_to_string", one, separator.copy()) if kind(one) == "array" else text(one)
        for one in values
    ]
    return call("concat_ws", separator, *flat, type_="TEXT")


def _upper(node: exp.Upper) -> exp.Expr:
    """A sharp s is SS in upper case."""
    upper = exp.Upper(this=text(node.this))
    return call("replace", upper, exp.Literal.string("ẞ"), exp.Literal.string("SS"), type_="TEXT")


def _substring(node: exp.Substring) -> exp.Expr:
    parts = [one for one in (node.args.get("start"), node.args.get("length")) if one is not None]
    name = "_spark_substring" if len(parts) == 1 else "_spark_part"
    return call(name, text(node.this), *(cast_to(one, "BIGINT") for one in parts), type_="TEXT")


def _substring_index(node: exp.SubstringIndex) -> exp.Expr:
    parts = [node.args["delimiter"], cast_to(node.args["count"], "BIGINT")]
    return call("_spark_substring_index", text(node.this), *parts, type_="TEXT")


def _like(node: exp.Like | exp.ILike) -> exp.Expr:
    """The backslash escapes in a pattern."""
    node.set("this", text(node.this))
    if isinstance(node.parent, exp.Escape) or isinstance(node.expression, exp.Any | exp.All):
        return node
    pattern = node.expression
    if isinstance(pattern, exp.Literal) and "\\" not in pattern.name:
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))


def _regexp_replace(node: exp.RegexpReplace) -> exp.Expr:
    replacement = node.args.get("replacement") or exp.Literal.string("")
    if isinstance(replacement, exp.Literal):
        backward = re.sub(r"\$(\d)", r"\\\1", replacement.name.replace("\\", "\\\\"))
        replacement = exp.Literal.string(backward)
    flags = exp.Literal.string("g")
    return call(
        "regexp_replace", text(node.this), node.expression, replacement, flags, type_="TEXT"
    )


def _regexp_extract(node: exp.RegexpExtract) -> exp.Expr:
    group = node.args.get("group") or exp.Literal.number(1)
    return call("regexp_extract", text(node.this), node.expression, group, type_="TEXT")


def _regexp_substring(node: exp.RegexpSubstr) -> exp.Expr:
    return call("_spark_regexp_substring", text(node.this), node.expression, type_="TEXT")


def _regexp_position(node: exp.RegexpInstr) -> exp.Expr:
    return call("_spark_regexp_position", text(node.this), node.expression, type_="INT")


def _split(node: exp.RegexpSplit) -> exp.Expr:
    limit = node.args.get("limit")
    if limit is None or limit.sql().startswith("-") or limit.name == "0":
        return call("str_split_regex", text(node.this), node.expression, type_="VARCHAR[]")
    if not isinstance(node.expression, exp.Literal) or re.search(
        r"[\\.*+?()\[\]{}|^$]", node.expression.name
    ):
        raise QueryError("function", name="split")
    return call("_spark_split", text(node.this), node.expression, limit, type_="VARCHAR[]")


def _initcap(node: exp.Initcap) -> exp.Expr:
    return call("_spark_initcap", text(node.this), type_="TEXT")


def _of_text(name: str, type_: str) -> Any:
    """Return a rule: a function whose first argument is a text."""

    def rule(node: exp.Anonymous) -> exp.Expr:
        first, *others = node.expressions
        return call(name, text(first), *others, type_=type_)

    return rule


def _elt(node: exp.Elt) -> exp.Expr:
    ifs = [
        exp.If(
            this=exp.EQ(this=node.this.copy(), expression=exp.Literal.number(at)), true=text(one)
        )
        for at, one in enumerate(node.expressions, 1)
    ]
    return exp.Case(ifs=ifs)


def _overlay(node: exp.Overlay) -> exp.Expr:
    parts = [node.this, node.expression, node.args["from_"]]
    if (size := node.args.get("for_")) is not None:
        parts.append(size)
    return call("_spark_overlay" if len(parts) == 3 else "_spark_overlay_for", *parts, type_="TEXT")


def _type_name(node: exp.Typeof) -> exp.Expr:
    return call("_spark_typeof", node.this, type_="TEXT")


def _default_pad(node: exp.Pad) -> exp.Expr:
    fill = node.args.get("fill_pattern") or exp.Literal.string(" ")
    name = "lpad" if node.args.get("is_left") else "rpad"
    return call(name, text(node.this), cast_to(node.expression, "INTEGER"), fill, type_="TEXT")


RULES = Rules(
    nodes={
        exp.Concat: _concat,
        exp.DPipe: _pipe,
        exp.ConcatWs: _concat_ws,
        exp.Upper: _upper,
        exp.Substring: _substring,
        exp.SubstringIndex: _substring_index,
        exp.Like: _like,
        exp.ILike: _like,
        exp.RegexpReplace: _regexp_replace,
        exp.RegexpExtract: _regexp_extract,
        exp.RegexpSubstr: _regexp_substring,
        exp.RegexpInstr: _regexp_position,
        exp.RegexpSplit: _split,
        exp.Initcap: _initcap,
        exp.Elt: _elt,
        exp.Overlay: _overlay,
        exp.Pad: _default_pad,
        exp.Typeof: _type_name,
        **dict.fromkeys(
            (exp.Lower, exp.Length, exp.Left, exp.Right, exp.Trim, exp.MD5, exp.Ascii, exp.Repeat),
            _subject,
        ),
    },
    functions={
        "btrim": _of_text("trim", "TEXT"),
        "find_in_set": _of_text("_spark_find_in_set", "INT"),
        "octet_length": _of_text("strlen", "INT"),
        "to_varchar": lambda _: _refuse("to_varchar"),
    },
    types={
        exp.RegexpSplit: annotated("VARCHAR[]"),
        exp.Concat: lambda annotator, node: _annotate_concat(annotator, node),
        **dict.fromkeys(
            (exp.RegexpReplace, exp.RegexpExtract, exp.RegexpSubstr, exp.Pad), annotated("TEXT")
        ),
    },
    function_types={"btrim": "TEXT", "find_in_set": "INT", "octet_length": "INT"},
    macros=(
        "CREATE MACRO _spark_substring(x, p) AS substring(x, CASE WHEN p = 0 THEN 1 ELSE p END)",
        "CREATE MACRO _spark_part(x, p, n) AS CASE WHEN n <= 0 THEN ''"
        " ELSE substring(x, CASE WHEN p = 0 THEN 1 ELSE p END, n) END",
        "CREATE MACRO _spark_substring_index(x, d, n) AS CASE WHEN d = '' OR n = 0 THEN ''"
        " WHEN n > 0 THEN array_to_string(string_split(x, d)[:n], d)"
        " ELSE array_to_string(string_split(x, d)[n:], d) END",
        "CREATE MACRO _spark_regexp_substring(x, p) AS CASE WHEN regexp_matches(x, p)"
        " THEN regexp_extract(x, p) END",
        "CREATE MACRO _spark_regexp_position(x, p) AS CASE WHEN regexp_matches(x, p)"
        " THEN length(regexp_extract(x, '(?s)^(.*?)(?:' || p || ')', 1)) + 1 ELSE 0 END",
        "CREATE MACRO _spark_split(x, d, n) AS CASE WHEN len(string_split(x, d)) <= n"
        " THEN string_split(x, d) ELSE list_append(string_split(x, d)[:n - 1],"
        " array_to_string(string_split(x, d)[n:], d)) END",
        "CREATE MACRO _spark_initcap(x) AS array_to_string(list_transform("
        "string_split(lower(x), ' '), lambda w: upper(left(w, 1)) || substr(w, 2)), ' ')",
        "CREATE MACRO _spark_find_in_set(x, s) AS CASE WHEN x IS NULL OR s IS NULL THEN NULL"
        " ELSE coalesce(list_position(string_split(s, ','), x), 0) END",
        "CREATE MACRO _spark_overlay(x, y, p) AS"
        " left(x, p - 1) || y || substring(x, p + length(y))",
        "CREATE MACRO _spark_overlay_for(x, y, p, n) AS left(x, p - 1) || y || substring(x, p + n)",
        "CREATE MACRO _spark_plain_type(t) AS CASE t WHEN 'INTEGER' THEN 'int'"
        " WHEN 'VARCHAR' THEN 'string' WHEN 'HUGEINT' THEN 'bigint' ELSE lower(t) END",
        "CREATE MACRO _spark_typeof(x) AS CASE WHEN typeof(x) LIKE '%[]'"
        " THEN 'array<' || _spark_plain_type(left(typeof(x), length(typeof(x)) - 2)) || '>'"
        " ELSE _spark_plain_type(typeof(x)) END",
    ),
)


# Any: sqlglot's annotator of types.
def _annotate_concat(annotator: Any, node: exp.Concat) -> exp.Expr:
    arrays = [one for one in node.expressions if kind(one) == "array"]
    annotator._set_type(node, arrays[0].type if arrays else exp.DType.TEXT)
    return node


def _refuse(name: str) -> exp.Expr:
    raise QueryError("function", name=name)

"""Regular expressions: without case, except for binary texts.

Source: MariaDB's Knowledge Base, "Regular Expressions Functions".
"""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import annotated
from mockalog.vendors.squared.sql.dialects.mariadb.kinds import kind, text
from mockalog.vendors.squared.sql.dialects.rules import Rules, call


def _flags(*nodes: exp.Expr, more: str = "") -> exp.Expr:
    is_binary = any(kind(node) == "binary" for node in nodes)
    return exp.Literal.string(("c" if is_binary else "i") + more)


def _matches(node: exp.RegexpLike) -> exp.Expr:
    parts = (node.this, node.expression)
    return call("regexp_matches", *(text(one) for one in parts), _flags(*parts), type_="BOOLEAN")


def _replace(node: exp.RegexpReplace) -> exp.Expr:
    value, pattern = node.this, node.expression
    replacement = node.args.get("replacement") or exp.Literal.string("")
    parts = [text(one) for one in (value, pattern, replacement)]
    return call("regexp_replace", *parts, _flags(value, pattern, more="g"), type_="TEXT")


def _substring(node: exp.RegexpSubstr) -> exp.Expr:
    parts = (node.this, node.expression)
    zero = exp.Literal.number(0)
    return call("regexp_extract", *(text(one) for one in parts), zero, _flags(*parts), type_="TEXT")


def _position(node: Any) -> exp.Expr:
    parts = (node.this, node.expression)
    return call(
        "_my_regexp_position", *(text(one) for one in parts), _flags(*parts), type_="BIGINT"
    )


RULES = Rules(
    nodes={
        exp.RegexpLike: _matches,
        exp.RegexpReplace: _replace,
        exp.RegexpSubstr: _substring,
        exp.RegexpInstr: _position,
    },
    types={
        exp.RegexpReplace: annotated("TEXT"),
        exp.RegexpSubstr: annotated("TEXT"),
        exp.RegexpInstr: annotated("BIGINT"),
    },
    macros=(
        "CREATE MACRO _my_regexp_position(x, p, f) AS CASE WHEN regexp_matches(x, p, f)"
        " THEN length(regexp_extract(x, '(?s)^(.*?)(?:' || p || ')', 1, f)) + 1 ELSE 0 END",
    ),
)

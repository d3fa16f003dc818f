"""Redshift: PostgreSQL's ground, with functions of its own (Database Developer Guide)."""

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.redshift import Redshift
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.parsers.redshift import RedshiftParser

from mockalog.vendors.squared.sql.dialects.postgres.functions import (
    formats,
    number_formats,
    regexes,
    texts,
)
from mockalog.vendors.squared.sql.dialects.postgres.types import clauses
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import name_of, typed
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, is_type, text


class Reader(Redshift):
    """sqlglot's Redshift, which leaves formats to PostgreSQL's rules."""

    Tokenizer = Redshift.Tokenizer

    class Parser(RedshiftParser):
        """Reads `to_char` and its like as plain calls."""

        FUNCTIONS: ClassVar[dict[Any, Any]] = {
            name: build
            for name, build in RedshiftParser.FUNCTIONS.items()
            if name not in ("TO_CHAR", "TO_DATE", "TO_TIMESTAMP", "TRUNC")
        }


def _annotate(tree: exp.Query) -> exp.Query:
    """Give each node its type, and check which columns have groups."""
    for scope in traverse_scope(tree):
        clauses.check_groups(scope.expression)
    # GETDATE and SYSDATE have no time zone.
    for now in list(tree.find_all(exp.CurrentTimestamp)):
        now.replace(exp.Localtimestamp())
    for node in tree.walk():
        typed(node, name_of(node.type))
    return tree


def _concat(node: exp.Concat) -> exp.Expr:
    """Join texts; a null gives null (CONCAT)."""
    joined, *rest = node.expressions
    for one in rest:
        joined = exp.DPipe(this=joined, expression=one)
    return exp.Paren(this=joined)


def _replace(node: exp.RegexpReplace) -> exp.Expr:
    """Replace all that a pattern finds (REGEXP_REPLACE)."""
    new = node.args.get("replacement") or text("")
    return call("regexp_replace", node.this, node.expression, new, text("gs"))


def _average(node: exp.Avg) -> exp.Expr:
    """An average of integers is one: "BIGINT for any integer type argument" (AVG)."""
    if not is_type(node.this, *exp.DataType.INTEGER_TYPES) or node.meta.get("done"):
        return node
    if isinstance(node.parent, exp.Window | exp.Filter):
        return node
    inner = node.copy()
    inner.meta["done"] = True
    return exp.cast(call("trunc", inner), "BIGINT")


def _truncate(node: exp.Anonymous) -> exp.Expr:
    """Return the date of a timestamp, or a number with fewer places."""
    value, *places = node.expressions
    if is_type(value, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ):
        return exp.cast(value, "DATE")
    return call("trunc", value, *places)


def _element(node: exp.Anonymous) -> exp.Expr:
    """Return an element of an array in a JSON text."""
    value, at = node.expressions
    path = exp.DPipe(this=text("$["), expression=exp.cast(at, "TEXT"))
    return call("json_extract_string", value, exp.DPipe(this=path, expression=text("]")))


def _percentile(node: exp.WithinGroup) -> exp.Expr:
    """Interpolate numbers of any scale."""
    inner: Any = node.this
    [ordered] = node.expression.expressions
    if not isinstance(inner, exp.PercentileCont) or ordered.args.get("desc"):
        return node
    return call("quantile_cont", exp.cast(ordered.this, "DOUBLE"), inner.this)


def _median(node: exp.Median) -> exp.Expr:
    return call("quantile_cont", exp.cast(node.this, "DOUBLE"), exp.Literal.number("0.5"))


RULES = Rules(
    trees=(_annotate,),
    nodes={
        exp.Avg: _average,
        exp.Concat: _concat,
        exp.RegexpReplace: _replace,
        exp.Median: _median,
        exp.WithinGroup: _percentile,
        exp.Like: texts.NODES[exp.Like],
        exp.Substring: texts.NODES[exp.Substring],
        exp.RegexpLike: regexes.NODES[exp.RegexpLike],
        exp.RegexpILike: regexes.NODES[exp.RegexpILike],
        exp.SimilarTo: regexes.NODES[exp.SimilarTo],
    },
    functions={
        **formats.FUNCTIONS,
        "func_sha1": "sha1",
        "is_valid_json": "json_valid",
        "json_extract_array_element_text": _element,
        "initcap": "_pg_initcap",
        "octet_length": "_pg_octets",
        "replicate": "repeat",
        "trunc": _truncate,
    },
    macros=(*formats.MACROS, *number_formats.MACROS, *texts.MACROS, *regexes.MACROS),
)

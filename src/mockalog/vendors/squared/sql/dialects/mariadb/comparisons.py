"""Comparisons: two values are compared as numbers, instants or texts, by their kinds.

Texts are compared without case, accents and blanks at their ends (utf8mb4_general_ci).
Source: MariaDB's Knowledge Base, "Type Conversion", and a MariaDB 10.11, measured.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.kinds import (
    NUMBERS,
    Kind,
    instant,
    kind,
    number,
    text,
    truth,
)
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_INSTANTS: tuple[Kind, ...] = ("date", "instant")
_TEXTS: tuple[Kind, ...] = ("text", "json", "binary")


def comparable(left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Return two values of the kind as which MariaDB compares them."""
    kinds = {kind(left), kind(right)}
    if kinds & {"binary", "json"} and kinds <= {"binary", "text", "json"}:
        left, right = _plain(left), _plain(right)
        return call("encode", text(left)), call("encode", text(right))
    if kinds <= {"null", "unknown"} or "null" in kinds:
        return left, right
    if kinds & set(NUMBERS) and kinds - {"unknown"}:
        return _numbers(left, right)
    if kinds & set(_INSTANTS):
        return instant(left), instant(right)
    if kinds <= set(_TEXTS):
        return _trimmed(left), _trimmed(right)
    return left, right


def _numbers(left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    unknown = [one for one in (left, right) if kind(one) == "unknown"]
    # DuckDB knows the type of a value that sqlglot does not know, and it is a number most often.
    return (left, right) if unknown else (number(left), number(right))


def _plain(node: exp.Expr) -> exp.Expr:
    """A JSON text is compared without its quotes."""
    return call("_my_unquote", node, type_="TEXT") if kind(node) == "json" else node


def _trimmed(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Literal):
        return exp.Literal.string(node.name.rstrip(" "))
    return call("rtrim", node, exp.Literal.string(" "), type_="TEXT")


def _compare(node: exp.Binary) -> exp.Expr:
    if isinstance(node.this, exp.Tuple) or isinstance(node.expression, exp.Tuple):
        return node
    if node.find_ancestor(exp.Query) is None or isinstance(node.expression, exp.All | exp.Any):
        return node
    left, right = comparable(node.this, node.expression)
    node.set("this", left)
    node.set("expression", right)
    return node


def _between(node: exp.Between) -> exp.Expr:
    value, low = comparable(node.this.copy(), node.args["low"])
    other, high = comparable(node.this.copy(), node.args["high"])
    at_least = exp.GTE(this=value, expression=low)
    return exp.paren(exp.and_(at_least, exp.LTE(this=other, expression=high), copy=False))


def _in(node: exp.In) -> exp.Expr:
    values: Sequence[exp.Expr] = node.expressions
    if not values and node.args.get("query") is None:
        raise QueryError("syntax", name=")")
    if not values or isinstance(node.this, exp.Tuple):
        return node
    pairs = [comparable(node.this.copy(), value) for value in values]
    if len({pair[0].sql("duckdb") for pair in pairs}) == 1:
        node.set("this", pairs[0][0])
        node.set("expressions", [pair[1] for pair in pairs])
        return node
    equals = [exp.EQ(this=left, expression=right) for left, right in pairs]
    return exp.paren(exp.or_(*equals, copy=False))


def _like(node: exp.Like) -> exp.Expr:
    """A pattern ignores case and accents, and the backslash escapes."""
    left, right = node.this, node.expression
    if "binary" in (kind(left), kind(right)):
        parts = [call("_my_plain", text(one)) for one in (left, right)]
    else:
        parts = [call("_my_fold", text(one)) for one in (left, right)]
    like = exp.Like(this=parts[0], expression=parts[1], negate=node.args.get("negate"))
    return exp.Escape(this=like, expression=exp.Literal.string("\\"))


def _escape(node: Any) -> Any:
    """The escape of a pattern replaces the backslash."""
    node.this.set("expression", node.expression)
    return node.this


def _conditions(node: exp.Expr) -> exp.Expr:
    """Both sides of AND, OR and XOR are conditions."""
    node.set("this", truth(node.this))
    node.set("expression", truth(node.expression))
    return node


def _condition(node: exp.Expr) -> exp.Expr:
    node.set("this", truth(node.this))
    return node


def _is(node: exp.Is) -> exp.Expr:
    if isinstance(node.expression, exp.Boolean):
        node.set("this", truth(node.this))
    return node


def _join(node: exp.Join) -> exp.Expr:
    if node.args.get("on") is not None:
        node.set("on", truth(node.args["on"]))
    return node


def _if(node: exp.If) -> exp.Expr:
    if isinstance(node.parent, exp.Case):
        return node
    branches = unified([node.args["true"], node.args.get("false") or exp.null()])
    return exp.If(this=truth(node.this), true=branches[0], false=branches[1])


def _case(node: exp.Case) -> exp.Expr:
    """A simple CASE becomes a searched one, and its branches get one kind."""
    ifs = node.args["ifs"]
    default = node.args.get("default") or exp.null()
    values = unified([*(one.args["true"] for one in ifs), default])
    changed = [
        exp.If(this=_branch(node.this, one.this), true=value)
        for one, value in zip(ifs, values, strict=False)
    ]
    return exp.Case(ifs=changed, default=values[-1])


def _branch(operand: exp.Expr | None, condition: exp.Expr) -> exp.Expr:
    if operand is None:
        return truth(condition)
    left, right = comparable(operand.copy(), condition)
    return exp.EQ(this=left, expression=right)


def unified(values: Sequence[exp.Expr]) -> Sequence[exp.Expr]:
    """Return values of one kind: a number among texts is a text."""
    kinds = {kind(value) for value in values} - {"null", "unknown"}
    if len(kinds) > 1 and kinds <= set(NUMBERS):
        return [number(value) for value in values]
    if len(kinds) > 1 and not kinds <= set(_INSTANTS):
        return [text(value) for value in values]
    return values


def _coalesce(node: exp.Coalesce) -> exp.Expr:
    first, *others = unified([node.this, *node.expressions])
    return exp.Coalesce(this=first, expressions=others)


def _nvl2(node: exp.Nvl2) -> exp.Expr:
    values = unified([node.args["true"], node.args["false"]])
    is_null = exp.Is(this=node.this, expression=exp.null())
    return exp.If(this=is_null, true=values[1], false=values[0])


def _nullif(node: exp.Nullif) -> exp.Expr:
    left, right = comparable(node.this.copy(), node.expression)
    return exp.If(this=exp.EQ(this=left, expression=right), true=exp.null(), false=node.this.copy())


def _extreme(node: Any) -> exp.Expr:
    """GREATEST and LEAST compare numbers and texts as numbers; a null makes them null."""
    values = [node.this, *node.expressions]
    kinds = {kind(value) for value in values} - {"null", "unknown"}
    if kinds & set(NUMBERS) and kinds & set(_TEXTS):
        values = [number(value) for value in values]
    nulls: list[exp.Expr] = [exp.Is(this=value.copy(), expression=exp.null()) for value in values]
    some = reduce(lambda a, b: exp.Or(this=a, expression=b), nulls)
    name = "greatest" if isinstance(node, exp.Greatest) else "least"
    if kinds <= set(_TEXTS):  # DuckDB's own compare texts with case
        value = reduce(lambda a, b: call(f"_my_{name}", a, b), values)
    else:
        value = call(name, *values)
    return exp.If(this=some, true=exp.null(), false=value)


# Any: sqlglot's annotator of types.
def _annotate_choice(annotator: Any, node: exp.Expr) -> exp.Expr:
    """The type of a value that one of several gives."""
    values = _choices(node)
    kinds = {kind(value) for value in values} - {"null"}
    known = [value.type for value in values if kind(value) in kinds]
    if len(kinds) == 1 or kinds <= {"date", "instant"}:
        annotator._set_type(node, known[-1] if known else exp.DType.UNKNOWN)
    elif "unknown" in kinds:
        annotator._set_type(node, exp.DType.UNKNOWN)
    elif kinds <= {"integer", "truth"}:
        annotator._set_type(node, exp.DType.BIGINT)
    else:
        annotator._set_type(node, exp.DType.DOUBLE if kinds <= set(NUMBERS) else exp.DType.TEXT)
    return node


def _choices(node: exp.Expr) -> Sequence[exp.Expr]:
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return [*(one.args["true"] for one in node.args["ifs"]), *([default] if default else [])]
    if isinstance(node, exp.If | exp.Nvl2):
        return [node.args[key] for key in ("true", "false") if node.args.get(key) is not None]
    return [node.this, *node.expressions]


_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ)
RULES = Rules(
    nodes={
        **dict.fromkeys(_COMPARISONS, _compare),
        **dict.fromkeys((exp.And, exp.Or, exp.Xor), _conditions),
        **dict.fromkeys((exp.Where, exp.Having, exp.Not), _condition),
        **dict.fromkeys((exp.Greatest, exp.Least), _extreme),
        exp.Between: _between,
        exp.In: _in,
        exp.Like: _like,
        exp.Escape: _escape,
        exp.Is: _is,
        exp.Join: _join,
        exp.If: _if,
        exp.Case: _case,
        exp.Coalesce: _coalesce,
        exp.Nvl2: _nvl2,
        exp.Nullif: _nullif,
    },
    types=dict.fromkeys((exp.Case, exp.If, exp.Nvl2, exp.Coalesce), _annotate_choice),
    macros=(
        "CREATE MACRO _my_fold(x) AS strip_accents(lower(x))",
        "CREATE MACRO _my_greatest(a, b) AS CASE WHEN a >= b THEN a ELSE b END",
        "CREATE MACRO _my_least(a, b) AS CASE WHEN a <= b THEN a ELSE b END",
        "CREATE MACRO _my_plain(x) AS CAST(x AS VARCHAR) COLLATE C",
        "CREATE MACRO _my_unquote(x) AS x ->> '$'",
    ),
)

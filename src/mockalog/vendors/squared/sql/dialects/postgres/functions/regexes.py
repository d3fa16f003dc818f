"""Regular expressions (manual, 9.7): RE2 reads them, with PostgreSQL's words and modes."""

import re
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_ESCAPES = {"\\y": "\\b", "\\m": "\\b", "\\M": "\\b", "\\Y": "\\B", "\\Z": "\\z"}
_GROUP = re.compile(r"(?<!\\)\((?!\?)")

MACROS = (
    "CREATE MACRO _pg_first_match(x, p) AS CASE WHEN regexp_matches(x, p, 's')"
    " THEN regexp_extract(x, p, 0, 's') END",
    "CREATE MACRO _pg_each_alone(x) AS list_transform(x, lambda _m: [_m])",
)


def _pattern(node: Any) -> Any:
    """Return a pattern as RE2 reads it."""
    if not isinstance(node, exp.Literal):
        return node
    return text(re.sub(r"\\.", lambda found: _ESCAPES.get(found[0], found[0]), node.name))


def _checked(pattern: Any) -> str:
    if not isinstance(pattern, exp.Literal):
        raise QueryError("other", name="a pattern that is no literal is not supported")
    return str(_pattern(pattern).name)


def _flags(nodes: list[Any]) -> str:
    """Return DuckDB's options: without n, a dot is also the end of a line."""
    given = str(nodes[0].name) if nodes else ""
    if set(given) - set("gics") or (nodes and not isinstance(nodes[0], exp.Literal)):
        raise QueryError(
            "other", name=f'the regular expression options "{given}" are not supported'
        )
    return "s" + ("i" if "i" in given else "") + ("g" if "g" in given else "")


def _like(node: exp.RegexpLike) -> exp.Expr:
    options = "s" if type(node) is exp.RegexpLike else "si"
    return _matches(node.this, node.expression, options)


def _matches(value: Any, pattern: Any, options: str) -> exp.Expr:
    return typed(call("regexp_matches", value, _pattern(pattern), text(options)), "bool")  # type: ignore[no-any-return]


def _replace(node: exp.Anonymous) -> exp.Expr:
    value, pattern, new, *flags = node.expressions
    if isinstance(new, exp.Literal):
        new = text(new.name.replace("\\&", "\\0"))
    if len(flags) > 1:
        raise QueryError("other", name="this form of regexp_replace is not supported")
    return call("regexp_replace", value, _pattern(pattern), new, text(_flags(flags)))


def _groups(value: Any, pattern: str, options: str) -> exp.Expr:
    """Return the array of a match: its groups, or the whole."""
    count = len(_GROUP.findall(pattern))
    numbers = range(1, count + 1) if count else range(1)
    return exp.Array(
        expressions=[
            call("regexp_extract", value.copy(), text(pattern), exp.Literal.number(one),
                 text(options))
            for one in numbers
        ]
    )  # fmt: skip


def _match(node: exp.Anonymous) -> exp.Expr:
    value, given, *flags = node.expressions
    pattern, options = _checked(given), _flags(flags)
    found = _matches(value.copy(), text(pattern), options)
    return exp.Case(ifs=[exp.If(this=found, true=_groups(value, pattern, options))])


def _all_matches(node: exp.Anonymous) -> exp.Expr:
    value, given, *flags = node.expressions
    pattern, options = _checked(given), _flags(flags)
    if "g" not in options:
        found = _matches(value.copy(), text(pattern), options)
        rows = exp.Array(expressions=[_groups(value, pattern, options)])
        return call("unnest", exp.Case(ifs=[exp.If(this=found, true=rows)]))
    options = options.replace("g", "")
    if len(_GROUP.findall(pattern)) > 1:
        raise QueryError("other", name="regexp_matches of all matches of groups is not supported")
    number = exp.Literal.number(min(1, len(_GROUP.findall(pattern))))
    found = call("regexp_extract_all", value, text(pattern), number, text(options))
    return call("unnest", call("_pg_each_alone", found))


def _split(node: exp.Anonymous) -> exp.Expr:
    value, pattern, *flags = node.expressions
    parts = call("regexp_split_to_array", value, _pattern(pattern), text(_flags(flags)))
    return call("unnest", parts) if node.name.lower().endswith("table") else parts


def _substr(node: exp.Anonymous) -> exp.Expr:
    value, pattern = node.expressions
    return call("_pg_first_match", value, _pattern(pattern))


def _count(node: exp.Anonymous) -> exp.Expr:
    value, pattern = node.expressions
    return call("length", call("regexp_extract_all", value, _pattern(pattern)))


def _is_like(node: exp.Anonymous) -> exp.Expr:
    value, pattern, *flags = node.expressions
    return _matches(value, pattern, _flags(flags))


def _position(node: exp.Anonymous) -> exp.Expr:
    value, pattern = node.expressions
    given = _checked(pattern)
    before = call("regexp_extract", value.copy(), text(f"^(.*?)(?:{given})"),
                  exp.Literal.number(1), text("s"))  # fmt: skip
    at = exp.Add(this=call("length", before), expression=exp.Literal.number(1))
    found = _matches(value, text(given), "s")
    return exp.Case(ifs=[exp.If(this=found, true=at)], default=exp.Literal.number(0))


# Any: any kind of node.
def first_match(given: Sequence[Any]) -> exp.Expr:
    """Return the first group of a match, or the whole match."""
    value, pattern = given[:2]
    if len(given) > 2:
        raise QueryError("other", name="substring with an escape is not supported")
    read = _checked(pattern)
    groups = _groups(value, read, "s").expressions
    found = _matches(value.copy(), text(read), "s")
    return exp.Case(ifs=[exp.If(this=found, true=groups[0])])


def _similar(node: exp.SimilarTo) -> exp.Expr:
    """Return whether a whole text is of SQL's pattern."""
    if not isinstance(node.expression, exp.Literal):
        raise QueryError("other", name="a pattern that is no literal is not supported")
    read, escaped = "", False
    for one in node.expression.name:
        if escaped:
            read, escaped = read + re.escape(one), False
        elif one == "\\":
            escaped = True
        else:
            read += {"%": ".*", "_": ".", ".": "\\.", "^": "\\^", "$": "\\$"}.get(one, one)
    matched = call("regexp_full_match", node.this, text(f"(?:{read})"), text("s"))
    return typed(matched, "bool")  # type: ignore[no-any-return]


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {
    exp.RegexpLike: _like,
    exp.RegexpILike: _like,
    exp.SimilarTo: _similar,
}
FUNCTIONS = {
    "regexp_count": _count,
    "regexp_instr": _position,
    "regexp_like": _is_like,
    "regexp_match": _match,
    "regexp_matches": _all_matches,
    "regexp_replace": _replace,
    "regexp_split_to_array": _split,
    "regexp_split_to_table": _split,
    "regexp_substr": _substr,
}

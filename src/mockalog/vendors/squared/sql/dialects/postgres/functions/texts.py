"""Texts and bytes (manual, 9.4 and 9.5)."""

import re
from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.functions.regexes import first_match
from mockalog.vendors.squared.sql.dialects.postgres.types.casts import as_text
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_FORMAT = re.compile(r"%(?:(?P<at>\d+)\$)?(?P<left>-)?(?P<width>\d+)?(?P<kind>[sIL%])")

MACROS = (
    "CREATE MACRO _pg_substr(x, start, n) AS CASE"
    " WHEN n < 0 THEN error('negative substring length not allowed')"
    " ELSE substr(x, greatest(start, 1)::BIGINT,"
    " greatest(n + least(start, 1) - 1, 0)::BIGINT) END",
    "CREATE MACRO _pg_substr_from(x, start) AS substr(x, greatest(start, 1)::BIGINT)",
    "CREATE MACRO _pg_initcap(x) AS array_to_string(list_transform(regexp_extract_all(x,"
    " '[\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+'), lambda _w: upper(left(_w, 1))"
    " || lower(substr(_w, 2))), '')",
    # A sharp s has no upper case of one character.
    "CREATE MACRO _pg_upper(x) AS replace(upper(x), 'ẞ', 'ß')",
    "CREATE MACRO _pg_quote_ident(x) AS CASE WHEN regexp_full_match(x, '[a-z_][a-z0-9_$]*')"
    " THEN x ELSE '\"' || replace(x, '\"', '\"\"') || '\"' END",
    "CREATE MACRO _pg_quote_literal(x) AS '''' || replace(x, '''', '''''') || ''''",
    "CREATE MACRO _pg_split_part(x, d, n) AS CASE"
    " WHEN n = 0 THEN error('field position must not be zero') ELSE split_part(x, d, n) END",
    "CREATE MACRO _pg_sha256(x) AS unhex(sha256(x))",
    "CREATE MACRO _pg_to_hex(x) AS lower(to_hex(x))",
    "CREATE MACRO _pg_lpad(x, n) AS lpad(x, n, ' ')",
    "CREATE MACRO _pg_rpad(x, n) AS rpad(x, n, ' ')",
    "CREATE MACRO _pg_plain(x) AS x::VARCHAR",
    "CREATE MACRO _pg_hex(x) AS lower(hex(x))",
    "CREATE MACRO _pg_octets(x) AS strlen(x)",
)


def _substring(node: Any) -> exp.Expr:
    """Return a part of a text; it may begin before the first character."""
    parts = node.expressions if isinstance(node, exp.Anonymous) else _given(node)
    value, start, *rest = parts
    if pg(start) in ("text", "unknown"):
        return typed(first_match(parts), "text")  # type: ignore[no-any-return]
    return typed(call("_pg_substr" if rest else "_pg_substr_from", value, start, *rest), "text")  # type: ignore[no-any-return]


def _given(node: Any) -> list[Any]:
    found = [node.this, node.args.get("start"), node.args.get("length")]
    return [one for one in found if one is not None]


def _like(node: Any) -> exp.Expr:
    """Escape by a backslash, as PostgreSQL does without a word."""
    pattern = node.expression
    if isinstance(node.parent, exp.Escape) or isinstance(pattern, exp.Any):
        return node  # type: ignore[no-any-return]
    if isinstance(pattern, exp.Literal) and "\\" not in pattern.name:
        return node  # type: ignore[no-any-return]
    return exp.Escape(this=node.copy(), expression=text("\\"))


def _printed(node: Any) -> Any:
    """Return a value as its type prints it; a truth is one letter."""
    if pg(node) == "bool":
        letters = exp.Case(ifs=[exp.If(this=node.copy(), true=text("t"))])
        no = exp.If(this=exp.Not(this=exp.Paren(this=node.copy())), true=text("f"))
        letters.append("ifs", no)
        return letters
    return as_text(node)


def _concat(node: exp.Anonymous) -> exp.Expr:
    printed = map(_printed, node.expressions)
    return typed(call(node.name.lower(), *printed), "text")  # type: ignore[no-any-return]


def _join(node: exp.DPipe) -> exp.Expr:
    """Return texts, arrays or objects one after the other."""
    type_ = pg(node)
    if type_ in ("json", "jsonb"):
        return typed(call("_pg_json_concat", node.this, node.expression), "jsonb")  # type: ignore[no-any-return]
    if type_ is not None and type_.endswith("[]"):
        return typed(_lists(node), type_)  # type: ignore[no-any-return]
    for one in (node.this, node.expression):
        if pg(one) not in ("text", "unknown", None):
            one.replace(as_text(one.copy()))
    return node


def _lists(node: exp.DPipe) -> exp.Expr:
    left, right = node.this, node.expression
    if not (pg(left) or "").endswith("[]"):
        return call("list_prepend", left, right)
    if not (pg(right) or "").endswith("[]"):
        return call("list_append", left, right)
    return call("list_concat", left, right)


def _encode(node: exp.Anonymous) -> exp.Expr:
    value, format_ = node.expressions
    functions = {
        "encode": {"hex": "_pg_hex", "base64": "to_base64"},
        "decode": {"hex": "unhex", "base64": "from_base64"},
    }[node.name.lower()]
    if format_.name.lower() not in functions:
        raise QueryError("other", name=f'unrecognized encoding: "{format_.name}"')
    return call(functions[format_.name.lower()], value)


def _format(node: exp.Anonymous) -> exp.Expr:
    """Return a text with values in its places, of a format that the query writes."""
    if not isinstance(node.expressions[0], exp.Literal):
        raise QueryError("other", name="a format that is no literal is not supported")
    joined: exp.Expr = text("")
    for piece in _formatted(node.expressions[0].name, node.expressions[1:]):
        joined = exp.DPipe(this=joined, expression=piece)
    return typed(exp.Paren(this=joined), "text")  # type: ignore[no-any-return]


def _formatted(format_: str, values: list[Any]) -> Iterator[exp.Expr]:
    end, used = 0, 0
    for found in _FORMAT.finditer(format_):
        yield text(format_[end : found.start()])
        end = found.end()
        if found["kind"] == "%":
            yield text("%")
            continue
        used = int(found["at"]) if found["at"] else used + 1
        if used > len(values):
            raise QueryError("other", name="too few arguments for format()")
        yield _padded(found, _printed(values[used - 1].copy()))
    yield text(format_[end:])


def _padded(found: re.Match[str], value: Any) -> exp.Expr:
    if found["kind"] == "s":
        shown = call("coalesce", value, text(""))
    elif found["kind"] == "I":
        shown = call("_pg_quote_ident", value)
    else:
        shown = call("coalesce", call("_pg_quote_literal", value), text("NULL"))
    if not found["width"]:
        return shown
    width = call("greatest", exp.Literal.number(found["width"]), call("length", shown.copy()))
    return call("rpad" if found["left"] else "lpad", shown, exp.cast(width, "INT"), text(" "))


def _pad(node: exp.Anonymous) -> exp.Expr:
    name = node.name.lower()
    return node if len(node.expressions) > 2 else call(f"_pg_{name}", *node.expressions)


def _string_agg(node: exp.Anonymous) -> exp.Expr:
    """Return the aggregate; its separator is no part of what is distinct."""
    [*_, last] = node.expressions
    inner = last.this if isinstance(last, exp.Order) else last
    if not isinstance(inner, exp.Distinct) or len(inner.expressions) < 2:
        return node
    value, separator = inner.expressions
    by = last.expressions if isinstance(last, exp.Order) else [sorted_by(value)]
    order = exp.Order(this=separator, expressions=by)
    return call("string_agg", exp.Distinct(expressions=[value]), order)


# Any: any kind of node.
def sorted_by(value: Any) -> exp.Ordered:
    """Return the order in which PostgreSQL finds distinct values."""
    return exp.Ordered(this=value.copy(), nulls_first=False)


def _array_agg(node: exp.Anonymous) -> exp.Expr:
    [value] = node.expressions
    if not isinstance(value, exp.Distinct):
        return node
    order = exp.Order(this=value, expressions=[sorted_by(value.expressions[0])])
    return call("array_agg", order)


def _normalize(node: exp.Normalize) -> exp.Expr:
    if (node.args.get("form") or exp.var("NFC")).name.upper() != "NFC":
        raise QueryError("other", name="normalization forms besides NFC are not supported")
    return call("nfc_normalize", node.this)


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {
    exp.Substring: _substring,
    exp.Like: _like,
    exp.ILike: _like,
    exp.DPipe: _join,
    exp.Normalize: _normalize,
}
FUNCTIONS = {
    "array_agg": _array_agg,
    "btrim": "trim",
    "casefold": "lower",
    "char_length": "length",
    "character_length": "length",
    "concat": _concat,
    "concat_ws": _concat,
    "convert_from": lambda node: call("decode", node.expressions[0]),
    "convert_to": lambda node: call("encode", node.expressions[0]),
    "decode": _encode,
    "encode": _encode,
    "format": _format,
    "initcap": "_pg_initcap",
    "lpad": _pad,
    "octet_length": "_pg_octets",
    "quote_ident": "_pg_quote_ident",
    "quote_literal": "_pg_quote_literal",
    "rpad": _pad,
    "sha256": "_pg_sha256",
    "split_part": "_pg_split_part",
    "string_agg": _string_agg,
    "substr": _substring,
    "substring": _substring,
    "to_hex": "_pg_to_hex",
    "upper": "_pg_upper",
}

"""Casts: which there are, and how a value of one type becomes one of another."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import UNKNOWN, implicit, shown
from mockalog.vendors.squared.sql.dialects.postgres.types.literals import literal
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import (
    DUCKDB,
    INTEGERS,
    is_unknown,
    name_of,
    pg,
    typed,
)
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_NUMBERS = (*INTEGERS, "numeric", "float4", "float8")
# The explicit casts besides those to and from text, and those that need no word.
_EXPLICIT = {
    "int4": ("bool", "text"),
    "bool": ("int4", "text"),
    "jsonb": ("json", "bool", *_NUMBERS),
    "json": ("jsonb",),
    "timestamp": ("date", "time"),
    "timestamptz": ("date", "timestamp", "time"),
    "interval": ("time",),
}

MACROS = (
    "CREATE MACRO _pg_wrong(x, type) AS"
    " error('Could not convert string ''' || x || ''' to ' || type)",
    "CREATE MACRO _pg_integer(x, type) AS CASE WHEN x IS NULL OR regexp_full_match(x,"
    " '\\s*[+-]?[0-9]+\\s*') THEN x ELSE _pg_wrong(x, type) END",
    "CREATE MACRO _pg_number_text(x, type) AS CASE WHEN x IS NULL OR regexp_full_match(x,"
    " '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*') THEN trim(x)"
    " ELSE _pg_wrong(x, type) END",
    "CREATE MACRO _pg_boolean(x) AS CASE WHEN x IS NULL THEN NULL"
    " WHEN lower(trim(x)) IN ('t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1') THEN true"
    " WHEN lower(trim(x)) IN ('f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0')"
    " THEN false ELSE _pg_wrong(x, 'BOOLEAN') END",
)


def cast_type(node: exp.Cast) -> str | None:
    """Return the type of a cast; raises `QueryError` for one that PostgreSQL lacks."""
    wanted, given = name_of(node.to), pg(node.this)
    if wanted is None:
        name = node.to.sql("postgres").lower()
        raise QueryError("other", name=f'type "{name}" is not supported')
    inner = node.this.unnest()
    if is_unknown(node.this) and isinstance(inner, exp.Literal):
        _cast_literal(node, inner, wanted)
    elif given is not None and not _is_possible(given, wanted):
        name = f"cannot cast type {shown(given)} to {shown(wanted)}"
        raise QueryError("other", name=name)
    return wanted


def _cast_literal(node: exp.Cast, inner: exp.Literal, wanted: str) -> None:
    if wanted == "text":
        typed(inner, "text")
    else:
        value = literal(inner.name, wanted)
        value.meta.setdefault("literal", True)
        node.set("this", value)


def _is_possible(given: str, wanted: str) -> bool:
    if given.endswith("[]") and wanted.endswith("[]"):
        return _is_possible(given[:-2], wanted[:-2])
    if given in (wanted, UNKNOWN) or "text" in (given, wanted) or "record" in given:
        return True
    if implicit(given, wanted) or (given in _NUMBERS and wanted in _NUMBERS):
        return True
    return wanted in _EXPLICIT.get(given, ())


def cast(node: exp.Cast) -> exp.Expr:
    """Return the cast for DuckDB."""
    wanted, given, value = pg(node), pg(node.this), node.this
    if wanted is None or node.meta.get("done"):
        return node
    if wanted == "text":
        return _sized(node, as_text(value))
    if given == "text" and wanted in _FROM_TEXT:
        value = _FROM_TEXT[wanted](value)
    elif given == "timestamptz" and wanted == "time":
        value = exp.cast(value, "TIMESTAMP")
    elif given in ("json", "jsonb") and wanted not in ("json", "jsonb"):
        value = call("json_extract_string", value, text("$"))
    elif given in ("float4", "float8") and wanted in INTEGERS:
        value = call("round_even", value, exp.Literal.number(0))
    return _converted(node, value, wanted)


# Any: any kind of node.
def _converted(node: exp.Cast, value: Any, wanted: str) -> exp.Expr:
    sizes = node.to.expressions if node.to.this == exp.DType.DECIMAL else []
    if sizes:
        size = [one.name for one in sizes]
        to = f"DECIMAL({size[0]}, {size[1] if len(size) > 1 else 0})"
    elif wanted == "numeric":
        return _plain_numeric(node, value)
    else:
        to = _duckdb(wanted)
    converted = typed(exp.cast(value, to), wanted)
    converted.meta["done"] = True
    return converted  # type: ignore[no-any-return]


def _plain_numeric(node: exp.Cast, value: Any) -> exp.Expr:
    given = pg(node.this)
    if given == "numeric":
        return value  # type: ignore[no-any-return]
    to = "DECIMAL(38, 0)" if given in INTEGERS else DUCKDB["numeric"]
    converted = typed(exp.cast(value, to), "numeric")
    converted.meta["done"] = True
    return converted  # type: ignore[no-any-return]


def _duckdb(type_: str) -> str:
    return f"{DUCKDB[type_[:-2]]}[]" if type_.endswith("[]") else DUCKDB[type_]


def _sized(node: exp.Cast, value: Any) -> exp.Expr:
    """Return a text of at most the type's characters."""
    if node.to.expressions:
        value = call("left", value, exp.Literal.number(node.to.expressions[0].name))
    if node.to.this in (exp.DType.CHAR, exp.DType.BPCHAR, exp.DType.NCHAR):
        if isinstance(node.parent, exp.Alias) and node.to.expressions:
            size = exp.Literal.number(node.to.expressions[0].name)
            return typed(call("rpad", value, size, text(" ")), "text")  # type: ignore[no-any-return]
        value = call("rtrim", value, text(" "))
    return typed(value, "text")  # type: ignore[no-any-return]


# Any: any kind of node.
def as_text(node: Any) -> Any:
    """Return a value as the text that a cast gives."""
    type_ = pg(node)
    if type_ == "interval":
        return call("_pg_interval", node)
    if type_ in ("jsonb", "json"):
        return call("_pg_json_text" if type_ == "jsonb" else "_pg_plain", node)
    if type_ in ("float4", "float8"):
        return call("_pg_double_text", node)
    if type_ == "timestamptz":
        return call("concat", exp.cast(exp.cast(node, "TIMESTAMP"), "TEXT"), text("+00"))
    if type_ in ("text", UNKNOWN):
        return node
    converted = typed(exp.cast(node, "TEXT"), "text")
    converted.meta["done"] = True
    return converted


_FROM_TEXT: dict[str, Any] = {
    **{
        type_: lambda value, to=to: call("_pg_integer", value, text(to))
        for type_, to in (("int2", "INT16"), ("int4", "INT32"), ("int8", "INT64"))
    },
    "numeric": lambda value: call("_pg_number_text", value, text("DECIMAL")),
    "float8": lambda value: call("_pg_number_text", value, text("DOUBLE")),
    "bool": lambda value: call("_pg_boolean", value),
    "bytea": lambda value: call("encode", value),
    "json": lambda value: value,
}

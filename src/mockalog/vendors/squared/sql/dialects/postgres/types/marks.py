"""The types of PostgreSQL on the nodes of a tree."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import UNKNOWN

_MARK = "pg"

_NAMES = {
    exp.DType.BIGINT: "int8",
    exp.DType.INT: "int4",
    exp.DType.SMALLINT: "int2",
    exp.DType.DECIMAL: "numeric",
    exp.DType.DOUBLE: "float8",
    exp.DType.FLOAT: "float4",
    exp.DType.TEXT: "text",
    exp.DType.VARCHAR: "text",
    exp.DType.CHAR: "text",
    exp.DType.BPCHAR: "text",
    exp.DType.NCHAR: "text",
    exp.DType.NAME: "text",
    exp.DType.BOOLEAN: "bool",
    exp.DType.DATE: "date",
    exp.DType.TIMESTAMP: "timestamp",
    exp.DType.TIMESTAMPTZ: "timestamptz",
    exp.DType.TIME: "time",
    exp.DType.INTERVAL: "interval",
    exp.DType.JSON: "json",
    exp.DType.JSONB: "jsonb",
    exp.DType.UUID: "uuid",
    exp.DType.VARBINARY: "bytea",
}

DUCKDB = {
    "int2": "SMALLINT",
    "int4": "INT",
    "int8": "BIGINT",
    "float4": "FLOAT",
    "float8": "DOUBLE",
    "text": "TEXT",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
    "time": "TIME",
    "interval": "INTERVAL",
    "json": "JSON",
    "jsonb": "JSON",
    "uuid": "UUID",
    "bytea": "BLOB",
    "numeric": "DECIMAL(38, 10)",
}
"""DuckDB's type for each of PostgreSQL's."""

INTEGERS = ("int2", "int4", "int8")


def pg(node: exp.Expr | None) -> str | None:
    """Return the type of a node, nothing if it is not known."""
    found: str | None = node.meta.get(_MARK) if node is not None else None
    if found is None and isinstance(node, exp.Cast):
        return name_of(node.to)
    return found


# Any: any kind of node, returned as it came.
def typed(node: Any, type_: str | None) -> Any:
    """Mark a node with its type, and return it."""
    if type_ is not None:
        node.meta[_MARK] = type_
    return node


def name_of(type_: exp.DataType | None) -> str | None:
    """Return the name of a type in a query; nothing for one that the emulator does not know."""
    if type_ is None:
        return None
    if type_.this == exp.DType.ARRAY:
        inner = name_of(type_.expressions[0]) if type_.expressions else None
        return inner and f"{inner.removesuffix('[]')}[]"
    return _NAMES.get(type_.this)


def is_unknown(node: exp.Expr | None) -> bool:
    """Return whether the context gives the type of a literal."""
    return pg(node) == UNKNOWN

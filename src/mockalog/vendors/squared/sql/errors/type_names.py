"""DuckDB's types by the names that sources give them."""

from collections.abc import Mapping

from mockalog.vendors.squared.sql.sources import Source

# The kind of each type of DuckDB in its errors.
_KINDS: Mapping[str, str] = {
    "INT8": "small",
    "INT16": "small",
    "SMALLINT": "small",
    "TINYINT": "small",
    "INT32": "integer",
    "INTEGER": "integer",
    "INTEGER_LITERAL": "integer",
    "INT64": "big",
    "BIGINT": "big",
    "INT128": "big",
    "HUGEINT": "big",
    "DOUBLE": "double",
    "FLOAT": "double",
    "DECIMAL": "decimal",
    "VARCHAR": "text",
    "STRING_LITERAL": "unknown",
    "NULL": "unknown",
    "BOOL": "boolean",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "zoned",
    "TIME": "time",
    "INTERVAL": "interval",
    "JSON": "json",
}
_POSTGRES = {
    "small": "smallint",
    "big": "bigint",
    "double": "double precision",
    "decimal": "numeric",
    "timestamp": "timestamp without time zone",
    "zoned": "timestamp with time zone",
    "json": "jsonb",
}
_SPARK = {
    "small": "SMALLINT",
    "integer": "INT",
    "big": "BIGINT",
    "double": "DOUBLE",
    "decimal": "DECIMAL",
    "text": "STRING",
    "unknown": "STRING",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "zoned": "TIMESTAMP",
    "interval": "INTERVAL",
}
_GOOGLE = {
    **dict.fromkeys(("small", "integer", "big"), "int64"),
    "double": "double",
    "decimal": "numeric",
    "text": "string",
    "unknown": "string",
    "boolean": "bool",
}
_TRINO = {"text": "varchar", "unknown": "varchar", "big": "bigint", "small": "smallint"}
_ORACLE = {
    **dict.fromkeys(("small", "integer", "big", "double", "decimal"), "NUMBER"),
    "text": "CHAR",
    "unknown": "CHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
_SNOWFLAKE = {
    **dict.fromkeys(("small", "integer", "big", "double", "decimal"), "Numeric"),
    "boolean": "Boolean",
    "date": "Date",
    "timestamp": "Timestamp",
    "zoned": "Timestamp",
    "time": "Time",
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "postgres": _POSTGRES,
    "redshift": {**_POSTGRES, "integer": "Integer", "big": "Long", "decimal": "Decimal"},
    "databricks": _SPARK,
    "bigquery": _GOOGLE,
    "athena": _TRINO,
    "presto": _TRINO,
    "oracle": _ORACLE,
    "snowflake": _SNOWFLAKE,
}


def type_name(type_: str, source: Source) -> str:
    """Return the name that the source gives to a type of DuckDB."""
    if source.dialect in ("athena", "presto") and "(" in type_:
        return type_.lower()
    kind = _KINDS.get(type_.upper().partition("(")[0], type_.lower())
    return _NAMES.get(source.dialect, {}).get(kind, kind)

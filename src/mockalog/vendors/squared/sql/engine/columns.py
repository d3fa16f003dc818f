"""The types of a table's columns in DuckDB, from the declared ones and the values."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mockalog.vendors.squared.rules.connectors.source_tables import LoadedTable, Row
from mockalog.vendors.squared.sql.sources import Source

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")

# Numbers with more decimal places are binary floating-point numbers.
MAX_SCALE = 6
_DECIMAL = "DECIMAL(38,{})"

_TYPES = {"integer": "BIGINT", "boolean": "BOOLEAN", "json": "JSON", "vector": "DOUBLE[]"}


def column_types(loaded: LoadedTable, source: Source) -> Mapping[str, str]:
    """Return the DuckDB type of each column. DuckDB needs one, even if the table has none."""
    table, rows = loaded
    return {
        name: _type_of(column.type, _values(rows, name), source)
        for name, column in table.columns.items()
    } or {"_": "INTEGER"}


def _values(rows: Iterable[Row], name: str) -> list[Any]:
    return [value for row in rows if (value := row.get(name)) is not None]


def _type_of(declared: str, values: list[Any], source: Source) -> str:
    if declared == "string":
        return _text_type(values)
    if declared == "number":
        return "DOUBLE" if source.has_doubles else _number_type(values)
    if declared == "boolean" and source.booleans == "number":
        return "TINYINT"
    return _TYPES[declared]


def _text_type(values: list[Any]) -> str:
    """Return DATE or TIMESTAMP if each text is one, and prints back the same."""
    for pattern, type_ in ((_DATE, "DATE"), (_TIMESTAMP, "TIMESTAMP")):
        if values and all(_is_instant(value, pattern) for value in values):
            return type_
    return "VARCHAR"


def _is_instant(value: object, pattern: re.Pattern[str]) -> bool:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:  # such as February 30
        return False
    return True


def _number_type(values: list[Any]) -> str:
    scale = max((_scale(value) for value in values), default=0)
    return "DOUBLE" if scale > MAX_SCALE else _DECIMAL.format(max(scale, 2))


def _scale(value: float | Decimal) -> int:
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else MAX_SCALE + 1

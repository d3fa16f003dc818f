"""Values as a source's driver gives them.

PostgreSQL's texts are measured (docs/vendors/squared.md#87-query-a-source).
"""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from mockalog.vendors.squared.rules.connectors.source_tables import Row
from mockalog.vendors.squared.sql.jsonb import is_json, jsonb_text
from mockalog.vendors.squared.sql.result import Result
from mockalog.vendors.squared.sql.results.numbers import (
    double_text,
    java_text,
    plain,
)
from mockalog.vendors.squared.sql.sources import Source

_WORDS = {"t": ("t", "f"), "true": ("true", "false"), "number": (1, 0), "json": (True, False)}

# What follows an instant's text, by source.
_ZONES = {"postgres": "+00", "redshift": "+00", "athena": " UTC", "bigquery": " UTC"}


def rows_of(result: Result, source: Source) -> list[Row]:
    """Return the rows of a result as the source's driver gives them."""
    printers = [Printer(source, type_) for type_ in result.types]
    return [
        {
            name: printer.value(value)
            for name, value, printer in zip(result.names, values, printers, strict=True)
        }
        for values in result.rows
    ]


class Printer:
    """Prints the values of one column."""

    def __init__(self, source: Source, type_: str) -> None:
        self._source = source
        self._type = type_

    # Any: a value of DuckDB, then one of JSON.
    def value(self, value: Any) -> Any:
        """Return a value of the driver's type."""
        if value is None:
            return None
        if isinstance(value, bool):
            return _WORDS[self._source.booleans][not value]
        if isinstance(value, int | float | Decimal):
            return self._number(value)
        if isinstance(value, str):
            return self._json(value) if self._type == "JSON" else value
        return self._other(value)

    def _number(self, value: float | Decimal) -> Any:
        if self._source.has_text_values:
            return self._number_text(value)
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value if isinstance(value, int) or abs(value) < float("inf") else str(value)

    def _number_text(self, value: float | Decimal) -> str:
        if isinstance(value, int):
            return str(value)
        if isinstance(value, Decimal) and self._source.dialect in ("athena", "databricks"):
            return f"{value:f}"
        if self._source.dialect == "databricks":
            return java_text(float(value))
        return plain(value) if isinstance(value, Decimal) else double_text(value)

    def _other(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._instant(value)
        if isinstance(value, date | time | UUID):
            return str(value)
        if isinstance(value, timedelta):
            return _interval(value)
        if isinstance(value, bytes):
            return "\\x" + value.hex()
        if self._source.dialect == "postgres" and isinstance(value, dict | tuple):
            return self._record(list(value.values() if isinstance(value, dict) else value))
        if isinstance(value, tuple):  # a struct without names
            value = {f"col{at}": one for at, one in enumerate(value, 1)}
        if isinstance(value, list):
            return self._list(value)
        return self._object(value)

    def _record(self, values: list[Any]) -> str:
        """Return PostgreSQL's text of a row."""
        return "(" + ",".join(self._field(value) for value in values) + ")"

    def _field(self, value: Any) -> str:
        text = "" if value is None else str(self.value(value))
        if isinstance(value, str) and text[:1] in ("{", "["):
            text = jsonb_text(text) if is_json(text) else text
        quoted = text.replace("\\", "\\\\").replace('"', '""')
        needs_quotes = value is not None and (not text or any(c in '(),"\\ \t\n' for c in text))
        return f'"{quoted}"' if needs_quotes else text

    def _instant(self, value: datetime) -> str:
        text = f"{value:%Y-%m-%d %H:%M:%S}"
        if value.microsecond:
            text += f".{value.microsecond:06}".rstrip("0")
        if value.tzinfo is None:
            return text
        return text + _ZONES.get(self._source.dialect, "")

    def _list(self, values: list[Any]) -> Any:
        if self._source.dialect in ("postgres", "redshift"):
            return "{" + ",".join(self._element(value) for value in values) + "}"
        if self._source.has_text_values:
            return "[" + ", ".join(self._part(value) for value in values) + "]"
        shown = [self.value(value) for value in values]
        if self._source.dialect == "snowflake":
            return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        return shown

    def _part(self, value: Any) -> str:
        """Return a value within a text of Spark or Trino."""
        return "null" if value is None else str(self.value(value))

    def _element(self, value: Any) -> str:
        """Return an element of PostgreSQL's array text."""
        text = "NULL" if value is None else str(self.value(value))
        needs_quotes = isinstance(value, str | date | time | timedelta) and (
            not text or text.upper() == "NULL" or any(c in '{}",\\ \t\n' for c in text)
        )
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if needs_quotes else text

    def _object(self, value: dict[Any, Any]) -> Any:
        if self._source.dialect in ("databricks", "athena"):
            return self._entries(value)
        return {str(name): self.value(one) for name, one in value.items()}

    def _entries(self, value: dict[Any, Any]) -> str:
        """Return the text of a map or a struct: Spark leaves out the names of a struct."""
        is_map = "MAP(" in self._type
        mark = " -> " if self._source.dialect == "databricks" else "="
        has_names = is_map or mark == "="
        parts = [
            f"{name}{mark}{self._part(one)}" if has_names else self._part(one)
            for name, one in value.items()
        ]
        return "{" + ", ".join(parts) + "}"

    def _json(self, text: str) -> str:
        if self._source.dialect in ("databricks", "mysql"):
            return json.dumps(json.loads(text), ensure_ascii=False)
        if self._source.dialect == "snowflake":
            return json.dumps(
                json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True
            )
        return jsonb_text(text) if self._source.dialect == "postgres" else text


def _interval(value: timedelta) -> str:
    days, seconds = value.days, value.seconds
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    shown = f"{days} day{'' if days == 1 else 's'}" if days else ""
    return f"{shown} {clock}".strip() if seconds or not days else shown

"""What a connector finds at the other end: its catalog.

Sources: docs/vendors/squared.md#86-discover and docs/vendors/squared.md#12-discovered-catalogs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mockalog.vendors.squared.errors import Declined
from mockalog.vendors.squared.rules.registry import DEFAULT_RATES, Definition
from mockalog.vendors.squared.rules.worlds import Column, Table

# Databases whose numbers are of a type named NUMBER: the one that becomes an integer (measured).
_NUMBERS = ("Snowflake", "Oracle")


def fixed(definition: Definition | None) -> Mapping[str, Any] | None:
    """Return the catalog that a connector ships with, None if it has to look."""
    catalog: Mapping[str, Any] | None = None
    if definition is not None:
        catalog = definition.record.get("catalog")
    return catalog


def found(tables: Iterable[Table], connector_name: str) -> dict[str, Any]:
    """Return the catalog of a remote system: a stream for each table, by name."""
    return {
        "streams": [
            _stream(table, connector_name) for table in sorted(tables, key=lambda t: t.name)
        ],
        "request_rate_limit": DEFAULT_RATES.limit,
        "request_rate_limit_unit": DEFAULT_RATES.unit,
        "request_rate_concurrency": DEFAULT_RATES.concurrency,
        "schema_mode": "schema",
        "source_defined_cursor": False,
    }


def _stream(table: Table, connector_name: str) -> dict[str, Any]:
    """Return a table as measured of a PostgreSQL source; a destination's client has the same."""
    properties = {
        name: {"type": _type(column, connector_name)} for name, column in table.columns.items()
    }
    return {
        "name": table.name,
        "action": "fetch",
        "json_schema": {"type": "object", "properties": properties},
        "supported_sync_modes": ["incremental"],
        "source_defined_cursor": False,
        "batch_support": False,
        "batch_size": 1,
        "request_rate_limit_unit": "minute",
    }


def _type(column: Column, connector_name: str) -> str | list[str]:
    type_ = "string"
    if column.type == "vector":
        type_ = "vector"
    elif column.type in ("integer", "number") and connector_name in _NUMBERS:
        type_ = "integer"
    return [type_, "null"] if column.nullable else type_


def failed() -> Declined:
    """Return the refusal of a connector that cannot be read."""
    return Declined(422, "Discover catalog failed", {"catalog": "can't be blank"})

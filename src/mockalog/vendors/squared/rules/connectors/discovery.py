"""Discovered catalogs: the streams of a connector's remote system.

Sources: docs/vendors/squared.md#86-discover and docs/vendors/squared.md#12-discovered-catalogs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mockalog.vendors.squared.errors import ApplicationError
from mockalog.vendors.squared.rules.connectors.registry import DEFAULT_RATES, Definition
from mockalog.vendors.squared.rules.connectors.source_tables import Column, Table

# In these databases all numbers have the type NUMBER, which becomes an integer (measured).
_NUMBERS = ("Snowflake", "Oracle")


def fixed_catalog(definition: Definition | None) -> Mapping[str, object] | None:
    """Return the catalog of a connector's definition, None if it discovers its catalog."""
    catalog: Mapping[str, Any] | None = None
    if definition is not None:
        catalog = definition.record.get("catalog")
    return catalog


def discovered_catalog(tables: Iterable[Table], connector_name: str) -> dict[str, object]:
    """Return the catalog of a remote system: a stream for each table, sorted by name."""
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


def _stream(table: Table, connector_name: str) -> dict[str, object]:
    """Return the stream of a table, as measured with PostgreSQL; destinations have the same."""
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


def discovery_error() -> ApplicationError:
    """Return the error for a connector that cannot be read."""
    return ApplicationError(422, "Discover catalog failed", {"catalog": "can't be blank"})

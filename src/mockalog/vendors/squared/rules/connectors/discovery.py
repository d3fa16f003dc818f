"""Discovered catalogs: the streams of a connector's remote system.

Sources: docs/vendors/squared.md#86-discover and docs/vendors/squared.md#12-discovered-catalogs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.errors import ApplicationError
from mockalog.vendors.squared.rules.connectors.connection_checks import scalar_text
from mockalog.vendors.squared.rules.connectors.connections import host_failure
from mockalog.vendors.squared.rules.connectors.registry import (
    DEFAULT_RATES,
    NO_RATES,
    Definition,
    Rates,
    load_registry,
)
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.connectors.source_tables import Column, Table

# In these databases all numbers have the type NUMBER, which becomes an integer (measured).
_NUMBERS = ("Snowflake", "Oracle")

# The connector whose streams have the name of their base, too.
_AIRTABLE = "Airtable"


# Any: a catalog is JSON, in the format of the data file.
def fixed_catalog(connector: ConnectorRow) -> Mapping[str, Any] | None:
    """Return the catalog that needs no connection, None if the connector discovers its own."""
    definition = _definition(connector)
    if definition is None:
        return None
    return definition.catalog(loads(connector.configuration).get("data_type"))


def is_readable(connector: ConnectorRow) -> bool:
    """Return whether the client reads the type of data and reaches all hosts."""
    configuration, definition = loads(connector.configuration), _definition(connector)
    if definition is not None and not definition.is_readable(configuration.get("data_type")):
        return False
    return host_failure(configuration) is None


def _definition(connector: ConnectorRow) -> Definition | None:
    return load_registry().nearest(connector.connector_type, connector.connector_name)


def catalog_rates(connector: ConnectorRow) -> Rates:
    """Return the rates of a connector's own catalog; without a catalog it has none."""
    definition = _definition(connector)
    if fixed_catalog(connector) is None and not is_readable(connector):
        return NO_RATES
    return DEFAULT_RATES if definition is None else definition.rates


def table_of_stream(connector: ConnectorRow, stream: str, tables: Iterable[str]) -> str:
    """Return the name of the table that a stream writes to, which may be a new one."""
    known = (table for table in tables if stream_name(connector, table) == stream)
    return next(known, stream.removeprefix(stream_name(connector, "")))


def stream_name(connector: ConnectorRow, table: str) -> str:
    """Return the name of the stream of a table.

    An Airtable stream has the name of its base first. That name is unknown without a network, so
    the emulator takes the base's id (inferred; amendment squared A11).
    """
    if connector.connector_name != _AIRTABLE:
        return table
    base = scalar_text(loads(connector.configuration).get("base_id")) or "base"
    return f"{base}/{table.strip().replace(' ', '_')}"


def discovered_catalog(tables: Iterable[Table], connector: ConnectorRow) -> dict[str, object]:
    """Return the catalog of a remote system: a stream for each table, sorted by name."""
    return {
        "streams": [_stream(table, connector) for table in sorted(tables, key=lambda t: t.name)],
        "request_rate_limit": DEFAULT_RATES.limit,
        "request_rate_limit_unit": DEFAULT_RATES.unit,
        "request_rate_concurrency": DEFAULT_RATES.concurrency,
        "schema_mode": "schema",
        "source_defined_cursor": False,
    }


def _stream(table: Table, connector: ConnectorRow) -> dict[str, object]:
    """Return the stream of a table, as measured with PostgreSQL; destinations have the same."""
    properties = {
        name: {"type": _type(column, connector.connector_name)}
        for name, column in table.columns.items()
    }
    return {
        "name": stream_name(connector, table.name),
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

"""The types of Squared's JSON columns."""

from typing import Any

from typing_extensions import TypedDict


class StoredCatalog(TypedDict):
    """A connector's streams, and other keys of the vendor."""

    streams: list[dict[str, Any]]


class StoredTable(TypedDict):
    """A connector's table without its rows."""

    primary_key: str | None
    columns: dict[str, Any]


# A connector's tables by name.
StoredTables = dict[str, StoredTable]

# The configuration of a sync: an array of mappings, or an object of columns and paths.
StoredMapping = list[dict[str, Any]] | dict[str, Any]

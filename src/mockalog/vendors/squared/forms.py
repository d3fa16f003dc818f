"""What Squared's tables hold as JSON."""

from typing import Any

from typing_extensions import TypedDict


class StoredCatalog(TypedDict):
    """What a connector offers."""

    streams: list[dict[str, Any]]


class StoredTable(TypedDict):
    """A table of a connector's world, without its rows."""

    primary_key: str | None
    columns: dict[str, Any]


StoredWorld = dict[str, StoredTable]

# Mappings of fields, or one of a vector store.
StoredMapping = list[dict[str, Any]] | dict[str, Any]

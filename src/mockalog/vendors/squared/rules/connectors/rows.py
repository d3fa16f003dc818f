"""The rows of connectors and catalogs. Instants are microseconds since 1970."""

from typing import NamedTuple


class ConnectorRow(NamedTuple):
    """A connector; `configuration` and `masked` are JSON texts."""

    sandbox_id: int
    id: int
    workspace_id: int
    name: str
    description: str | None
    connector_type: str
    connector_name: str
    category: str
    sub_category: str
    icon: str
    configuration: str
    masked: str
    created_at: int
    updated_at: int


class CatalogRow(NamedTuple):
    """A connector's catalog; `catalog` is JSON text, a `StoredCatalog`."""

    sandbox_id: int
    id: int
    workspace_id: int
    connector_id: int
    catalog: str
    catalog_hash: str
    created_at: int
    updated_at: int

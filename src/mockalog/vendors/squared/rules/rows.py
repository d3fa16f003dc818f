"""The rows of models. Instants are microseconds since 1970."""

from typing import NamedTuple


class ModelRow(NamedTuple):
    """A model; `configuration` is JSON text of an object."""

    sandbox_id: int
    id: int
    workspace_id: int
    connector_id: int
    name: str
    description: str | None
    query: str | None
    query_type: str
    configuration: str | None
    primary_key: str | None
    created_at: int
    updated_at: int

"""The parts of a sync's configuration on the wire: constants.

Source: docs/vendors/squared.md#112-other-sync-calls.
"""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from mockalog.vendors.squared.rules.syncs.sync_configurations import mapping_types
from mockalog.vendors.squared.schemas.base import Out, exampled


def _constant(dialect: str) -> dict[str, Any]:
    return {"configurations": {"catalog_mapping_types": mapping_types(dialect)}}


def _shape(constant: Any) -> dict[str, Any]:
    """Return the schema of a constant: an object with its keys and no others, or a text."""
    if not isinstance(constant, dict):
        return {"type": "string"}
    properties = {key: _shape(value) for key, value in constant.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


class SyncConfigurationsOut(Out):
    """The parts that a sync's configuration may be made of."""

    model_config = exampled({"data": _constant("docs")})

    data: Annotated[dict[str, Any], WithJsonSchema(_shape(_constant("docs")))]


class ServerSyncConfigurationsOut(Out):
    """The parts that a sync's configuration may be made of."""

    model_config = exampled({"data": _constant("server")})

    data: Annotated[dict[str, Any], WithJsonSchema(_shape(_constant("server")))]

"""The parts of a sync's configuration on the wire: constants (squared.md, section 11.2)."""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from mockalog.vendors.squared.rules.configurations import mapping_types
from mockalog.vendors.squared.schemas.base import Out, exampled


def _constant(dialect: str) -> dict[str, Any]:
    return {"configurations": {"catalog_mapping_types": mapping_types(dialect)}}


def _schema(dialect: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "object", "const": _constant(dialect)})


class SyncConfigurationsOut(Out):
    """The parts that a sync's configuration may be made of."""

    model_config = exampled({"data": _constant("docs")})

    data: Annotated[dict[str, Any], _schema("docs")]


class ServerSyncConfigurationsOut(Out):
    """The parts that a sync's configuration may be made of."""

    model_config = exampled({"data": _constant("server")})

    data: Annotated[dict[str, Any], _schema("server")]

"""OpenAPI documents, as far as a model can say what one is."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.schemas.wire import Out, absent


class DialectIn(BaseModel):
    """Which dialect of a vendor's API."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    dialect: str = Field("", description="A dialect of the vendor; by default its usual one.")


class OpenApiOut(Out):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]
    tags: list[dict[str, Any]] = Field(default_factory=absent)

"""Connector definitions on the wire (docs/vendors/squared.md#7-connector-definitions)."""

from typing import Annotated, Literal

from pydantic import Field

from mockalog.vendors.squared.schemas.base import Anything, In, Out, absent, exampled
from mockalog.vendors.squared.schemas.connectors.connector_requests import (
    AnyConnectorType,
    ConnectorType,
)


class DefinitionsQueryIn(In):
    """The filters of a list of definitions."""

    type: AnyConnectorType = absent(description="Without it the answer has both types by name")
    category: str = absent(
        description="`data`, `ai_ml`, or the name of a category", examples=["data"]
    )


class DefinitionQueryIn(In):
    """The type of a definition."""

    type: AnyConnectorType


class ConnectionSpecificationOut(Out):
    """A JSON Schema (draft 7) of a connector's configuration, with keys of the vendor's own."""

    schema_: str = Field(alias="$schema")
    title: str
    type: Literal["object"] = absent(description="Some connectors have none")
    required: list[str] = absent(description="Without it, `then` and `else` name the keys")
    properties: Anything
    condition: Anything = absent(alias="if")
    then: Anything = absent()
    otherwise: Anything = absent(alias="else")


class ConnectorSpecOut(Out):
    """The way to configure a connector."""

    documentation_url: str
    connection_specification: ConnectionSpecificationOut
    supports_normalization: bool
    supports_dbt: bool
    connector_query_type: str = absent(
        description="The type of query that models of the source have"
    )
    stream_type: Literal["static", "dynamic", "user_defined"] = Field(
        description="`static`: a fixed catalog; `dynamic`: the catalog is read from the remote"
        " system; `user_defined`: a client creates the catalog"
    )


_KLAVIYO = {
    "name": "Klaviyo",
    "title": "Klaviyo",
    "connector_type": "destination",
    "category": "Marketing Automation",
    "documentation_url": "https://docs.squared.ai/guides/destinations/klaviyo",
    "github_issue_label": "destination-klaviyo",
    "icon": "https://raw.githubusercontent.com/Multiwoven/multiwoven/main/integrations/lib/"
    "multiwoven/integrations/destination/klaviyo/icon.svg",
    "license": "MIT",
    "release_stage": "alpha",
    "support_level": "community",
    "tags": ["language:ruby", "multiwoven"],
    "connector_spec": {
        "documentation_url": "https://docs.squared.ai/guides/destinations/klaviyo",
        "connection_specification": {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Klaviyo",
            "type": "object",
            "required": ["public_api_key", "private_api_key"],
            "properties": {
                "public_api_key": {
                    "type": "string",
                    "multiwoven_secret": True,
                    "title": "Public API Key",
                    "order": 0,
                },
                "private_api_key": {
                    "type": "string",
                    "multiwoven_secret": True,
                    "title": "Private API Key",
                    "order": 1,
                },
            },
        },
        "supports_normalization": False,
        "supports_dbt": False,
        "stream_type": "static",
    },
}


class ServerDefinitionOut(Out):
    """A system that can be connected."""

    model_config = exampled(_KLAVIYO)

    name: str
    title: str
    connector_type: ConnectorType
    category: str
    sub_category: str = absent(description="Most destinations have none")
    documentation_url: str
    github_issue_label: str
    icon: str = Field(description="URL of a picture")
    license: str
    release_stage: str
    support_level: str
    tags: list[str]
    connector_sub_type: str = absent()
    direct_query_support: bool = absent()
    subtype: str = absent(alias="connectorSubtype")
    connector_spec: ConnectorSpecOut


class DefinitionOut(ServerDefinitionOut):
    """A system that can be connected."""

    model_config = exampled({**_KLAVIYO, "connector_subtype": None})

    connector_subtype: str | None = Field(description="The sub-category")


class DefinitionsByTypeOut(Out):
    """The definitions of both types."""

    source: list[DefinitionOut]
    destination: list[DefinitionOut]


class ServerDefinitionsByTypeOut(Out):
    """The definitions of both types."""

    source: list[ServerDefinitionOut]
    destination: list[ServerDefinitionOut]


class NoDefinitionOut(Out):
    """Nothing fits the query."""

    model_config = exampled({"data": []})

    data: Annotated[list[Anything], Field(max_length=0)]


class CheckConnectionIn(In):
    """A connection to try."""

    model_config = exampled(
        {
            "type": "destination",
            "name": "Slack",
            "connection_spec": {"api_token": "xoxb-1", "channel_id": "C1"},
        }
    )

    type: AnyConnectorType
    name: str = Field(min_length=1, description="Name of the definition; case-sensitive")
    connection_spec: Anything = Field(
        min_length=1, description="The configuration of a connector, as the definition describes it"
    )


class ConnectionStatusOut(Out):
    """The outcome of a try."""

    status: Literal["succeeded", "failed"]
    message: str = absent(description="The reason of a failure")


_SUCCESS = {"type": "connection_status", "connection_status": {"status": "succeeded"}}
_DOCUMENTED = {"result": "success", "details": "Connection succeeded"}


class ServerCheckConnectionOut(Out):
    """The outcome of a try."""

    model_config = exampled(_SUCCESS)

    type: Literal["connection_status"]
    connection_status: ConnectionStatusOut


class CheckConnectionOut(ServerCheckConnectionOut):
    """The outcome of a try: in the documentation's keys, and in those of the server."""

    model_config = exampled({**_DOCUMENTED, **_SUCCESS})

    result: Literal["success", "failure"]
    details: str

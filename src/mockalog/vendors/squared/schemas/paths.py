"""The parameters of Squared's paths and the header that selects a workspace."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from mockalog.vendors.squared.schemas.base import NUMBER_TEXT, In, absent

ConnectorId = Annotated[
    str, Path(description="Number of the connector", pattern=NUMBER_TEXT, examples=["7"])
]
CatalogId = Annotated[
    str, Path(description="Number of the catalog", pattern=NUMBER_TEXT, examples=["123"])
]
ModelId = Annotated[
    str, Path(description="Number of the model", pattern=NUMBER_TEXT, examples=["3"])
]
SyncId = Annotated[
    str, Path(description="Number of the sync", pattern=NUMBER_TEXT, examples=["10"])
]
# A text that is no number finds nothing.
LenientSyncId = Annotated[str, Path(description="Number of the sync", examples=["10"])]
RunId = Annotated[str, Path(description="Number of the run", pattern=NUMBER_TEXT, examples=["21"])]
WorkspaceId = Annotated[
    str, Path(description="Number of the workspace", pattern=NUMBER_TEXT, examples=["2"])
]
UserId = Annotated[str, Path(description="Number of the user", pattern=NUMBER_TEXT, examples=["1"])]
ConnectorName = Annotated[
    str,
    Path(description="Name of the definition, in upper or lower case", examples=["Klaviyo"]),
]
StreamName = Annotated[str, Path(description="Name of the table", examples=["profile"])]

_NUMBER = r"^\s*[0-9]{1,19}\s*$"


class WorkspaceIn(In):
    """The workspace that a call is for. Without it the call is for the caller's first one."""

    workspace_id: str = absent(
        alias="Workspace-Id",
        pattern=_NUMBER,
        description="Number of one of the caller's workspaces; by default the first",
        examples=["2"],
    )


class RequiredWorkspaceIn(In):
    """The workspace that a call is for."""

    workspace_id: str = Field(
        alias="Workspace-Id",
        pattern=_NUMBER,
        description="Number of one of the caller's workspaces",
        examples=["2"],
    )

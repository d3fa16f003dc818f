"""The parameters of Squared's paths."""

from typing import Annotated

from fastapi import Path

from mockalog.vendors.squared.schemas.base import NUMBER_TEXT

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
# Any text; one that is no number finds nothing.
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

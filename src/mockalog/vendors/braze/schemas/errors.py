"""The bodies of errors: docs/vendors/braze.md#2-common-behaviour."""

from typing import Any, Literal

from pydantic import Field

from mockalog.vendors.braze.schemas.base import Out


class ProblemOut(Out):
    """One rule that the request breaks."""

    id: str = Field(description="Braze's id of the error.")
    message: str
    parameters: list[str] = Field(description="Names of the parts of the request.")
    parameter_values: list[Any] = Field(
        description="Values of these parts; objects with an `id` where they belong to items."
    )


class InvalidOut(Out):
    """A request that breaks rules of catalogs; one answer can hold several problems."""

    errors: list[ProblemOut] = Field(min_length=1)
    message: Literal["Invalid Request"]


class MessageOut(Out):
    """A refusal that has only a text."""

    message: str

"""The bodies of Squared's errors by kind (docs/vendors/squared.md#26-error-envelopes)."""

from typing import Annotated, Literal

from pydantic import Field

from mockalog.vendors.squared.schemas.base import Out, absent

Messages = Annotated[list[str], Field(min_length=1)]


class ValidationErrorsOut(Out):
    """Kind A: the problems of each field, in the wrapper too; those of an array by index."""

    errors: dict[str, Messages | dict[str, Messages]] = Field(min_length=1)


class DeclinedErrorOut(Out):
    """One refusal."""

    status: int = Field(description="The HTTP status")
    title: Literal["Error"]
    detail: str
    source: dict[str, str] = absent(
        min_length=1, description="The first problem of each field of a record"
    )


class DeclinedOut(Out):
    """Kind B: the application refuses."""

    errors: Annotated[list[DeclinedErrorOut], Field(min_length=1, max_length=1)]


class PointerOut(Out):
    """The place of an exception; it is always the whole body."""

    pointer: Literal["/request/payload"]


class ExceptionErrorOut(Out):
    """One exception."""

    status: Literal[400]
    title: Literal["Bad Request"]
    detail: Annotated[str, Field(pattern="^There was a problem with the request format: ")]
    source: PointerOut


class ExceptionOut(Out):
    """Kind C: the application runs into an exception."""

    errors: Annotated[list[ExceptionErrorOut], Field(min_length=1, max_length=1)]


class BareErrorOut(Out):
    """Kind D: one line."""

    error: str


class EarlyErrorOut(Out):
    """Kind E: refused before the application. Without JSON in `Accept` the body is empty."""

    status: int = Field(description="The HTTP status")
    error: str


class MissingOut(Out):
    """A sync, a run or its records that do not exist, in the documentation's words."""

    message: str
    status: Literal["not_found"]

"""Seeds: the schema of a vendor's section of a seed file, and the calls that apply it.

A seed is applied through the vendor's own calls, so the vendor's own checks apply to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, WrapValidator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from mockalog.kernel.documents.errors import Path

T = TypeVar("T")


class Section(BaseModel):
    """Base class of the parts of a document. An unknown key is an error that lists the known ones.

    Values are strict: a text is not converted to a number or a Boolean.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _has_only_known_keys(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key in value:
                if key not in cls.model_fields:
                    known = ", ".join(cls.model_fields)
                    raise PydanticCustomError(
                        "unknown_key",
                        "key {key} does not exist; use one of: {known}",
                        {"key": repr(key), "known": known, "at": key},
                    )
        return value


# Any: the vendor's own calls check a part.
Part = dict[str, Any]


def _checked_parts(value: Any, _: object) -> Any:
    """Return a list of parts as it is. Pydantic's own check would copy it in one go.

    Raises `ValidationError` with the texts of Pydantic.
    """
    if not isinstance(value, list):
        raise PydanticCustomError("list_type", "Input should be a valid list")
    for number, part in enumerate(value):
        if not isinstance(part, dict):
            raise ValidationError.from_exception_data(
                "parts", [InitErrorDetails(type="dict_type", loc=(number,), input=part)]
            )
    return value


# A list that may be very long, such as the items of a catalog.
Parts = Annotated[Sequence[Part], WrapValidator(_checked_parts)]


class Caller(Protocol):
    """Makes a vendor's calls for a seed. A call's jobs have run when it returns."""

    # Any: the value of a JSON response.
    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        at: Path,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the value of the vendor's response.

        `at` is the part of the section that the call applies. Raises `InvalidDocumentError` at that
        path if the vendor refuses the call.
        """
        ...


class Seed(Section):
    """Base class of a vendor's section. A vendor without seeds adds no fields."""

    async def apply(self, caller: Caller) -> None:
        """Make the calls that create the section's rows."""


def chunks(found: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    """Yield parts of at most `size` elements, each with the index of its first element."""
    for start in range(0, len(found), size):
        yield start, found[start : start + size]

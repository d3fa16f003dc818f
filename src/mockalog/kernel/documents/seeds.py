"""Seeds: what a vendor's section of a seed file may say, and how it comes about.

A seed is applied through the vendor's own calls, so that the vendor refuses what it would refuse.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from mockalog.kernel.documents.errors import Path

T = TypeVar("T")


class Section(BaseModel):
    """Base of what a document may hold: unknown keys are refused, and the known ones named.

    A value has the type that is asked for: no text stands for a number or a switch.
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
                        "there is no {key}; expected: {known}",
                        {"key": repr(key), "known": known, "at": key},
                    )
        return value


class Caller(Protocol):
    """Makes a vendor's calls for a seed, each in effect when it returns."""

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        at: Path,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return what the vendor answers; `at` is the part of the section that is to blame.

        Raises `InvalidDocumentError` if the vendor refuses.
        """
        ...


class Seed(Section):
    """A vendor's section; one without fields says that there is nothing to seed."""

    async def apply(self, caller: Caller) -> None:
        """Bring about what the section says."""


def chunks(found: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    """Yield the index of the first, and as many as one call takes."""
    for start in range(0, len(found), size):
        yield start, found[start : start + size]

"""The bases of Braze's models, and the parts that several models share."""

from collections.abc import Callable
from types import NoneType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

# Of catalogs, fields and items: docs/vendors/braze.md#8-limits.
NAME = r"^[A-Za-z0-9_-]{1,250}$"

Name = Annotated[str, Field(pattern=NAME)]

# Makes the default of a key that may be absent and is never null. No schema shows it.
ABSENT: Callable[[], Any] = NoneType


class In(BaseModel):
    """A part of a request. Braze ignores unknown keys."""

    model_config = ConfigDict(defer_build=True)


class Out(BaseModel):
    """A part of a response, with exactly these keys."""

    model_config = ConfigDict(defer_build=True, extra="forbid")

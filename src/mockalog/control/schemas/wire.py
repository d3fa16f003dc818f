"""The bases of the models, and the instants that a clock can show."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from mockalog.kernel.clock import LATEST, from_datetime
from mockalog.kernel.formats.timestamps import Timestamp


class In(BaseModel):
    """Base of a body: unknown keys are refused, so that a typo is no silent success.

    So are values of another type, such as a text for a number.
    """

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class Out(BaseModel):
    """Base of an answer: it holds the keys of its model and no others."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


def absent() -> Any:
    """Be the default of a key that an answer may leave out: it has no value then."""
    ...


def _writable(at: datetime) -> datetime:
    if not 0 <= from_datetime(at) <= LATEST:
        raise ValueError("must lie between 1970 and 9999")
    return at


# A clock that a vendor can still write: from 1970 to 9999.
Moment = Annotated[Timestamp, AfterValidator(_writable)]

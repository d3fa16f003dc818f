"""The bases of the wire models, and the models that several groups of calls share."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mockalog.kernel.clock import LATEST, from_datetime
from mockalog.kernel.formats.timestamps import Timestamp
from mockalog.kernel.journal.messages import Reply


class In(BaseModel):
    """Base of a request body. Unknown keys are refused, so that a typo cannot pass unnoticed.

    Values of another type are refused too, for example a string in place of a number.
    """

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class Out(BaseModel):
    """Base of a response: it has the keys of its model and no others."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


# Any: a field's default stands for a value of the field's own type.
def absent() -> Any:
    """Return nothing: the `default_factory` of a key that a response may leave out."""
    ...


class CountOut(Out):
    """A number of things."""

    count: int


class JournalsOut(Out):
    """An answer from the journals of all processes of the emulator."""

    incomplete: list[str] = Field(
        default_factory=absent,
        description="The workers and servers that did not reply, so that their part is missing.",
        examples=[["http://10.0.0.2:8000"]],
    )


class WarningsOut(Out):
    """An answer that may warn of the credentials in the request."""

    warnings: list[str] = Field(
        default_factory=absent,
        description="Permissions that look like typos, but may exist. Absent without any.",
        examples=[
            [
                "no operation requires braze permission 'catalogs.get_itemz'; "
                "if it is a typo, use one of: catalogs.get_item, catalogs.get_items"
            ]
        ],
    )


class SandboxHeaders(BaseModel):
    """The sandbox that a call acts on; a client's credential selects one too.

    Without both headers the call acts on the whole server.
    """

    model_config = ConfigDict(defer_build=True)

    x_mockalog_sandbox: str = Field(
        default_factory=absent,
        min_length=1,
        description="The name of the sandbox that the call acts on.",
        examples=["checkout-test"],
    )


def incomplete_of(reply: Reply) -> dict[str, object]:
    """Return the key of `JournalsOut`, without it if all processes replied."""
    return {"incomplete": reply.incomplete} if reply.incomplete else {}


def warnings_of(warnings: list[str]) -> dict[str, object]:
    """Return the key of `WarningsOut`, without it if the list is empty."""
    return {"warnings": warnings} if warnings else {}


def _check_range(at: datetime) -> datetime:
    if not 0 <= from_datetime(at) <= LATEST:
        raise ValueError("must lie between 1970 and 9999")
    return at


# An instant that every vendor can show: from 1970 to 9999.
Moment = Annotated[Timestamp, AfterValidator(_check_range)]

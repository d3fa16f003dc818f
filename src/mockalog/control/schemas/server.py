"""The server itself: health, what it serves, resets, and its errors."""

from typing import Literal

from pydantic import ConfigDict, Field

from mockalog.control.schemas.wire import In, Out
from mockalog.kernel.formats.strings import NonEmptyText


class HealthOut(Out):
    """The server answers."""

    status: Literal["ok"]


class ReadyOut(Out):
    """The server and its database answer."""

    status: Literal["ready"]


class BucketOut(Out):
    """A rate limit: so many calls in so many seconds. Several operations may share one."""

    name: str
    limit: int
    seconds: int


class OperationOut(Out):
    """An operation of a vendor's API, or a call that a vendor adds to the control plane."""

    name: str = Field(description="Its name in the journal, in faults and in the documents.")
    methods: list[str]
    path: str = Field(description="The path without the vendor's prefix.")
    permission: str | None = Field(description="The permission that a credential needs.")
    bucket: BucketOut | None


class VendorOut(Out):
    """An emulated API: its addresses, and what it knows."""

    name: str
    title: str
    url: str = Field(description="The vendor's own port: the API stands at its root.")
    prefix: str = Field(description="The API's path on the main port.")
    hosts: list[str] = Field(description="Virtual hosts; `*` stands for one label.")
    errors: list[str] = Field(description="The error ids that a fault can have.")
    permissions: list[str] = Field(description="The permissions that a credential can have.")
    operations: list[OperationOut]
    inspections: list[OperationOut] = Field(
        description="Calls that the vendor adds under `/_mockalog/<vendor>`."
    )


class InfoOut(Out):
    """The vendors of the server, with their addresses and rules."""

    version: str
    auth: Literal["open", "strict"]
    port: int
    sandbox: str | None = Field(description="The sandbox that the call means; null: all of them.")
    vendors: list[VendorOut]


class ResetIn(In):
    """What to go back to. `baseline` is the state as seeded: empty if nothing was."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "baseline"}, {"to": "snapshot:before-import"}]}
    )

    to: NonEmptyText = Field("baseline", pattern=r"^(empty|baseline|snapshot:.+)$")


class ResetOut(Out):
    """The sandbox, or the server, started over."""

    status: Literal["reset"]
    to: str


class ProblemOut(Out):
    """A problem document (RFC 9457)."""

    type: Literal["about:blank"]
    title: str = Field(description="The phrase of the status.")
    status: int
    detail: str = Field(
        description="What is wrong, in one sentence; of an inspection the vendor's own error body."
    )


class CountOut(Out):
    """How many there are."""

    count: int

"""The journal: filters, exchanges, and the reason why a request fits no operation."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.schemas.wire import Out
from mockalog.kernel.formats.timestamps import Timestamp
from mockalog.kernel.vendor.faults import Phase


class FilterIn(BaseModel):
    """Which exchanges: every filter that is given must fit; `limit` keeps the newest."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    vendor: str | None = None
    method: str | None = None
    path: str | None = Field(None, description="Exactly, or as a glob: `/catalogs/*`.")
    operation: str | None = None
    status: int | None = None
    since: Timestamp | None = None
    limit: Annotated[int | None, Field(ge=1)] = None
    unmatched: bool | None = Field(None, description="Whether no operation was meant.")
    after: list[int] = Field(
        [],
        description="Leaves out what was recorded up to an exchange's id: one id for each process "
        "of the server, the last that the caller has seen of it.",
    )


class WaitIn(FilterIn):
    """How many exchanges to wait for, and how long: seconds of real time."""

    count: Annotated[int, Field(ge=1)] = 1
    timeout: Annotated[float, Field(ge=0, le=60)] = 5


class StrikeOut(Out):
    """A fault that struck an exchange."""

    id: int
    phase: Phase


class RequestOut(Out):
    """A request as it came; secrets are redacted, and a long body is cut."""

    headers: dict[str, str]
    body: str


class ResponseOut(Out):
    """A response as it went; status 0: the connection was dropped."""

    status: int
    headers: dict[str, str]
    body: str


class ExchangeOut(Out):
    """A request of a vendor's client, and its answer."""

    id: int
    at: datetime
    vendor: str | None
    operation: str | None
    unmatched: bool
    method: str
    path: str
    query: str
    status: int
    duration: float = Field(description="Seconds.")
    faults: list[StrikeOut]
    request: RequestOut
    response: ResponseOut


class RequestsOut(Out):
    """Exchanges, oldest first."""

    requests: list[ExchangeOut]


Reason = Literal[
    "unknown_vendor", "unread", "wrong_method", "wrong_prefix", "wrong_vendor", "unknown_path"
]


class NearestOut(Out):
    """An operation that comes near."""

    vendor: str
    operation: str
    methods: list[str]
    path: str
    similarity: float = Field(description="From 0 to 1.")


class UnmatchedOut(ExchangeOut):
    """An exchange that fits no operation, with the reason."""

    reason: Reason
    detail: str
    nearest: list[NearestOut]


class UnmatchedRequestsOut(Out):
    """The exchanges that fit no operation, oldest first."""

    requests: list[UnmatchedOut]

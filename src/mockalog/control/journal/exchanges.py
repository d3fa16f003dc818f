"""The exchanges of the journal, as answers show them."""

from datetime import datetime

from pydantic import Field

from mockalog.control.calls.models import Out
from mockalog.kernel.vendor.faults import Phase


class StrikeOut(Out):
    """A fault that was applied to an exchange."""

    id: int
    phase: Phase


class RequestOut(Out):
    """A request; secrets are redacted, and a long body is cut."""

    headers: dict[str, str]
    body: str


class ResponseOut(Out):
    """A response; status 0: the connection was dropped."""

    status: int
    headers: dict[str, str]
    body: str


class ExchangeOut(Out):
    """A request of a vendor's client, and its response."""

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

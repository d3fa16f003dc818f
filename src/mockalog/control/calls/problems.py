"""The errors of the control plane: `application/problem+json` (RFC 9457) for every error."""

import logging
from http import HTTPStatus
from typing import Literal

from pydantic import Field

from mockalog.control.calls.models import Out
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.documents.errors import InvalidDocumentError
from mockalog.kernel.errors import (
    ApiError,
    RepeatedHeaderError,
    UnreadableRequestError,
    UnstorableValueError,
)
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.settings import InvalidSettingError
from mockalog.kernel.sandboxes.snapshots import UnknownSnapshotError
from mockalog.kernel.vendor.fault_rules import InvalidFaultError
from mockalog.kernel.vendor.permissions import UnknownPermissionError

logger = logging.getLogger(__name__)

PROBLEM_JSON = b"application/problem+json"

# The error id of each status in the document.
IDS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    409: "conflict",
    413: "too-large",
    415: "wrong-type",
    500: "internal-error",
    503: "stopping",
}


class ProblemOut(Out):
    """A problem document (RFC 9457)."""

    type: Literal["about:blank"]
    title: str = Field(description="The phrase of the status.")
    status: int
    detail: str = Field(
        description="The error in one sentence; for a control route, the vendor's own error body."
    )


class ProblemError(ApiError):
    """A refused control call: an HTTP status and one sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the error id of the status; the number itself if only a control route has it."""
        return (IDS.get(self.status, str(self.status)),)


class UnknownCallError(ProblemError):
    """No control call has this path."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, detail)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return an id of its own: `not-found` is for a thing that does not exist."""
        return ("unknown-call",)


class DatabaseProblemError(ProblemError):
    """The database is unavailable; `reason` is the cause."""

    def __init__(self, reason: str) -> None:
        super().__init__(503, f"the database is unavailable: {reason}")

    @property
    def ids(self) -> tuple[str, ...]:
        """Return an id of its own: `stopping` is the other error of its status."""
        return ("database-unavailable",)


class WrongMethodError(ProblemError):
    """The path takes other methods."""

    def __init__(self, detail: str, allowed: str) -> None:
        super().__init__(405, detail)
        self.allowed = allowed


class UnreadableCallError(ProblemError):
    """The call did not arrive whole, or it is no HTTP."""

    def __init__(self, error: UnreadableRequestError) -> None:
        super().__init__(error.status, error.reason)
        self._ids = error.ids

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the kernel's error id: the server refuses such a call, and no route does."""
        return self._ids


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Return the problem document of an error."""
    assert isinstance(error, ProblemError)
    title = HTTPStatus(error.status).phrase
    said = {"type": "about:blank", "title": title, "status": error.status, "detail": error.detail}
    headers = ((b"allow", error.allowed.encode()),) if isinstance(error, WrongMethodError) else ()
    return Response(error.status, dumps(said), headers, PROBLEM_JSON)


def problem_of(error: Exception, exchange: Exchange) -> ProblemError:
    """Return the problem that an exception becomes; an unexpected exception is logged."""
    match error:
        case ProblemError():
            return error
        case (
            InvalidDocumentError()
            | InvalidSettingError()
            | InvalidFaultError()
            | UnknownPermissionError()
        ):
            return ProblemError(400, str(error))
        case UnreadableRequestError():
            return UnreadableCallError(error)
        case UnknownSnapshotError():
            return ProblemError(404, str(error))
        case RepeatedHeaderError():
            return ProblemError(400, f"{error.header} came more than once: send it once")
        case UnstorableValueError():
            return ProblemError(
                400, "a value cannot be stored: it holds NUL, or an integer beyond 64 bits"
            )
        case DatabaseUnavailableError():
            # It is no bug, so its traceback would tell nothing.
            logger.error("%s %s failed: %s", exchange.method, exchange.path, error)
            return DatabaseProblemError(str(error))
    logger.error("%s %s failed", exchange.method, exchange.path, exc_info=error)
    return ProblemError(500, "mockalog itself failed; its log has the traceback")

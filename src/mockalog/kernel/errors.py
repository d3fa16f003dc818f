"""The base class of refusals, and the refusals that the kernel raises.

Services raise refusals. The vendor's app catches them and turns each into a response by the
vendor's `envelope` (kernel/vendor/app.py).
"""

from dataclasses import dataclass
from typing import ClassVar


class UserError(Exception):
    """An error that the user can correct, such as a wrong setting or an unusable database.

    Its text is one line for the shell.
    """


class ApiError(Exception):
    """Base class of refusals: errors that a vendor or the kernel sends to the client."""

    # The name of the error in the vendor's catalogue. Subclasses with several ids override `ids`.
    error_id: ClassVar[str] = "internal-error"

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the error ids that this refusal has in the vendor's OpenAPI document."""
        return (self.error_id,)


@dataclass(eq=False)
class UnauthorizedError(ApiError):
    """The credential is missing or unknown. `token` is the one that was sent, or `""`."""

    error_id = "unauthorized"

    token: str = ""


@dataclass(eq=False)
class ForbiddenError(ApiError):
    """The credential is valid, but it does not have `permission`."""

    error_id = "forbidden"

    permission: str


@dataclass(eq=False)
class RepeatedHeaderError(ApiError):
    """A header that selects the caller came more than once. `header` is its name."""

    error_id = "repeated-header"

    header: str


class UnknownOperationError(ApiError):
    """The vendor has no operation with the request's method and path."""

    error_id = "unknown-operation"


@dataclass(eq=False)
class MalformedBodyError(ApiError):
    """The body is not JSON, or it is incomplete. `reason` says why, in English."""

    error_id = "malformed-body"

    reason: str


@dataclass(eq=False)
class BodyTooLargeError(ApiError):
    """The body is larger than `limit` bytes. It is not read to its end."""

    error_id = "body-too-large"

    limit: int


# The statuses of `UnreadableRequestError` with their meaning, for documents.
UNREADABLE = {
    400: "The request is no HTTP/1.1.",
    408: "The head did not arrive within 30 s, or no byte of the body did.",
    431: "The head has more than 64 KiB.",
}


@dataclass(eq=False)
class UnreadableRequestError(ApiError):
    """The server cannot read the request; `status` is one of `UNREADABLE`.

    `reason` says why, in English.
    """

    status: int
    reason: str

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the error id of the status."""
        return (f"unreadable-{self.status}",)


@dataclass(eq=False)
class RateLimitedError(ApiError):
    """The call exceeds a rate limit. The next window begins in `retry_after` whole seconds.

    `is_armed` is true if a fault gives `retry_after`. Then a vendor's fixed value does not apply.
    """

    error_id = "rate-limited"

    retry_after: int
    is_armed: bool = False


class UnstorableValueError(ApiError):
    """The database cannot store a value: NUL in a text, or an integer beyond 64 bits."""

    error_id = "unstorable-value"


@dataclass(eq=False)
class UnavailableError(ApiError):
    """The vendor's servers or their proxies are unavailable: `status` is 502, 503 or 504.

    Only faults raise it.
    """

    status: int

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the error id of the status."""
        return (f"unavailable-{self.status}",)


class ConnectionDroppedError(ConnectionError):
    """A fault closes the connection without a response."""


class InternalError(ApiError):
    """An unexpected error of mockalog. The server's log has the details, the response has not."""

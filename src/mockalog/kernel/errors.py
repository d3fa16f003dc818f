"""The base of every refusal, and the kinds that the kernel itself raises.

Services raise, the vendor's `envelope` words the refusal, `kernel.vendor` is the one place
where both meet.
"""

from dataclasses import dataclass
from typing import ClassVar


class ApiError(Exception):
    """Base of all that a vendor or the kernel answers with something other than success."""

    # The id of a class that has one: a name of its documented answer, or the vendor's own.
    error_id: ClassVar[str] = "internal-error"

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids under which the vendor's document shows this refusal."""
        return (self.error_id,)


@dataclass(eq=False)
class UnauthorizedError(ApiError):
    """No credential, or one that opens nothing. `token` is what was sent, `""` for none."""

    error_id = "unauthorized"

    token: str = ""


@dataclass(eq=False)
class ForbiddenError(ApiError):
    """The credential is good, but `permission` is not among its rights."""

    error_id = "forbidden"

    permission: str


class UnknownOperationError(ApiError):
    """No operation has this method and path."""

    error_id = "unknown-operation"


@dataclass(eq=False)
class MalformedBodyError(ApiError):
    """The body is not JSON at all."""

    error_id = "malformed-body"

    reason: str


@dataclass(eq=False)
class BodyTooLargeError(ApiError):
    """The body is larger than `limit` bytes; it was not read to its end."""

    error_id = "body-too-large"

    limit: int


@dataclass(eq=False)
class RateLimitedError(ApiError):
    """The window of a bucket is used up; it opens again in `retry_after` whole seconds.

    `is_armed`: a test says so; what the vendor says by rote does not count then.
    """

    error_id = "rate-limited"

    retry_after: int
    is_armed: bool = False


class UnstorableValueError(ApiError):
    """A value that no database keeps: a NUL in a text, an integer beyond 64 bits."""

    error_id = "unstorable-value"


@dataclass(eq=False)
class UnavailableError(ApiError):
    """The vendor's servers or those before them are out of order: 502, 503 or 504.

    Only a fault that a test armed says so.
    """

    status: int

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the id of the status."""
        return (f"unavailable-{self.status}",)


class ConnectionDroppedError(ConnectionError):
    """A fault closes the connection without an answer."""


class InternalError(ApiError):
    """Our own fault: what was raised is in the server's log, never in an answer."""

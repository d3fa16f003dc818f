"""The response of an armed fault: the error that its error id or status means for a vendor."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from mockalog.kernel.errors import (
    ApiError,
    ForbiddenError,
    InternalError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
)
from mockalog.kernel.http.exchange import Exchange

# Returns the error of an error id, for an operation with these path parameters.
ErrorFactory = Callable[[Mapping[str, str]], ApiError]

# Seconds for `Retry-After` where the operation has no limit.
PERIOD = 60

NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})


class FaultErrors(NamedTuple):
    """The errors that a test can arm: by the vendor's error id, and by a status alone.

    The kernel itself has errors for the statuses 401, 403, 429, 500 and 502 to 504.
    """

    by_id: Mapping[str, ErrorFactory]
    by_status: Mapping[int, ErrorFactory]


class Failure(Protocol):
    """An error id of the vendor, or a status; with neither there is no response."""

    @property
    def status(self) -> int | None:
        """The HTTP status."""
        ...

    @property
    def error(self) -> str | None:
        """The error id; its error has a status."""
        ...

    @property
    def retry_after(self) -> int | None:
        """Seconds for `Retry-After` of a 429; None: until the limit's next window."""
        ...


def refusal_for(
    errors: FaultErrors,
    failure: Failure,
    exchange: Exchange,
    unauthorized: type[ApiError] = UnauthorizedError,
    parameters: Mapping[str, str] = NO_PARAMETERS,
) -> ApiError | None:
    """Return the error that a failure means for a vendor, None without one."""
    if failure.error is not None:
        provoke = errors.by_id.get(failure.error)
        # An older version armed an error id that the vendor no longer has.
        return InternalError() if provoke is None else provoke(parameters)
    if by_vendor := errors.by_status.get(failure.status or 0):
        return by_vendor(parameters)
    return _by_status(failure, exchange, unauthorized)


def _by_status(
    failure: Failure, exchange: Exchange, unauthorized: type[ApiError]
) -> ApiError | None:
    """Return an error of the kernel, which every vendor words."""
    match failure.status:
        case 401 if unauthorized is not UnauthorizedError:
            return unauthorized()
        case 401:
            return UnauthorizedError(exchange.token)
        case 403:
            return ForbiddenError("")
        case 429:
            return _limited(exchange, failure.retry_after)
        case 500:
            return InternalError()
        case 502 | 503 | 504 as status:
            return UnavailableError(status)
    return None


def _limited(exchange: Exchange, retry_after: int | None) -> RateLimitedError:
    """Return the error of a call beyond its limit, and show that limit as used up."""
    quota = exchange.quota
    usual = PERIOD if quota is None else quota.retry_after
    wait = usual if retry_after is None else retry_after
    if quota is not None:
        reset = quota.reset - usual + wait
        exchange.quota = quota._replace(
            used=quota.limit, exceeded=True, reset=reset, retry_after=wait
        )
    return RateLimitedError(wait, is_armed=retry_after is not None)

"""The bodies of Braze's errors, and the headers of every response.

Source: docs/vendors/braze.md#2-common-behaviour (headers recorded in braze_ruby's cassettes).
"""

from http import HTTPStatus
from typing import TYPE_CHECKING

from mockalog.kernel.errors import (
    ApiError,
    BodyTooLargeError,
    ForbiddenError,
    MalformedBodyError,
    RateLimitedError,
    RepeatedHeaderError,
    UnauthorizedError,
    UnavailableError,
    UnknownOperationError,
    UnreadableRequestError,
    UnstorableValueError,
)
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response, json_response
from mockalog.kernel.vendor.rails import rack_headers
from mockalog.vendors.braze.errors.catalogue import BrazeError, Problem

if TYPE_CHECKING:
    from mockalog.kernel.vendor.runtime import Runtime

# Status and text of the kernel's errors. The body of 401 is recorded, the text of 404 was observed
# (A3 of docs/vendors/braze.md#24-generic-errors); the rest is inferred.
_KERNEL: dict[type[ApiError], tuple[int, str]] = {
    ForbiddenError: (403, "Access Denied"),
    UnknownOperationError: (404, "Invalid URL"),
    MalformedBodyError: (400, "Bad Request"),
    UnstorableValueError: (400, "Bad Request"),
    RepeatedHeaderError: (400, "Bad Request"),
    BodyTooLargeError: (413, "Request Entity Too Large"),
    RateLimitedError: (429, "Rate limit exceeded"),
}

_CONSTANT_HEADERS: Headers = (
    (b"vary", b"Origin,Accept-Encoding"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Return the response of an error in Braze's form."""
    if isinstance(error, BrazeError):
        problems = [_problem_out(problem) for problem in error.problems]
        return json_response({"errors": problems, "message": "Invalid Request"}, error.status)
    if isinstance(error, UnauthorizedError):
        return json_response({"message": f"Invalid API key: {error.token}"}, 401)
    # 502 to 504 are documented as possible, without a body; the rest is inferred.
    if isinstance(error, UnavailableError | UnreadableRequestError):
        return json_response({"message": HTTPStatus(error.status).phrase}, error.status)
    status, message = _KERNEL.get(type(error), (500, "Internal Server Error"))
    retry: Headers = ()
    if isinstance(error, RateLimitedError):
        retry = ((b"retry-after", str(error.retry_after).encode()),)
    return json_response({"message": message}, status, retry)


def _problem_out(problem: Problem) -> dict[str, object]:
    return {
        "id": problem.id,
        "message": problem.message,
        "parameters": problem.parameters,
        "parameter_values": problem.parameter_values,
    }


def headers(runtime: "Runtime", exchange: Exchange, reply: Response) -> Headers:
    """Return the recorded headers: those of Rack, and those of the rate limit.

    The values of the rate limit are empty if the call was not counted.
    """
    quota = exchange.quota
    limit, remaining, reset = (
        (b"", b"", b"")
        if quota is None
        else (b"%d" % quota.limit, b"%d" % quota.remaining, b"%d" % quota.reset)
    )
    return (
        *rack_headers(runtime, exchange, reply),
        (b"x-ratelimit-limit", limit),
        (b"x-ratelimit-remaining", remaining),
        (b"x-ratelimit-reset", reset),
        *_CONSTANT_HEADERS,
    )

"""Squared's five error envelopes and the headers of every response.

Sources: docs/vendors/squared.md#21-base-and-formats, docs/vendors/squared.md#26-error-envelopes and
docs/vendors/squared.md#27-throttling; the kinds keep their letters from there.
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
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response, json_response
from mockalog.kernel.vendor.rails import rack_headers
from mockalog.vendors.squared.errors import cors
from mockalog.vendors.squared.errors.catalogue import (
    AccountLockedError,
    ApplicationError,
    BadRequestError,
    ContractError,
    PlainError,
    RunNotFoundError,
)

if TYPE_CHECKING:
    from mockalog.kernel.vendor.runtime import Runtime

JSON = b"application/json; charset=utf-8"
HTML = b"text/html; charset=UTF-8"
TEXT = b"text/plain; charset=utf-8"

NULL_BYTE = "string contains null byte"
INTERNAL = "Internal Server Error"

# Errors of Rails' middleware, before the application: kind E.
_MIDDLEWARE: dict[type[ApiError], tuple[int, str]] = {
    UnknownOperationError: (404, "Not Found"),
    MalformedBodyError: (400, "Bad Request"),
    RepeatedHeaderError: (400, "Bad Request"),
    BodyTooLargeError: (413, "Payload Too Large"),
}


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Return the vendor's response to an error."""
    match error:
        case ContractError():
            return _json(400, {"errors": error.errors})
        case ApplicationError():
            return _application_error(error.status, error.detail, error.source)
        case BadRequestError():
            return _bad_request(error.text)
        case PlainError():
            return _json(error.status, {"error": error.text})
        case RunNotFoundError():
            return _json(404, {"message": error.text, "status": "not_found"})
        case AccountLockedError():
            return Response(401, b"Your account is locked.", content_type=TEXT)
    return _kernel_error(error, exchange)


def _kernel_error(error: ApiError, exchange: Exchange) -> Response:
    """Return the response to a kernel's error; 408, 413, 431 and 500 are inferred."""
    match error:
        case UnauthorizedError():
            return _application_error(401, "Unauthorized")
        case ForbiddenError():
            return _application_error(403, "You are not authorized to do this action")
        case UnstorableValueError():
            return _bad_request(NULL_BYTE)
        case RateLimitedError():
            return _rate_limited(error, exchange)
        case UnavailableError():
            return _application_error(error.status, HTTPStatus(error.status).phrase)
        case UnreadableRequestError():
            return _middleware_error(error.status, HTTPStatus(error.status).phrase, exchange)
    if type(error) in _MIDDLEWARE:
        return _middleware_error(*_MIDDLEWARE[type(error)], exchange)
    return _application_error(500, INTERNAL)


_PASSWORDS = (
    60,
    "Too many password reset attempts. Please wait 60 seconds before trying again.",
)
# By operation: `Retry-After` in seconds, always the whole period, and the text
# (docs/vendors/squared.md#27-throttling).
_RATE_LIMITED = {
    "login": (20, "Too many login attempts. Please try again in 20 seconds."),
    "signup": (60, "Too many signup attempts. Please wait 60 seconds before trying again."),
    "forgot_password": _PASSWORDS,
    "reset_password": _PASSWORDS,
    "resend_verification": (
        300,
        "Too many verification email requests. Please wait 300 seconds before trying again.",
    ),
}
_TOO_MANY = "Too many requests. Please try again later."


def _rate_limited(error: RateLimitedError, exchange: Exchange) -> Response:
    default = error.retry_after, _TOO_MANY
    seconds, text = _RATE_LIMITED.get(exchange.operation or "", default)
    if error.is_armed:
        seconds = error.retry_after
    return json_response({"error": text}, 429, ((b"retry-after", str(seconds).encode()),))


def _application_error(status: int, detail: str, source: dict[str, str] | None = None) -> Response:
    shown: dict[str, object] = {"status": status, "title": "Error", "detail": detail}
    if source:
        shown["source"] = source
    return _json(status, {"errors": [shown]})


def _bad_request(text: str) -> Response:
    shown = {
        "status": 400,
        "title": "Bad Request",
        "detail": f"There was a problem with the request format: {text}",
        "source": {"pointer": "/request/payload"},
    }
    return _json(400, {"errors": [shown]})


def _middleware_error(status: int, text: str, exchange: Exchange) -> Response:
    accepted = dict(exchange.headers).get(b"accept", b"")
    if b"application/json" not in accepted:
        return Response(status, content_type=HTML)
    return _json(status, {"status": status, "error": text})


def _json(status: int, body: dict[str, object]) -> Response:
    return Response(status, dumps(body), content_type=JSON)


_RAILS_HEADERS: Headers = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-xss-protection", b"0"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"vary", b"Origin"),
)


def headers(runtime: "Runtime", exchange: Exchange, reply: Response) -> Headers:
    """Return the measured headers: Rack's and Rails'.

    The response to a preflight has neither (inferred): middleware sends it before Rails.
    """
    shared = cors.headers(exchange)
    if exchange.operation == cors.PREFLIGHT:
        return shared
    return (*rack_headers(runtime, exchange, reply), *_RAILS_HEADERS, *shared)

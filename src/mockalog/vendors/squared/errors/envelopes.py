"""Squared's five error envelopes and the headers of every answer.

Sources: docs/vendors/squared.md#21-base-and-formats, docs/vendors/squared.md#26-error-envelopes and
docs/vendors/squared.md#27-throttling; the kinds keep their letters from there.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from mockalog.kernel.errors import (
    ApiError,
    BodyTooLargeError,
    ForbiddenError,
    MalformedBodyError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
    UnknownOperationError,
    UnstorableValueError,
)
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response, json_response
from mockalog.kernel.vendor.rails import rack_headers
from mockalog.vendors.squared.errors.refusals import (
    AccountLocked,
    BadRequest,
    Bare,
    Declined,
    Invalid,
    Missing,
)
from mockalog.vendors.squared.rules import cors

if TYPE_CHECKING:
    from mockalog.kernel.vendor.runtime import Runtime

JSON = b"application/json; charset=utf-8"
HTML = b"text/html; charset=UTF-8"
TEXT = b"text/plain; charset=utf-8"

NULL_BYTE = "string contains null byte"
INTERNAL = "Internal Server Error"

# What Rails' middleware refuses before the application sees it: kind E.
_BEFORE: dict[type[ApiError], tuple[int, str]] = {
    UnknownOperationError: (404, "Not Found"),
    MalformedBodyError: (400, "Bad Request"),
    BodyTooLargeError: (413, "Payload Too Large"),
}


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Word a refusal as Squared does."""
    match error:
        case Invalid():
            return _json(400, {"errors": error.errors})
        case Declined():
            return _declined(error.status, error.detail, error.source)
        case BadRequest():
            return _unexpected(error.text)
        case Bare():
            return _json(error.status, {"error": error.text})
        case Missing():
            return _json(404, {"message": error.text, "status": "not_found"})
        case AccountLocked():
            return Response(401, b"Your account is locked.", content_type=TEXT)
    return _kernel(error, exchange)


def _kernel(error: ApiError, exchange: Exchange) -> Response:
    """Word what the kernel refuses; 413 and 500 are inferred, the rest measured."""
    match error:
        case UnauthorizedError():
            return _declined(401, "Unauthorized")
        case ForbiddenError():
            return _declined(403, "You are not authorized to do this action")
        case UnstorableValueError():
            return _unexpected(NULL_BYTE)
        case RateLimitedError():
            return _throttled(error, exchange)
        case UnavailableError():
            return _declined(error.status, HTTPStatus(error.status).phrase)
    if type(error) in _BEFORE:
        return _before(*_BEFORE[type(error)], exchange)
    return _declined(500, INTERNAL)


_PASSWORDS = (
    60,
    "Too many password reset attempts. Please wait 60 seconds before trying again.",
)
# By operation: what `Retry-After` says, always the whole period, and the text
# (docs/vendors/squared.md#27-throttling).
_THROTTLED = {
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


def _throttled(error: RateLimitedError, exchange: Exchange) -> Response:
    default = error.retry_after, _TOO_MANY
    seconds, text = _THROTTLED.get(exchange.operation or "", default)
    if error.is_armed:
        seconds = error.retry_after
    return json_response({"error": text}, 429, ((b"retry-after", str(seconds).encode()),))


def _declined(status: int, detail: str, source: dict[str, str] | None = None) -> Response:
    shown: dict[str, Any] = {"status": status, "title": "Error", "detail": detail}
    if source:
        shown["source"] = source
    return _json(status, {"errors": [shown]})


def _unexpected(text: str) -> Response:
    shown = {
        "status": 400,
        "title": "Bad Request",
        "detail": f"There was a problem with the request format: {text}",
        "source": {"pointer": "/request/payload"},
    }
    return _json(400, {"errors": [shown]})


def _before(status: int, text: str, exchange: Exchange) -> Response:
    accepted = dict(exchange.headers).get(b"accept", b"")
    if b"application/json" not in accepted:
        return Response(status, content_type=HTML)
    return _json(status, {"status": status, "error": text})


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(status, dumps(body), content_type=JSON)


_STANDING: Headers = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-xss-protection", b"0"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"vary", b"Origin"),
)


def headers(runtime: "Runtime", exchange: Exchange, reply: Response) -> Headers:
    """Return the measured headers: Rack's (cached for a success that has a body) and Rails'.

    A preflight is answered before Rails comes to add any (inferred).
    """
    shared = cors.headers(exchange)
    if exchange.operation == cors.PREFLIGHT:
        return shared
    cached = reply.status in (200, 201)
    return (*rack_headers(runtime, exchange, reply, cached=cached), *_STANDING, *shared)

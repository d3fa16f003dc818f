"""Squared's five error envelopes and the headers of every answer.

Source: squared.md, sections 2.1, 2.6 and 2.7; the kinds keep their letters from there.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from mockalog.kernel.errors import (
    BodyTooLarge,
    Forbidden,
    MalformedBody,
    RateLimited,
    Refused,
    Unauthorized,
    Unavailable,
    Unexpected,
    UnknownOperation,
    Unstorable,
)
from mockalog.kernel.failures import Provoke
from mockalog.kernel.journal import Exchange
from mockalog.kernel.rack import rack_headers
from mockalog.kernel.wire import Answer, Headers, answer, dumps
from mockalog.vendors.squared.rules import cors

if TYPE_CHECKING:
    from mockalog.kernel.runtime import Runtime

JSON = b"application/json; charset=utf-8"
HTML = b"text/html; charset=UTF-8"
TEXT = b"text/plain; charset=utf-8"

NULL_BYTE = "string contains null byte"
INTERNAL = "Internal Server Error"


class Invalid(Refused):
    """Kind A: the request breaks its contract. `errors` is nested like the request."""

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__(errors)
        self.errors = errors


class Declined(Refused):
    """Kind B: the application refuses. `source` has the first message of each bad field."""

    def __init__(self, status: int, detail: str, source: dict[str, str] | None = None) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.source = source


class BadRequest(Refused):
    """Kind C: where the Rails server runs into an exception."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Bare(Refused):
    """Kind D: one line and no more."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


class AccountLocked(Refused):
    """A valid token of a locked account: the one refusal in plain text (measured)."""


class InvalidLogin(Declined):
    """Wrong password and unknown email alike, so that neither can be told from the other."""

    def __init__(self) -> None:
        super().__init__(401, "Invalid login credentials, please try again")


class SourceFailed(Declined):
    """A source or a destination fails; `detail` is in its own words."""

    def __init__(self, text: str) -> None:
        super().__init__(422, text)


class Missing(Refused):
    """A record that is not there in the docs' words about runs: row 20 of the contradictions."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def not_found(what: str) -> Declined:
    """Return the refusal of a record that the workspace does not have."""
    return Declined(404, f"{what} not found")


# What a test can arm besides what the kernel knows: the kinds by name (the vendor has no ids).
FAULTS: dict[str, Provoke] = {
    "validation": lambda _: Invalid({"base": ["is invalid"]}),  # A
    "not-found": lambda _: Declined(404, "Not found"),  # B
    "workspace-not-found": lambda _: Declined(404, "Workspace not found"),
    "connector-not-found": lambda _: Declined(404, "Connector not found"),
    "catalog-not-found": lambda _: Declined(404, "Catalog not found"),
    "forbidden": lambda _: Forbidden(""),
    "unauthorized": lambda _: Unauthorized(),
    "invalid-login": lambda _: InvalidLogin(),
    "account-locked": lambda _: AccountLocked(),
    "unprocessable": lambda _: Declined(422, "Unprocessable Entity"),
    "failed-dependency": lambda _: Declined(424, "Failed Dependency"),
    "exception": lambda _: BadRequest("undefined method 'id' for nil"),  # C
    "parameter-missing": lambda _: Bare(  # D
        422, "param is missing or the value is empty: connector"
    ),
    "rate-limited": lambda _: RateLimited(60),
    "no-route": lambda _: UnknownOperation(),  # E
    "malformed": lambda _: MalformedBody(""),
    "internal": lambda _: Unexpected(),
}
STATUSES: dict[int, Provoke] = {
    400: FAULTS["exception"],
    404: FAULTS["not-found"],
    413: lambda _: BodyTooLarge(0),
    422: FAULTS["unprocessable"],
    424: FAULTS["failed-dependency"],
}


def failure_text(error_id: str) -> str:
    """Return what a run tells of a step that failed (inferred): nothing of what broke on our side.

    If a test armed a kind that has a text, it is that one's.
    """
    provoke = FAULTS.get(error_id)
    match provoke({}) if provoke else None:
        case Declined() as declined:
            return declined.detail
        case BadRequest() | Bare() as refused:
            return refused.text
    return INTERNAL


# What Rails' middleware refuses before the application sees it: kind E.
_BEFORE: dict[type[Refused], tuple[int, str]] = {
    UnknownOperation: (404, "Not Found"),
    MalformedBody: (400, "Bad Request"),
    BodyTooLarge: (413, "Payload Too Large"),
}


def envelope(error: Refused, exchange: Exchange) -> Answer:
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
            return Answer(401, b"Your account is locked.", content_type=TEXT)
    return _kernel(error, exchange)


def _kernel(error: Refused, exchange: Exchange) -> Answer:
    """Word what the kernel refuses; 413 and 500 are inferred, the rest measured."""
    match error:
        case Unauthorized():
            return _declined(401, "Unauthorized")
        case Forbidden():
            return _declined(403, "You are not authorized to do this action")
        case Unstorable():
            return _unexpected(NULL_BYTE)
        case RateLimited():
            return _throttled(error, exchange)
        case Unavailable():
            return _declined(error.status, HTTPStatus(error.status).phrase)
    if type(error) in _BEFORE:
        return _before(*_BEFORE[type(error)], exchange)
    return _declined(500, INTERNAL)


_PASSWORDS = (
    60,
    "Too many password reset attempts. Please wait 60 seconds before trying again.",
)
# By operation: what `Retry-After` says, always the whole period, and the text (section 2.7).
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


def _throttled(error: RateLimited, exchange: Exchange) -> Answer:
    default = error.retry_after, _TOO_MANY
    seconds, text = _THROTTLED.get(exchange.operation or "", default)
    if error.is_armed:
        seconds = error.retry_after
    return answer({"error": text}, 429, ((b"retry-after", str(seconds).encode()),))


def _declined(status: int, detail: str, source: dict[str, str] | None = None) -> Answer:
    shown: dict[str, Any] = {"status": status, "title": "Error", "detail": detail}
    if source:
        shown["source"] = source
    return _json(status, {"errors": [shown]})


def _unexpected(text: str) -> Answer:
    shown = {
        "status": 400,
        "title": "Bad Request",
        "detail": f"There was a problem with the request format: {text}",
        "source": {"pointer": "/request/payload"},
    }
    return _json(400, {"errors": [shown]})


def _before(status: int, text: str, exchange: Exchange) -> Answer:
    accepted = dict(exchange.headers).get(b"accept", b"")
    if b"application/json" not in accepted:
        return Answer(status, content_type=HTML)
    return _json(status, {"status": status, "error": text})


def _json(status: int, body: dict[str, Any]) -> Answer:
    return Answer(status, dumps(body), content_type=JSON)


_STANDING: Headers = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-xss-protection", b"0"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"vary", b"Origin"),
)


def headers(runtime: "Runtime", exchange: Exchange, reply: Answer) -> Headers:
    """Return the measured headers: Rack's (cached for a success that has a body) and Rails'.

    A preflight is answered before Rails comes to add any (inferred).
    """
    shared = cors.headers(exchange)
    if exchange.operation == cors.PREFLIGHT:
        return shared
    cached = reply.status in (200, 201)
    return (*rack_headers(runtime, exchange, reply, cached=cached), *_STANDING, *shared)

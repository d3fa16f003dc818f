"""Braze's error catalogue, its envelope and the headers of every answer.

Sources: braze.md, section 2 (headers recorded in braze_ruby's cassettes) and section 7.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockalog.kernel.errors import (
    BodyTooLarge,
    Forbidden,
    MalformedBody,
    RateLimited,
    Refused,
    Unauthorized,
    UnknownOperation,
    Unstorable,
)
from mockalog.kernel.journal import Exchange
from mockalog.kernel.rack import rack_headers
from mockalog.kernel.wire import Answer, Headers, answer

if TYPE_CHECKING:
    from mockalog.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of `errors`: Braze's id, its text and the parameters it speaks of."""

    id: str
    message: str
    parameters: tuple[str, ...]
    parameter_values: tuple[Any, ...]


class Rejected(Refused):
    """A request that breaks Braze's rules; several problems can come together."""

    def __init__(self, *problems: Problem, status: int = 400) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.status = status


def catalog_not_found(name: str) -> Rejected:
    """Return the refusal of an unknown catalog (text documented)."""
    problem = Problem("catalog-not-found", "Could not find catalog", ("catalog_name",), (name,))
    return Rejected(problem, status=404)


def catalog_name_already_exists(name: str) -> Rejected:
    """Return the refusal of a name that is taken (text recorded, braze_ruby)."""
    message = "A catalog with that name already exists"
    return Rejected(Problem("catalog-name-already-exists", message, ("name",), (name,)))


# Status and text of what the kernel refuses; only 401's body is recorded, the rest inferred.
_KERNEL: dict[type[Refused], tuple[int, str]] = {
    Forbidden: (403, "Access Denied"),
    UnknownOperation: (404, "Not Found"),
    MalformedBody: (400, "Bad Request"),
    Unstorable: (400, "Bad Request"),
    BodyTooLarge: (413, "Request Entity Too Large"),
    RateLimited: (429, "Rate limit exceeded"),
}


def envelope(error: Refused, exchange: Exchange) -> Answer:
    """Word a refusal as Braze does."""
    if isinstance(error, Rejected):
        return answer(
            {
                "errors": [_shown(problem) for problem in error.problems],
                "message": "Invalid Request",
            },
            error.status,
        )
    if isinstance(error, Unauthorized):
        return answer({"message": f"Invalid API key: {error.token}"}, 401)
    status, message = _KERNEL.get(type(error), (500, "Internal Server Error"))
    retry: Headers = ()
    if isinstance(error, RateLimited):
        retry = ((b"retry-after", str(error.retry_after).encode()),)
    return answer({"message": message}, status, retry)


def _shown(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.id,
        "message": problem.message,
        "parameters": problem.parameters,
        "parameter_values": problem.parameter_values,
    }


_STANDING: Headers = (
    (b"vary", b"Origin,Accept-Encoding"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)


def headers(runtime: "Runtime", exchange: Exchange, reply: Answer) -> Headers:
    """Return the recorded headers: Rack's, and the rate limit's (empty where none was counted)."""
    quota = exchange.quota
    limit, remaining, reset = (
        (b"", b"", b"")
        if quota is None
        else (b"%d" % quota.limit, b"%d" % quota.remaining, b"%d" % quota.reset)
    )
    return (
        *rack_headers(runtime, exchange, reply, cached=reply.status in (200, 201)),
        (b"x-ratelimit-limit", limit),
        (b"x-ratelimit-remaining", remaining),
        (b"x-ratelimit-reset", reset),
        *_STANDING,
    )

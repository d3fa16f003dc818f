"""The parts of the control plane's document that no route declares: groups and errors."""

from collections.abc import Iterator, Mapping

from mockalog.control.calls.problems import (
    DatabaseProblemError,
    ProblemError,
    ProblemOut,
    UnknownCallError,
    UnreadableCallError,
    WrongMethodError,
)
from mockalog.kernel.errors import UNREADABLE, UnreadableRequestError
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Documentation, ErrorDoc

DESCRIPTION = """\
Calls by which a test controls the emulator: its sandboxes, their clock, faults, state and journal.

A call acts on the sandbox that `X-Mockalog-Sandbox` names, or that the credential of a vendor's
client opens. Without both headers it acts on the whole server; an `Authorization` without a token
is refused. Every error is a problem document (RFC 9457).
"""

TAGS = {
    "Server": "Health, the emulated APIs, and resets.",
    "Credentials": "The credentials that a strict server accepts, with their permissions.",
    "Settings": "The behaviour of the emulated APIs.",
    "Clock and jobs": "The time of a sandbox, and the effects that are due later.",
    "Faults": "Failures that a test arms.",
    "Journal": "The requests of the vendors' clients, with their answers.",
    "Snapshots and state": "Saving and restoring states, and moving them to other servers.",
    "Servers": "The calls of other servers on the same database.",
    "Documents": "OpenAPI documents, and the pages that show them.",
}


def _error(problem: ProblemError, description: str, *, is_armed: bool = False) -> ErrorDoc:
    return ErrorDoc(problem, ProblemOut, description, is_armed)


_CATALOGUE = (
    _error(
        ProblemError(400, "seconds: Input should be greater than or equal to 0"),
        "A part of the call is invalid, or a header holds no token: `detail` names it.",
    ),
    _error(
        ProblemError(
            401, "X-Mockalog-Admin: the server needs it (MOCKALOG_ADMIN_TOKEN, --admin-token)"
        ),
        "The server has an admin token, and the call lacks it or has another one.",
    ),
    _error(
        ProblemError(403, "a page of another origin may not make control calls"),
        "The call comes from a web page of another origin or names a public host. On a strict "
        "server: it names or takes the sandbox of another credential.",
    ),
    _error(
        ProblemError(404, "fault 7 does not exist: list the faults"),
        "The thing that the path names does not exist.",
    ),
    _error(
        UnknownCallError("GET /_mockalog/nope is not a control call"),
        "No control call has the path.",
    ),
    _error(
        WrongMethodError("PUT /_mockalog/info is not a control call: this path takes GET", "GET"),
        "The path takes other methods: `Allow` names them.",
    ),
    _error(
        ProblemError(408, "1 of 2 requests came within 5 s"), "The requests did not come in time."
    ),
    _error(
        ProblemError(
            409, "the clock is at 2025-03-01T12:00:00.000000Z after 20000 jobs: call again"
        ),
        "The state does not allow the call, or the call has more jobs to run than its limit.",
    ),
    _error(
        ProblemError(413, "a control call takes at most 268435456 bytes"),
        "The body is larger than the limit of the server (MOCKALOG_CONTROL_BYTES), or all bodies "
        "that arrive at the same time are.",
    ),
    _error(
        ProblemError(
            415, "the body must be JSON, with Content-Type: application/json; it has text/xml"
        ),
        "The body is of another type than JSON.",
    ),
    _error(
        ProblemError(500, "mockalog itself failed; its log has the traceback"),
        "A bug in the emulator.",
        is_armed=True,
    ),
    _error(
        ProblemError(503, "the server stops"),
        "The server stopped while the call waited.",
        is_armed=True,
    ),
    _error(
        DatabaseProblemError("connection refused"),
        "The database does not answer, or cannot be written. `detail` has the cause; call again.",
        is_armed=True,
    ),
    *(
        _error(UnreadableCallError(UnreadableRequestError(status, text)), text, is_armed=True)
        for status, text in UNREADABLE.items()
    ),
)

# The errors of every call, and the errors of every call that needs a token.
_UNREADABLE = tuple(f"unreadable-{status}" for status in UNREADABLE)
_UNAVAILABLE = ("internal-error", "stopping", "database-unavailable")
_ALWAYS = ("forbidden", "too-large", *_UNAVAILABLE, *_UNREADABLE)
_GUARDED = ("bad-request", "unauthorized")


def _common(route: Route) -> Iterator[str]:
    """Yield the ids of the request guard's refusals, of bad parameters and of server errors."""
    yield from _ALWAYS
    if "key" in route.declaration:
        yield from _GUARDED


def documentation(added: Mapping[str, str]) -> Documentation:
    """Return the parts; `added` describes the groups of the vendors' calls, by tag."""
    return Documentation(
        description=DESCRIPTION,
        tags={**TAGS, **added},
        errors={error_id: error for error in _CATALOGUE for error_id in error.refusal.ids},
        common=_common,
    )

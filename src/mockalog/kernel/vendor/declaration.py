"""The declaration of an operation: the options beside its path, for calls and documents."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypedDict

from fastapi.security.base import SecurityBase

from mockalog.kernel.errors import ApiError, UnauthorizedError
from mockalog.kernel.sandboxes.authentication import FindSandboxes
from mockalog.kernel.vendor.call import Bucket, Call

Endpoint = Callable[..., Awaitable[Any]]


# Returns the credential of a call that does not send it in `Authorization`. It may have several
# readings, such as a raw and a decoded one. The first that is accepted counts.
Credential = Callable[[Call], str | tuple[str, ...]]


# A Pydantic model, or any type that Pydantic accepts.
Model = Any


class ByDialect(dict[str, Any]):
    """A part of a declaration that differs between a vendor's dialects: `docs=…, server=…`."""


class ResponseDoc(NamedTuple):
    """A response that a model alone does not describe.

    `media_type` None: it has no body. `headers`: name and description of each.
    """

    model: Model = None
    description: str = ""
    media_type: str | None = "application/json"
    headers: Mapping[str, str] = {}


class Declaration(TypedDict, total=False):
    """The options beside a route, or on a router for all of its routes."""

    # The vendor's permission, checked after authentication.
    permission: str
    # The rate limit that a call counts against.
    bucket: Bucket
    # Returns the credential if it is not in `Authorization: Bearer`.
    credential: Credential
    # The call needs no credential. A known token in the header, or one that `credential` returns,
    # only names the sandbox.
    public: bool
    # Finds the sandboxes that hold the subject of an unregistered credential, in open mode.
    find_sandboxes: FindSandboxes
    # The call needs no sandbox either. If it names none, it runs in the template and must write
    # none of its rows.
    anonymous: bool
    # Raised in place of `UnauthorizedError`.
    unauthorized_error: type[ApiError]
    # Its calls may schedule jobs (`Call.schedule`).
    may_schedule_jobs: bool
    # Its calls run before effects without a delay, so that they can cancel one.
    runs_before_immediate_jobs: bool

    # Libraries that no start imports: they are imported in a thread before the first call, because
    # an import of 50 ms in the event loop would delay every other call. A function returns the
    # libraries of one call.
    imports: tuple[str, ...] | Callable[[Call], tuple[str, ...]]

    # The rest is for the document: these models describe a request, and rules check it.
    # The tag of the operation.
    tag: str
    # The security schemes; each of several suffices.
    key: SecurityBase | tuple[SecurityBase, ...]
    body: Model
    form: Model
    query: Model
    headers: Model
    # A call may have no body.
    optional_body: bool
    # The responses of success by status, the usual one first; None: without a body.
    responses: Mapping[int, Model | ResponseDoc | None] | ByDialect
    # The error ids of the operation's own refusals.
    errors: tuple[str, ...] | ByDialect


def segments(path: str) -> list[str]:
    """Return the segments of a path; empty segments are dropped."""
    return [segment for segment in path.split("/") if segment]


class DeclaredOperation:
    """An operation as declared: its path, its methods, its endpoint and its options."""

    name: str

    def __init__(
        self, path: str, endpoint: Endpoint, verbs: tuple[str, ...], declaration: Declaration
    ) -> None:
        self.path = path
        self.endpoint = endpoint
        self.name = endpoint.__name__
        # In the order of the declaration, which Starlette's set of methods loses.
        self.verbs = verbs
        self.parameters = tuple(s[1:-1].split(":")[0] for s in segments(path) if s[0] == "{")
        self.declaration = declaration
        self.permission = declaration.get("permission")
        self.bucket = declaration.get("bucket")
        self.credential = declaration.get("credential")
        self.find_sandboxes = declaration.get("find_sandboxes")
        self.anonymous = declaration.get("anonymous", False)
        self.public = self.anonymous or declaration.get("public", False)
        self.unauthorized_error: type[ApiError] = declaration.get(
            "unauthorized_error", UnauthorizedError
        )
        self.may_schedule_jobs = declaration.get("may_schedule_jobs", False)
        self.runs_before_immediate_jobs = declaration.get("runs_before_immediate_jobs", False)
        self.imports = declaration.get("imports", ())

    # Any: the options of a declaration differ in type.
    def declared(self, dialect: str = "") -> dict[str, Any]:
        """Return the declaration in one of the vendor's dialects."""
        return {
            name: value.get(dialect) if isinstance(value, ByDialect) else value
            for name, value in self.declaration.items()
        }

    # Any: a vendor's call, or one of the control plane.
    def libraries(self, call: Any) -> tuple[str, ...]:
        """Return the libraries that a call needs and that no start imports."""
        return self.imports(call) if callable(self.imports) else self.imports

    def id_of(self, verb: str) -> str:
        """Return the operation id of one method: in a document PUT and PATCH are two operations."""
        return self.name if len(self.verbs) == 1 else f"{self.name}_{verb.lower()}"

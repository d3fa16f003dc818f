"""The parts of the OpenAPI document besides the routes: descriptions, tags and errors."""

from collections.abc import Iterator

from mockalog.kernel.errors import (
    UNREADABLE,
    BodyTooLargeError,
    ForbiddenError,
    InternalError,
    MalformedBodyError,
    RateLimitedError,
    RepeatedHeaderError,
    UnauthorizedError,
    UnavailableError,
    UnknownOperationError,
    UnreadableRequestError,
    UnstorableValueError,
)
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import MAX_BODY, Documentation, ErrorDoc
from mockalog.vendors.squared import errors as refusals
from mockalog.vendors.squared.errors import FAULTS, ApplicationError, RunNotFoundError, not_found
from mockalog.vendors.squared.rules.accounts import recovery
from mockalog.vendors.squared.schemas import errors as schemas

DIALECTS = ("docs", "server")

_DESCRIPTION = """The reverse-ETL API of AI Squared (Multiwoven), as mockalog emulates it.

The vendor's reference and the vendor's open-source server differ in places. Each has a document of
its own: `docs`, the default, follows the reference, and `server` follows the server. The setting
`squared.dialect` chooses the one by which a sandbox answers.

Bodies are JSON. The server takes forms too (`connector[name]=...`), which this document leaves out.
A path may end in `.json`. The elements of arrays that are null are dropped.

Most calls act on one workspace of the caller's, which the header `Workspace-Id` selects. Errors
come in five shapes, by kind. Refusals before the application have a body only for clients that
accept JSON.
"""

_TAGS = {
    "Accounts": "Signing up, logging in, passwords and addresses",
    "Connectors": "Sources and destinations",
    "Connector definitions": "The systems that can be connected",
    "Catalogs": "The streams of connectors",
    "Models": "Queries of sources",
    "Sync runs": "Runs of syncs and their records",
    "Reports": "Counts of runs",
    "Syncs": "Models on their way to destinations",
    "Workspaces": "Workspaces and roles",
}

_RECORD = """Couldn't find Model with 'id'="999" [WHERE "models"."workspace_id" = $1]"""
_RECORD_FAILED = ApplicationError(422, "Connector creation failed", {"name": "can't be blank"})

# The kinds A to D of docs/vendors/squared.md#26-error-envelopes.
_BY_RULES = (
    ErrorDoc(
        refusals.ContractError({"connector": {"name": ["is missing"]}}),
        schemas.ValidationErrorsOut,
        "A field of the request is missing or not of its kind.",
    ),
    ErrorDoc(
        refusals.NoWorkspaceError(),
        schemas.ExceptionOut,
        "The header names no workspace of the caller's, or the caller has none.",
    ),
    ErrorDoc(
        refusals.BadRequestError("'SOURCE' is not a valid connector_type"),
        schemas.ExceptionOut,
        "The application runs into an exception.",
    ),
    ErrorDoc(
        refusals.InvalidLoginError(),
        schemas.DeclinedOut,
        "The password is wrong, or no account has the email.",
    ),
    ErrorDoc(
        ApplicationError(
            401,
            "Account is locked due to multiple login attempts. Please retry after sometime",
            id_="login-locked",
        ),
        schemas.DeclinedOut,
        "Five wrong passwords in a row locked the account for an hour.",
    ),
    ErrorDoc(
        ApplicationError(
            401,
            "Account not verified. Please verify your account.",
            id_="account-unverified",
        ),
        schemas.DeclinedOut,
        "The account's email is not confirmed, and the server asks for it.",
    ),
    ErrorDoc(
        refusals.AccountLockedError(),
        None,
        "The token is good, but wrong passwords locked its account.",
    ),
    ErrorDoc(
        not_found("Workspace"), schemas.DeclinedOut, "The caller has no workspace of that number."
    ),
    ErrorDoc(
        not_found("Connector"),
        schemas.DeclinedOut,
        "The workspace has no connector of that number.",
    ),
    ErrorDoc(
        not_found("Catalog"),
        schemas.DeclinedOut,
        "The connector has no catalog, or its catalog has another number.",
    ),
    ErrorDoc(not_found("Sync"), schemas.DeclinedOut, "The workspace has no sync of that number."),
    ErrorDoc(not_found("Sync Run"), schemas.DeclinedOut, "The sync has no run of that number."),
    ErrorDoc(not_found("User"), schemas.DeclinedOut, "The sandbox has no user of that number."),
    ErrorDoc(not_found("Table"), schemas.DeclinedOut, "The connector has no table of that name."),
    ErrorDoc(
        RunNotFoundError("Sync not found"),
        schemas.MissingOut,
        "The workspace has no such sync, or the sync has no such run.",
    ),
    ErrorDoc(
        refusals.PlainError(404, _RECORD),
        schemas.BareErrorOut,
        "The workspace has no model, sync or connector of that number.",
    ),
    ErrorDoc(
        FAULTS["parameter-missing"]({}),
        schemas.BareErrorOut,
        "An update changes nothing.",
    ),
    ErrorDoc(
        _RECORD_FAILED,
        schemas.DeclinedOut,
        "The record, or a record that it refers to, is not as it has to be.",
    ),
    ErrorDoc(
        refusals.SourceError('ERROR:  relation "user" does not exist\nLINE 1: SELECT * FROM user'),
        schemas.DeclinedOut,
        "The source fails; the text is its own.",
    ),
    ErrorDoc(
        ApplicationError(424, "Sync is disabled"),
        schemas.DeclinedOut,
        "The sync is not in a state to begin or to cancel a run.",
    ),
)
_OF_ACCOUNTS = (
    ErrorDoc(
        ApplicationError(
            422,
            "Signup failed: Password is too short (minimum is 6 characters)",
            id_="signup-failed",
        ),
        schemas.DeclinedOut,
        "The password is weak, or another account has the email.",
    ),
    ErrorDoc(recovery.UnknownEmailError(), schemas.DeclinedOut, "No account has the email."),
    ErrorDoc(
        recovery.InvalidResetError(),
        schemas.DeclinedOut,
        "No mail brought the token, a reset has used it up, or the password is weak.",
    ),
    ErrorDoc(
        ApplicationError(422, "Token has expired.", id_="reset-expired"),
        schemas.DeclinedOut,
        "The token is older than six hours.",
    ),
    ErrorDoc(
        recovery.InvalidConfirmationError(),
        schemas.DeclinedOut,
        "No mail brought the token, or the address is confirmed already.",
    ),
    ErrorDoc(recovery.UnknownUserError(), schemas.DeclinedOut, "No account has the email."),
    ErrorDoc(
        ApplicationError(422, "Account already confirmed.", id_="already-confirmed"),
        schemas.DeclinedOut,
        "The address is confirmed already.",
    ),
)
_OF_THE_KERNEL = (
    ErrorDoc(
        UnauthorizedError(), schemas.DeclinedOut, "The token is missing, unknown or has ended."
    ),
    ErrorDoc(
        ForbiddenError(""),
        schemas.DeclinedOut,
        "The role in the workspace, or the token, lacks the right.",
    ),
    ErrorDoc(
        UnknownOperationError(), schemas.EarlyErrorOut, "No operation has this method and path."
    ),
    ErrorDoc(
        RepeatedHeaderError("Authorization"),
        schemas.EarlyErrorOut,
        "`Authorization` or `X-Mockalog-Sandbox` came more than once.",
    ),
    ErrorDoc(MalformedBodyError(""), schemas.EarlyErrorOut, "The body is not JSON, or no form."),
    ErrorDoc(BodyTooLargeError(MAX_BODY), schemas.EarlyErrorOut, "The body has more than 16 MiB."),
    *(
        ErrorDoc(UnreadableRequestError(status, ""), schemas.EarlyErrorOut, description)
        for status, description in UNREADABLE.items()
    ),
    ErrorDoc(
        RateLimitedError(60),
        schemas.BareErrorOut,
        "The limit is used up; `Retry-After` says how many seconds to wait.",
    ),
    ErrorDoc(
        UnstorableValueError(), schemas.ExceptionOut, "A text has a NUL, or a number is too large."
    ),
)
_ARMED = (
    ErrorDoc(
        FAULTS["not-found"]({}), schemas.DeclinedOut, "A record does not exist.", is_armed=True
    ),
    ErrorDoc(InternalError(), schemas.DeclinedOut, "The server fails.", is_armed=True),
    *(
        ErrorDoc(
            UnavailableError(status), schemas.DeclinedOut, "The server is down.", is_armed=True
        )
        for status in (502, 503, 504)
    ),
)


def _common(route: Route) -> ByDialect:
    return ByDialect(**{dialect: tuple(_shared(route, dialect)) for dialect in DIALECTS})


def _shared(route: Route, dialect: str) -> Iterator[str]:
    """Yield the error ids that every call of an operation can get in a dialect."""
    yield from ("malformed-body", "repeated-header")
    if not route.public:
        yield from ("unauthorized", "account-locked")
    # An operation with the header acts on a workspace; its right counts there.
    if route.declared(dialect).get("headers") is not None:
        yield "workspace-not-found.400"
        if route.permission is not None:
            yield "forbidden"
    bucket = route.bucket
    if bucket is not None and (bucket.disabled_when is None or bucket.disabled_when[1] != dialect):
        yield "rate-limited"
    yield "internal-error"


DOCUMENTATION = Documentation(
    description=_DESCRIPTION,
    tags=_TAGS,
    errors={
        error.refusal.ids[0]: error
        for error in (*_BY_RULES, *_OF_ACCOUNTS, *_OF_THE_KERNEL, *_ARMED)
    },
    common=_common,
    revalidates=True,
    dialects=DIALECTS,
)

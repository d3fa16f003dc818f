"""The refusals that a test can arm."""

from mockalog.kernel.errors import (
    BodyTooLargeError,
    ForbiddenError,
    InternalError,
    MalformedBodyError,
    RateLimitedError,
    UnauthorizedError,
    UnknownOperationError,
)
from mockalog.kernel.vendor.fault_responses import ErrorFactory
from mockalog.vendors.squared.errors.envelopes import INTERNAL
from mockalog.vendors.squared.errors.refusals import (
    AccountLocked,
    BadRequest,
    Bare,
    Declined,
    Invalid,
    InvalidLogin,
    not_found,
)

# What a test can arm besides what the kernel knows: the kinds by name (the vendor has no ids).
FAULTS: dict[str, ErrorFactory] = {
    "validation": lambda _: Invalid({"base": ["is invalid"]}),  # A
    "not-found": lambda _: Declined(404, "Not found"),  # B
    "workspace-not-found": lambda _: not_found("Workspace"),
    "connector-not-found": lambda _: not_found("Connector"),
    "catalog-not-found": lambda _: not_found("Catalog"),
    "forbidden": lambda _: ForbiddenError(""),
    "unauthorized": lambda _: UnauthorizedError(),
    "invalid-login": lambda _: InvalidLogin(),
    "account-locked": lambda _: AccountLocked(),
    "unprocessable": lambda _: Declined(422, "Unprocessable Entity"),
    "failed-dependency": lambda _: Declined(424, "Failed Dependency"),
    "exception": lambda _: BadRequest("undefined method 'id' for nil"),  # C
    "parameter-missing": lambda _: Bare(  # D
        422, "param is missing or the value is empty: connector"
    ),
    "rate-limited": lambda _: RateLimitedError(60),
    "no-route": lambda _: UnknownOperationError(),  # E
    "malformed": lambda _: MalformedBodyError(""),
    "internal": lambda _: InternalError(),
}
STATUSES: dict[int, ErrorFactory] = {
    400: FAULTS["exception"],
    404: FAULTS["not-found"],
    413: lambda _: BodyTooLargeError(0),
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

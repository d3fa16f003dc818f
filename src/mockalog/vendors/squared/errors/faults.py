"""The faults that a test can arm."""

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
from mockalog.vendors.squared.errors.catalogue import (
    AccountLockedError,
    ApplicationError,
    BadRequestError,
    ContractError,
    InvalidLoginError,
    PlainError,
    UndefinedMethodError,
    not_found,
)
from mockalog.vendors.squared.errors.envelope import INTERNAL

# The vendor's faults in addition to the kernel's. The vendor has no error ids: these are ours.
FAULTS: dict[str, ErrorFactory] = {
    "validation": lambda _: ContractError({"base": ["is invalid"]}),  # A
    "not-found": lambda _: ApplicationError(404, "Not found"),  # B
    "workspace-not-found": lambda _: not_found("Workspace"),
    "connector-not-found": lambda _: not_found("Connector"),
    "catalog-not-found": lambda _: not_found("Catalog"),
    "forbidden": lambda _: ForbiddenError(""),
    "unauthorized": lambda _: UnauthorizedError(),
    "invalid-login": lambda _: InvalidLoginError(),
    "account-locked": lambda _: AccountLockedError(),
    "unprocessable": lambda _: ApplicationError(422, "Unprocessable Entity"),
    "failed-dependency": lambda _: ApplicationError(424, "Failed Dependency"),
    "exception": lambda _: UndefinedMethodError("id", "nil"),  # C
    "parameter-missing": lambda _: PlainError(  # D
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
    """Return the `error` of a run whose step failed (inferred).

    It is the text of an armed fault, if it has one. Otherwise it is Rails' text of a 500.
    """
    provoke = FAULTS.get(error_id)
    match provoke({}) if provoke else None:
        case ApplicationError() as error:
            return error.detail
        case BadRequestError() | PlainError() as error:
            return error.text
    return INTERNAL

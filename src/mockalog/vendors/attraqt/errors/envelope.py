"""The bodies and headers of Attraqt's error answers.

Source: docs/vendors/attraqt.md#12-error-body.
"""

from dataclasses import replace
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
from mockalog.vendors.attraqt.errors.catalogue import (
    CATEGORY_TREE_SIZE,
    INTERNAL,
    INVALID_ARGUMENT,
    NOT_FOUND,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    UNAUTHENTICATED,
    AttraqtError,
    Category,
)
from mockalog.vendors.attraqt.errors.oauth import OAuthError, caching, oauth_answer, realm_of

if TYPE_CHECKING:
    from mockalog.kernel.vendor.runtime import Runtime

# The category of each error of the kernel, and its specific text.
_KERNEL: dict[type[ApiError], tuple[Category, str]] = {
    UnauthorizedError: (UNAUTHENTICATED, ""),
    ForbiddenError: (PERMISSION_DENIED, ""),
    UnknownOperationError: (NOT_FOUND, ""),
    MalformedBodyError: (INVALID_ARGUMENT, "The body is not valid JSON"),
    UnstorableValueError: (INVALID_ARGUMENT, ""),
    # 400 is the closest documented status; 413 is not documented.
    BodyTooLargeError: (INVALID_ARGUMENT, "The body is too large"),
    RateLimitedError: (RESOURCE_EXHAUSTED, ""),
}


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Return the response to an error: one message joins category and description."""
    if isinstance(error, OAuthError):
        return oauth_answer(error, exchange)
    if isinstance(error, RepeatedHeaderError):  # inferred
        return _response(AttraqtError(INVALID_ARGUMENT, f"The header {error.header} is repeated"))
    if isinstance(error, AttraqtError):
        return _response(error)
    if isinstance(error, UnavailableError):  # 502 and 504, inferred
        return _response(AttraqtError(replace(INTERNAL, status=error.status)))
    if isinstance(error, UnreadableRequestError):  # inferred
        category = replace(INVALID_ARGUMENT, status=error.status)
        return _response(AttraqtError(category, error.reason))
    # The body is refused before the operation is known, so the path decides.
    if isinstance(error, BodyTooLargeError) and exchange.raw_path.startswith("/category-trees"):
        return _response(AttraqtError(CATEGORY_TREE_SIZE))
    return _response(AttraqtError(*_KERNEL.get(type(error), (INTERNAL, ""))))


def _response(error: AttraqtError) -> Response:
    category = error.category
    message = f"{category.id}: {error.text}"
    return json_response(
        {"code": category.code, "message": message, "details": []}, category.status
    )


def headers(runtime: "Runtime", exchange: Exchange, reply: Response) -> Headers:
    """Return the caching of a realm's answers; no source records a header of the API's."""
    path = exchange.raw_path
    return caching(exchange.operation) if "auth" in path and realm_of(path) is not None else ()

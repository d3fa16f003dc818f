"""Attraqt's error catalogue and its envelope.

Sources: docs/vendors/attraqt.md#12-error-body (shape and numbers),
docs/vendors/attraqt.md#21-token-endpoint (OAuth), docs/vendors/attraqt.md#33-endpoints,
docs/vendors/attraqt.md#43-endpoints and docs/vendors/attraqt.md#52-endpoints (categories).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

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
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response, json_response
from mockalog.kernel.vendor.fault_responses import ErrorFactory

if TYPE_CHECKING:
    from mockalog.kernel.vendor.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of error: `code` is a gRPC status number, 3 being INVALID_ARGUMENT."""

    id: str
    text: str
    status: int = 400
    code: int = 3


@dataclass(frozen=True, slots=True)
class OAuthCategory:
    """One kind of error of the token endpoint; `error` is its OAuth code (inferred, Keycloak)."""

    id: str
    error: str
    text: str
    status: int = 400


# gRPC's FAILED_PRECONDITION: the request has the right shape, the resource the wrong state.
_STATE = 9
_NOT_FOUND = 5

_NO_TENANCY = "The tenant or the environment is missing"

CATALOG_TENANT_ENV = Category("CATALOG_TENANT_ENV", _NO_TENANCY)
# Code 3 although it is a matter of state: docs/vendors/attraqt.md#12-error-body shows this very
# body.
CATALOG_LIMIT_REACHED = Category("CATALOG_LIMIT_REACHED", "The limit of 2 catalogs is reached")
CATALOG_SCHEMAS = Category("CATALOG_SCHEMAS", "The item schemas of the catalog are invalid")
CATALOG_CATEGORY_TREES = Category(
    "CATALOG_CATEGORY_TREES", "The category trees of the catalog are invalid"
)
CATALOG_DELETION_ACTIVE = Category(
    "CATALOG_DELETION_ACTIVE", "Only an inactive catalog can be deleted", code=_STATE
)
CATALOG_ALREADY_ACTIVE = Category(
    "CATALOG_ALREADY_ACTIVE", "The catalog is already active or activating", code=_STATE
)
CATALOG_NOT_FOUND = Category("CATALOG_NOT_FOUND", "The catalog does not exist", 404, _NOT_FOUND)

ITEM_SCHEMA_TENANT_ENV = Category("ITEM_SCHEMA_TENANT_ENV", _NO_TENANCY)
ITEM_SCHEMA_NAME = Category("ITEM_SCHEMA_NAME", "The name of the item schema is invalid")
ITEM_SCHEMA_VERSION = Category(
    "ITEM_SCHEMA_VERSION", "The version of an item schema is not given but assigned"
)
ITEM_SCHEMA_ATTRIBUTES = Category(
    "ITEM_SCHEMA_ATTRIBUTES", "The attributes of the item schema are invalid"
)
ITEM_SCHEMA_ALREADY_EXISTS = Category(
    "ITEM_SCHEMA_ALREADY_EXISTS",
    "The item schema already exists, schema names should be unique per tenant",
    code=_STATE,
)
ITEM_SCHEMA_DELETION_USE = Category(
    "ITEM_SCHEMA_DELETION_USE", "The item schema is used by a catalog", code=_STATE
)
ITEM_SCHEMA_NOT_FOUND = Category(
    "ITEM_SCHEMA_NOT_FOUND", "The item schema does not exist", 404, _NOT_FOUND
)

CATEGORY_TREE_TENANT_ENV = Category("CATEGORY_TREE_TENANT_ENV", _NO_TENANCY)
CATEGORY_TREE_NAME = Category("CATEGORY_TREE_NAME", "The name of the category tree is invalid")
CATEGORY_TREE_LOCALE = Category("CATEGORY_TREE_LOCALE", "A locale or localized name is invalid")
CATEGORY_TREE_LEAF = Category("CATEGORY_TREE_LEAF", "A node or the name of a node is invalid")
CATEGORY_TREE_SIZE = Category("CATEGORY_TREE_SIZE", "The category tree is larger than 4 MB")
CATEGORY_TREE_ALREADY_EXISTS = Category(
    "CATEGORY_TREE_ALREADY_EXISTS",
    "The category tree already exists, use update method",
    code=_STATE,
)
CATEGORY_TREE_DELETION_USE = Category(
    "CATEGORY_TREE_DELETION_USE", "The category tree is used by a catalog", code=_STATE
)
CATEGORY_TREE_NOT_FOUND = Category(
    "CATEGORY_TREE_NOT_FOUND", "The category tree does not exist", 404, _NOT_FOUND
)

CATALOG_FHR_FAILED = Category("CATALOG_FHR_FAILED", "The Fredhopper side failed", 409, 10)

# No call of the API ends so; only a fault does.
CATALOG_NOT_ACTIVE = Category(
    "CATALOG_NOT_ACTIVE",
    "The catalog must be in activating state to perform the action",
    code=_STATE,
)

# None of these is documented: named as the ones above are (inferred).
ITEM_TENANT_ENV = Category("ITEM_TENANT_ENV", _NO_TENANCY)
ITEM_INVALID = Category("ITEM_INVALID", "The items are invalid")
BATCH_IMPORT_TENANT_ENV = Category("BATCH_IMPORT_TENANT_ENV", _NO_TENANCY)
BATCH_IMPORT_NOT_FOUND = Category(
    "BATCH_IMPORT_NOT_FOUND", "The batch import does not exist", 404, _NOT_FOUND
)
BATCH_IMPORT_EXPIRED = Category(
    "BATCH_IMPORT_EXPIRED", "The batch import is older than 7 days", code=_STATE
)
INGESTION_NOT_FOUND = Category(
    "INGESTION_NOT_FOUND", "The ingestion does not exist", 404, _NOT_FOUND
)
LOCALE_TENANT_ENV = Category("LOCALE_TENANT_ENV", _NO_TENANCY)
LOCALE_INVALID = Category("LOCALE_INVALID", "The locale must be such as en_GB")
LOCALE_NOT_FOUND = Category("LOCALE_NOT_FOUND", "There is no default locale", 404, _NOT_FOUND)
FEEDBACK_TENANT_ENV = Category("FEEDBACK_TENANT_ENV", _NO_TENANCY)
FEEDBACK_NOT_FOUND = Category("FEEDBACK_NOT_FOUND", "There is no such feedback", 404, _NOT_FOUND)

# What has no documented category carries the name of its gRPC status (inferred).
INVALID_ARGUMENT = Category("INVALID_ARGUMENT", "The request is invalid")
PERMISSION_DENIED = Category("PERMISSION_DENIED", "The token has no right to do this", 403, 7)
INTERNAL = Category("INTERNAL", "Internal error", 500, 13)

UNAUTHENTICATED = Category(
    "UNAUTHENTICATED", "The access token is missing, malformed or expired", 401, 16
)
NOT_FOUND = Category("NOT_FOUND", "There is nothing at this path", 404, _NOT_FOUND)
RESOURCE_EXHAUSTED = Category("RESOURCE_EXHAUSTED", "Too many requests", 429, 8)
# Documented: the service is scaling up, and clients should come again.
UNAVAILABLE = Category("UNAVAILABLE", "The service is scaling up, please try again", 503, 14)

# What a test can arm besides what the kernel knows: every category above by its id.
CATALOGUE = {c.id: c for c in list(globals().values()) if isinstance(c, Category)}

_KERNEL: dict[type[ApiError], Category] = {
    UnauthorizedError: UNAUTHENTICATED,
    ForbiddenError: PERMISSION_DENIED,
    UnknownOperationError: NOT_FOUND,
    MalformedBodyError: Category("INVALID_ARGUMENT", "The body is not valid JSON"),
    UnstorableValueError: INVALID_ARGUMENT,
    # Of all statuses that are documented this one fits; 413 is none of them.
    BodyTooLargeError: Category("INVALID_ARGUMENT", "The body is too large"),
    RateLimitedError: RESOURCE_EXHAUSTED,
}


class Rejected(ApiError):
    """A request that Attraqt turns down; `text` takes the place of the category's own."""

    def __init__(self, category: Category, text: str = "") -> None:
        super().__init__(category, text)
        self.category = category
        self.text = text or category.text

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the category's id."""
        return (self.category.id,)


INVALID_REQUEST = OAuthCategory(
    "invalid_request", "invalid_request", "Missing form parameter: grant_type"
)
UNSUPPORTED_GRANT_TYPE = OAuthCategory(
    "unsupported_grant_type", "unsupported_grant_type", "Unsupported grant_type"
)
INVALID_CLIENT = OAuthCategory(
    "invalid_client", "invalid_client", "Invalid client or Invalid client credentials", 401
)
REALM_NOT_FOUND = OAuthCategory("realm_not_found", "Realm does not exist", "", 404)

# The errors of the token endpoint by id; no test can arm them.
OAUTH_CATALOGUE = {
    c.id: c for c in (INVALID_REQUEST, UNSUPPORTED_GRANT_TYPE, INVALID_CLIENT, REALM_NOT_FOUND)
}


class OAuthRejected(ApiError):
    """A refusal of the token endpoint; `text` takes the place of the category's own."""

    def __init__(self, category: OAuthCategory, text: str = "") -> None:
        super().__init__(category, text)
        self.category = category
        self.text = text or category.text

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the category's id."""
        return (self.category.id,)


class InvalidClient(OAuthRejected):
    """A client that is unknown or cannot prove who it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(INVALID_CLIENT, text)


def provoke(category: Category, parameters: Mapping[str, str]) -> Rejected:
    """Return the refusal that a fault means."""
    return Rejected(category)


FAULTS = {error_id: partial(provoke, category) for error_id, category in CATALOGUE.items()}
STATUSES: dict[int, ErrorFactory] = {
    400: partial(provoke, INVALID_ARGUMENT),
    404: partial(provoke, NOT_FOUND),
    409: partial(provoke, CATALOG_FHR_FAILED),
    503: partial(provoke, UNAVAILABLE),
}


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Word a refusal as Attraqt does: category and text joined in one message (inferred)."""
    if isinstance(error, OAuthRejected):
        return _oauth(error)
    if isinstance(error, Rejected):
        return _shown(error.category, error.text)
    if isinstance(error, UnavailableError):  # 502 and 504, inferred
        return _shown(replace(INTERNAL, status=error.status), INTERNAL.text)
    category = _KERNEL.get(type(error), INTERNAL)
    # What is refused unread has no operation yet, so that its path tells.
    if isinstance(error, BodyTooLargeError) and exchange.raw_path.startswith("/category-trees"):
        category = CATEGORY_TREE_SIZE
    return _shown(category, category.text)


def _shown(category: Category, text: str) -> Response:
    body = {"code": category.code, "message": f"{category.id}: {text}", "details": []}
    return json_response(body, category.status)


def _oauth(error: OAuthRejected) -> Response:
    body = {"error": error.category.error}
    if error.text:
        body["error_description"] = error.text
    return json_response(body, error.category.status)


def headers(runtime: "Runtime", exchange: Exchange, reply: Response) -> Headers:
    """Return nothing: no source records a header beyond the content type."""
    return ()

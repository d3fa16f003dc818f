"""The error catalogue of the OpenAPI document: the bodies and the cause of each error.

It is imported with the first request for a document.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field

from mockalog.kernel.errors import (
    UNREADABLE,
    ApiError,
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
)
from mockalog.kernel.vendor.vendor import ErrorDoc
from mockalog.vendors.attraqt.errors import (
    CATALOGUE,
    OAUTH_CATALOGUE,
    AttraqtError,
    MethodNotAllowedError,
    OAuthError,
)
from mockalog.vendors.attraqt.rules.category_trees import MAX_BYTES
from mockalog.vendors.attraqt.schemas.base import Out, shown


class ErrorOut(Out):
    """An error of the API."""

    model_config = shown(
        {
            "code": 3,
            "message": "CATALOG_LIMIT_REACHED: The limit of 2 catalogs is reached",
            "details": [],
        }
    )

    code: int = Field(description="A status number of gRPC; 3 is INVALID_ARGUMENT.", ge=0, le=16)
    message: str = Field(
        description="The category of the error, a colon, its description, a dash, and details."
    )
    details: list[Any] = Field(max_length=0, description="Always empty.")


class OAuthErrorOut(Out):
    """An error of a realm."""

    model_config = ConfigDict(
        alias_generator=None,
        **shown(
            {
                "error": "invalid_client",
                "error_description": "Invalid client or Invalid client credentials",
            }
        ),
    )

    error: str
    error_description: str = Field(default_factory=str, min_length=1)


_NO_TENANCY = (
    "`tenant` or `environment` is missing or invalid in the query, or the body names another one."
)
_GENERAL = "No operation answers with it; a test can arm it for any."
_REALMS = "Only a test that arms an error of this status at a realm's path gets it."

# The cause of each category.
_CAUSES: Mapping[str, str] = {
    "CATALOG_TENANT_ENV": _NO_TENANCY,
    "CATALOG_LIMIT_REACHED": "The environment holds two catalogs already.",
    "CATALOG_SCHEMAS": "The item schemas are missing, malformed, repeated or do not exist.",
    "CATALOG_CATEGORY_TREES": "The category trees are malformed, repeated or do not exist.",
    "CATALOG_DELETION_ACTIVE": "The catalog is ACTIVE or ACTIVATING.",
    "CATALOG_ALREADY_ACTIVE": "The catalog is ACTIVE, or some catalog is ACTIVATING.",
    "CATALOG_NOT_FOUND": "The catalog does not exist.",
    "ITEM_SCHEMA_TENANT_ENV": _NO_TENANCY,
    "ITEM_SCHEMA_NAME": "The name is missing, malformed or not that of the path.",
    "ITEM_SCHEMA_VERSION": "The body holds a version.",
    "ITEM_SCHEMA_ATTRIBUTES": "An attribute or a nested item schema is invalid.",
    "ITEM_SCHEMA_ALREADY_EXISTS": "An item schema of that name exists.",
    "ITEM_SCHEMA_DELETION_USE": "A catalog uses the version.",
    "ITEM_SCHEMA_NOT_FOUND": "The item schema or its version does not exist.",
    "CATEGORY_TREE_TENANT_ENV": _NO_TENANCY,
    "CATEGORY_TREE_NAME": "The name is missing, malformed or not that of the path.",
    "CATEGORY_TREE_LOCALE": "A locale or a localized name is missing or invalid.",
    "CATEGORY_TREE_LEAF": "A node is malformed, or its name is missing, repeated or malformed.",
    "CATEGORY_TREE_SIZE": "A body for a category tree is too large; its id is `body-too-large`.",
    "CATEGORY_TREE_ALREADY_EXISTS": "A category tree of that name exists.",
    "CATEGORY_TREE_DELETION_USE": "A catalog uses the version.",
    "CATEGORY_TREE_NOT_FOUND": "The category tree or its version does not exist.",
    "CATALOG_FHR_FAILED": "The Fredhopper side failed: the setting `attraqt.fhr_fails` is true.",
    "CATALOG_NOT_ACTIVE": _GENERAL,
    "ITEM_TENANT_ENV": _NO_TENANCY,
    "ITEM_INVALID": "The body is no array, or an item is invalid; the text names item, attribute "
    "and value.",
    "BATCH_IMPORT_TENANT_ENV": _NO_TENANCY,
    "BATCH_IMPORT_NOT_FOUND": "The batch does not exist.",
    "BATCH_IMPORT_EXPIRED": "The batch is 7 days old.",
    "BATCH_IMPORT_CATALOG_ACTIVE": "The catalog is ACTIVE, and the setting `attraqt.fhr` is true.",
    "INGESTION_NOT_FOUND": "The ingestion does not exist.",
    "LOCALE_TENANT_ENV": _NO_TENANCY,
    "LOCALE_INVALID": "The locale is malformed, or its language or its country does not exist.",
    "LOCALE_NOT_FOUND": "No default locale is set.",
    "FEEDBACK_TENANT_ENV": _NO_TENANCY,
    "FEEDBACK_NOT_FOUND": "The environment never had a catalog, or the catalog or the receipt "
    "does not exist.",
    "INVALID_ARGUMENT": "A parameter or a field is missing or invalid; the text names it.",
    "PERMISSION_DENIED": "The token belongs to another tenant.",
    "INTERNAL": _GENERAL,
    "UNAUTHENTICATED": _GENERAL,
    "NOT_FOUND": _GENERAL,
    "RESOURCE_EXHAUSTED": _GENERAL,
    "UNAVAILABLE": "The service is scaling up; try again. Only a test that arms it gets it.",
}
_OAUTH_CAUSES: Mapping[str, str] = {
    "invalid_request": "A field such as `grant_type` or `token` is missing, or `Authorization` "
    "or `X-Mockalog-Sandbox` came more than once.",
    "unsupported_grant_type": "`grant_type` is not `client_credentials`.",
    "invalid_scope": "A part of `scope` is unknown.",
    "invalid_client": "The client is unknown, or its secret or its assertion is wrong.",
    "authentication_failed": "The client that introspects is unknown, or its secret is wrong.",
    "invalid_token": "The access token is missing, unknown, expired or of another realm.",
    "insufficient_scope": "The access token does not have the scope `openid`.",
    "realm_not_found": "No tenant can have the name of the realm.",
    "oauth-403": _REALMS,
    "oauth-404": "The realm has nothing at this path.",
    "oauth-405": "The path has other methods.",
    "oauth-408": "The request did not arrive in time.",
    "oauth-409": _REALMS,
    "oauth-429": "More than 10 tokens in this second.",
    "oauth-431": "The head of the request has more than 64 KiB.",
    "oauth-500": "The server failed.",
    "oauth-502": _REALMS,
    "oauth-503": _REALMS,
    "oauth-504": _REALMS,
}
# The categories that no operation answers with; the kernel has ids of its own for some.
_ARMED = {
    "CATEGORY_TREE_SIZE",
    "CATALOG_NOT_ACTIVE",
    "INTERNAL",
    "UNAUTHENTICATED",
    "NOT_FOUND",
    "RESOURCE_EXHAUSTED",
    "UNAVAILABLE",
}
# The statuses of a realm that only an armed fault, or a request that is no HTTP/1.1, leads to.
_ARMED_OAUTH = {f"oauth-{status}" for status in (403, 408, 409, 431, 500, 502, 503, 504)}

_KERNEL: tuple[tuple[ApiError, str, bool], ...] = (
    (UnauthorizedError(), "The access token is missing, malformed, unknown or expired.", False),
    (ForbiddenError(""), "The access token does not hold the permission of the operation.", False),
    (
        RepeatedHeaderError("Authorization"),
        "`Authorization` or `X-Mockalog-Sandbox` came more than once.",
        False,
    ),
    (UnknownOperationError(), "No operation has this method and path.", False),
    (MalformedBodyError(""), "The body is not JSON.", False),
    (
        BodyTooLargeError(MAX_BYTES),
        "The body has more than 4 MB. For a category tree the category is CATEGORY_TREE_SIZE.",
        False,
    ),
    *(
        (UnreadableRequestError(status, "the request is no HTTP/1.1"), description, False)
        for status, description in UNREADABLE.items()
    ),
    (RateLimitedError(1), "Too many calls in this second: 250 item messages, 10 tokens.", False),
    (InternalError(), "The server failed.", True),
    *((UnavailableError(status), "The service is unavailable.", True) for status in (502, 504)),
)


def _categories() -> dict[str, ErrorDoc]:
    return {
        error_id: ErrorDoc(AttraqtError(category), ErrorOut, _CAUSES[error_id], error_id in _ARMED)
        for error_id, category in CATALOGUE.items()
    }


def _oauth() -> dict[str, ErrorDoc]:
    return {
        error_id: ErrorDoc(
            MethodNotAllowedError(["POST"]) if category.status == 405 else OAuthError(category),
            OAuthErrorOut,
            _OAUTH_CAUSES[error_id],
            error_id in _ARMED_OAUTH,
        )
        for error_id, category in OAUTH_CATALOGUE.items()
    }


def _kernel() -> dict[str, ErrorDoc]:
    return {
        refusal.ids[0]: ErrorDoc(refusal, ErrorOut, description, is_armed)
        for refusal, description, is_armed in _KERNEL
    }


ERRORS: Mapping[str, ErrorDoc] = {**_categories(), **_oauth(), **_kernel()}

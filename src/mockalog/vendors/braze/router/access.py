"""Declarations that operations share: the API key, the rate limits and lists of errors.

Sources: docs/vendors/braze.md#2-common-behaviour and docs/vendors/braze.md#7-errors.
"""

from fastapi.security import HTTPBearer

from mockalog.kernel.vendor.call import Bucket

KEY = HTTPBearer(
    scheme_name="restApiKey",
    description="A REST API key of the workspace; each operation asks for one of its permissions.",
    auto_error=False,
)

SYNC_CATALOGS = Bucket("braze.sync-catalogs", limit=50, seconds=60)
SYNC_ITEMS = Bucket("braze.sync-items", limit=50, seconds=60)
ASYNC_ITEMS = Bucket("braze.async-items", limit=16_000, seconds=60)
ASYNC_SCHEMA = Bucket("braze.async-schema", limit=50, seconds=60)

# Ids of the errors that several operations on items share, in the order of the checks.
CONTAINER_ERRORS = ("catalog-not-found", "item-array-invalid", "request-includes-too-many-items")
ID_ERRORS = ("ids-too-large", "invalid-ids")
VALUE_ERRORS = (
    "invalid-fields",
    "items-too-large",
    "unable-to-coerce-value",
    "invalid-keys-in-value-object",
    "too-deep-nesting-in-value-object",
)

"""The key of a call and the limits that it counts against.

Source: docs/vendors/braze.md#2-common-behaviour.
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

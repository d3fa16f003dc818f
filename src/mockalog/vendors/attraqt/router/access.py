"""The key of the API, and the rate limits.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#2-authentication.
"""

from fastapi.security import HTTPBearer

from mockalog.kernel.database.repository import series
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Bucket, Call
from mockalog.vendors.attraqt.service.tenancy import is_foreign

KEY = HTTPBearer(
    scheme_name="accessToken",
    bearerFormat="JWT",
    description="An access token of the token endpoint. It lives for 5 minutes.",
)


def _tenancy(call: Call) -> str | None:
    """Return a name of bounded length for the tenancy of a call, whatever its query says.

    None if it is another tenant's, whose window a forbidden call does not use up.
    """
    if is_foreign(call):
        return None
    return digest(series(call.query.get("tenant", ""), call.query.get("environment", "")))


# Messages, however many items are in them; each tenancy has its own. Those of a batch count as
# well (inferred): the docs speak of item messages, whatever they are sent to.
ITEMS = Bucket("attraqt.items", limit=250, seconds=1, key=_tenancy)

TOKENS = Bucket("attraqt.tokens", limit=10, seconds=1)

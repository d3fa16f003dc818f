"""The authentication, the rate limits and the tenancy of calls.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#2-authentication.
"""

from fastapi.security import HTTPBearer

from mockalog.kernel.database.repository import series
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Bucket, Call
from mockalog.vendors.attraqt.errors import (
    INVALID_ARGUMENT,
    PERMISSION_DENIED,
    AttraqtError,
    Category,
)
from mockalog.vendors.attraqt.rules.primitives import is_true, shown
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, parse_tenancy

KEY = HTTPBearer(
    scheme_name="accessToken",
    bearerFormat="JWT",
    description="An access token of the token endpoint. It lives for 5 minutes.",
)


def tenancy_of(call: Call, category: Category) -> Tenancy:
    """Return the tenancy of the query; raises `AttraqtError` of the resource's category.

    An issued token belongs to the tenant of its realm. For another tenant it is forbidden, which
    is checked before the rest of the query (inferred).
    """
    if _is_foreign(call):
        raise AttraqtError(PERMISSION_DENIED, "The token belongs to another tenant")
    return parse_tenancy(call.query, category)


def optional_object(call: Call) -> object:
    """Return the JSON object of the body, None for an empty body.

    Raises `AttraqtError` for another body, whatever its content type: it would hide a mistake
    (docs/vendors/attraqt.md#1-conventions).
    """
    body: object = call.json
    if call.body and not isinstance(body, dict):
        text = f"the body must be a JSON object or empty, not {shown(body)}"
        raise AttraqtError(INVALID_ARGUMENT, text)
    return body


def has_fhr_validation(call: Call) -> bool:
    """Return whether the query asks for the rules of Fredhopper."""
    return is_true(call.query.get("fhrValidation"))


def _bucket_key(call: Call) -> str | None:
    """Return a key of bounded length for the tenancy of the query.

    None for another tenant than the token's: a forbidden call does not use up its limit.
    """
    if _is_foreign(call):
        return None
    return digest(series(call.query.get("tenant", ""), call.query.get("environment", "")))


def _is_foreign(call: Call) -> bool:
    """Return whether the query names another tenant than the token's."""
    realm, tenant = call.principal.subject.get("realm"), call.query.get("tenant")
    return bool(realm is not None and tenant and tenant != realm)


# Messages per tenancy, whatever their number of items. Those of a batch count too (inferred),
# because the docs name no endpoint.
ITEMS = Bucket("attraqt.items", limit=250, seconds=1, key=_bucket_key)

TOKENS = Bucket("attraqt.tokens", limit=10, seconds=1)

"""Whose data a call is about."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt.errors import PERMISSION_DENIED, Category, Rejected
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, tenancy


def tenancy_of(call: Call, category: Category) -> Tenancy:
    """Return the tenancy of the query; raises `Rejected` of the resource's category.

    An issued token belongs to the tenant of its realm and is forbidden elsewhere, which is
    said before anything else about the query (inferred).
    """
    if is_foreign(call):
        raise Rejected(PERMISSION_DENIED, "The token belongs to another tenant")
    return tenancy(call.query, category)


def is_foreign(call: Call) -> bool:
    """Return whether the query names a tenant that the token does not belong to."""
    realm, tenant = call.principal.subject.get("realm"), call.query.get("tenant")
    return bool(realm is not None and tenant and tenant != realm)

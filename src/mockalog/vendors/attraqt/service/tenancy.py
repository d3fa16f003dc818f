"""Whose data a call is about."""

from mockalog.kernel.call import Call
from mockalog.vendors.attraqt.errors import PERMISSION_DENIED, Category, Rejected
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, tenancy


def tenancy_of(call: Call, category: Category) -> Tenancy:
    """Return the tenancy of the query; raises `Rejected` of the resource's category.

    An issued token belongs to the tenant of its realm and is forbidden elsewhere, which is
    said before anything else about the query (inferred).
    """
    realm, tenant = call.principal.subject.get("realm"), call.query.get("tenant")
    if realm is not None and tenant and tenant != realm:
        raise Rejected(PERMISSION_DENIED, "The token belongs to another tenant")
    return tenancy(call.query, category)

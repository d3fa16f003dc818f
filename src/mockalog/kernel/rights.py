"""What a credential may be given: a vendor's own permissions, or `*` for all of them."""

from collections.abc import Iterable

from mockalog.kernel.arming import unknown
from mockalog.kernel.auth import ANYTHING
from mockalog.kernel.vendor import Vendor


class UnknownPermission(ValueError):  # noqa: N818 - it says what is unknown
    """A permission that the vendor does not have."""


def permissions_of(vendor: Vendor) -> frozenset[str]:
    """Return the vendor's permissions, without the `*`."""
    asked = {operation.permission for operation in vendor.router.operations}
    return vendor.permissions | {permission for permission in asked if permission is not None}


def check_permissions(given: Iterable[str], vendor: Vendor) -> None:
    """Raise `UnknownPermission` for one that a credential of the vendor cannot have."""
    known = permissions_of(vendor) | ANYTHING
    for permission in given:
        if permission not in known:
            raise UnknownPermission(unknown(f"{vendor.name} permission", permission, known))

"""What a credential may be given: a vendor's own permissions, or `*` for all of them."""

from collections.abc import Iterable
from difflib import get_close_matches

from mockalog.kernel.auth import ANYTHING
from mockalog.kernel.vendor import Vendor


class UnknownPermission(ValueError):  # noqa: N818 - it says what is unknown
    """A permission that is none, but looks like one of the vendor's."""


def permissions_of(vendor: Vendor) -> frozenset[str]:
    """Return the vendor's permissions, without the `*`."""
    asked = {operation.permission for operation in vendor.router.operations}
    return vendor.permissions | {permission for permission in asked if permission is not None}


def check_permissions(given: Iterable[str], vendor: Vendor) -> None:
    """Raise `UnknownPermission` for what looks like a typo.

    Anything else may be a permission of another of the vendor's APIs, such as Braze's
    `users.track`: a test may register the key that production has.
    """
    known = permissions_of(vendor) | ANYTHING
    for permission in given:
        near = [] if permission in known else get_close_matches(permission, known)
        if near:
            said = f"there is no {vendor.name} permission {permission!r}; there is:"
            raise UnknownPermission(f"{said} {', '.join(near)}")

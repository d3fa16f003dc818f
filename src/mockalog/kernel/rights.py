"""What a credential may be given: a vendor's own permissions, or `*` for all of them."""

from collections.abc import Iterable

from mockalog.kernel.arming import unknown
from mockalog.kernel.auth import ANYTHING
from mockalog.kernel.vendor import Vendor


class UnknownPermission(ValueError):  # noqa: N818 - it says what is unknown
    """A permission that none of the vendor's operations asks for."""


def check_permissions(given: Iterable[str], vendor: Vendor) -> None:
    """Raise `UnknownPermission` for one that a credential of the vendor cannot have."""
    asked = {operation.permission for operation in vendor.router.operations}
    known = {permission for permission in asked if permission is not None} | ANYTHING
    for permission in given:
        if permission not in known:
            raise UnknownPermission(unknown(f"{vendor.name} permission", permission, known))

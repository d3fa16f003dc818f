"""What a credential may be given: a vendor's own permissions, or `*` for all of them."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from mockalog.kernel.sandboxes.authentication import ANYTHING
from mockalog.kernel.vendor.vendor import Vendor

# How much of two words must agree for one to be the other with a typo: `catlogs`, `items:WRIT`.
TYPO = 0.85


class UnknownPermissionError(ValueError):
    """A permission that is none, but looks like one of the vendor's."""


def permissions_of(vendor: Vendor) -> frozenset[str]:
    """Return the vendor's permissions, without the `*`."""
    asked = {operation.permission for operation in vendor.api.router.operations}
    return vendor.api.permissions | {permission for permission in asked if permission is not None}


def check_permissions(given: Iterable[str], vendor: Vendor) -> None:
    """Raise `UnknownPermissionError` for what looks like a typo.

    That is an unknown one of a family that is known (what stands before the first `.` or `:`), or
    one that is nearly a known one; case does not count. Anything else may be a permission of
    another of the vendor's APIs, such as Braze's `users.track`: a test may register the key that
    production has.
    """
    known = permissions_of(vendor) | ANYTHING
    for permission in given:
        near = [] if permission in known else _meant(permission, known)
        if near:
            said = f"there is no {vendor.name} permission {permission!r}; there is:"
            raise UnknownPermissionError(f"{said} {', '.join(near)}")


def _meant(permission: str, known: Iterable[str]) -> list[str]:
    """Return what an unknown permission was meant to be; nothing if it is another API's."""
    by_word = {one.lower(): one for one in known}
    word = permission.lower()
    if near := _known_of_its_family(word, by_word):
        return [by_word[one] for one in get_close_matches(word, near)] or sorted(near.values())
    return [by_word[one] for one in get_close_matches(word, by_word, cutoff=TYPO)]


def _known_of_its_family(word: str, by_word: Mapping[str, str]) -> dict[str, str]:
    """Return the known permissions whose family is that of a word, or nearly so."""
    families = set(get_close_matches(_family(word), map(_family, by_word), cutoff=TYPO))
    return {one: name for one, name in by_word.items() if _family(one) in families}


def _family(word: str) -> str:
    return re.split("[.:]", word, maxsplit=1)[0]

"""The permissions that a credential may have: the vendor's own, or `*` for all of them."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from mockalog.kernel.sandboxes.authentication import ANYTHING
from mockalog.kernel.vendor.vendor import Vendor

# The similarity above which a word is a typo of another: `catlogs`, `items:WRIT`.
TYPO = 0.85


class UnknownPermissionError(ValueError):
    """A permission that resembles one of the vendor's but is none."""


def permissions_of(vendor: Vendor) -> frozenset[str]:
    """Return the vendor's permissions, without the `*`."""
    asked = {operation.permission for operation in vendor.api.router.operations}
    return vendor.api.auth.permissions | {
        permission for permission in asked if permission is not None
    }


def check_permissions(given: Iterable[str], vendor: Vendor) -> list[str]:
    """Return a warning for each permission that looks like a typo.

    Raises `UnknownPermissionError` instead if the vendor's permissions are all listed. A typo is an
    unknown permission of a known family: the part before the first `.` or `:`. A permission that is
    similar to a known one is a typo too, regardless of case. Any other permission is accepted. It
    may belong to another API of the vendor, such as Braze's `users.track`, because a test may
    register the production key.
    """
    known = permissions_of(vendor) | ANYTHING
    warnings = []
    for permission in given:
        if permission in known or not (near := _meant(permission, known)):
            continue
        said, listed = f"{vendor.name} permission {permission!r}", ", ".join(near)
        if not vendor.api.auth.has_unlisted_permissions:
            raise UnknownPermissionError(f"{said} does not exist; use one of: {listed}")
        warnings.append(f"no operation requires {said}; if it is a typo, use one of: {listed}")
    return warnings


def _meant(permission: str, known: Iterable[str]) -> list[str]:
    """Return the known permissions that an unknown one resembles; empty if it is another API's."""
    by_word = {one.lower(): one for one in known}
    word = permission.lower()
    if near := _known_of_its_family(word, by_word):
        return [by_word[one] for one in get_close_matches(word, near)] or sorted(near.values())
    return [by_word[one] for one in get_close_matches(word, by_word, cutoff=TYPO)]


def _known_of_its_family(word: str, by_word: Mapping[str, str]) -> dict[str, str]:
    """Return the known permissions whose family is similar to a word's."""
    families = set(get_close_matches(_family(word), map(_family, by_word), cutoff=TYPO))
    return {one: name for one, name in by_word.items() if _family(one) in families}


def _family(word: str) -> str:
    return re.split("[.:]", word, maxsplit=1)[0]

"""Tenancies and what every request of one may say.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#11-scoping.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mockalog.vendors.attraqt.errors import Category, Rejected

# Characters of a tenant or an environment; inferred, the longest recorded one has ten.
MAX_TENANCY = 100

LARGEST = 2**63 - 1
DIGITS = re.compile(r"[0-9]{1,19}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Java's style, and nothing else (inferred): `en-GB` and a bare `en` are refused.
LOCALE = re.compile(r"[a-z]{2}_[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2}")


class Tenancy(NamedTuple):
    """The pair that all data, version numbers and limits belong to."""

    tenant: str
    environment: str


def tenancy(query: Mapping[str, str], category: Category) -> Tenancy:
    """Return the tenancy that the query names; raises `Rejected` of the resource's category."""
    found = Tenancy(query.get("tenant", ""), query.get("environment", ""))
    if not found.tenant or not found.environment:
        raise Rejected(category)
    if not is_tenancy(found.tenant) or not is_tenancy(found.environment):
        raise Rejected(category, "The tenant or the environment is invalid")
    return found


def is_tenancy(name: str) -> bool:
    """Return whether a tenant or an environment may be called that (inferred)."""
    return is_plain(name, MAX_TENANCY)


def is_plain(name: Any, longest: int) -> bool:
    """Return whether it is a text of one to `longest` characters, none of them a control."""
    return isinstance(name, str) and 0 < len(name) <= longest and not CONTROL.search(name)


def is_locale(locale: Any) -> bool:
    """Return whether it is a locale such as `en_GB`."""
    return isinstance(locale, str) and bool(LOCALE.fullmatch(locale))


def is_default_locale(locale: str, *, fhr: bool) -> bool:
    """Return whether a tenancy may have it: here a bare language is taken as well (client).

    Not with `fhr`, since Fredhopper's locales name a country (inferred).
    """
    return is_locale(locale) or (not fhr and bool(LANGUAGE.fullmatch(locale)))


def check_tenancy(body: Mapping[str, Any], expected: Tenancy, category: Category) -> None:
    """Refuse a body that names another tenancy than the query (inferred).

    An empty text is the default of the protocol and says nothing.
    """
    for key, value in expected._asdict().items():
        if body.get(key) not in (None, "", value):
            raise Rejected(category, f"The {key} of the body is not that of the query")


def integer(value: Any) -> int | None:
    """Return a number of at most 63 bits, also if it is written as text; None if it is none.

    JSON transcoding of gRPC takes `"11"` and 11.0 for 11 (inferred); no field of this API is
    negative. Attributes of items are stricter (docs/vendors/attraqt.md#63-value-checks).
    """
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    # First the range: a large Decimal has no remainder.
    if isinstance(value, float | Decimal) and 0 <= value <= LARGEST and value % 1 == 0:
        value = int(value)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return value if fits else None


def is_true(value: str | None) -> bool:
    """Return whether a switch of the query is on."""
    return value is not None and value.lower() == "true"

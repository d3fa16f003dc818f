"""Locales.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#8-default-locale.
"""

import re

from mockalog.vendors.attraqt.errors import LOCALE_INVALID, AttraqtError

# Java's style only (inferred): `en-GB` and a bare `en` are refused.
LOCALE = re.compile(r"[a-z]{2}_[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2}")


def is_locale(locale: object) -> bool:
    """Return whether a value is a locale such as `en_GB`."""
    return isinstance(locale, str) and bool(LOCALE.fullmatch(locale))


def check_default_locale(locale: str, *, fhr: bool) -> None:
    """Refuse a text that is no locale; raises `AttraqtError`.

    A bare language is allowed as well (client), but not with `fhr`, because the locales of
    Fredhopper name a country (inferred).
    """
    if not is_locale(locale) and (fhr or not LANGUAGE.fullmatch(locale)):
        raise AttraqtError(LOCALE_INVALID)

"""Locales.

Sources: docs/vendors/attraqt.md#51-structure and docs/vendors/attraqt.md#8-default-locale.
"""

import re
from functools import lru_cache
from typing import TypeGuard

from mockalog.vendors.attraqt.errors import LOCALE_INVALID, AttraqtError
from mockalog.vendors.attraqt.rules.primitives import shown

# Java's style only (inferred): `en-GB` and a bare `en` are refused.
LOCALE = re.compile(r"[a-z]{2}_[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2}")

# The late import of every call and job that checks locales.
ISO_CODES = "mockalog.kernel.formats.iso_codes"


def is_locale(locale: object) -> TypeGuard[str]:
    """Return whether a value is a language of ISO 639-1 and a country of ISO 3166-1: `en_GB`."""
    return isinstance(locale, str) and bool(LOCALE.fullmatch(locale)) and _exists(locale)


# Every text of every item has a locale. More than the locales of any shop.
@lru_cache(maxsize=1024)
def _exists(locale: str) -> bool:
    """Return whether the language and the country, if it names one, exist."""
    from mockalog.kernel.formats.iso_codes import COUNTRIES, LANGUAGES

    language, _, country = locale.partition("_")
    return language in LANGUAGES and (not country or country in COUNTRIES)


def check_default_locale(locale: str, *, fhr: bool) -> None:
    """Refuse a text that is no locale; raises `AttraqtError`.

    A bare language is allowed as well (client), but not with `fhr`, because the locales of
    Fredhopper name a country (inferred).
    """
    if is_locale(locale) or (not fhr and _is_language(locale)):
        return
    wanted = "" if fhr else ", or a language such as en"
    raise AttraqtError(LOCALE_INVALID, f"it must be such as en_GB{wanted}, not {shown(locale)}")


def _is_language(text: str) -> bool:
    return bool(LANGUAGE.fullmatch(text)) and _exists(text)

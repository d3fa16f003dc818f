"""The default locale of a tenancy.

Source: docs/vendors/attraqt.md#8-default-locale.
"""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt.errors import LOCALE_NOT_FOUND, AttraqtError
from mockalog.vendors.attraqt.repository import locales
from mockalog.vendors.attraqt.rules.locales import check_default_locale
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


async def get_locale(call: Call, tenancy: Tenancy) -> str:
    """Return the locale."""
    locale = await locales.find(call.repository, tenancy)
    if locale is None:
        raise AttraqtError(LOCALE_NOT_FOUND)
    return locale


async def set_locale(call: Call, tenancy: Tenancy, locale: str, *, fhr: bool) -> str:
    """Set the locale and return it; raises `AttraqtError` if it is malformed."""
    check_default_locale(locale, fhr=fhr)
    await locales.set_locale(call.repository, tenancy, locale)
    return locale


async def delete_locale(call: Call, tenancy: Tenancy) -> None:
    """Unset the locale."""
    if not await locales.delete_one(call.repository, tenancy):
        raise AttraqtError(LOCALE_NOT_FOUND)

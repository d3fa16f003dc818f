"""The default locale of a tenancy (docs/vendors/attraqt.md#8-default-locale)."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt.errors import (
    LOCALE_INVALID,
    LOCALE_NOT_FOUND,
    LOCALE_TENANT_ENV,
    Rejected,
)
from mockalog.vendors.attraqt.repository import locales
from mockalog.vendors.attraqt.rules.tenancy import is_default_locale, is_true
from mockalog.vendors.attraqt.service.tenancy import tenancy_of


async def get_locale(call: Call) -> str:
    """Return the locale."""
    locale = await locales.get(call.repository, tenancy_of(call, LOCALE_TENANT_ENV))
    if locale is None:
        raise Rejected(LOCALE_NOT_FOUND)
    return locale


async def set_locale(call: Call, locale: str) -> str:
    """Set the locale of the path and return it; a body would say nothing."""
    tenancy = tenancy_of(call, LOCALE_TENANT_ENV)
    if not is_default_locale(locale, fhr=is_true(call.query.get("fhrValidation"))):
        raise Rejected(LOCALE_INVALID)
    await locales.put(call.repository, tenancy, locale)
    return locale


async def delete_locale(call: Call) -> None:
    """Unset the locale."""
    if not await locales.delete_one(call.repository, tenancy_of(call, LOCALE_TENANT_ENV)):
        raise Rejected(LOCALE_NOT_FOUND)

"""The default locale.

Source: docs/vendors/attraqt.md#8-default-locale.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import LOCALE_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, has_fhr_validation, tenancy_of
from mockalog.vendors.attraqt.rules.locales import ISO_CODES
from mockalog.vendors.attraqt.schemas.base import EmptyOut, FhrIn, TenancyIn
from mockalog.vendors.attraqt.schemas.locales import DefaultLocale, LocaleOut
from mockalog.vendors.attraqt.service import locales

router = VendorRouter(
    tag="Locale",
    key=KEY,
    query=TenancyIn,
    responses={200: LocaleOut},
    errors=("LOCALE_TENANT_ENV", "LOCALE_NOT_FOUND"),
)


@router.get("/locale", permission="locale:READ")
async def get_locale(call: Call) -> Response:
    """Show the default locale."""
    tenancy = tenancy_of(call, LOCALE_TENANT_ENV)
    return json_response({"locale": await locales.get_locale(call, tenancy)})


@router.post(
    "/locale/{locale}",
    permission="locale:WRITE",
    imports=(ISO_CODES,),
    query=FhrIn,
    errors=("LOCALE_TENANT_ENV", "LOCALE_INVALID"),
)
async def set_locale(call: Call, locale: DefaultLocale) -> Response:
    """Set the default locale. A body is ignored."""
    tenancy = tenancy_of(call, LOCALE_TENANT_ENV)
    fhr = has_fhr_validation(call)
    return json_response({"locale": await locales.set_locale(call, tenancy, locale, fhr=fhr)})


@router.delete("/locale", permission="locale:WRITE", responses={200: EmptyOut})
async def delete_locale(call: Call) -> Response:
    """Unset the default locale."""
    await locales.delete_locale(call, tenancy_of(call, LOCALE_TENANT_ENV))
    return json_response({})

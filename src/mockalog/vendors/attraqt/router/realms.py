"""The documents of a realm, which need no credential, and the errors at its paths.

Source: docs/vendors/attraqt.md#22-realm.
"""

from mockalog.kernel.errors import (
    ApiError,
    RepeatedHeaderError,
    UnknownOperationError,
    UnreadableRequestError,
)
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import (
    BY_STATUS,
    REALM_NOT_FOUND,
    AttraqtError,
    MethodNotAllowedError,
    OAuthError,
    envelope,
    realm_of,
)
from mockalog.vendors.attraqt.router import tokens
from mockalog.vendors.attraqt.rules import realms as rules
from mockalog.vendors.attraqt.schemas.realms import KeysOut, OpenIdConfigurationOut, Realm, RealmOut
from mockalog.vendors.attraqt.service import realms

router = VendorRouter(tag="Tokens", anonymous=True, errors=("realm_not_found",))


@router.get("/auth/realms/{tenant}", responses={200: RealmOut}, imports=("jwt",))
async def get_realm(call: Call, tenant: Realm) -> Response:
    """Show a realm and its public key."""
    rules.check_realm(tenant)
    return Response(200, await realms.get_realm(call, tenant))


@router.get(
    "/auth/realms/{tenant}/.well-known/openid-configuration",
    responses={200: OpenIdConfigurationOut},
)
async def get_configuration(call: Call, tenant: Realm) -> Response:
    """Show the endpoints of a realm, as OpenID Connect Discovery describes them."""
    rules.check_realm(tenant)
    return Response(200, realms.get_configuration(call))


@router.get("/auth/realms/{tenant}" + rules.KEYS, responses={200: KeysOut}, imports=("jwt",))
async def get_keys(call: Call, tenant: Realm) -> Response:
    """Show the keys that verify access tokens (JWKS)."""
    rules.check_realm(tenant)
    return Response(200, await realms.get_keys(call))


_all = VendorRouter.of(router, tokens.router)


def oauth_error(error: ApiError, exchange: Exchange) -> ApiError:
    """Return OAuth's error in place of one of the API, if the path is a realm's.

    Keycloak looks for the realm before all else.
    """
    realm = realm_of(exchange.raw_path)
    if realm is None:
        return error
    if not rules.is_realm(realm):
        return OAuthError(REALM_NOT_FOUND)
    if isinstance(error, OAuthError):
        return error
    if isinstance(error, UnknownOperationError):
        return _unknown(exchange)
    category = BY_STATUS[envelope(error, exchange).status]
    return OAuthError(category, _text(error))


def _unknown(exchange: Exchange) -> OAuthError:
    if methods := _all.allowed(exchange.raw_path.rstrip("/")):
        return MethodNotAllowedError(methods)
    return OAuthError(BY_STATUS[404])


def _text(error: ApiError) -> str:
    """Return the text of an error, "" for the text of its category."""
    match error:
        case AttraqtError():
            return error.text
        case RepeatedHeaderError():
            return f"The header {error.header} is repeated"
        case UnreadableRequestError():
            return error.reason
        case _:
            return ""

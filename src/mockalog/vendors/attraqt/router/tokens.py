"""The token endpoint, and the endpoints about tokens.

Source: docs/vendors/attraqt.md#2-authentication.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.sandboxes.attribution import bearer
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import (
    AuthenticationFailedError,
    InvalidClientError,
    InvalidTokenError,
)
from mockalog.vendors.attraqt.router.access import KEY, TOKENS
from mockalog.vendors.attraqt.rules import realms
from mockalog.vendors.attraqt.rules.tokens import check_grant
from mockalog.vendors.attraqt.schemas.realms import (
    IntrospectionIn,
    IntrospectionOut,
    Realm,
    UserinfoOut,
)
from mockalog.vendors.attraqt.schemas.tokens import TokenIn, TokenOut
from mockalog.vendors.attraqt.service import tokens

router = VendorRouter(tag="Tokens", imports=("jwt",))

_REALM = "/auth/realms/{tenant}"


def _credential(call: Call) -> tuple[str, ...]:
    """Return the credential of the client; Keycloak checks the grant before the client."""
    check_grant(call.form)
    return tokens.credentials_of(call)


@router.post(
    _REALM + realms.TOKEN,
    bucket=TOKENS,
    credential=_credential,
    unauthorized_error=InvalidClientError,
    form=TokenIn,
    responses={200: TokenOut},
    errors=("unsupported_grant_type", "invalid_scope", "invalid_client", "realm_not_found"),
)
async def create_token(call: Call, tenant: Realm) -> Response:
    """Give a client an access token that lives for 5 minutes.

    The client authenticates by HTTP Basic, by `client_id` and `client_secret`, or by a JWT that it
    signed.
    """
    realms.check_realm(tenant)
    return json_response(await tokens.create_token(call, tenant))


def _introspecting_client(call: Call) -> tuple[str, ...]:
    try:
        return tokens.credentials_of(call)
    except InvalidClientError:
        raise AuthenticationFailedError from None


@router.post(
    _REALM + realms.INTROSPECTION,
    credential=_introspecting_client,
    unauthorized_error=AuthenticationFailedError,
    form=IntrospectionIn,
    responses={200: IntrospectionOut},
    errors=("authentication_failed", "realm_not_found"),
)
async def introspect_token(call: Call, tenant: Realm) -> Response:
    """Tell a client whether an access token is active, and its claims (RFC 7662).

    The client authenticates as at the token endpoint. A token of another realm is not active.
    """
    realms.check_realm(tenant)
    try:
        await tokens.check_client(call, tenant)
    except InvalidClientError:
        raise AuthenticationFailedError from None
    return json_response(await tokens.introspect_token(call, tenant))


@router.get(
    _REALM + realms.USERINFO,
    key=KEY,
    unauthorized_error=InvalidTokenError,
    responses={200: UserinfoOut},
    errors=("invalid_token", "insufficient_scope", "realm_not_found"),
)
async def get_userinfo(call: Call, tenant: Realm) -> Response:
    """Show the service account of an access token, which needs the scope `openid`."""
    realms.check_realm(tenant)
    return json_response(tokens.userinfo(call, tenant))


def _access_token(call: Call) -> str:
    sent = bearer(call.headers.get("authorization", ""))
    return sent or call.form.get("access_token", "")


@router.post(
    _REALM + realms.USERINFO,
    credential=_access_token,
    unauthorized_error=InvalidTokenError,
    responses={200: UserinfoOut},
    errors=("invalid_token", "insufficient_scope", "realm_not_found"),
)
async def post_userinfo(call: Call, tenant: Realm) -> Response:
    """Show the service account of an access token, as by GET.

    The token is in `Authorization: Bearer` or in the form.
    """
    realms.check_realm(tenant)
    return json_response(tokens.userinfo(call, tenant))

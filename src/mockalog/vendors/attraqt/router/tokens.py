"""The token endpoint.

Source: docs/vendors/attraqt.md#2-authentication.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import InvalidClientError
from mockalog.vendors.attraqt.router.access import TOKENS
from mockalog.vendors.attraqt.rules.tokens import Client, check_grant, check_realm
from mockalog.vendors.attraqt.schemas.tokens import Realm, TokenIn, TokenOut
from mockalog.vendors.attraqt.service import tokens

router = VendorRouter(tag="Tokens")


def _credential(call: Call) -> str:
    """Return the credential of the client; Keycloak checks the grant before the client."""
    check_grant(call.form)
    return tokens.credential_of(call, _client(call))


def _client(call: Call) -> Client:
    return tokens.identify_client(call.headers.get("authorization", ""), call.form)


@router.post(
    "/auth/realms/{tenant}/protocol/openid-connect/token",
    bucket=TOKENS,
    credential=_credential,
    unauthorized_error=InvalidClientError,
    form=TokenIn,
    responses={200: TokenOut},
    imports=("jwt",),
    errors=("invalid_request", "unsupported_grant_type", "invalid_client", "realm_not_found"),
)
async def create_token(call: Call, tenant: Realm) -> Response:
    """Give a client an access token that lives for 5 minutes.

    The client authenticates by HTTP Basic, by `client_id` and `client_secret`, or by a JWT that it
    signed. Its errors have OAuth's form, but for too many requests.
    """
    check_realm(tenant)
    scope = call.form.get("scope") or "openid"
    return json_response(await tokens.create_token(call, _client(call), tenant, scope))

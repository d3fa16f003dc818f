"""python-keycloak: what it discovers, a token, and that token looked at in every way."""

import json
import os
import sys

from keycloak import KeycloakOpenID
from keycloak.exceptions import KeycloakError

_, URL, CLIENT, SECRET, EARLIER = sys.argv
VERIFY = os.environ.get("REQUESTS_CA_BUNDLE", True)


def realm(name, secret=SECRET):
    """Return a client of a realm."""
    return KeycloakOpenID(
        server_url=f"{URL}/auth/",
        realm_name=name,
        client_id=CLIENT,
        client_secret_key=secret,
        verify=VERIFY,
    )


def refusal(call, *arguments, **named):
    """Return the status and the body of the error that a call raises."""
    try:
        return ["no error", call(*arguments, **named)]
    except KeycloakError as error:
        return [error.response_code, json.loads(error.response_body)]


acme = realm("acme")
token = acme.token(grant_type="client_credentials")
access = token["access_token"]
seen = {
    "well_known": acme.well_known(),
    "public_key": acme.public_key(),
    "kids": [key["kid"] for key in acme.certs()["keys"]],
    "token": {name: token[name] for name in ("token_type", "expires_in", "scope")},
    "claims": acme.decode_token(access),
    "earlier_claims": acme.decode_token(EARLIER),
    "introspected": acme.introspect(access),
    "introspected_earlier": acme.introspect(EARLIER),
    "introspected_foreign": acme.introspect("no-token"),
    "userinfo": acme.userinfo(access),
    "userinfo_without_scope": refusal(acme.userinfo, EARLIER),
    "wrong_grant": refusal(acme.token, grant_type="nope"),
    "wrong_scope": refusal(acme.token, grant_type="client_credentials", scope="nope"),
    "wrong_realm": refusal(realm("{tenantId}").token, grant_type="client_credentials"),
}
print(json.dumps(seen))

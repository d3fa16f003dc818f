"""Authlib: discovery, tokens by three ways of authentication, and the check of their signature."""

import json
import sys

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet

_, URL, CLIENT, SECRET, EARLIER = sys.argv
METADATA = httpx.get(f"{URL}/auth/realms/acme/.well-known/openid-configuration").json()
KEYS = KeySet.import_key_set(httpx.get(METADATA["jwks_uri"]).json())
REGISTRY = jwt.JWTClaimsRegistry(iss={"essential": True, "value": METADATA["issuer"]})


def claims(token):
    """Return the claims of a token that the realm signed."""
    read = jwt.decode(token, KEYS, algorithms=["RS256"])
    REGISTRY.validate(read.claims)
    return read.claims


def client(method="client_secret_basic", **options):
    """Return a client of the realm."""
    return OAuth2Client(CLIENT, SECRET, token_endpoint_auth_method=method, **options)


def token_of(method):
    """Fetch a token, and call the API with it."""
    with client(method) as session:
        token = session.fetch_token(METADATA["token_endpoint"])
        answer = session.get(f"{URL}/catalogs?tenant=acme&environment=live1")
        catalogs = len(answer.json()["catalogs"])
        return {"claims": claims(token["access_token"]), "catalogs": catalogs}


def refusal(scope):
    """Return the error of a token with a scope."""
    try:
        with client(scope=scope) as session:
            return session.fetch_token(METADATA["token_endpoint"])
    except OAuthError as error:
        return error.error


def introspection(token):
    """Ask the realm about a token."""
    with client() as session:
        return session.introspect_token(METADATA["introspection_endpoint"], token).json()


seen = {
    "issuer": METADATA["issuer"],
    "basic": token_of("client_secret_basic"),
    "post": token_of("client_secret_post"),
    "earlier_claims": claims(EARLIER),
    "introspected": introspection(EARLIER),
    "wrong_scope": refusal("nope"),
}
print(json.dumps(seen))

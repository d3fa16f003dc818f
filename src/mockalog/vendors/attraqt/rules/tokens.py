"""What the token endpoint asks of a client.

Source: docs/vendors/attraqt.md#21-token-endpoint; details from Keycloak.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.kernel.clock import SECOND
from mockalog.vendors.attraqt.errors import (
    INVALID_REQUEST,
    REALM_NOT_FOUND,
    UNSUPPORTED_GRANT_TYPE,
    InvalidClient,
    OAuthRejected,
)
from mockalog.vendors.attraqt.rules.tenancy import is_tenancy

# Seconds: "at most 5 minutes" (docs).
LIFE = 300

# What a private key may sign with: RSA is what the docs recommend.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Client(NamedTuple):
    """Who asks, and what it proves that with: a secret, or an assertion that also names it."""

    id: str
    secret: str = ""
    assertion: str = ""


def check_grant(form: Mapping[str, str]) -> None:
    """Refuse what is not the client credentials grant; Keycloak asks this before who asks."""
    grant = form.get("grant_type", "")
    if not grant:
        raise OAuthRejected(INVALID_REQUEST)
    if grant != GRANT:
        raise OAuthRejected(UNSUPPORTED_GRANT_TYPE)


def check_realm(tenant: str) -> None:
    """Refuse a realm that no tenant can have; every other one exists (inferred)."""
    if not is_tenancy(tenant):
        raise OAuthRejected(REALM_NOT_FOUND)


def client(authorization: str, form: Mapping[str, str]) -> Client:
    """Return the client by assertion, HTTP Basic or form fields; empty fields are none.

    Raises `InvalidClient` if no way is taken to its end.
    """
    if assertion := form.get("client_assertion"):
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidClient("Parameter client_assertion_type has an unknown value")
        return Client(form.get("client_id", ""), assertion=assertion)
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        found = Client(*_basic(encoded))
    else:
        found = Client(form.get("client_id", ""), form.get("client_secret", ""))
    if not found.id or not found.secret:
        raise InvalidClient
    return found


def _basic(encoded: str) -> tuple[str, str]:
    """Return id and secret of HTTP Basic, empty ones if it cannot be read."""
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = text.partition(":")
    return client_id, secret


def subject(claims: Mapping[str, Any], client_id: str) -> str:
    """Return the client that an assertion speaks for; raises `InvalidClient`.

    `client_id` is the form's, which may be missing.
    """
    name = claims.get("sub")
    if not isinstance(name, str) or not name or claims.get("iss") != name:
        raise InvalidClient("The assertion needs the client id as its iss and sub")
    if client_id not in ("", name):
        raise InvalidClient("The assertion is not of the client that client_id names")
    return name


def check_life(claims: Mapping[str, Any], now: int) -> None:
    """Refuse an assertion before and after its time."""
    begins, ends = _time(claims.get("nbf", 0)), _time(claims.get("exp"))
    if not begins * SECOND <= now < ends * SECOND:
        raise InvalidClient("Token is not active")


def check_purpose(claims: Mapping[str, Any], endpoint: str) -> str:
    """Return the `jti` of an assertion made for the endpoint with this path."""
    audience, name = claims.get("aud"), claims.get("jti")
    audiences = audience if isinstance(audience, list) else [audience]
    if not any(isinstance(a, str) and a.rstrip("/").endswith(endpoint) for a in audiences):
        raise InvalidClient("The assertion is not for this token endpoint")
    if not isinstance(name, str) or not name:
        raise InvalidClient("The assertion needs a jti")
    return name


def _time(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidClient("The assertion needs exp as a number")
    return value

"""The checks of a client at the token endpoint.

Source: docs/vendors/attraqt.md#21-token-endpoint; details from Keycloak.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import NamedTuple

from mockalog.kernel.clock import SECOND
from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.vendors.attraqt.errors import (
    INVALID_REQUEST,
    REALM_NOT_FOUND,
    UNSUPPORTED_GRANT_TYPE,
    InvalidClientError,
    OAuthError,
)
from mockalog.vendors.attraqt.rules.tenancy import is_tenancy_name

# Seconds: "at most 5 minutes" (docs).
LIFE = 300

# The signature algorithms of assertions; the docs recommend RSA.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Client(NamedTuple):
    """A client with a secret, or with an assertion, which also holds its id."""

    id: str
    secret: str = ""
    assertion: str = ""


def check_grant(form: Mapping[str, str]) -> None:
    """Refuse other grants than client credentials; Keycloak checks the grant before the client."""
    grant = form.get("grant_type", "")
    if not grant:
        raise OAuthError(INVALID_REQUEST)
    if grant != GRANT:
        raise OAuthError(UNSUPPORTED_GRANT_TYPE)


def check_realm(tenant: str) -> None:
    """Refuse a realm that cannot be the name of a tenant; all others exist (inferred)."""
    if not is_tenancy_name(tenant):
        raise OAuthError(REALM_NOT_FOUND)


def parse_client(authorization: str, form: Mapping[str, str]) -> Client:
    """Return the client of an assertion, of HTTP Basic or of form fields; empty ones are absent.

    Raises `InvalidClientError` if the id or the secret is missing or a placeholder.
    """
    if assertion := form.get("client_assertion"):
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidClientError("Parameter client_assertion_type has an unknown value")
        return Client(form.get("client_id", ""), assertion=assertion)
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        client = Client(*_basic(encoded))
    else:
        client = Client(form.get("client_id", ""), form.get("client_secret", ""))
    if not PLACEHOLDERS.isdisjoint((client.id, client.secret)):
        raise InvalidClientError
    return client


def _basic(encoded: str) -> tuple[str, str]:
    """Return id and secret of HTTP Basic, empty texts if it is malformed."""
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = text.partition(":")
    return client_id, secret


def subject(claims: Mapping[str, object], client_id: str) -> str:
    """Return the client id of an assertion; raises `InvalidClientError`.

    `client_id`: the one of the form, which may be empty.
    """
    name = claims.get("sub")
    if not isinstance(name, str) or name in PLACEHOLDERS or claims.get("iss") != name:
        raise InvalidClientError("The assertion needs the client id as its iss and sub")
    if client_id not in ("", name):
        raise InvalidClientError("The assertion is not of the client that client_id names")
    return name


def check_life(claims: Mapping[str, object], now: int) -> None:
    """Refuse an assertion that is not valid yet or has expired; `now` in microseconds."""
    begins, ends = _time(claims.get("nbf", 0)), _time(claims.get("exp"))
    if not begins * SECOND <= now < ends * SECOND:
        raise InvalidClientError("Token is not active")


def check_purpose(claims: Mapping[str, object], endpoint: str) -> str:
    """Return the `jti` of an assertion; its audience must be the endpoint with this path."""
    audience, name = claims.get("aud"), claims.get("jti")
    audiences = audience if isinstance(audience, list) else [audience]
    if not any(isinstance(a, str) and a.rstrip("/").endswith(endpoint) for a in audiences):
        raise InvalidClientError("The assertion is not for this token endpoint")
    if not isinstance(name, str) or not name:
        raise InvalidClientError("The assertion needs a jti")
    return name


def _time(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidClientError("The assertion needs exp as a number")
    return value

"""The checks of a client at the token endpoint.

Source: docs/vendors/attraqt.md#21-token-endpoint; details from Keycloak.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from mockalog.kernel.clock import LATEST, SECOND
from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.vendors.attraqt.errors import (
    INVALID_REQUEST,
    INVALID_SCOPE,
    UNSUPPORTED_GRANT_TYPE,
    InvalidClientError,
    OAuthError,
)

# Seconds: "at most 5 minutes" (docs).
LIFE = 300

# The signature algorithms of assertions; the docs recommend RSA.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

OPENID = "openid"
# The scopes of a new client of Keycloak.
SCOPES = (
    *(OPENID, "profile", "email", "address", "phone", "offline_access", "microprofile-jwt"),
    *("acr", "basic", "roles", "web-origins", "service_account", "organization"),
)
# Keycloak's defaults: a service account has `openid` only if it asks for it.
DEFAULT_SCOPE = "profile email"

_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


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


def granted_scope(form: Mapping[str, str]) -> str:
    """Return the scope of a token: the one that the client wants, each part once.

    Raises `OAuthError` if a part is unknown.
    """
    wanted = form.get("scope", "")
    parts = dict.fromkeys(part for part in wanted.split(" ") if part)
    if not parts.keys() <= set(SCOPES):
        raise OAuthError(INVALID_SCOPE, f"Invalid scopes: {wanted}")
    return " ".join(parts) or DEFAULT_SCOPE


def parse_client(authorization: str, form: Mapping[str, str]) -> tuple[Client, ...]:
    """Return the client of an assertion, of HTTP Basic or of form fields; empty ones are absent.

    That of HTTP Basic may have two readings: the raw one, and then the decoded one. Raises
    `InvalidClientError` if an id or a secret is missing or a placeholder.
    """
    if assertion := form.get("client_assertion"):
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidClientError("Parameter client_assertion_type has an unknown value")
        return (Client(form.get("client_id", ""), assertion=assertion),)
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        raw = _basic(encoded)
        clients = tuple(dict.fromkeys((raw, _form_decoded(raw))))
    else:
        clients = (Client(form.get("client_id", ""), form.get("client_secret", "")),)
    if not all(PLACEHOLDERS.isdisjoint((client.id, client.secret)) for client in clients):
        raise InvalidClientError
    return clients


def _basic(encoded: str) -> Client:
    """Return the client of HTTP Basic, one of empty texts if it is malformed."""
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return Client("")
    client_id, _, secret = text.partition(":")
    return Client(client_id, secret)


def _form_decoded(raw: Client) -> Client:
    """Return a client as RFC 6749, section 2.3.1 encodes it: each part as a field of a form.

    A client with a malformed escape is not encoded.
    """
    if _BAD_ESCAPE.search(raw.id) or _BAD_ESCAPE.search(raw.secret):
        return raw
    try:
        decoded = (unquote_plus(part, errors="strict") for part in (raw.id, raw.secret))
        return Client(*decoded)
    except UnicodeDecodeError:
        return raw


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


def check_life(claims: Mapping[str, object], now: int) -> int:
    """Return the end of an assertion's life; refuse one that is not valid yet or has expired.

    Both instants are in microseconds.
    """
    begins, ends = _time("nbf", claims.get("nbf", 0)), _time("exp", claims.get("exp"))
    if not begins * SECOND <= now < ends * SECOND:
        raise InvalidClientError("Token is not active")
    return int(min(ends * SECOND, LATEST))


def check_purpose(claims: Mapping[str, object], endpoints: tuple[str, ...]) -> str:
    """Return the `jti` of an assertion; its audience must be one of the paths at any address."""
    audience, name = claims.get("aud"), claims.get("jti")
    audiences = audience if isinstance(audience, list) else [audience]
    paths = [unquote(one).rstrip("/") for one in audiences if isinstance(one, str)]
    if not any(path.endswith(endpoints) for path in paths):
        raise InvalidClientError("The aud of the assertion is not this realm or its endpoint")
    if not isinstance(name, str) or not name:
        raise InvalidClientError("The assertion needs a jti")
    return name


def _time(claim: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidClientError(f"The assertion needs {claim} as a number")
    return value

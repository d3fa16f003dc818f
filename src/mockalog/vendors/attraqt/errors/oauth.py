"""The errors of a realm, in the words of OAuth and of Keycloak.

Source: docs/vendors/attraqt.md#22-realm.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response, json_response
from mockalog.kernel.vendor.declaration import segments


@dataclass(frozen=True, slots=True)
class OAuthCategory:
    """A category of a realm's errors; `error` is the code in the body (inferred, Keycloak).

    `challenges`: the answer has a `WWW-Authenticate` for bearer tokens (RFC 6750, section 3).
    """

    id: str
    error: str
    text: str
    status: int = 400
    challenges: bool = False


INVALID_REQUEST = OAuthCategory(
    "invalid_request", "invalid_request", "Missing form parameter: grant_type"
)
UNSUPPORTED_GRANT_TYPE = OAuthCategory(
    "unsupported_grant_type", "unsupported_grant_type", "Unsupported grant_type"
)
INVALID_SCOPE = OAuthCategory("invalid_scope", "invalid_scope", "Invalid scopes")
INVALID_CLIENT = OAuthCategory(
    "invalid_client", "invalid_client", "Invalid client or Invalid client credentials", 401
)
# Keycloak's answer to a bad client that introspects.
AUTHENTICATION_FAILED = OAuthCategory(
    "authentication_failed", "invalid_request", "Authentication failed.", 401
)
INVALID_TOKEN = OAuthCategory(
    "invalid_token", "invalid_token", "Token verification failed", 401, challenges=True
)
INSUFFICIENT_SCOPE = OAuthCategory(
    "insufficient_scope", "insufficient_scope", "Missing openid scope", 403, challenges=True
)
REALM_NOT_FOUND = OAuthCategory("realm_not_found", "Realm does not exist", "", 404)

# The code and the text for a status whose error is not the realm's own (inferred). OAuth has no
# code for 429; `temporarily_unavailable` is the one for too much load.
_GENERAL = {
    403: ("access_denied", "The client has no right to do this"),
    404: ("HTTP 404 Not Found", "The realm has nothing at this path"),
    405: ("HTTP 405 Method Not Allowed", "The path has other methods: see Allow"),
    408: ("invalid_request", "The request did not arrive in time"),
    409: ("invalid_request", "The state does not allow this"),
    429: ("temporarily_unavailable", "Too many requests"),
    431: ("invalid_request", "The head of the request is too large"),
    500: ("server_error", "Internal error"),
    502: ("temporarily_unavailable", "Bad gateway"),
    503: ("temporarily_unavailable", "The service is scaling up, please try again"),
    504: ("temporarily_unavailable", "Gateway timeout"),
}
_general = {
    status: OAuthCategory(f"oauth-{status}", error, text, status)
    for status, (error, text) in _GENERAL.items()
}
# The category of any status.
BY_STATUS = {400: INVALID_REQUEST, 401: INVALID_CLIENT, **_general}

# The categories of a realm's errors by id. No test can arm them by id.
OAUTH_CATALOGUE = {
    category.id: category
    for category in (
        INVALID_REQUEST,
        UNSUPPORTED_GRANT_TYPE,
        INVALID_SCOPE,
        INVALID_CLIENT,
        AUTHENTICATION_FAILED,
        INVALID_TOKEN,
        INSUFFICIENT_SCOPE,
        REALM_NOT_FOUND,
        *_general.values(),
    )
}


class OAuthError(ApiError):
    """An error of a realm; `text` replaces the text of the category."""

    def __init__(self, category: OAuthCategory, text: str = "", headers: Headers = ()) -> None:
        super().__init__(category, text)
        self.category = category
        self.text = text or category.text
        self.headers = headers

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the category's id."""
        return (self.category.id,)


class InvalidClientError(OAuthError):
    """A client that is unknown, or whose secret or assertion is wrong."""

    def __init__(self, text: str = "") -> None:
        super().__init__(INVALID_CLIENT, text)


class AuthenticationFailedError(OAuthError):
    """A client that introspects, but does not authenticate itself."""

    def __init__(self) -> None:
        super().__init__(AUTHENTICATION_FAILED)


class InvalidTokenError(OAuthError):
    """An access token that is missing, unknown, expired or of another realm."""

    def __init__(self) -> None:
        super().__init__(INVALID_TOKEN)


class MethodNotAllowedError(OAuthError):
    """A path of a realm with another method than these."""

    def __init__(self, methods: Sequence[str]) -> None:
        allow = (b"allow", ", ".join(methods).encode())
        super().__init__(BY_STATUS[405], headers=(allow,))


def oauth_answer(error: OAuthError, exchange: Exchange) -> Response:
    """Return the response to an error of a realm; a realm that does not exist has no text."""
    category = error.category
    body = {"error": category.error}
    if error.text:
        body["error_description"] = error.text
    added = (_challenge(error, exchange),) if category.challenges else ()
    return json_response(body, category.status, (*error.headers, *added))


def _challenge(error: OAuthError, exchange: Exchange) -> tuple[bytes, bytes]:
    realm = quote(realm_of(exchange.raw_path) or "", safe=" ")
    said = f'Bearer realm="{realm}", error="{error.category.error}"'
    return b"www-authenticate", f'{said}, error_description="{error.text}"'.encode()


# Keycloak's caching of answers with tokens (RFC 6749, section 5.1), and of a realm's documents.
_NO_STORE: Headers = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))
_NO_CACHE: Headers = ((b"cache-control", b"no-cache"),)
_CACHING = dict.fromkeys(("get_realm", "get_configuration", "get_keys"), _NO_CACHE)


def caching(operation: str | None) -> Headers:
    """Return the headers by which an answer of a realm may be cached or not."""
    return _CACHING.get(operation or "", _NO_STORE)


def realm_of(path: str) -> str | None:
    """Return the realm of a raw path, None for a path of the API."""
    parts = [unquote(part) for part in segments(path)]
    return parts[2] if len(parts) > 2 and parts[:2] == ["auth", "realms"] else None


def realm_path(path: str) -> str:
    """Return the path of a realm from a raw path in it, with the client's own escapes."""
    raw = segments(path)[2]
    # Bytes that no URL may have are escaped.
    return f"/auth/realms/{quote(raw, safe=string.punctuation, encoding='latin-1')}"

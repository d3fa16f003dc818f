"""The request guard: checks of origin, host, admin token and size before a call is routed.

A web page of another origin must not control the emulator from a user's browser. The guard refuses
requests of such a page (`Origin`, `Sec-Fetch-Site`). It also refuses requests to a public name that
resolves to this machine (DNS rebinding, visible in the `Host` header).
"""

import hmac
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Receive, Scope

from mockalog.control.calls.problems import ProblemError
from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError, RepeatedHeaderError
from mockalog.kernel.http.request_body import read_body
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.journal.servers import JOURNAL_PATH, SERVER_HEADER
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.settings import Settings

# The paths without a check of host and admin token. A container's health check knows neither, and
# the certificate that clients trust is not secret.
OPEN = frozenset(
    {f"{CONTROL_PREFIX}/health", f"{CONTROL_PREFIX}/ready", f"{CONTROL_PREFIX}/ca.pem"}
)

# The content types that clients send without a decision of their user: none, and the default of
# curl and urllib.
_DEFAULT_CONTENT_TYPES = (b"", b"application/x-www-form-urlencoded")
_JSON = (b"content-type", b"application/json")

# The lists that filters and paging apply to.
_WITH_QUERY = ("/requests", "/jobs", "/sandboxes")

# Top-level domains under which no public name can be registered (RFC 2606, RFC 6761, RFC 6762).
_PRIVATE = ("localhost", "test", "local", "internal", "invalid", "example", "arpa")


class RequestGuard:
    """Refuses forbidden requests, and reads the bodies of the others up to the limit."""

    def __init__(self, settings: Settings, vendors: Mapping[str, Vendor]) -> None:
        self._settings = settings
        self._vendors = tuple(f"{CONTROL_PREFIX}/{name}/" for name in vendors)
        public = urlsplit(settings.public_url or "")
        self._public_origin = f"{public.scheme}://{public.netloc}".lower()
        hosts = [host for vendor in vendors.values() for host in vendor.hosts]
        self._hosts = [*hosts, settings.host.lower(), public.hostname or ""]

    async def admit(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body of an allowed call; raises `ProblemError`."""
        self._check(scope)
        return await _body(scope, receive, self._settings.control_bytes)

    def _check(self, scope: Scope) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        self._check_origin(scope, headers)
        if scope["path"] in OPEN:
            return
        if scope["path"] == JOURNAL_PATH:
            self._check_server(headers)
        elif self._settings.admin_token is None:
            self._check_host(headers)
        else:
            self._check_token(scope, self._settings.admin_token)
        if scope["query_string"] and not self._takes_query(scope):
            listed = ", ".join(_WITH_QUERY)
            raise ProblemError(400, f"only GET {listed} and vendors' calls take a query")

    def _takes_query(self, scope: Scope) -> bool:
        """Return whether the call reads a query: a GET of a list, or a vendor's call."""
        path: str = scope["path"]
        own = path.removeprefix(CONTROL_PREFIX)
        is_list = scope["method"] == "GET" and own.startswith(_WITH_QUERY)
        return is_list or path.startswith(self._vendors)

    def _check_origin(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Refuse requests from the pages of other sites; the server's own pages may call."""
        host = headers.get(b"host", b"").decode("latin-1")
        own = {f"{scope['scheme']}://{host}".lower(), self._public_origin}
        origin = headers.get(b"origin")
        if origin is not None and origin.decode("latin-1").lower() not in own:
            raise ProblemError(403, "a page of another origin may not make control calls")
        if headers.get(b"sec-fetch-site", b"").lower() == b"cross-site":
            raise ProblemError(403, "a page of another site may not make control calls")

    def _check_host(self, headers: dict[bytes, bytes]) -> None:
        """Refuse a host that public DNS can resolve; browsers always send the header."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if host and not self._is_allowed(_name(host)):
            raise ProblemError(
                403,
                f"the Host header names a public host ({host[:200]}): use an address, or set "
                "MOCKALOG_PUBLIC_URL or MOCKALOG_ADMIN_TOKEN",
            )

    def _is_allowed(self, name: str) -> bool:
        return _is_private(name) or any(fnmatchcase(name, host) for host in self._hosts)

    def _check_token(self, scope: Scope, expected: str) -> None:
        """Compare in constant time, so that the response time reveals nothing."""
        given = [value for name, value in scope["headers"] if name == b"x-mockalog-admin"]
        if len(given) > 1:
            raise RepeatedHeaderError("X-Mockalog-Admin")
        if not hmac.compare_digest(b"".join(given), expected.encode()):
            what = "needs it" if not any(given) else "has another one"
            raise ProblemError(
                401, f"X-Mockalog-Admin: the server {what} (MOCKALOG_ADMIN_TOKEN, --admin-token)"
            )

    def _check_server(self, headers: dict[bytes, bytes]) -> None:
        """Refuse a caller that is no server of the same database, which has this one's secret."""
        given = headers.get(SERVER_HEADER.encode(), b"")
        expected = self._settings.server_secret or ""
        if not expected or not hmac.compare_digest(given, expected.encode()):
            raise ProblemError(
                401, "X-Mockalog-Server: only a server of the same database may call"
            )


def _name(host: str) -> str:
    """Return the host's name without the port; the whole text if it cannot be parsed."""
    try:
        return urlsplit(f"//{host}").hostname or host
    except ValueError:  # brackets without an address
        return host


def _is_private(name: str) -> bool:
    """Return whether public DNS cannot resolve a host: an address, or a bare or reserved name."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.rpartition(".")[2] in _PRIVATE
    return True


async def _body(scope: Scope, receive: Receive, limit: int) -> bytes:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    try:
        return await read_body(headers, receive, limit)
    except BodyTooLargeError as error:
        subject = "a control call takes"
        if error.limit != limit:
            subject = "all bodies that arrive at the same time have"
        raise ProblemError(413, f"{subject} at most {error.limit} bytes") from None
    except MalformedBodyError as error:
        raise ProblemError(400, error.reason) from None


def with_default_content_type(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers with JSON as the content type, if the client sent only its default.

    That is safe: a web page that sends a form is refused by its origin.
    """
    given = next((value for name, value in headers if name == b"content-type"), b"")
    if given.partition(b";")[0].strip().lower() not in _DEFAULT_CONTENT_TYPES:
        return headers
    return [*(one for one in headers if one[0] != b"content-type"), _JSON]

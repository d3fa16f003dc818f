"""The gate of the control plane: what is refused before any call is looked at.

A browser shall not steer the emulator for a page of somebody else's: neither by sending from that
page (`Origin`, `Sec-Fetch-Site`), nor by a name that its owner points at this machine (DNS
rebinding, seen by the `Host` header).
"""

import hmac
from collections.abc import Iterable
from fnmatch import fnmatchcase
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Receive, Scope

from mockalog.control.problems import Problem
from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError
from mockalog.kernel.http.request_body import read_body
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.vendor.runtime import Runtime

# A container's health check has neither a token nor a name for its host, and the certificate that
# clients have to trust is no secret.
OPEN = frozenset(
    {f"{CONTROL_PREFIX}/health", f"{CONTROL_PREFIX}/ready", f"{CONTROL_PREFIX}/ca.pem"}
)

_UNSAID = (b"", b"application/x-www-form-urlencoded")
_JSON = (b"content-type", b"application/json")

# Nobody can buy a name under these.
_PRIVATE = ("localhost", "test", "local", "internal", "invalid", "example", "arpa")


class Gate:
    """Lets through what may steer the emulator, its body read whole and bounded."""

    def __init__(self, runtime: Runtime) -> None:
        self._settings = runtime.settings
        self._vendors = tuple(f"{CONTROL_PREFIX}/{name}/" for name in runtime.vendors)
        public = urlsplit(runtime.settings.public_url or "")
        self._public_origin = f"{public.scheme}://{public.netloc}".lower()
        hosts = [host for vendor in runtime.vendors.values() for host in vendor.hosts]
        self._hosts = [*hosts, runtime.settings.host.lower(), public.hostname or ""]

    async def admit(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body of a call that may be made; raises `Problem`."""
        self._check(scope)
        return await _body(scope, receive, self._settings.control_bytes)

    def _check(self, scope: Scope) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        self._check_origin(scope, headers)
        if scope["path"] in OPEN:
            return
        if self._settings.admin_token is None:
            self._check_host(headers)
        else:
            self._check_token(headers, self._settings.admin_token)
        if scope["query_string"] and not self._takes_query(scope):
            raise Problem(400, "no control call takes a query but those that ask for requests")

    def _takes_query(self, scope: Scope) -> bool:
        """Return whether a query means something: to a look at the journal, or to a vendor."""
        path: str = scope["path"]
        is_asking = scope["method"] == "GET" and path.startswith(f"{CONTROL_PREFIX}/requests")
        return is_asking or path.startswith(self._vendors)

    def _check_origin(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Refuse what another site's page sends; a page of this server's own may."""
        host = headers.get(b"host", b"").decode("latin-1")
        own = {f"{scope['scheme']}://{host}".lower(), self._public_origin}
        origin = headers.get(b"origin")
        if origin is not None and origin.decode("latin-1").lower() not in own:
            raise Problem(403, "a page of another origin may not make control calls")
        if headers.get(b"sec-fetch-site", b"").lower() == b"cross-site":
            raise Problem(403, "a page of another site may not make control calls")

    def _check_host(self, headers: dict[bytes, bytes]) -> None:
        """Refuse a name that public DNS can answer for; no browser leaves the header out."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if host and not self._is_ours(_name(host)):
            raise Problem(
                403,
                "the Host header names a host that somebody else could own: use an address, or set "
                "MOCKALOG_PUBLIC_URL or MOCKALOG_ADMIN_TOKEN",
            )

    def _is_ours(self, name: str) -> bool:
        return _is_private(name) or any(fnmatchcase(name, host) for host in self._hosts)

    def _check_token(self, headers: dict[bytes, bytes], expected: str) -> None:
        """Compare in constant time, so that the answer's time tells nothing."""
        given = headers.get(b"x-mockalog-admin", b"")
        if not hmac.compare_digest(given, expected.encode()):
            what = "needs it" if not given else "has another one"
            raise Problem(
                401, f"X-Mockalog-Admin: the server {what} (MOCKALOG_ADMIN_TOKEN, --admin-token)"
            )


def _name(host: str) -> str:
    """Return the host's name without its port; the whole of it if it cannot be read."""
    try:
        return urlsplit(f"//{host}").hostname or host
    except ValueError:  # brackets that hold no address
        return host


def _is_private(name: str) -> bool:
    """Return whether no public DNS can answer for a host: addresses, bare and reserved names."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.rpartition(".")[2] in _PRIVATE
    return True


async def _body(scope: Scope, receive: Receive, limit: int) -> bytes:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    try:
        return await read_body(headers, receive, limit)
    except BodyTooLargeError:
        raise Problem(413, f"a control call takes at most {limit} bytes") from None
    except MalformedBodyError as error:
        raise Problem(400, error.reason) from None


def typed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Let a body be JSON of which nobody said what it is: curl and urllib call all a form.

    A page cannot make use of that: it says from where it is.
    """
    given = next((value for name, value in headers if name == b"content-type"), b"")
    if given.partition(b";")[0].strip().lower() not in _UNSAID:
        return headers
    return [*(one for one in headers if one[0] != b"content-type"), _JSON]

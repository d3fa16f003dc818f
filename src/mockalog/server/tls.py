"""TLS: a certificate authority made at the start, and a certificate for each requested name.

Everything stays in memory (the ssl module loads from a file, which is deleted at once). No wildcard
that clients accept matches a name with a star inside, such as `rest.*.braze.com`. So each requested
name (SNI) gets its own certificate. `/etc/hosts` or a container alias can point any of the vendors'
real names at mockalog.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import trustme

from mockalog.dispatch import host_pattern
from mockalog.vendors import VENDORS

HOSTS = tuple(host for vendor in VENDORS for host in vendor.hosts)
LOCAL = ("localhost", "*.localhost", "127.0.0.1", "::1")

_MAX_NAMES = 100


@dataclass(frozen=True)
class Authority:
    """A certificate authority as PEM, so that worker processes can receive it.

    `names` are in the certificate for clients that request no name or an unknown one.
    """

    certificate: str
    key: str
    names: tuple[str, ...]

    def context(self, *_: object) -> ssl.SSLContext:
        """Return a server's context; uvicorn passes arguments that are not needed."""
        ca = trustme.CA.from_pem(self.certificate.encode(), self.key.encode())
        context = _context(ca, *self.names)
        context.sni_callback = _chooser(ca)
        return context


def new_authority(host: str) -> Authority:
    """Create an authority for a server that listens on `host`."""
    ca = trustme.CA(organization_name="mockalog")
    fixed = (*LOCAL, *(name for name in HOSTS if "*" not in name))
    names = fixed if host in (*fixed, "", "::", "0.0.0.0") else (*fixed, host)  # noqa: S104
    return Authority(ca.cert_pem.bytes().decode(), ca.private_key_pem.bytes().decode(), names)


def _context(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context


def _chooser(ca: trustme.CA) -> Callable[[ssl.SSLObject, str | None, ssl.SSLContext], None]:
    """Return the callback that gives a client the certificate of the name it requests."""
    patterns = [host_pattern(host) for host in (*HOSTS, "*.localhost") if "*" in host]

    @lru_cache(_MAX_NAMES)
    def context_of(name: str) -> ssl.SSLContext:
        return _context(ca, name)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        wanted = (name or "").lower()
        if any(pattern.fullmatch(wanted) for pattern in patterns):
            connection.context = context_of(wanted)

    return choose

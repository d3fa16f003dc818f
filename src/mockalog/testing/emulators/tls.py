"""Trust in an emulator's certificate authority, beside the public authorities."""

import os
import ssl
from hashlib import sha256
from pathlib import Path

import httpx

from mockalog.testing.controls.errors import UnreachableError
from mockalog.testing.emulators.direct import DirectTransport

# Seconds of each step of the request for a certificate.
TIMEOUT = {"timeout": httpx.Timeout(5).as_dict()}


def context_of(url: str, ca_certificate: str | None) -> ssl.SSLContext:
    """Return a client's TLS context for an emulator; `ca_certificate` is its authority (PEM)."""
    if ca_certificate is None and url.startswith("https://"):
        return ssl.create_default_context()
    # Without the public authorities: loading them takes 20 ms.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_certificate is not None:
        context.load_verify_locations(cadata=ca_certificate)
    return context


def fetch_certificate(url: str) -> str | None:
    """Return the authority (PEM) of the emulator at an address; None if it has none of its own.

    The first response is trusted: an emulator holds no data that is worth an attack. Raises
    `UnreachableError`.
    """
    if not url.startswith("https://"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with DirectTransport(context) as transport:
            request = httpx.Request("GET", f"{url}/_mockalog/ca.pem", extensions=TIMEOUT)
            response = transport.handle_request(request)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise UnreachableError(f"no mockalog answers at {url}: {error}") from None
    return response.text if response.is_success else None


def write_certificates(folder: Path, ca_certificate: str) -> dict[str, Path]:
    """Write the authority alone (`ca`) and with the public ones (`bundle`); return the files."""
    import certifi

    public = Path(os.environ.get("SSL_CERT_FILE") or certifi.where()).read_text(encoding="utf-8")
    # The digest in the names keeps the files of several servers apart.
    digest = sha256(ca_certificate.encode()).hexdigest()[:16]
    files = {name: folder / f"{name}-{digest}.pem" for name in ("ca", "bundle")}
    files["ca"].write_text(ca_certificate, encoding="utf-8")
    files["bundle"].write_text(f"{public.rstrip()}\n{ca_certificate}", encoding="utf-8")
    return files

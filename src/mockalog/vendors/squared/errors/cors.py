"""CORS headers: every origin is allowed.

Source: docs/vendors/squared.md#21-base-and-formats.
"""

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers

# The name of a preflight in the journal.
PREFLIGHT = "preflight"

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")

_ALLOWED: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", ", ".join(METHODS).encode()),
    (b"access-control-max-age", b"7200"),
)
_REQUESTED = b"access-control-request-headers"


def is_preflight(exchange: Exchange) -> bool:
    """Return whether an OPTIONS request is a CORS preflight, whatever its path."""
    names = {name for name, _ in exchange.headers}
    return {b"origin", b"access-control-request-method"} <= names


def headers(exchange: Exchange) -> Headers:
    """Return the CORS headers of a response; a request without an origin gets none."""
    if not any(name == b"origin" for name, _ in exchange.headers):
        return ()
    if exchange.operation != PREFLIGHT:
        return _ALLOWED
    sent = dict(exchange.headers)
    method = sent[b"access-control-request-method"].decode("latin-1").upper()
    if method not in METHODS:  # the response allows nothing (inferred)
        return ()
    allowed = ((b"access-control-allow-headers", sent[_REQUESTED]),) if _REQUESTED in sent else ()
    return (*_ALLOWED, *allowed)

"""What a browser on any other site may do: everything.

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
    """Return whether an OPTIONS is a browser's question what it may do, whatever the path."""
    names = {name for name, _ in exchange.headers}
    return {b"origin", b"access-control-request-method"} <= names


def headers(exchange: Exchange) -> Headers:
    """Return what tells the browser so; without an origin no browser asks."""
    if not any(name == b"origin" for name, _ in exchange.headers):
        return ()
    if exchange.operation != PREFLIGHT:
        return _ALLOWED
    sent = dict(exchange.headers)
    method = sent[b"access-control-request-method"].decode("latin-1").upper()
    if method not in METHODS:  # an answer that allows nothing (inferred)
        return ()
    allowed = ((b"access-control-allow-headers", sent[_REQUESTED]),) if _REQUESTED in sent else ()
    return (*_ALLOWED, *allowed)

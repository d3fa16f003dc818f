"""What is answered to anybody, before routing and credentials: preflights and health."""

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.vendors.squared.rules import cors

# The name of a look at the server's health in the journal.
HEALTH = "get_health"

NAMES = frozenset((cors.PREFLIGHT, HEALTH))

_PATHS = ("", "/up")
_GREEN = b'<!DOCTYPE html><html><body style="background-color: green"></body></html>'

# The charset is Rails' spelling of a page, not of an empty answer.
_PAGE = b"text/html; charset=utf-8"


def answer_upfront(exchange: Exchange) -> Response | None:
    """Return the answer to a preflight or to a look at the health, None for all else."""
    if exchange.method == "OPTIONS" and cors.is_preflight(exchange):
        exchange.operation = cors.PREFLIGHT
        return Response(200, content_type=None)
    if exchange.method in ("GET", "HEAD") and exchange.raw_path.rstrip("/") in _PATHS:
        exchange.operation = HEALTH
        return Response(200, _GREEN, content_type=_PAGE)
    return None

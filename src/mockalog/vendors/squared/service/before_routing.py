"""Answers before routing and authentication: preflights and the health page."""

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.vendors.squared.errors import cors

# The operation name of the health page in the journal.
HEALTH = "get_health"

NAMES = frozenset((cors.PREFLIGHT, HEALTH))

_PATHS = ("", "/up")
_GREEN = b'<!DOCTYPE html><html><body style="background-color: green"></body></html>'

# Rails spells the charset of a page in lower case.
_PAGE = b"text/html; charset=utf-8"


def answer_before_routing(exchange: Exchange) -> Response | None:
    """Return the response to a preflight or to a request of the health page, otherwise None."""
    if exchange.method == "OPTIONS" and cors.is_preflight(exchange):
        exchange.operation = cors.PREFLIGHT
        return Response(200, content_type=None)
    if exchange.method in ("GET", "HEAD") and exchange.raw_path.rstrip("/") in _PATHS:
        exchange.operation = HEALTH
        return Response(200, _GREEN, content_type=_PAGE)
    return None

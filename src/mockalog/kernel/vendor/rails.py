"""Headers and client addresses of a Rails server; two of the vendors run on one."""

import time
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import NOT_MODIFIED, Headers, Response, weak_etag
from mockalog.kernel.vendor.runtime import Runtime

_UNCACHED = (b"cache-control", b"no-cache")
_CACHED = (b"cache-control", b"max-age=0, private, must-revalidate")


# Rack gives these statuses an ETag (recorded, docs/vendors/braze.md#21-response-headers).
_TAGGED = (200, 201)


def rack_headers(runtime: Runtime, exchange: Exchange, reply: Response) -> Headers:
    """Return cache control, ETag (not of errors), request id and run time in seconds."""
    traced = (
        (b"x-request-id", runtime.new_uuid().encode()),
        (b"x-runtime", b"%.6f" % (time.perf_counter() - exchange.started)),
    )
    if reply.status in _TAGGED:
        return (_CACHED, (b"etag", weak_etag(reply.body)), *traced)
    # A 304 keeps the ETag of the response that it replaces.
    return (_CACHED if reply.status == NOT_MODIFIED else _UNCACHED, *traced)


def revalidated(exchange: Exchange, response: Response) -> Response:
    """Return 304 without a body to a client that has the body already.

    Inferred: Rails' default stack holds Rack::ConditionalGet. That compares `If-None-Match` and the
    ETag as texts, so neither `*` nor a list nor a strong tag matches. It looks at 200 only.
    """
    if response.status != 200 or exchange.method not in ("GET", "HEAD"):
        return response
    known = [value for name, value in exchange.headers if name == b"if-none-match"]
    if not known or b", ".join(known) != (tag := weak_etag(response.body)):
        return response
    return Response(NOT_MODIFIED, b"", (*response.headers, (b"etag", tag)), content_type=None)


# Rack takes these for proxies and looks further back in `X-Forwarded-For`.
_PROXIES = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "::1/128", "fd00::/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    )
)


def client_address(exchange: Exchange) -> IPv4Address | IPv6Address | None:
    """Return the client's address as Rack finds it: the nearest that is no proxy's."""
    chain = list(_addresses(exchange))
    clients = [address for address in chain if not any(address in net for net in _PROXIES)]
    return next(iter([*reversed(clients), *chain]), None)


def _addresses(exchange: Exchange) -> Iterator[IPv4Address | IPv6Address]:
    """Yield the forwarded addresses, farthest first, and the sender's own."""
    forwarded = [value for name, value in exchange.headers if name == b"x-forwarded-for"]
    for text in [*b",".join(forwarded).decode("latin-1").split(","), exchange.client]:
        try:
            yield ip_address(text.strip())
        except ValueError:  # no address: Rack skips it too
            continue

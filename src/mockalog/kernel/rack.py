"""What a Rails server adds to every answer; two of the vendors run on one."""

import time
from typing import TYPE_CHECKING

from mockalog.kernel.journal import Exchange
from mockalog.kernel.wire import Answer, Headers, weak_etag

if TYPE_CHECKING:
    from mockalog.kernel.runtime import Runtime


def rack_headers(runtime: "Runtime", exchange: Exchange, reply: Answer, *, cached: bool) -> Headers:
    """Return cache control, ETag (only where `cached`), request id and run time in seconds."""
    traced: Headers = (
        (b"x-request-id", runtime.new_uuid().encode()),
        (b"x-runtime", b"%.6f" % (time.perf_counter() - exchange.started)),
    )
    if not cached:
        return ((b"cache-control", b"no-cache"), *traced)
    return (
        (b"cache-control", b"max-age=0, private, must-revalidate"),
        (b"etag", weak_etag(reply.body)),
        *traced,
    )

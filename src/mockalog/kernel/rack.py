"""What a Rails server adds to every answer; two of the vendors run on one."""

import time
from typing import TYPE_CHECKING

from mockalog.kernel.journal import Exchange
from mockalog.kernel.wire import Answer, weak_etag

if TYPE_CHECKING:
    from mockalog.kernel.runtime import Runtime


_UNCACHED = (b"cache-control", b"no-cache")
_CACHED = (b"cache-control", b"max-age=0, private, must-revalidate")


def rack_headers(
    runtime: "Runtime", exchange: Exchange, reply: Answer, *, cached: bool
) -> list[tuple[bytes, bytes]]:
    """Return cache control, ETag (only where `cached`), request id and run time in seconds."""
    traced = [
        (b"x-request-id", runtime.new_uuid().encode()),
        (b"x-runtime", b"%.6f" % (time.perf_counter() - exchange.started)),
    ]
    if not cached:
        return [_UNCACHED, *traced]
    return [_CACHED, (b"etag", weak_etag(reply.body)), *traced]

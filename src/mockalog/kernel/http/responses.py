"""Responses: status, body, headers and media type."""

import hashlib
from functools import lru_cache
from typing import NamedTuple

from mockalog.kernel.formats.json import dumps

JSON = b"application/json"


NOT_MODIFIED = 304

# Statuses whose responses have no Content-Length (RFC 9110, section 8.6).
WITHOUT_LENGTH = (204, NOT_MODIFIED)

Headers = tuple[tuple[bytes, bytes], ...]


class Response(NamedTuple):
    """A complete response, as the vendor's app sends it and the journal records it."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    content_type: bytes | None = JSON


def json_response(value: object, status: int = 200, headers: Headers = ()) -> Response:
    """Return a response whose body is the value as compact JSON."""
    return Response(status, dumps(value), headers)


def weak_etag(body: bytes) -> bytes:
    """Return Rack's weak ETag: the first half of the body's SHA-256 (recorded, braze_ruby)."""
    return _cached_etag(body) if len(body) <= _SHORT else _etag(body)


def _etag(body: bytes) -> bytes:
    return b'W/"%b"' % hashlib.sha256(body).hexdigest()[:32].encode()


# The longest body, in bytes, whose ETag is cached: most responses to writes are short and equal.
_SHORT = 64

_cached_etag = lru_cache(maxsize=64)(_etag)

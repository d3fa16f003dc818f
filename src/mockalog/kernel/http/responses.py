"""Responses: status, body, headers and media type."""

import hashlib
from functools import lru_cache
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps

JSON = b"application/json"


Headers = tuple[tuple[bytes, bytes], ...]


class Response(NamedTuple):
    """One response, complete: what the vendor's app sends and the journal keeps."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    content_type: bytes | None = JSON


def json_response(value: Any, status: int = 200, headers: Headers = ()) -> Response:
    """Return `value` as a compact JSON answer."""
    return Response(status, dumps(value), headers)


def weak_etag(body: bytes) -> bytes:
    """Return the ETag that Rack gives: half of the body's SHA-256 (recorded, braze_ruby)."""
    return _etag_of_short(body) if len(body) <= _SHORT else _etag(body)


def _etag(body: bytes) -> bytes:
    return b'W/"%b"' % hashlib.sha256(body).hexdigest()[:32].encode()


# Most answers to writes are the same few bytes.
_SHORT = 64


_etag_of_short = lru_cache(maxsize=64)(_etag)

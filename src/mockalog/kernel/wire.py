"""JSON exactly as it goes over the wire, and the answer that carries it."""

import hashlib
import json
import re
from typing import Any, NamedTuple

import orjson

from mockalog.kernel.errors import MalformedBody

JSON = b"application/json"

# Ruby's and Go's parsers stop near here; deeper bodies are attacks, not catalogs.
MAX_DEPTH = 100

# orjson turns integers beyond 64 bits into floats; nothing shorter than this can be one.
_LONG_NUMBER = re.compile(rb"\d{19}")

Headers = tuple[tuple[bytes, bytes], ...]


class Answer(NamedTuple):
    """One response, complete: what the vendor's app sends and the journal keeps."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    content_type: bytes | None = JSON


def answer(value: Any, status: int = 200, headers: Headers = ()) -> Answer:
    """Return `value` as a compact JSON answer."""
    return Answer(status, dumps(value), headers)


def dumps(value: Any) -> bytes:
    """Return compact UTF-8 JSON, keys in the order given, integers of any size.

    `orjson.Fragment` splices documents that are stored as JSON already.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # an integer beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def loads(body: bytes) -> Any:
    """Return what `body` says, integers unrounded.

    Raises `MalformedBody` for anything that is not strict UTF-8 JSON: NaN, lone surrogates
    and nesting beyond `MAX_DEPTH` are refused as the vendors' own parsers do (inferred).
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBody(str(error)) from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise MalformedBody(f"nesting of more than {MAX_DEPTH} levels")
    return json.loads(body) if _LONG_NUMBER.search(body) else value


def _depth(value: Any) -> int:
    """Count levels breadth first, so that depth costs no recursion."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [
            child for item in level for child in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def weak_etag(body: bytes) -> bytes:
    """Return the ETag that Rack gives: half of the body's SHA-256 (recorded, braze_ruby)."""
    return b'W/"%b"' % hashlib.sha256(body).hexdigest()[:32].encode()

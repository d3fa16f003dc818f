"""Request bodies: read whole, up to a limit."""

from collections.abc import Iterable

from starlette.types import Receive

from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError


async def read_body(headers: Iterable[tuple[bytes, bytes]], receive: Receive, limit: int) -> bytes:
    """Return the whole body. It is read before the call, so no transaction waits for a client.

    Raises `BodyTooLargeError` as soon as the body or its declared length exceeds `limit` bytes, and
    `MalformedBodyError` if the client disconnects before the end.
    """
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise BodyTooLargeError(limit)
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise BodyTooLargeError(limit)
        more = message.get("more_body", False)
    # A body that ends early must not be taken for a whole one.
    if message["type"] == "http.disconnect" and len(chunks) > 1:
        raise MalformedBodyError("the client disconnected before the end of the body")
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)

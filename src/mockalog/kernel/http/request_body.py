"""The body of a request, whole and bounded."""

from collections.abc import Iterable

from starlette.types import Receive

from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError


async def read_body(headers: Iterable[tuple[bytes, bytes]], receive: Receive, limit: int) -> bytes:
    """Read the body whole before anything else, so that a transaction waits for no client.

    One of more than `limit` bytes is given up as soon as that is known.
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
    # A part of a body is no request.
    if message["type"] == "http.disconnect" and len(chunks) > 1:
        raise MalformedBodyError("the client went away")
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)

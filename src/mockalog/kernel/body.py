"""The body of a request, whole and bounded."""

from collections.abc import Iterable

from starlette.types import Receive

from mockalog.kernel.errors import BodyTooLarge, MalformedBody


async def read_body(headers: Iterable[tuple[bytes, bytes]], receive: Receive, limit: int) -> bytes:
    """Read the body whole before anything else, so that a transaction waits for no client.

    One of more than `limit` bytes is given up as soon as that is known.
    """
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise BodyTooLarge(limit)
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    chunks, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise BodyTooLarge(limit)
    if message["type"] == "http.disconnect":  # a part of a body is no request
        raise MalformedBody("the client went away")
    return b"".join(chunks)

"""Request bodies: read whole, up to a limit."""

from collections.abc import Iterable
from io import BytesIO

from starlette.types import Message, Receive

from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError


async def read_body(headers: Iterable[tuple[bytes, bytes]], receive: Receive, limit: int) -> bytes:
    """Return the whole body. It is read before the call, so no transaction waits for a client.

    Raises `BodyTooLargeError` as soon as the body or its declared length exceeds `limit` bytes, and
    `MalformedBodyError` if the client disconnects before the end.
    """
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise BodyTooLargeError(limit)
    message = await receive()
    _check_connected(message)
    first: bytes = message.get("body", b"")
    if len(first) > limit:
        raise BodyTooLargeError(limit)
    return await _whole(first, receive, limit) if message.get("more_body", False) else first


async def _whole(first: bytes, receive: Receive, limit: int) -> bytes:
    """Return a body of several messages. To join 200 MB at its end would stop all other calls."""
    body, more = BytesIO(), True
    body.write(first)
    while more:
        message = await receive()
        _check_connected(message)
        body.write(message.get("body", b""))
        if body.tell() > limit:
            raise BodyTooLargeError(limit)
        more = message.get("more_body", False)
    return body.getvalue()


def _check_connected(message: Message) -> None:
    """Refuse a body that ends early: it must not be taken for a whole one, or for none."""
    if message.get("type") == "http.disconnect":
        raise MalformedBodyError("the client disconnected before the end of the body")

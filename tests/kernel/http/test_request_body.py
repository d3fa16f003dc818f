"""Bodies: read whole, and bounded however they come."""

import asyncio
from typing import Any

import pytest

from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError
from mockalog.kernel.http.request_body import read_body


def read(*messages: dict[str, Any]) -> bytes:
    """Read a body of at most four bytes that comes in messages, and without its length."""
    coming = iter(messages)

    async def receive() -> Any:
        return next(coming)

    return asyncio.run(read_body([], receive, 4))


def test_a_body_of_unknown_length_is_read_up_to_its_limit() -> None:
    """In one message or in several; a part of one is no request."""
    assert read({"type": "http.request", "body": b"1234"}) == b"1234"
    assert read({"body": b"12", "more_body": True}, {"type": "", "body": b"34"}) == b"1234"
    for messages in (
        [{"body": b"12345"}],
        [{"body": b"12345", "more_body": True}],
        [{"body": b"12", "more_body": True}, {"body": b"345", "more_body": True}],
    ):
        with pytest.raises(BodyTooLargeError):
            read(*messages)
    with pytest.raises(MalformedBodyError):
        read({"body": b"12", "more_body": True}, {"type": "http.disconnect"})

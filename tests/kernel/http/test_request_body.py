"""Request bodies: read whole, and bounded with and without a declared length."""

import asyncio
from typing import Any

import pytest

from mockalog.kernel.errors import BodyTooLargeError, MalformedBodyError
from mockalog.kernel.http.request_body import read_body


def read(*messages: dict[str, Any]) -> bytes:
    """Read a body of at most four bytes from messages, without a declared length."""
    remaining = iter(messages)

    async def receive() -> Any:
        return next(remaining)

    return asyncio.run(read_body([], receive, 4))


def test_a_body_of_unknown_length_is_read_up_to_its_limit() -> None:
    """It has one message or several. A body without its end is malformed."""
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

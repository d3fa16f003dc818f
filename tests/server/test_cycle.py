"""A request and its response: failures outside of the vendors' apps."""

import asyncio
from typing import Any

import pytest

from tests.server.factories import line, statuses


def test_an_app_that_fails_answers_a_problem(caplog: pytest.LogCaptureFixture) -> None:
    """Not the framework's text; the connection is closed, and the log has the traceback."""

    async def fail(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("a bug")

    async def talk() -> bytes:
        async with line(fail) as it:
            return await it.send(b"GET / HTTP/1.1\r\n\r\n")

    received = asyncio.run(talk())
    head, _, body = received.partition(b"\r\n\r\n")
    assert statuses(received) == [500]
    assert b"\r\ncontent-type: application/problem+json" in head
    assert (b"connection: close" in head, b"keep-alive" in head) == (True, False)
    assert body.startswith(b'{"type":"about:blank","title":"Internal Server Error","status":500')
    assert "a bug" in caplog.text

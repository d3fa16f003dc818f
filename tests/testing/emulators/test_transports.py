"""Transports to an app in this process."""

import time
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal

from mockalog.testing import (
    Mockalog,
)
from mockalog.testing.emulators.transports import AppTransport


class TestTimeouts:
    """A client whose timeout is over."""

    def test_a_timeout_raises_httpxs_error(self, in_process: Mockalog) -> None:
        """As over the network."""
        braze = in_process.sandbox().braze
        braze.fail_next("list_catalogs", delay=30)
        started = time.monotonic()

        with pytest.raises(httpx.ReadTimeout):
            braze.client.get("/catalogs", timeout=0.05)

        assert time.monotonic() - started < 10


def test_an_answer_in_parts_is_joined() -> None:
    """The client leaves after it. Exceptions of the app after the answer are ignored."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["body"] == b"?"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})
        ends.append((await receive())["type"])
        raise ZeroDivisionError

    ends: list[str] = []
    with start_blocking_portal() as portal, httpx.Client(transport=AppTransport(portal, app)) as c:
        assert c.post("https://mock.test", content=b"?").text == "ab"
    assert ends == ["http.disconnect"]

"""HTTP/1.1 as uvicorn speaks it, each answer in one system call.

uvicorn writes an answer's head and its body by themselves, and the second system call costs a tenth
of a small call's time. Every answer here is complete when it begins, so its head can wait for its
body.
"""

from asyncio import BaseTransport, Transport
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockalog.kernel.vendor.app import DROP

_HEAD = b"HTTP/1.1 "
_CONTINUE = b"HTTP/1.1 100"


class WholeAnswers:
    """A transport that keeps an answer's head back until its body comes, or its end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._held = b""
        self._is_dropped = False
        # What is asked with every request is at hand; the rest goes through `__getattr__`.
        self.is_closing = transport.is_closing
        self.resume_reading = transport.resume_reading

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, unless it is a head."""
        if self._is_dropped:
            return
        if not self._held and data.startswith(_HEAD) and not data.startswith(_CONTINUE):
            self._held = data
        else:
            self._transport.write(self._held + data)
            self._held = b""

    def flush(self) -> None:
        """Send a head that has no body."""
        if self._held:
            self.write(b"")

    def drop(self) -> None:
        """Close; what is written from here on goes nowhere."""
        self._is_dropped = True
        self._transport.close()

    def close(self) -> None:
        """Send what is held and close."""
        self.flush()
        self._transport.close()


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol over such a transport."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Take a connection over."""
        self._answers = WholeAnswers(cast(Transport, transport))
        super().connection_made(cast(Transport, self._answers))
        # Of this connection alone; every request's scope gets a copy.
        self.app_state = {**self.app_state, DROP: self._answers.drop}

    def on_response_complete(self) -> None:
        """Let the answer go, whether or not it had a body."""
        self._answers.flush()
        super().on_response_complete()

"""HTTP/1.1 as uvicorn speaks it, with each response in one system call.

uvicorn writes a response's head and body separately, and the second system call takes a tenth of a
small call's time. Every response here is complete when it begins, so its head waits for its body.
`tests/server/test_http11.py` covers HEAD, pipelining, 100-continue and close, which depend on the
order of uvicorn's writes.
"""

from asyncio import BaseTransport, Transport
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockalog.kernel.vendor.app import DROP

_HEAD = b"HTTP/1.1 "
_CONTINUE = b"HTTP/1.1 100"


class WholeResponses:
    """A transport that holds a response's head until its body or its end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._held = b""
        self._is_dropped = False
        # uvicorn calls these with every request; all others go through `__getattr__`.
        self.is_closing = transport.is_closing
        self.resume_reading = transport.resume_reading

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send data, or hold it if it is a head."""
        if self._is_dropped:
            return
        if not self._held and data.startswith(_HEAD) and not data.startswith(_CONTINUE):
            self._held = data
        else:
            self._transport.write(self._held + data)
            self._held = b""

    def flush(self) -> None:
        """Send a held head that has no body."""
        if self._held:
            self.write(b"")

    def drop(self) -> None:
        """Close the connection; later writes are dropped."""
        self._is_dropped = True
        self._transport.close()

    def close(self) -> None:
        """Send the held head and close."""
        self.flush()
        self._transport.close()


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol over such a transport."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Wrap the transport of a new connection."""
        self._responses = WholeResponses(cast(Transport, transport))
        super().connection_made(cast(Transport, self._responses))
        # Of this connection only; each request's scope gets a copy.
        self.app_state = {**self.app_state, DROP: self._responses.drop}

    def on_response_complete(self) -> None:
        """Send the response, whether or not it has a body."""
        self._responses.flush()
        super().on_response_complete()

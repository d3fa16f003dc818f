"""Each response in one system call.

uvicorn writes a response's head and body separately, and the second system call takes a tenth of a
small call's time. Every response here is complete when it begins, so its head waits for its body.
"""

from asyncio import Transport
from typing import Any

_HEAD = b"HTTP/1.1 "
_CONTINUE = b"HTTP/1.1 100"


class WholeResponses:
    """A transport that holds a response's head until its body or its end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._held = b""
        self._is_dropped = False
        # Set for a response whose request is not read to its end.
        self.lingers = False
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
        """Send the held head and close; if it lingers, only for writing."""
        self.flush()
        if self.lingers and self._transport.can_write_eof() and not self.is_closing():
            self._transport.write_eof()
            self.is_closing = lambda: True
        else:
            self._transport.close()

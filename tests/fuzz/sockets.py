"""Calls over a real connection, byte for byte as they were made."""

import socket
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

from tests.fuzz.judge import LATE, Response
from tests.fuzz.mutations import Request

# Bytes of the longest path and query that are sent.
MAX_TARGET = 60_000

# Seconds without a byte of the response.
PATIENCE = 60


class SocketCaller:
    """Sends each request on the connection of the last one, as long as the server keeps it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        assert address.port is not None
        self._address = address.hostname, address.port
        self._socket: socket.socket | None = None

    def __call__(self, request: Request, times: int) -> list[Response]:
        """Return the responses to a request that is sent so many times, one after the other."""
        return [self._response(request) for _ in range(times)]

    def _response(self, request: Request) -> Response:
        """Return the response; a fault may have closed the connection."""
        try:
            return self._exchange(request)
        except TimeoutError:
            return Response(0, (), LATE)
        except (OSError, HTTPException) as error:
            self.close()
            return Response(0, (), repr(error).encode(), is_armed=True)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: Request) -> Response:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=PATIENCE)
        self._socket.sendall(_bytes_of(request))
        with HTTPResponse(self._socket, method=request.method) as response:
            response.begin()
            body = response.read()
            headers = tuple((k.encode(), v.encode("latin-1")) for k, v in response.getheaders())
            closes = response.will_close
        if closes:
            self.close()
        return Response(response.status, headers, body, is_armed=True)


def _bytes_of(request: Request) -> bytes:
    # A longer one is refused by the parser; `tests/server` sends such requests.
    target = (request.path + (b"?" + request.query if request.query else b""))[:MAX_TARGET]
    has_host = any(name == b"host" for name, _ in request.headers)
    host = () if has_host else ((b"host", b"127.0.0.1"),)
    length = (b"content-length", str(len(request.body)).encode())
    lines = [b"%s: %s\r\n" % header for header in (*host, *request.headers, length)]
    # A method in lower case is no HTTP; `tests/server` sends such requests.
    start = b"%s %s HTTP/1.1\r\n" % (request.method.upper().encode(), target)
    return b"".join((start, *lines, b"\r\n", request.body))

"""The transport of this package's own requests."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpx
import pytest

from mockalog.testing.emulators.direct import DirectTransport
from mockalog.testing.emulators.tls import context_of


class Handler(BaseHTTPRequestHandler):
    """Answers with the client's port, so that a test sees whether a connection was kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Close the connection after `/last` without saying so."""
        body = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path != "/"

    def finish(self) -> None:
        """Tell the test that the connection is closed."""
        super().finish()
        self.connection.close()
        closed.set()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


closed = Event()


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a server."""
    closed.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def transport() -> Iterator[DirectTransport]:
    """A transport without connections."""
    with DirectTransport(context_of("http://127.0.0.1", None)) as transport:
        yield transport


def get(transport: DirectTransport, url: str, **seconds: float) -> str:
    """Return the body of a response."""
    request = httpx.Request("GET", url, extensions={"timeout": seconds})
    return transport.handle_request(request).text


def test_a_connection_is_kept(transport: DirectTransport, url: str) -> None:
    """A call need not open one."""
    assert get(transport, url) == get(transport, url)


@pytest.mark.parametrize("path", ["/close", "/last"])
def test_a_closed_connection_is_replaced(transport: DirectTransport, url: str, path: str) -> None:
    """Whether the server said so or not."""
    first = get(transport, url + path)
    assert closed.wait(10)

    assert get(transport, url) != first


def test_a_kept_connection_is_for_one_server(transport: DirectTransport, url: str) -> None:
    """A request to another address opens another connection."""
    first = get(transport, url)
    by_name = url.replace("127.0.0.1", "localhost")

    assert get(transport, by_name) != first


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1", "http://", "localhost:80", ""])
def test_an_address_of_no_server(transport: DirectTransport, url: str) -> None:
    """httpx's error, as for its own transport."""
    with pytest.raises(httpx.UnsupportedProtocol, match="it is no http:// or https:// URL"):
        get(transport, url)


def test_no_server_at_the_address(transport: DirectTransport) -> None:
    """A refused connection, a server that does not answer in time, and one that speaks no HTTP."""
    with pytest.raises(httpx.TransportError, match="refused"):
        get(transport, "http://127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(httpx.TransportError, match="timed out"):
            get(transport, address, read=0.01)
        silent.accept()[0].close()
        mail = Thread(target=_greet, args=(silent,))
        mail.start()
        with pytest.raises(httpx.TransportError):
            get(transport, address, read=10)
        mail.join()


def _greet(listening: socket.socket) -> None:
    """Speak as a mail server."""
    with listening.accept()[0] as connection:
        connection.sendall(b"220 mail\r\n\r\n")

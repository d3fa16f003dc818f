"""A load balancer of several servers: each request goes to the next one."""

import http.client
import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from mockalog.kernel.vendor.router import METHODS
from tests.emulation import PATIENCE

# Headers of one connection, which a proxy does not forward (RFC 9110, section 7.6.1).
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


class _Handler(BaseHTTPRequestHandler):
    """Forwards a request to the next server, and to the one after it if a server is away."""

    protocol_version = "HTTP/1.1"
    servers: Iterator[str]

    def forward(self) -> None:
        """Forward one request and return its response."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        connection, response = self._sent(body)
        content = response.read()
        connection.close()
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _sent(self, body: bytes) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        for server in self.servers:
            connection = http.client.HTTPConnection(server, timeout=PATIENCE)
            try:
                connection.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders(body)
                return connection, connection.getresponse()
            except ConnectionRefusedError:
                continue
        raise AssertionError("the servers never end")

    def log_message(self, *args: object) -> None:
        """Log nothing."""


class _Balancer(ThreadingHTTPServer):
    daemon_threads = True
    # Connections that wait to be accepted: tests open many at once.
    request_queue_size = 128


@contextmanager
def balanced(*urls: str) -> Iterator[str]:
    """Balance the load of these servers for the time of the block; yield the balancer's URL."""
    hosts = [urlsplit(url).netloc for url in urls]
    methods = {f"do_{method}": _Handler.forward for method in ("HEAD", *METHODS)}
    handler = type("Handler", (_Handler,), {"servers": _in_turn(hosts), **methods})
    server = _Balancer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _in_turn(hosts: Sequence[str]) -> Iterator[str]:
    """Return an endless iterator that several threads may use."""
    numbers = itertools.count()
    return (hosts[next(numbers) % len(hosts)] for _ in iter(int, 1))

"""The stop of a server: connections that it has not taken yet, and signals."""

import os
import signal
import socket
from typing import Any

import pytest
import uvicorn

from mockalog.server.graceful_server import SIGNALS, GracefulServer
from mockalog.server.http11 import Protocol
from mockalog.settings import load_settings
from tests.emulation import emulate

GET = b"GET /_mockalog/health HTTP/1.1\r\nHost: h\r\n\r\n"


def server_of(app: Any) -> GracefulServer:
    """Return a server that does not run yet."""
    options: dict[str, Any] = {"lifespan": "off", "log_config": None, "ws": "none"}
    return GracefulServer(uvicorn.Config(app, http=Protocol, **options), load_settings())


def test_a_stop_answers_connections_that_it_has_not_taken_yet() -> None:
    """Their requests may be sent already; later ones are refused."""
    listening, clients = socket.socket(), [socket.socket() for _ in range(3)]
    listening.bind(("127.0.0.1", 0))
    address = listening.getsockname()

    async def stop() -> None:
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup([listening])
        for client in clients:
            client.connect(address)
            client.sendall(GET)
        await server.shutdown([listening])

    with emulate() as emulation:
        server = server_of(emulation._app)
        emulation.run(stop)

    for client in clients:
        with client:
            received = client.recv(65536)
            assert received.startswith(b"HTTP/1.1 200 OK")
            assert b"\r\nconnection: close\r\n" in received
            assert client.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_signals_stop_a_server_once() -> None:
    """If the start fails, they mean what they meant before."""
    server, before = server_of(None), [signal.getsignal(number) for number in SIGNALS]

    def fail() -> None:
        with server.capture_signals():
            for number in SIGNALS * 2:
                os.kill(os.getpid(), number)
            assert server.should_exit
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert [signal.getsignal(number) for number in SIGNALS] == before

"""HTTP on the wire: whole answers, and every way in which one can end."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.serving import FREE_PORTS, spawn

KEY = "Authorization: Bearer t\r\n"


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve for the time of the block, which must leave no traceback; yields Braze's port."""
    process = spawn(*FREE_PORTS)
    assert process.stdout is not None
    lines = dict(process.stdout.readline().split() for _ in range(4))
    yield process, int(lines["braze"].rpartition(":")[2])
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The Braze port of a server process."""
    with serving() as (_, port):
        yield port


def exchange(port: int, request: str, answers: int = 1) -> bytes:
    """Send a request as it is and return what comes, to the end of the last answer's body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode())
        received = b""
        while received.count(b'"success"}') < answers:
            piece = connection.recv(65536)
            if not piece:
                break
            received += piece
    return received


def test_an_answer_comes_whole(port: int) -> None:
    """Head and body in one piece."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /catalogs HTTP/1.1\r\nHost: h\r\n{KEY}\r\n".encode())
        piece = connection.recv(65536)

    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b'{"catalogs":[],"message":"success"}')


def test_head_is_answered_without_a_body(port: int) -> None:
    """And the connection serves the next request."""
    head = f"HEAD /catalogs HTTP/1.1\r\nHost: h\r\n{KEY}\r\n"

    received = exchange(port, head + head.replace("HEAD", "GET"))

    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.count(b'"success"}') == 1


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    """One after the other on one connection."""
    get = f"GET /catalogs HTTP/1.1\r\nHost: h\r\n{KEY}\r\n"

    received = exchange(port, get * 3, answers=3)

    assert re.findall(rb"HTTP/1.1 \d+", received) == [b"HTTP/1.1 200"] * 3


def test_a_client_that_waits_for_100_continue_is_told_to(port: int) -> None:
    """Before it sends its body."""
    body = b'{"catalogs":[{"name":"continued","fields":[{"name":"id","type":"string"}]}]}'
    head = (
        "POST /catalogs HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer other\r\n"
        "Expect: 100-continue\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode())
        interim = connection.recv(65536)
        connection.sendall(body)
        final = connection.recv(65536)

    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert final.startswith(b"HTTP/1.1 201 Created\r\n")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_connection_close_ends_after_the_answer(port: int, method: str) -> None:
    """With everything sent."""
    request = f"{method} /catalogs HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{KEY}\r\n"

    received = exchange(port, request)

    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert received.endswith(b'"success"}' if method == "GET" else b"\r\n\r\n")


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_fault_drops_the_connection_after_what_was_answered_on_it(port: int, phase: str) -> None:
    """Without a byte of an answer, and without a trace in the log; the next one serves."""
    fault = f'{{"vendor":"braze","operation":"create_catalog","drop":true,"phase":"{phase}"}}'
    key = KEY.replace("Bearer t", f"Bearer drop-{phase}")
    json = f"Host: h\r\nContent-Type: application/json\r\n{key}"
    armed = f"POST /_mockalog/faults HTTP/1.1\r\nConnection: close\r\n{json}"
    body = '{"catalogs":[{"name":"shop","fields":[{"name":"id","type":"string"}]}]}'
    get = f"GET /catalogs HTTP/1.1\r\nHost: h\r\n{key}\r\n"
    post = f"POST /catalogs HTTP/1.1\r\n{json}Content-Length: {len(body)}\r\n\r\n{body}"
    assert b" 201 " in exchange(port, f"{armed}Content-Length: {len(fault)}\r\n\r\n{fault}")

    received = exchange(port, get + post + get, answers=9)

    assert re.findall(rb"HTTP/1.1 \d+", received) == [b"HTTP/1.1 200"]
    assert exchange(port, get).count(b'"shop"') == (phase == "after")
    again = exchange(port, post.replace("Host: h", "Connection: close\r\nHost: h"))
    assert (b" 201 " in again) is (phase == "before")


def test_a_stop_does_not_wait_for_a_delayed_answer() -> None:
    """Its connection is dropped, without a trace in the log."""
    with serving() as (process, port):
        fault = '{"vendor":"braze","delay":600}'
        head = f"POST /_mockalog/faults HTTP/1.1\r\nHost: h\r\n{KEY}Connection: close\r\n"
        json = f"Content-Type: application/json\r\nContent-Length: {len(fault)}\r\n\r\n{fault}"
        assert b" 201 " in exchange(port, head + json)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(f"GET /catalogs HTTP/1.1\r\nHost: h\r\n{KEY}\r\n".encode())
            path = "/_mockalog/faults"
            shown = f"GET {path} HTTP/1.1\r\nHost: h\r\n{KEY}Connection: close\r\n\r\n"
            while b'"fired":1' not in exchange(port, shown):
                pass
            process.send_signal(signal.SIGTERM)

            assert connection.recv(100) == b""

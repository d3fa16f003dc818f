"""`python -m benchmarks.trees OTHER`: this checkout's processor time per request by another's.

Both serve at the same time, and take turns round by round, so that a slow minute hits both. A
figure is the server's own processor time, in microseconds a request, on one connection.
"""

import argparse
import re
import socket
import statistics
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.load import CONTENT_LENGTH, SERIAL
from benchmarks.server import MOCKALOG, ROOT, Server, environment
from benchmarks.workloads import WORKLOADS, Request, Workload

WARM_UP = 300
ASKED = (
    "Braze get item",
    "Braze list catalogs",
    "Braze create item",
    "Squared get connector",
    "Attraqt list catalogs",
)


class Connection:
    """One kept connection that sends a prepared request again and again."""

    def __init__(self, request: Request) -> None:
        self._socket = socket.create_connection(("127.0.0.1", request.port))
        self._parts = request.text.encode().split(SERIAL.encode())
        self._serial = 0

    def send(self, count: int) -> None:
        """Send so many requests, each after the answer to the one before."""
        for _ in range(count):
            self._serial += 1
            self._socket.sendall(self._next())
            self._receive()

    def _next(self) -> bytes:
        return (b"%08d" % self._serial).join(self._parts)

    def _receive(self) -> None:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._socket.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(head)
        assert re.match(rb"HTTP/1.1 2\d\d", head), head
        assert length is not None
        missing = int(length[1]) - len(body)
        while missing > 0:
            missing -= len(self._socket.recv(65536))


def microseconds(server: Server, workload: Workload, count: int) -> float:
    """Return the cost of a request for a server."""
    connection = Connection(workload.prepare(server.ports))
    connection.send(WARM_UP)
    began = server.processor_seconds
    connection.send(count)
    return (server.processor_seconds - began) / count * 1e6


def compare(here: Server, other: Server, workload: Workload, rounds: int, count: int) -> None:
    """Measure one workload on both and print a line."""
    pairs = []
    for number in range(rounds):
        servers = (here, other) if number % 2 else (other, here)
        figures: Mapping[Server, float] = {
            server: microseconds(server, workload, count) for server in servers
        }
        pairs.append((figures[here], figures[other]))
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{workload.name:<24} {ours:7.1f} µs  {theirs:7.1f} µs  {ratio:.3f}", flush=True)


def main() -> None:
    """Compare the two trees."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trees", description=__doc__)
    parser.add_argument("other", type=Path, help="another checkout of mockalog")
    parser.add_argument("--rounds", type=int, default=7, help="(%(default)s)")
    parser.add_argument("--count", type=int, default=3000, help="requests a round (%(default)s)")
    wanted = parser.parse_args()
    print(f"{'':<24} {'here':>10}  {'there':>10}  ratio")
    with ExitStack() as stack:
        here, other = (
            stack.enter_context(
                Server(MOCKALOG, {**environment("sqlite://"), "PYTHONPATH": f"{tree}/src"})
            )
            for tree in (ROOT, wanted.other.resolve())
        )
        for workload in WORKLOADS:
            if workload.name in ASKED:
                compare(here, other, workload, wanted.rounds, wanted.count)


if __name__ == "__main__":
    main()

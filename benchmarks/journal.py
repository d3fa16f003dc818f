"""`python -m benchmarks.journal`: the cost of reading a full journal, and the wait of neighbours.

Logins fill the journal, each with a secret of its own. Then the journal is read in each way. A
neighbour gets an item every millisecond meanwhile; its longest wait is the time that the reading
kept the server from it. The first row is a time without a reading.
"""

import argparse
import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from multiprocessing import Event, Pipe, Process
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as Ended
from typing import Any

from benchmarks.scale import PATH
from benchmarks.server import MOCKALOG, BenchmarkError, Server, environment, migrate
from benchmarks.workloads import new_catalog, new_item

# The most seconds of processor time of a list, and the longest wait of a neighbour.
MAX_SECONDS = 1.5
MAX_WAIT = 0.05

# Seconds between two calls of the neighbour.
PAUSE = 0.001

READS = {
    "a list": "/requests",
    "an archive": "/requests/har",
    "a count by path": "/requests/count?path=/api/v1/log*",
}


class Client:
    """A kept-alive connection to one address of the server, in a sandbox of its own."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=600)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> int:
        """Make a call and return the bytes of its response."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != status:
            raise BenchmarkError(f"{method} {path} was answered with {response.status} {answer!r}")
        return len(answer)


def fill(ports: dict[str, int], exchanges: int) -> str:
    """Log in again and again, with another email and password; return the sandbox's token."""
    token = uuid.uuid4().hex
    squared = Client(ports["squared"], token)
    squared.call("PATCH", "/_mockalog/settings", {"rate_limits": "off"})
    for _ in range(exchanges):
        secret = uuid.uuid4().hex
        login = {"email": f"{secret}@example.com", "password": secret}
        squared.call("POST", f"/api/v1/login?seen={secret}", login, 401)
    return token


def neighbour(port: int, ended: Ended, waits: Connection) -> None:
    """Get an item every millisecond until the end; then tell the longest wait in seconds."""
    client = Client(port, uuid.uuid4().hex)
    client.call("PATCH", "/_mockalog/settings", {"rate_limits": "off"})
    client.call("POST", "/catalogs", new_catalog("restaurants"), 201)
    client.call("POST", f"{PATH}/item-0", {"items": [new_item("Place")]}, 201)
    longest = 0.0
    waits.send(longest)
    while not ended.is_set():
        began = time.perf_counter()
        client.call("GET", f"{PATH}/item-0")
        longest = max(longest, time.perf_counter() - began)
        time.sleep(PAUSE)
    waits.send(longest)


@contextmanager
def watched(port: int) -> Iterator[list[float]]:
    """Run a neighbour beside the block; at its end the list has the neighbour's longest wait."""
    ended, (receiver, sender) = Event(), Pipe(duplex=False)
    found: list[float] = []
    process = Process(target=neighbour, args=(port, ended, sender))
    process.start()
    receiver.recv()
    try:
        yield found
    finally:
        ended.set()
        found.append(receiver.recv())
        process.join()


def read_journal(port: int, token: str, path: str) -> None:
    """Read the journal over a new connection: the server closes those that are idle for long."""
    Client(port, token).call("GET", f"/_mockalog{path}")


def measure(server: Server, action: Callable[[], object]) -> tuple[float, float, float]:
    """Return the processor seconds, the seconds and the neighbour's longest wait of an action.

    The processor time is measured without the neighbour.
    """
    before = server.processor_seconds
    action()
    used = server.processor_seconds - before
    with watched(server.ports["braze"]) as waits:
        began = time.perf_counter()
        action()
        took = time.perf_counter() - began
    return used, took, waits[0]


def report(name: str, rounds: list[tuple[float, float, float]], is_bounded: bool) -> None:
    """Print the medians of an action, and the longest wait of all rounds."""
    used, took, waits = zip(*rounds, strict=True)
    seconds, longest = statistics.median(used), max(waits)
    met = "met" if seconds <= MAX_SECONDS and longest <= MAX_WAIT else "MISSED"
    print(
        f"{name:<20} {seconds:>10.2f} s {statistics.median(took):>12.2f} s"
        f" {longest * 1e3:>14.1f} ms  {met if is_bounded else ''}",
        flush=True,
    )


def main() -> None:
    """Run the harness."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journal", description=__doc__)
    parser.add_argument("--exchanges", type=int, default=10_000, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each reading (%(default)s)")
    parser.add_argument("--database-url", default="sqlite://", help="an empty database's URL")
    given = parser.parse_args()
    processes = environment(given.database_url)
    try:
        migrate(processes)
        with Server(MOCKALOG, processes) as server:
            token = fill(server.ports, given.exchanges)
            print(f"{'':<20} {'processor':>12} {'with neighbour':>14} {'its longest wait':>17}")
            rounds = range(given.rounds)
            report("nothing", [measure(server, lambda: time.sleep(1)) for _ in rounds], False)
            for name, path in READS.items():
                read = partial(read_journal, server.ports["mockalog"], token, path)
                report(name, [measure(server, read) for _ in rounds], True)
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")


if __name__ == "__main__":
    main()

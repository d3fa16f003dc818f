"""`python -m benchmarks.resets`: what starting over costs, with few rows and with a million.

A sandbox of every size is reset and restored in turn, and new sandboxes are opened on a server
whose baseline has that size. The yardstick is one plain read of an item over the same kept-alive
connection. Between calls the server gets the time to sweep and to make its spare copy: until it
uses no processor time any more. Its journal is full before the first one, as that of a server is
which has served for a while.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.scale import PATH
from benchmarks.server import MOCKALOG, BenchmarkError, Server, environment, migrate
from benchmarks.workloads import new_catalog, new_item

# A reset and a new sandbox may take this many times a plain read.
BOUND = 2.0

# What the journal takes by default.
EXCHANGES = 10_000

# Reads that one round takes as its yardstick, each after the same rest.
READS = 3

# Seconds between two looks at a server that is to come to rest, and the part of them that it may
# use even then.
LOOK = 0.5
IDLE = 0.05


class Bench:
    """A server with a baseline, and kept-alive connections to it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._vendor = HTTPConnection("127.0.0.1", server.ports["braze"], timeout=600)
        self._control = HTTPConnection("127.0.0.1", server.ports["mockalog"], timeout=600)
        self._token = uuid.uuid4().hex

    def read(self) -> float:
        """Get an item."""
        return self._call(self._vendor, "GET", f"{PATH}/item-0", self._token)

    def open(self) -> float:
        """Get an item with an unused token."""
        return self._call(self._vendor, "GET", f"{PATH}/item-0", uuid.uuid4().hex)

    def fill_journal(self) -> None:
        """Fill the journal with another client's requests."""
        somebody = uuid.uuid4().hex
        for _ in range(EXCHANGES):
            self._call(self._vendor, "GET", f"{PATH}/item-0", somebody)

    def control(self, path: str, body: Any = None, method: str = "POST") -> float:
        """Make a control call."""
        return self._call(self._control, method, f"/_mockalog{path}", self._token, body)

    def rest(self) -> None:
        """Wait until the server has no rows left to delete or to copy, then connect again."""
        used = -1.0
        while (now := self._server.processor_seconds) - used > IDLE * LOOK:
            used = now
            time.sleep(LOOK)
        for connection in (self._vendor, self._control):
            connection.close()  # the server closes what is idle for long
            self._call(connection, "GET", "/_mockalog/health", self._token)

    def _call(
        self, to: HTTPConnection, method: str, path: str, token: str, body: Any = None
    ) -> float:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        began = time.perf_counter()
        to.request(method, path, content, headers)
        response = to.getresponse()
        said = response.read()
        took = time.perf_counter() - began
        if not 200 <= response.status < 300:
            raise BenchmarkError(f"{method} {path} was answered with {response.status} {said!r}")
        return took


# What is measured, and whether it has to keep within the bound.
MEASURED: Sequence[tuple[str, Callable[[Bench], float], bool]] = (
    ("reset to the baseline", lambda b: b.control("/reset"), True),
    ("reset to a snapshot", lambda b: b.control("/reset", {"to": "snapshot:s"}), True),
    ("reset to empty", lambda b: b.control("/reset", {"to": "empty"}), True),
    ("first call of a new sandbox", Bench.open, True),
)


def seed_file(folder: str, size: int) -> str:
    """Write a seed with a catalog of `size` items and return its name."""
    catalog = new_catalog("restaurants")["catalogs"][0]
    items = [{"id": f"item-{n}", **new_item(f"Place {n}")} for n in range(size)]
    path = Path(folder) / f"{size}.json"
    path.write_text(
        json.dumps(
            {
                "mockalog": 1,
                "braze": {"catalogs": [{**catalog, "items": items}]},
                "settings": {"rate_limits": "off"},
            }
        )
    )
    return str(path)


def measure(bench: Bench, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each call, and of reads beside it."""
    times: dict[str, list[float]] = {"plain read": []}
    bench.read()
    bench.fill_journal()
    bench.control("/snapshots/s", method="PUT")
    bench.control("/reset", {"to": "snapshot:s"})
    for _ in range(rounds):
        for name, make_call, _ in MEASURED:
            bench.rest()
            times.setdefault(name, []).append(make_call(bench))
        bench.control("/reset")
        for _ in range(READS):
            bench.rest()
            times["plain read"].append(bench.read())
    return times


def report(found: dict[int, dict[str, list[float]]]) -> None:
    """Print the medians, and their ratio to a plain read."""
    print(f"{'median microseconds':<30}" + "".join(f"{size:>14,} rows" for size in found))
    reads = {size: statistics.median(times["plain read"]) for size, times in found.items()}
    print(f"{'plain read':<30}" + "".join(f"{seconds * 1e6:>19,.0f}" for seconds in reads.values()))
    for name, _, bounded in MEASURED:
        medians = {size: statistics.median(times[name]) for size, times in found.items()}
        figures = "".join(
            f"{seconds * 1e6:>10,.0f} ({seconds / reads[size]:>4.1f} x)"
            for size, seconds in medians.items()
        )
        worst = max(seconds / reads[size] for size, seconds in medians.items())
        verdict = ("met" if worst <= BOUND else "MISSED") if bounded else ""
        print(f"{name:<30}{figures}  {verdict}")


def main() -> None:
    """Run the harness."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resets", description=__doc__)
    parser.add_argument("--sizes", default="1,1000000", help="rows (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="of each call (%(default)s)")
    parser.add_argument("--database-url", default="sqlite://", help="an empty database's URL")
    given = parser.parse_args()
    found = {}
    try:
        with tempfile.TemporaryDirectory() as folder:
            for size in map(int, given.sizes.split(",")):
                processes = environment(given.database_url)
                migrate(processes)
                seeded = {**processes, "MOCKALOG_SEED": seed_file(folder, size)}
                with Server(MOCKALOG, seeded) as server:
                    found[size] = measure(Bench(server), given.rounds)
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")
    report(found)


if __name__ == "__main__":
    main()

"""`python -m benchmarks.streaming`: the cost of streaming items as their Attraqt catalog grows.

Messages of 500 items fill one catalog. A tenth's figure is the median time of its messages, and the
ratio is that of the last tenth to the first. Then a catalog of all the items and one of a single
message are activated in turns, each with `minItemCount`. Both must cost the same.
"""

import argparse
import json
import statistics
import sys
import time
import uuid
from http.client import HTTPConnection
from typing import Any

from benchmarks.server import MOCKALOG, BenchmarkError, Server, environment, migrate

MESSAGE = 500
SCOPE = "tenant=acme&environment=live1"
SCHEMA = {
    "name": "product",
    "attributes": [
        {"name": "title", "type": "LOCALIZEDTEXT", "isRequired": True},
        {"name": "price", "type": "FLOAT"},
        {"name": "tags", "type": "LIST", "listSubType": "TEXT"},
    ],
}
CATALOG = {"catalogItemSchemas": [{"name": "product", "version": 1}]}

# What takes numbers in order to numbers all over the place, none twice.
SCATTER = 7919
PRIME = 1_000_003

# The largest ratios that are wanted: of a message late and early, of an activation large and small.
MAX_GROWTH = 1.3
MAX_ACTIVATION = 1.5


class Sandbox:
    """A sandbox of its own with a schema, and a kept-alive connection to it."""

    def __init__(self, ports: dict[str, int], scattered: bool) -> None:
        self.scattered = scattered
        self._connection = HTTPConnection("127.0.0.1", ports["attraqt"], timeout=60)
        token = uuid.uuid4().hex
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.call("PATCH", "/_mockalog/settings", {"rate_limits": "off"})
        self.call("POST", "/item-schemas", SCHEMA)
        self.version = self.call("POST", "/catalogs", CATALOG)[1]["version"]

    def call(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        """Make a call; return the seconds that it took and what was answered."""
        content = None if body is None else json.dumps(body)
        joint = "&" if "?" in path else "?"
        began = time.perf_counter()
        self._connection.request(method, f"{path}{joint}{SCOPE}", content, self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        took = time.perf_counter() - began
        if response.status != 200:
            raise BenchmarkError(f"{method} {path} was answered with {response.status} {answer!r}")
        return took, json.loads(answer)

    def stream(self, first: int) -> float:
        """Send the message of items that begins with a number; return the seconds it took."""
        numbers = range(first, first + MESSAGE)
        items = [_item(number, self.version, self.scattered) for number in numbers]
        return self.call("POST", "/items", items)[0]

    def activate(self, count: int) -> float:
        """Activate with `minItemCount`, with the call that carries it out; return the seconds.

        A number above the number of items fails, so that the call can be repeated.
        """
        path = f"/catalogs/activate/{self.version}?minItemCount={count + 1}"
        return self.call("POST", path)[0] + self.call("GET", "/catalogs")[0]


def _item(number: int, version: int, scattered: bool) -> dict[str, Any]:
    return {
        "id": f"item-{number * SCATTER % PRIME if scattered else number}",
        "catalogVersion": version,
        "type": "product",
        "attributes": {
            "title": {"en_GB": f"Thing {number}", "de_DE": f"Ding {number}"},
            "price": number / 100,
            "tags": ["new", "red", f"batch-{number // MESSAGE}"],
        },
    }


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streaming", description=__doc__)
    parser.add_argument("--items", type=int, default=200_000, help="how many (%(default)s)")
    parser.add_argument("--scattered", action="store_true", help="ids in no order")
    parser.add_argument("--calls", type=int, default=50, help="activations each (%(default)s)")
    parser.add_argument("--database-url", default="sqlite://", help="an empty database's URL")
    return parser.parse_args()


def stream(server: Server, sandbox: Sandbox, items: int) -> None:
    """Fill the catalog and report by tenths."""
    before = server.resident_bytes
    times = [sandbox.stream(first) for first in range(0, items, MESSAGE)]
    tenth = max(1, len(times) // 10)
    medians = [
        statistics.median(times[start : start + tenth]) for start in range(0, len(times), tenth)
    ]
    print("median ms of a message, by tenths:", *(f"{seconds * 1e3:.1f}" for seconds in medians))
    ratio = medians[-1] / medians[0]
    met = "met" if ratio <= MAX_GROWTH else "MISSED"
    print(f"last tenth : first tenth  {ratio:.2f}  at most {MAX_GROWTH}  {met}")
    grown = (server.resident_bytes - before) / items
    print(f"{items / sum(times):,.0f} items/s, {grown:,.0f} bytes of memory an item")


def activate(large: Sandbox, small: Sandbox, items: int, calls: int) -> None:
    """Activate both catalogs in turns and report."""
    pairs = [(large.activate(items), small.activate(MESSAGE)) for _ in range(calls)]
    of_large, of_small = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = of_large / of_small
    met = "met" if ratio <= MAX_ACTIVATION else "MISSED"
    print(
        f"activation with its effect: {of_large * 1e3:.2f} ms, of {MESSAGE} items"
        f" {of_small * 1e3:.2f} ms, ratio {ratio:.2f}  at most {MAX_ACTIVATION}  {met}"
    )


def main() -> None:
    """Run the harness."""
    given = options()
    processes = environment(given.database_url)
    try:
        migrate(processes)
        with Server(MOCKALOG, processes) as server:
            large = Sandbox(server.ports, given.scattered)
            stream(server, large, given.items)
            small = Sandbox(server.ports, given.scattered)
            small.stream(0)
            activate(large, small, given.items, given.calls)
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")


if __name__ == "__main__":
    main()

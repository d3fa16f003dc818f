"""`python -m benchmarks.scale`: what one catalog's size costs, and what loading it costs.

Catalogs of every size stand in one server at once, and the calls take turns among them, so that
a slow minute hits all. A figure is the median time of a call; a ratio is to the smallest catalog.
Loading goes through the bulk call, as a client would do it; afterwards a few items are deleted, so
that positions have gaps when a cursor far in is looked up.
"""

import argparse
import json
import random
import statistics
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from typing import Any

from benchmarks.server import MOCKALOG, BenchmarkError, Server, environment, migrate
from benchmarks.workloads import new_item, open_catalog

BULK = 50
PATH = "/catalogs/restaurants/items"

# One item in so many is deleted after loading.
THINNED = 97


class Catalog:
    """A catalog of `size` items in a sandbox of its own, and a kept-alive connection to it."""

    def __init__(self, ports: dict[str, int], size: int) -> None:
        self.size = size
        self._connection = HTTPConnection("127.0.0.1", ports["braze"], timeout=60)
        self._headers = {
            "Authorization": f"Bearer {open_catalog(ports)}",
            "Content-Type": "application/json",
        }
        self._random = random.Random(size)
        self._deleted = 0

    def call(self, method: str, path: str, body: Any = None) -> float:
        """Make a call and return the seconds that it took."""
        content = None if body is None else json.dumps(body)
        began = time.perf_counter()
        self._connection.request(method, path, content, self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        took = time.perf_counter() - began
        if not 200 <= response.status < 300:
            raise BenchmarkError(f"{method} {path} was answered with {response.status} {answer!r}")
        return took

    def load(self) -> float:
        """Create the items and return the seconds that it took."""
        began = time.perf_counter()
        for start in range(0, self.size, BULK):
            numbers = range(start, min(start + BULK, self.size))
            body = {"items": [{"id": f"item-{n}", **new_item(f"Place {n}")} for n in numbers]}
            self.call("POST", PATH, body)
        self.call("GET", "/catalogs")  # carries the last one out
        return time.perf_counter() - began

    def thin(self) -> None:
        """Delete an item here and there."""
        doomed = [f"item-{n}" for n in range(0, self.size, THINNED)]
        for start in range(0, len(doomed), BULK):
            ids = [{"id": item} for item in doomed[start : start + BULK]]
            self.call("DELETE", PATH, {"items": ids})
        # The server would do so while the next catalog is loaded; the next call connects again.
        self._connection.close()

    def any_item(self) -> str:
        """Return the path of an item that is there."""
        number = self._random.randrange(self.size // 2)
        return f"{PATH}/item-{number + (number % THINNED == 0)}"

    def get(self) -> float:
        """Get an item."""
        return self.call("GET", self.any_item())

    def edit(self) -> float:
        """Edit an item."""
        return self.call("PATCH", self.any_item(), {"items": [{"Rating": 4}]})

    def create(self) -> float:
        """Create an item."""
        self._deleted += 1
        return self.call("POST", f"{PATH}/new-{self._deleted}", {"items": [new_item("New")]})

    def delete(self) -> float:
        """Delete the item that was created last."""
        return self.call("DELETE", f"{PATH}/new-{self._deleted}")

    def first_page(self) -> float:
        """List without a cursor."""
        return self.call("GET", PATH)

    def next_page(self) -> float:
        """List from the second page on."""
        return self.page(BULK)

    def deep_page(self) -> float:
        """List from far in."""
        return self.page(self.size - self.size // THINNED - 2 * BULK)

    def page(self, offset: int) -> float:
        """List from an offset on."""
        cursor = b64encode(f"skip:{offset}".encode()).decode()
        return self.call("GET", f"{PATH}?cursor={cursor}")

    def bulk(self) -> float:
        """Create fifty items, with the call that carries the effect out."""
        self._deleted += 1
        items = [{"id": f"bulk-{self._deleted}-{n}", **new_item("Bulk")} for n in range(BULK)]
        return self.call("POST", PATH, {"items": items}) + self.get()


# What is measured, and the largest ratio to the smallest catalog that is wanted.
MEASURED: Sequence[tuple[str, Callable[[Catalog], float], float | None]] = (
    ("get item", Catalog.get, 1.5),
    ("edit item", Catalog.edit, 1.5),
    ("create item", Catalog.create, None),
    ("delete item", Catalog.delete, None),
    ("first page", Catalog.first_page, None),
    ("next page", Catalog.next_page, None),
    ("deep cursor", Catalog.deep_page, 3.0),
    ("bulk of 50, with its effect", Catalog.bulk, None),
)


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000", help="items (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each call (%(default)s)")
    parser.add_argument("--calls", type=int, default=100, help="in each turn (%(default)s)")
    parser.add_argument("--database-url", default="sqlite://", help="an empty database's URL")
    return parser.parse_args()


def filled(server: Server, sizes: Sequence[int]) -> list[Catalog]:
    """Load a catalog of each size, and say what that took."""
    catalogs = []
    for size in sizes:
        catalog = Catalog(server.ports, size)
        before = server.resident_bytes
        seconds = catalog.load()
        grown = (server.resident_bytes - before) / size
        print(
            f"{size:>9,} items loaded in {seconds:.1f} s: {size / seconds:,.0f} items/s,"
            f" {grown:,.0f} bytes of memory an item",
            file=sys.stderr,
        )
        catalog.thin()
        catalogs.append(catalog)
    return catalogs


def measure(catalogs: Sequence[Catalog], rounds: int, calls: int) -> dict[str, list[float]]:
    """Return each call's median seconds for each catalog."""
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for name, make_call, _ in MEASURED:
            for index, catalog in enumerate(catalogs):
                for _ in range(calls if name != "delete item" else 0):
                    times.setdefault((name, index), []).append(make_call(catalog))
                    if name == "create item":
                        times.setdefault(("delete item", index), []).append(catalog.delete())
    return {
        name: [statistics.median(times[name, index]) for index in range(len(catalogs))]
        for name, _, _ in MEASURED
    }


def report(catalogs: Sequence[Catalog], medians: dict[str, list[float]]) -> None:
    """Print the medians, and the ratio of the largest catalog to the smallest."""
    sizes = "".join(f"{catalog.size:>12,}" for catalog in catalogs)
    print(f"{'median microseconds':<28}{sizes}   ratio  target")
    for name, _, bound in MEASURED:
        figures = "".join(f"{seconds * 1e6:>12,.0f}" for seconds in medians[name])
        ratio = medians[name][-1] / medians[name][0]
        verdict = (
            "" if bound is None else f"at most {bound}  {'met' if ratio <= bound else 'MISSED'}"
        )
        print(f"{name:<28}{figures}{ratio:>8.2f}  {verdict}".rstrip())
    single, bulk = medians["create item"][0], medians["bulk of 50, with its effect"][0]
    met = "met" if bulk / single <= 8 else "MISSED"
    print(f"{'bulk of 50 : create item':<28}{bulk / single:>8.2f}  at most 8  {met}")


def main() -> None:
    """Run the harness."""
    given = options()
    processes = environment(given.database_url)
    try:
        migrate(processes)
        with Server(MOCKALOG, processes) as server:
            catalogs = filled(server, [int(size) for size in given.sizes.split(",")])
            report(catalogs, measure(catalogs, given.rounds, given.calls))
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")


if __name__ == "__main__":
    main()

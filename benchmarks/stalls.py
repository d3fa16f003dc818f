"""`python -m benchmarks.stalls`: how long a neighbour waits while a heavy call runs.

A neighbour, in a process of its own, reads its own sandbox every millisecond. Meanwhile
another client makes one heavy call after the other. The table has the seconds of each call, the
neighbour's longest wait and the wait that 99 of 100 reads stayed below, in milliseconds.
"""

import argparse
import json
import multiprocessing
import socket
import sys
import time
import uuid
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from multiprocessing.synchronize import Event
from typing import Any

from benchmarks.load import is_whole, percentile
from benchmarks.server import MOCKALOG, BenchmarkError, Server, environment, migrate
from benchmarks.workloads import Request, new_catalog, new_item, open_sandbox
from benchmarks.workloads import request as text

# Seconds between two reads of the neighbour.
PAUSE = 0.001

# Reads that do not count.
WARM_UP = 20

# The longest wait of a neighbour, in milliseconds.
BOUND = 50

# Seconds that a heavy call may take.
PATIENCE = 900

# Seconds that a scenario lasts at least, so that the neighbour's reads are many.
LEAST = 0.5

SUCCESS = range(200, 300)

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
SCOPE = "tenant=acme&environment=live1"
NOW = 1_700_000_000_000_000


class Neighbour:
    """Reads of another sandbox, in a process of their own."""

    def __init__(self, ports: dict[str, int]) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop, self._ready = context.Event(), context.Event()
        self._receiver, sender = context.Pipe(duplex=False)
        arguments = (ports, self._stop, self._ready, sender)
        self._process = context.Process(target=_read_on, args=arguments, daemon=True)

    @contextmanager
    def watching(self) -> Iterator[list[float]]:
        """Read until the end of the block; the list then has the seconds of each read, sorted."""
        waits: list[float] = []
        self._process.start()
        self._ready.wait(PATIENCE)
        try:
            yield waits
        finally:
            self._stop.set()
            waits += sorted(self._receiver.recv())
            self._process.join()


def _read_on(ports: dict[str, int], stop: Event, ready: Event, sender: Any) -> None:
    """Read until the end. A reset of the server brings rate limits back, so every status counts."""
    request = Request(ports["braze"], text("GET", "/catalogs", open_sandbox(ports)))
    waits: list[float] = []
    with socket.create_connection(("127.0.0.1", request.port)) as connection:
        while not stop.is_set():
            began = time.perf_counter()
            connection.sendall(request.text.encode())
            received = b""
            while not is_whole(received):
                received += connection.recv(65536)
            waits.append(time.perf_counter() - began)
            if len(waits) == WARM_UP:
                ready.set()
            time.sleep(PAUSE)
    sender.send(waits[WARM_UP:])


class Client:
    """A client with a sandbox of its own; without a token it acts on the whole server."""

    def __init__(self, ports: dict[str, int], token: str | None = None) -> None:
        self.ports = ports
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def call(
        self,
        vendor: str,
        method: str,
        path: str,
        body: Any = None,
        expected: Container[int] = SUCCESS,
    ) -> bytes:
        """Make a call and return the bytes of its response, whose status must be expected."""
        content = json.dumps(body).encode() if isinstance(body, dict | list) else body
        connection = HTTPConnection("127.0.0.1", self.ports[vendor], timeout=PATIENCE)
        try:
            connection.request(method, path, content, self._headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status not in expected:
            raise BenchmarkError(f"{method} {path}: {response.status} {answer[:300]!r}")
        return answer

    def control(
        self, method: str, path: str, body: Any = None, expected: Container[int] = SUCCESS
    ) -> bytes:
        """Make a control call."""
        return self.call("mockalog", method, f"/_mockalog{path}", body, expected)

    def leave(self, path: str, seconds: float) -> None:
        """Begin a control call, and leave after so many seconds."""
        with socket.create_connection(("127.0.0.1", self.ports["mockalog"])) as connection:
            head = f"GET /_mockalog{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in self._headers.items())
            connection.sendall(f"{head}\r\n".encode())
            time.sleep(seconds)


class Bench:
    """A server with its sizes; each step of a scenario is measured."""

    def __init__(self, server: Server, given: argparse.Namespace) -> None:
        self.ports = server.ports
        self.given = given
        self.server = Client(self.ports)

    def client(self) -> Client:
        """Return a client with a new sandbox without rate limits."""
        client = Client(self.ports, uuid.uuid4().hex)
        client.control("PATCH", "/settings", {"rate_limits": "off"})
        return client

    def measure(self, name: str, action: Callable[[], object]) -> None:
        """Run an action beside a neighbour, and print a line."""
        with Neighbour(self.ports).watching() as waits:
            began = time.perf_counter()
            action()
            took = time.perf_counter() - began
            time.sleep(max(0.0, LEAST - took))
        longest, high = waits[-1] * 1e3, percentile(waits, 99) * 1e3
        met = "met" if longest <= BOUND else "MISSED"
        print(f"{name:<44} {took:9.2f} {longest:12.1f} {high:9.1f}  {met}", flush=True)


def sandboxes(bench: Bench) -> None:
    """Whole-server calls with many sandboxes."""
    count = bench.given.sandboxes
    one = {"mockalog": 1, "tables": _braze_tables(1)}
    document = json.dumps({"mockalog": 1, "sandboxes": {f"sandbox-{n}": one for n in range(count)}})
    server, title = bench.server, f"{count:,} sandboxes"
    bench.measure(f"import {title}", lambda: server.control("PUT", "/state", document.encode()))
    bench.measure(f"export {title}", lambda: server.control("GET", "/state"))
    bench.measure("the client of an export leaves", lambda: server.leave("/state", 0.2))
    bench.measure(f"list the jobs of {title}", lambda: server.control("GET", "/jobs"))
    advance = {"seconds": 1}
    bench.measure(f"advance {title}", lambda: server.control("POST", "/clock/advance", advance))
    settings = {"braze.async_delay": 0}
    bench.measure(f"settings of {title}", lambda: server.control("PATCH", "/settings", settings))
    bench.measure(f"snapshot of {title}", lambda: server.control("PUT", "/snapshots/all"))
    bench.measure(f"restore {title}", lambda: server.control("POST", "/snapshots/all/restore", b""))
    bench.measure(
        f"delete the snapshot of {title}", lambda: server.control("DELETE", "/snapshots/all")
    )
    bench.measure(f"reset {title}", lambda: server.control("POST", "/reset", {"to": "empty"}))
    bench.measure("cleanup afterwards", lambda: time.sleep(3))


def _braze_tables(count: int) -> dict[str, Any]:
    """Return the rows of a Braze catalog of so many items."""
    catalog = new_catalog("restaurants")["catalogs"][0]
    fields = [{**one, "token": str(n - 1)} for n, one in enumerate(catalog["fields"])]
    columns = ["id", "name", "description", "fields", "num_items", "storage_size", "updated_at"]
    columns += ["tokens", "drops", "selections", "last_position"]
    row = [1, "restaurants", '""', json.dumps(fields), count, 200 * count, NOW]
    catalogs = {"columns": columns, "rows": [[*row, len(fields), 0, "[]", count]]}
    columns = ["catalog_id", "position", "item_id", "document", "tokens", "drops"]
    document = json.dumps({"id": "item", **new_item("A place")})
    items = [[1, n, f"item-{n}", document, len(fields), 0] for n in range(count)]
    return {
        "series": {"columns": ["name", "last"], "rows": [['["braze.catalogs"]', 1]]},
        "braze_catalogs": catalogs,
        "braze_items": {"columns": columns, "rows": items},
    }


def rows(bench: Bench) -> None:
    """Calls on one sandbox with many rows."""
    count, owner = bench.given.rows, bench.client()
    state = json.dumps({"mockalog": 1, "tables": _braze_tables(count)}).encode()
    title = f"{count:,} rows"
    refused = partial(owner.control, expected=(400,))
    bench.measure(f"import {title}", lambda: owner.control("PUT", "/state", state))
    wrong = state[:-4] + b"}}"
    bench.measure(f"import {title}, not JSON", lambda: refused("PUT", "/state", wrong))
    twice = state.replace(b'"item-1"', b'"item-0"', 1)
    bench.measure(f"import {title}, one id twice", lambda: refused("PUT", "/state", twice))
    bench.measure(f"export {title}", lambda: owner.control("GET", "/state"))
    bench.measure(f"snapshot of {title}", lambda: owner.control("PUT", "/snapshots/s"))
    restore = lambda: owner.control("POST", "/snapshots/s/restore", b"")  # noqa: E731
    bench.measure(f"restore {title}", restore)
    bench.measure(f"restore {title} again at once", restore)
    bench.measure("delete the snapshot", lambda: owner.control("DELETE", "/snapshots/s"))
    bench.measure(f"reset {title}", lambda: owner.control("POST", "/reset", b""))
    bench.measure("cleanup afterwards", lambda: time.sleep(3))


def seeds(bench: Bench) -> None:
    """Seeds of a sandbox and of the template, and new sandboxes from a large template."""
    count, owner = bench.given.items, bench.client()
    catalog = new_catalog("restaurants")["catalogs"][0]
    items = [{"id": f"item-{n}", **new_item(f"Place {n}")} for n in range(count)]
    seed = json.dumps({"mockalog": 1, "braze": {"catalogs": [{**catalog, "items": items}]}})
    title = f"{count:,} items"
    bench.measure(f"seed a sandbox: {title}", lambda: owner.control("POST", "/seed", seed.encode()))
    template = bench.server
    bench.measure(
        f"seed the server: {title}", lambda: template.control("POST", "/seed", seed.encode())
    )

    def open_three() -> None:
        for _ in range(3):
            bench.client().call("braze", "GET", "/catalogs")

    bench.measure(f"3 new sandboxes of {title}", open_three)
    bench.measure("reset the server", lambda: template.control("POST", "/reset", {"to": "empty"}))


def waits(bench: Bench) -> None:
    """Waiters on a full sandbox, which gets requests meanwhile."""
    owner = bench.client()
    owner.call("braze", "POST", "/catalogs", new_catalog("restaurants"))
    for _ in range(bench.given.exchanges):
        owner.call("braze", "GET", "/catalogs")
    wait = "/requests/wait?path=/no/such/*&timeout=3"

    def run() -> None:
        with ThreadPoolExecutor(bench.given.waiters) as pool:
            for _ in range(bench.given.waiters):
                pool.submit(owner.control, "GET", wait, None, (408,))

    bench.measure(f"{bench.given.waiters} waiters, {bench.given.exchanges:,} exchanges", run)
    bench.measure("list the journal", lambda: owner.control("GET", "/requests"))


def faults(bench: Bench) -> None:
    """Armed faults of the whole server that match no call of the neighbour."""
    count = bench.given.faults
    path = "/catalogs/restaurants/items/other-{}"

    def arm() -> None:
        for number in range(count):
            body = {"vendor": "braze", "path": path.format(number), "status": 503}
            bench.server.control("POST", "/faults", body)

    bench.measure(f"arm {count:,} faults", arm)
    bench.measure(f"{count:,} armed faults", lambda: time.sleep(2))
    bench.measure("list the faults", lambda: bench.server.control("GET", "/faults"))
    bench.server.control("DELETE", "/faults")


def queries(bench: Bench) -> None:
    """Endless queries of a source of Squared."""
    owner = bench.client()
    connector = {
        "name": "warehouse",
        "connector_type": "source",
        "connector_name": "Postgresql",
        "configuration": {"host": "h"},
    }
    owner.call("squared", "POST", "/api/v1/connectors", {"connector": connector})
    columns = {"a": "integer", "b": "string"}
    table = {"columns": columns, "rows": [{"a": n, "b": "x" * 50} for n in range(20_000)]}
    tables = {"t": table}
    path = "/_mockalog/squared/connectors/1/tables"
    bench.measure("load 20,000 source rows", lambda: owner.call("mockalog", "PUT", path, tables))
    source = "/api/v1/connectors/1/query_source"

    def run(query: str, count: int) -> None:
        with ThreadPoolExecutor(count) as pool:
            for _ in range(count):
                body = {"query": query, "limit": 50}
                pool.submit(owner.call, "squared", "POST", source, body, range(200, 500))

    bench.measure("1 endless query", lambda: run(ENDLESS, 1))
    bench.measure("20 endless queries at once", lambda: run(ENDLESS, 20))
    bench.measure("a query of all rows", lambda: run("SELECT * FROM t ORDER BY b", 1))


def jobs(bench: Bench) -> None:
    """Many due jobs, and the list of them."""
    count, owner = bench.given.jobs, bench.client()
    names = ["id", "kind", "payload", "state", "due_at", "created_at", "recurring"]
    listed = [
        [n, "squared.advance_run", '{"run":1}', "pending", NOW, NOW, False]
        for n in range(1, count + 1)
    ]
    own = {"columns": ["next_due", "last_job"], "rows": [[NOW, count]]}
    tables = {"sandboxes": own, "jobs": {"columns": names, "rows": listed}}
    clock = {"mode": "frozen", "now": "2020-01-01T00:00:00Z"}
    document = json.dumps({"mockalog": 1, "clock": clock, "tables": tables}).encode()
    bench.measure(f"import {count:,} jobs", lambda: owner.control("PUT", "/state", document))
    bench.measure(f"list {count:,} jobs", lambda: owner.control("GET", "/jobs"))
    years = {"seconds": 10 * 365 * 86_400}
    bench.measure(
        f"advance over {count:,} jobs", lambda: owner.control("POST", "/clock/advance", years)
    )


def credentials(bench: Bench) -> None:
    """Many registered credentials."""
    count = bench.given.credentials
    known = [{"vendor": "braze", "token": f"token-{n}"} for n in range(count)]
    document = json.dumps({"mockalog": 1, "sandboxes": {"*": {"credentials": known}}}).encode()
    bench.measure(
        f"import {count:,} credentials", lambda: bench.server.control("PUT", "/state", document)
    )
    bench.measure(
        f"list {count:,} credentials", lambda: bench.server.control("GET", "/credentials")
    )
    new = {"vendor": "braze", "token": "new"}
    bench.measure("register one more", lambda: bench.server.control("POST", "/credentials", new))
    bench.server.control("POST", "/reset", {"to": "empty"})


def vendors(bench: Bench) -> None:
    """The heaviest calls of the vendors."""
    owner, count = bench.client(), bench.given.items
    attribute = {"name": "title", "type": "TEXT"}
    schema = {"name": "product", "attributes": [attribute]}
    owner.call("attraqt", "POST", f"/item-schemas?{SCOPE}", schema)
    catalog = {"catalogItemSchemas": [{"name": "product", "version": 1}]}
    created = json.loads(owner.call("attraqt", "POST", f"/catalogs?{SCOPE}", catalog))
    version = created["version"]

    def message(first: int, size: int, **more: object) -> list[dict[str, Any]]:
        base = {**more, "type": "product"}
        return [
            {**base, "id": f"i{n}", "attributes": {"title": f"Thing {n}"}}
            for n in range(first, first + size)
        ]

    body = message(0, 20_000, catalogVersion=version)
    bench.measure(
        "Attraqt: a message of 20,000 items",
        lambda: owner.call("attraqt", "POST", f"/items?{SCOPE}", body),
    )
    batch = json.loads(owner.call("attraqt", "POST", f"/batch-imports?{SCOPE}", {}))["id"]
    for first in range(0, count, 5000):
        some = message(first, min(5000, count - first))
        owner.call("attraqt", "POST", f"/batch-imports/items?{SCOPE}&batch_id={batch}", some)

    def ingest() -> None:
        body = {"catalogVersion": version, "batchImportId": batch}
        owner.call("attraqt", "POST", f"/batch-imports/ingestions?{SCOPE}", body)
        owner.call("attraqt", "GET", f"/catalogs?{SCOPE}")

    bench.measure(f"Attraqt: an ingestion of {count:,} items", ingest)
    owner.call("braze", "POST", "/catalogs", new_catalog("restaurants"))
    bulk = {"items": [{"id": f"b{n}", **new_item("x" * 900)} for n in range(50)]}

    def write_bulk() -> None:
        owner.call("braze", "POST", "/catalogs/restaurants/items", bulk)
        owner.call("braze", "GET", "/catalogs/restaurants/items")

    bench.measure("Braze: 50 items", write_bulk)


def first_uses(bench: Bench) -> None:
    """First calls, which import modules."""
    owner = bench.client()
    bench.measure(
        "first call of Squared", lambda: owner.call("squared", "GET", "/api/v1/connectors")
    )
    bench.measure(
        "first call of Attraqt", lambda: owner.call("attraqt", "GET", f"/catalogs?{SCOPE}")
    )
    owner.control("PATCH", "/settings", {"squared.dialect": "server"})
    connector = {
        "name": "w",
        "connector_type": "source",
        "connector_name": "Snowflake",
        "configuration": {"host": "h"},
    }
    bench.measure(
        "first check by jsonschema",
        lambda: owner.call(
            "squared", "POST", "/api/v1/connectors", {"connector": connector}, range(200, 500)
        ),
    )
    bench.measure("first information", lambda: owner.control("GET", "/info"))
    bench.measure("first OpenAPI document", lambda: owner.control("GET", "/openapi.json"))
    bench.measure(
        "first document of Squared", lambda: owner.control("GET", "/squared/openapi.json")
    )
    bench.measure("first export", lambda: owner.control("GET", "/state"))
    bench.measure("first seed", lambda: owner.control("POST", "/seed", {"mockalog": 1}))


def nothing(bench: Bench) -> None:
    """No heavy call: the waits that the machine itself causes."""
    bench.measure("nothing", lambda: time.sleep(5))


SCENARIOS: Sequence[Callable[[Bench], None]] = (
    nothing,
    first_uses,
    waits,
    faults,
    queries,
    jobs,
    credentials,
    vendors,
    seeds,
    rows,
    sandboxes,
)


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stalls", description=__doc__)
    sizes = {
        "sandboxes": 25_000,
        "rows": 1_000_000,
        "items": 50_000,
        "jobs": 100_000,
        "credentials": 25_000,
        "exchanges": 10_000,
        "waiters": 40,
        "faults": 2000,
    }
    for name, size in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=size, help="how many (%(default)s)")
    parser.add_argument("--small", action="store_true", help="a hundredth of each number")
    parser.add_argument("--only", default="", metavar="TEXT", help="scenarios with this text")
    parser.add_argument("--database-url", default="sqlite://", help="an empty database's URL")
    given = parser.parse_args()
    if given.small:
        for name in sizes:
            setattr(given, name, max(2, getattr(given, name) // 100))
    return given


def main() -> None:
    """Run the harness."""
    given = options()
    print(f"{'':<44} {'seconds':>9} {'longest ms':>12} {'99 % ms':>9}  at most {BOUND} ms")
    try:
        for scenario in SCENARIOS:
            if given.only in scenario.__name__:
                processes = environment(given.database_url)
                migrate(processes)
                with Server(MOCKALOG, processes) as server:
                    scenario(Bench(server, given))
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")


if __name__ == "__main__":
    main()

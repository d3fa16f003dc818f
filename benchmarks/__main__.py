"""`python -m benchmarks`: measure, print the table, leave nothing running."""

import argparse
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import Series, loads, starts
from benchmarks.report import machine, raw, table
from benchmarks.server import BenchmarkError, environment, migrate


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of load (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each load (%(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="starts of each (%(default)s)")
    parser.add_argument("--database-url", default="sqlite://", help="an empty database's URL")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="rows with this text, such as start or braze"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the raw figures go")
    return parser.parse_args()


def measure(given: argparse.Namespace) -> Iterator[Series]:
    """Measure what was asked for."""
    processes = environment(given.database_url)
    wanted = given.only.lower()
    migrate(processes)
    if any(wanted in name for name in ("cold start", "idle memory")):
        yield from starts(processes, given.starts)
    yield from loads(processes, wanted, given.rounds, given.seconds)


def main() -> None:
    """Run the harness."""
    # As an exception, so that the servers are ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    given = options()
    # The scheme only: a URL may hold a password.
    about = {"machine": machine(), "database": urlsplit(given.database_url).scheme}
    try:
        series = list(measure(given))
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")
    print(table(series) if series else f"benchmarks: nothing is named {given.only!r}")
    if given.json:
        given.json.write_text(raw(series, about))


if __name__ == "__main__":
    main()
